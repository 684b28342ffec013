"""Waiting for the next save of a report's files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path, PurePosixPath

from watchfiles import awatch, watch

from reportgen.locales.catalog import LOCALES
from reportgen.model.files import CONTENT
from reportgen.project import Project

WORDS = (CONTENT, LOCALES)
"""The folders that hold a report's words."""

ALL = (*WORDS, PurePosixPath("templates"), PurePosixPath("styles"))
"""The folders that pages are made of: words and design."""

_WAIT = 100
"""How many milliseconds pass before the watcher says that nothing has changed."""

_SETTLED = 300
"""How many milliseconds saves that follow each other are waited for, to be taken as one."""


def saves(project: Project) -> Iterator[None]:
    """Give one thing at once, and one after each save of content or translations.

    Folders are watched, not files: an editor may save by writing another file and renaming it. What
    is saved while the caller is at work is seen afterwards, several saves as one.

    Raises:
        KeyboardInterrupt: Ctrl-C; there is no other end.
    """
    is_first = True
    # The first answer comes from a watcher that is at work: no save falls between it and the start.
    for changes in watch(*_there(project, WORDS), rust_timeout=_WAIT, yield_on_timeout=True):
        if changes or is_first:
            is_first = False
            yield


async def saves_of_all(project: Project, stop: asyncio.Event) -> AsyncIterator[None]:
    """Give one thing after each save of content, translations, templates or styles, until `stop`.

    A folder that comes or goes counts as a save, and is watched from then on. What is saved while
    nobody asks is seen at the next question.
    """
    there: Sequence[Path] | None = None
    while not stop.is_set():
        before, there = there, _there(project, ALL)
        if before is not None:
            yield
        if not there:
            await asyncio.sleep(_WAIT / 1000)
            continue
        async for changes in awatch(
            *there, debounce=_SETTLED, stop_event=stop, rust_timeout=_WAIT, yield_on_timeout=True
        ):
            if changes:
                yield
            if _there(project, ALL) != there:
                break


def _there(project: Project, folders: Sequence[PurePosixPath]) -> list[Path]:
    return [path for folder in folders if (path := project.root / folder).is_dir()]
