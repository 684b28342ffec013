"""Keeps what somebody looks at up to date: each save leads to new pages, and none is lost.

There are two numbers, as in MkDocs' server: the version that is wanted, one more after each save,
and the version that is visible, one for each language and edition. Whatever is visible and older
than what is wanted is laid out anew; saves that come meanwhile are joined into one.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from reportgen.build.failure import fault, limit_exceeded
from reportgen.preview.view import Shown, View
from reportgen.source.diagnostics import DiagnosedError
from reportgen.worker import WorkerError

Result = TypeVar("Result")

_PAUSE = 0.1
"""How many seconds without a question for an image tell that readers have what they look at."""

_PATIENCE = 1.0
"""How many seconds the rest of an update waits for images at most."""


class Engine(Protocol):
    """What makes pages: a `reportgen.preview.session.Session`, or a test's stand-in for it."""

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the locales and the editions that can be shown; no locales while none is known."""

    def update(self, shown: Shown) -> Iterator[View]:
        """Read the project's files anew, and give what there is to see, more and more of it."""

    def image(self, key: str, scale: float) -> bytes:
        """Give a page as PNG; `scale` is in pixels of the image per CSS pixel.

        Raises:
            KeyError: there is no such page any more.
        """


@dataclass(frozen=True)
class News:
    """What a reader is told: that pages are being made, or what there is to see.

    `choices` are the locales and the editions that can be shown.
    """

    view: View | None
    is_working: bool
    choices: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass
class _Channel:
    """A locale in an edition: who looks at it, and the newest that there is of it."""

    readers: int = 0
    visible: int = 0
    is_working: bool = False
    view: View | None = None
    events: int = 0


