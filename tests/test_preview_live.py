"""Whoever looks sees the newest, and no save is lost."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from reportgen.build.job import Step
from reportgen.preview.live import Live, News
from reportgen.preview.view import Shown
from reportgen.worker import TimeLimitError
from tests.preview import WARNING, FakeEngine

WAIT = 30
EN, FR = Shown("en", "digital"), Shown("fr", "digital")


def run(work: Callable[[Live], Awaitable[None]], engine: FakeEngine) -> None:
    async def whole() -> None:
        live = Live(lambda: engine)
        task = asyncio.create_task(live.run())
        try:
            await asyncio.wait_for(work(live), WAIT)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            live.close()

    asyncio.run(whole())


async def settled(all_news: AsyncIterator[News]) -> News:
    """Give the first news from now on after which there is nothing to do."""
    async for news in all_news:
        if news.view and not news.is_working:
            return news
    raise AssertionError("the news ended")


def test_nothing_is_made_while_nobody_looks() -> None:
    engine = FakeEngine()

    async def work(live: Live) -> None:
        await live.saved()
        await asyncio.sleep(0)
        assert engine.updates == []
        await settled(live.follow("fr", "digital"))
        assert engine.updates == [FR]

    run(work, engine)


def test_who_comes_is_told_all_that_there_is() -> None:
    engine = FakeEngine()

    async def work(live: Live) -> None:
        first = await settled(live.follow("fr", "digital"))
        assert first.view
        assert first.view.shown == FR
        assert first.view.diagnostics == (WARNING,)
        assert first.choices == (("en", "fr"), ("digital", "print"))
        async with contextlib.aclosing(live.follow("fr", "digital")) as second:
            assert await anext(second) == first
        assert engine.updates == [FR]

    run(work, engine)


@pytest.mark.parametrize(("locale", "edition"), [(None, None), ("xx", "digital"), ("en", "folio")])
def test_what_there_is_not_becomes_the_first_that_there_is(
    locale: str | None, edition: str | None
) -> None:
    engine = FakeEngine()

    async def work(live: Live) -> None:
        news = await settled(live.follow(locale, edition))
        assert news.view
        assert news.view.shown == EN

    run(work, engine)


def test_only_what_is_looked_at_is_made_anew() -> None:
    engine = FakeEngine()

    async def work(live: Live) -> None:
        english, french = live.follow("en", "digital"), live.follow("fr", "digital")
        await settled(english)
        await settled(french)
        await english.aclose()
        before = len(engine.updates)
        await live.saved()
        await anext(french)  # it has begun
        await settled(french)
        assert engine.updates[before:] == [FR]
        # Who comes back sees the old pages at once, and then the new ones.
        again = live.follow("en", "digital")
        old = await anext(again)
        new = await settled(again)
        while new.view == old.view:
            new = await settled(again)
        assert engine.updates[before:] == [FR, EN]

    run(work, engine)


def test_saves_during_an_update_are_joined_into_one_more() -> None:
    began, go_on = threading.Event(), threading.Event()

    def updating(serial: int) -> None:
        if serial == 2:
            began.set()
            assert go_on.wait(WAIT)

    engine = FakeEngine(updating)

    async def work(live: Live) -> None:
        reader = live.follow("en", "digital")
        await settled(reader)
        await live.saved()
        task = asyncio.create_task(newest(reader, 3))
        await asyncio.to_thread(began.wait, WAIT)
        for _ in range(5):
            await live.saved()
        go_on.set()
        await task
        assert len(engine.updates) == 3
        # The second update was of files that had changed again: its rest was left out.
        assert engine.finished == 2

    run(work, engine)


async def newest(all_news: AsyncIterator[News], serial: int) -> None:
    """Wait until the pages of an update are there, and nothing is left to do."""
    while True:
        view = (await settled(all_news)).view
        if view and view.pages[0].key == f"en-{serial}-0":
            return


def test_an_update_that_fails_says_so_and_leaves_the_pages() -> None:
    def updating(serial: int) -> None:
        if serial == 2:
            raise RuntimeError("nobody has foreseen this")

    engine = FakeEngine(updating)

    async def work(live: Live) -> None:
        reader = live.follow("en", "digital")
        good = (await settled(reader)).view
        await live.saved()
        await anext(reader)
        bad = (await settled(reader)).view
        assert good
        assert bad
        assert not bad.is_current
        assert bad.pages == good.pages
        assert bad.diagnostics[0].code == "internal"
        assert "nobody has foreseen this" in bad.diagnostics[0].message
        await live.saved()
        await newest(reader, 3)

    run(work, engine)


def test_an_engine_that_fails_at_once_says_so() -> None:
    engine = FakeEngine(lambda serial: 1 / 0)  # type: ignore[arg-type]

    async def work(live: Live) -> None:
        view = (await settled(live.follow("en", "digital"))).view
        assert view
        assert (view.pages, view.is_current, view.diagnostics[0].code) == ((), False, "internal")

    run(work, engine)


def test_an_image_that_exceeds_a_limit_is_told_with_the_pages() -> None:
    class Limited(FakeEngine):
        def image(self, key: str, scale: float) -> bytes:
            raise TimeLimitError("it took longer than 1 s", Step("drawing a page", "templates"))

    async def work(live: Live) -> None:
        reader = live.follow("en", "digital")
        await settled(reader)
        for _ in range(2):
            with pytest.raises(KeyError):
                await live.image("en-1-1", 1.0)
        view = (await settled(live.follow("en", "digital"))).view
        assert view
        assert not view.is_current
        assert [d.code for d in view.diagnostics] == ["time-limit", "stray-file"]
        assert view.diagnostics[0].message == (
            "en.digital was not made: it took longer than 1 s, while drawing a page"
        )

    run(work, Limited())


def test_an_image_that_is_gone_is_a_key_error() -> None:
    engine = FakeEngine()

    async def work(live: Live) -> None:
        await settled(live.follow("en", "digital"))
        assert await live.image("en-1-1", 2.0) == b"en-1-1 at 2"
        with pytest.raises(KeyError):
            await live.image("en-0-1", 2.0)

    run(work, engine)
