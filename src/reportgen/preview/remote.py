"""A session in a worker: whatever the project's files ask for, the server goes on answering."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from reportgen.preview.view import Shown, View
from reportgen.project import Project
from reportgen.worker import Limits, Worker

if TYPE_CHECKING:
    from reportgen.preview.session import Session


class RemoteSession:
    """A `Session` in a process of its own, each of whose calls keeps within limits.

    A call that exceeds one ends the process. The next call starts another one, which lays out all
    pages anew.

    Args:
        project: the project whose pages are shown.
        limits: what each call may use.
    """

    def __init__(self, project: Project, limits: Limits) -> None:
        self._worker = Worker(limits, create=partial(_Host, project))

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the locales and editions that can be shown; see `Session.choices`."""
        return self._worker.call(_Host.choices)

    def update(self, shown: Shown) -> Iterator[View]:
        """Yield what there is to see, more and more of it; see `Session.update`.

        Raises:
            WorkerError: a limit was exceeded.
        """
        self._worker.call(_Host.begin_update, shown)
        while (view := self._worker.call(_Host.next_view)) is not None:
            yield view

    def image(self, key: str, scale: float) -> bytes:
        """Return the image of a page as PNG; see `Session.image`.

        Raises:
            DiagnosedError: the engine can't draw the page.
            KeyError: the page is gone.
            WorkerError: a limit was exceeded.
        """
        return self._worker.call(_Host.image, key, scale)


class _Host:
    """Keeps a session in the worker, and the update that is under way."""

    def __init__(self, project: Project) -> None:
        # Imported here: the server needs no engine.
        from reportgen.preview.session import Session

        self._session: Session = Session(project)
        self._views: Iterator[View] = iter(())

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self._session.choices()

    def begin_update(self, shown: Shown) -> None:
        self._views = self._session.update(shown)

    def next_view(self) -> View | None:
        return next(self._views, None)

    def image(self, key: str, scale: float) -> bytes:
        return self._session.image(key, scale)