class Live:
    """Calls an engine, from one thread, when there is something to do for a reader.

    All methods are for the event loop. `open_engine` is called on the engine's thread, at the first
    call that needs it.
    """

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self._open_engine = open_engine
        self._engine: Engine | None = None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
        self._changed = asyncio.Condition()
        self._channels: dict[Shown, _Channel] = {}
        self._choices: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._wanted = 1
        self._has_ended = False
        self._asked: set[asyncio.Future[bytes]] = set()
        self._images = 0  # how many were ever asked for,
        self._drawn = 0  # and how many of these are done

    async def saved(self) -> None:
        """Take note that files have changed."""
        async with self._changed:
            self._wanted += 1
            self._changed.notify_all()

    async def run(self) -> None:
        """Update what is looked at, again and again, until it is cancelled."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._outdated() is not None)
                shown = self._outdated()
                assert shown is not None  # noqa: S101 - that is what was waited for
                channel, version = self._channels[shown], self._wanted
                channel.is_working = True
                channel.events += 1
                self._changed.notify_all()
            async with contextlib.aclosing(self._updates(shown, channel.view)) as views:
                async for view in views:
                    async with self._changed:
                        channel.view, channel.visible = view, version
                        channel.events += 1
                        self._changed.notify_all()
                    if self._wanted > version:
                        break  # the rest would be of files that are no longer what they were
            async with self._changed:
                channel.visible, channel.is_working = version, False
                channel.events += 1
                self._changed.notify_all()

    async def follow(self, locale: str | None, edition: str | None) -> AsyncGenerator[News, None]:
        """Give the newest that there is of a locale in an edition at once, and all that comes.

        One that there isn't (any more), or that isn't named, becomes the first that there is. Who
        is slow to ask gets only the newest. It goes on until `end`.
        """
        shown = await self._shown(locale, edition)
        channel = self._enter(shown)
        seen = -1
        try:
            while True:
                async with self._changed:
                    self._changed.notify_all()  # there is a reader: `run` may have work
                    while channel.events == seen and not self._has_ended:
                        await self._changed.wait()
                    if self._has_ended:
                        return
                    wanted = await self._shown(locale, edition)
                    if wanted != shown:
                        channel.readers -= 1
                        shown, seen = wanted, -1
                        channel = self._enter(shown)
                        continue
                    seen = channel.events
                    news = News(channel.view, channel.is_working, self._choices)
                yield news
        finally:
            channel.readers -= 1

    async def _shown(self, locale: str | None, edition: str | None) -> Shown:
        if not self._choices[1]:
            self._choices = await self._call(lambda engine: engine.choices())
        locales, editions = self._choices
        return Shown(_one_of(locale, locales), _one_of(edition, editions))

    def _enter(self, shown: Shown) -> _Channel:
        channel = self._channels.setdefault(shown, _Channel())
        channel.readers += 1
        return channel

    async def image(self, key: str, scale: float) -> bytes:
        """Give a page as PNG. Whoever looks at one that can't be drawn is told why.

        Raises:
            KeyError: there is no such page any more, or it can't be drawn.
        """
        self._images += 1
        asked = asyncio.ensure_future(self._call(lambda engine: engine.image(key, scale)))
        self._asked.add(asked)
        try:
            return await asked
        except asyncio.CancelledError:
            if self._has_ended:
                raise KeyError(key) from None
            raise
        except KeyError:
            raise
        except Exception as error:  # noqa: BLE001 - the preview goes on: the next save may mend it
            await self._show_failure(key, error)
            raise KeyError(key) from None
        finally:
            self._asked.discard(asked)
            self._drawn += 1

    async def _show_failure(self, key: str, error: Exception) -> None:
        """Tell whoever looks at a page that it can't be drawn."""
        async with self._changed:
            for shown, channel in self._channels.items():
                if channel.view and any(page.key == key for page in channel.view.pages):
                    channel.view = _failed(shown, channel.view, error)
                    channel.events += 1
            self._changed.notify_all()

    async def end(self) -> None:
        """Tell all who follow that there is no more news, and who waits for an image, no image."""
        async with self._changed:
            self._has_ended = True
            self._changed.notify_all()
        for asked in self._asked:
            asked.cancel()

    def close(self) -> None:
        """Take no more calls; one that is under way isn't waited for."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _outdated(self) -> Shown | None:
        """Give what somebody looks at and is the furthest behind, or nothing."""
        behind = [
            (channel.visible, number, shown)
            for number, (shown, channel) in enumerate(self._channels.items())
            if channel.readers and channel.visible < self._wanted
        ]
        return min(behind)[2] if behind else None

    async def _updates(self, shown: Shown, last: View | None) -> AsyncGenerator[View, None]:
        """Give the views of an update, each as it is made."""
        views: Iterator[View] | None = None

        def step(engine: Engine) -> View | None:
            nonlocal views
            views = engine.update(shown) if views is None else views
            view = next(views, None)
            self._choices = engine.choices()
            return view

        try:
            while (view := await self._call(step)) is not None:
                last = view
                yield view
                await self._let_images_go_first()
        except Exception as error:  # noqa: BLE001 - the preview goes on: the next save may mend it
            yield _failed(shown, last, error)

    async def _let_images_go_first(self) -> None:
        """Wait, though not for long, until readers have the images of the pages they look at."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                before = -1
                while before != self._images or self._drawn < self._images:
                    before = self._images
                    await asyncio.sleep(_PAUSE)

    async def _call(self, work: Callable[[Engine], Result]) -> Result:
        def on_its_thread() -> Result:
            if self._engine is None:
                self._engine = self._open_engine()
            return work(self._engine)

        return await asyncio.get_running_loop().run_in_executor(self._worker, on_its_thread)


def _one_of(asked: str | None, known: tuple[str, ...]) -> str:
    if asked is not None and (asked in known or not known):
        return asked
    return known[0] if known else ""


def _failed(shown: Shown, last: View | None, error: Exception) -> View:
    """Return the last view with the diagnostic of an exception."""
    if isinstance(error, DiagnosedError):
        found = error.diagnostics
    elif isinstance(error, WorkerError):
        found = (limit_exceeded(f"{shown.locale}.{shown.edition}", error),)
    else:
        found = (fault("content", error),)
    if last is None:
        return View(shown, (), False, found, (), 0.0)
    all_found = tuple(dict.fromkeys(found + last.diagnostics))
    return replace(last, is_current=False, diagnostics=all_found)
