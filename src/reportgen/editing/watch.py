"""Waiting for the next save of a report's files."""

from __future__ import annotations

from collections.abc import Iterator

from watchfiles import watch

from reportgen.locales.catalog import LOCALES
from reportgen.model.files import CONTENT
from reportgen.project import Project

_WAIT = 100
"""How many milliseconds pass before the watcher says that nothing has changed."""


def saves(project: Project) -> Iterator[None]:
    """Give one thing at once, and one after each save of content or translations.

    Folders are watched, not files: an editor may save by writing another file and renaming it. What
    is saved while the caller is at work is seen afterwards, several saves as one.

    Raises:
        KeyboardInterrupt: Ctrl-C; there is no other end.
    """
    folders = [project.root / folder for folder in (CONTENT, LOCALES)]
    is_first = True
    # The first answer comes from a watcher that is at work: no save falls between it and the start.
    for changes in watch(
        *(folder for folder in folders if folder.is_dir()),
        rust_timeout=_WAIT,
        yield_on_timeout=True,
    ):
        if changes or is_first:
            is_first = False
            yield
