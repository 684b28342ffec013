"""Figures that are drawn elsewhere while pages are made of what is there."""

from __future__ import annotations

import re
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future

from reportgen.pages.figures import Drawing
from reportgen.worker import WorkerError

_MARK = "<!--reportgen: drawing {}-->"
_MARKS = re.compile(_MARK.format(r"(\d+)"))


class Aside:
    """Has drawings made by an executor, and puts them into their places when they are needed."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._drawings: list[tuple[Drawing, Future[str] | None]] = []

    def __call__(self, drawing: Drawing) -> str:
        """Have a drawing begun, and give HTML that stands in its place."""
        self._drawings.append((drawing, self._begun(drawing)))
        return _MARK.format(len(self._drawings) - 1)

    def placed(self, html: str) -> str:
        """Give HTML with its drawings in their places: waits until they are done."""
        return _MARKS.sub(lambda mark: self._drawn(int(mark[1])), html)

    def _begun(self, drawing: Drawing) -> Future[str] | None:
        try:
            return self._executor.submit(drawing)
        except (BrokenExecutor, RuntimeError):  # it was killed, or is shut down
            return None

    def _drawn(self, number: int) -> str:
        drawing, future = self._drawings[number]
        try:
            return future.result() if future else drawing()
        except (BrokenExecutor, CancelledError, WorkerError):
            return drawing()
