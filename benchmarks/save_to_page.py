"""How long it takes from saving a file to seeing its page in the preview, in one that is open.

`python -m benchmarks.save_to_page PROJECT RUNS` changes a word of a section `RUNS` times and prints
a list of runs as JSON, each with its seconds by the clock and of processor time. PROJECT is
changed: give a copy.

What is measured is a real `reportgen preview`, asked as a browser asks it: the clock starts when
the file is written, and stops when the image of the first page that is new has come.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urljoin

from benchmarks.projects import REPORTGEN, Copy, change_word
from reportgen.project import Project

LOCALE = "en"
EDITION = "digital"

SCALE = 1.5
"""Pixels of an image per CSS pixel: a page about as wide as half a screen."""

_PATIENCE = 600.0
"""How many seconds an answer is waited for."""


class NotShownError(Exception):
    """The preview shows no page."""


class Preview(Protocol):
    """A preview that is open and shows its pages."""

    def seconds_to_page(self, save: Callable[[], None]) -> tuple[float, float | None]:
        """Save, and give the seconds until the new page's image is there, and of processor time.

        Raises:
            NotShownError: the pages can't be made, or none of them is new.
        """

    def close(self) -> None:
        """End it."""


def is_served() -> bool:
    """Tell whether there is a server that can be asked, and not only the library below it."""
    return find_spec("reportgen.preview.server") is not None


def open_preview(root: Path) -> Preview:
    """Open a preview of a project; the first pages are there when it is given.

    Raises:
        NotShownError: the pages can't be made.
    """
    return ServedPreview(root) if is_served() else LibraryPreview(root)


class LibraryPreview:
    """A preview without its server: what makes the pages is called in this process."""

    def __init__(self, root: Path) -> None:
        from reportgen.preview.session import Session
        from reportgen.preview.view import Shown

        self._session = Session(Project(root))
        self._shown = Shown(LOCALE, EDITION)
        *_, view = self._session.update(self._shown)
        self._keys = {page.key for page in view.pages}

    def seconds_to_page(self, save: Callable[[], None]) -> tuple[float, float | None]:
        """Save and make the page; see `Preview`."""
        started, processor = time.perf_counter(), time.process_time()
        save()
        views = self._session.update(self._shown)
        view = next(views)
        new = [page.key for page in view.pages if page.key not in self._keys]
        if not view.is_current or not new:
            raise NotShownError("no page is new after a save")
        self._session.image(new[0], SCALE)
        took = time.perf_counter() - started, time.process_time() - processor
        # The rest, which is what is wrong with the translations, comes after the page.
        for later in views:
            view = later
        self._keys = {page.key for page in view.pages}
        return took

    def close(self) -> None:
        """End it."""


class ServedPreview:
    """A preview as a reader has it: a process of its own, asked over HTTP."""

    def __init__(self, root: Path) -> None:
        command = (*REPORTGEN, "preview", "--no-browser", "--project", str(root))
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert self._process.stdout is not None
            words = self._process.stdout.readline().split()
            if not words:
                raise NotShownError("reportgen preview gives no address")
            self._base = words[0]
            cookies = urllib.request.HTTPCookieProcessor(CookieJar())
            self._ask = urllib.request.build_opener(cookies)
            self._get(self._base).read()
            self._news = self._follow()
            self._keys = {page["key"] for page in self._pages_at_rest()}
        except BaseException:
            self.close()
            raise

    def _get(self, address: str) -> HTTPResponse:
        response: HTTPResponse = self._ask.open(urljoin(self._base, address), timeout=_PATIENCE)
        return response

    def _follow(self) -> Iterator[dict[str, Any]]:
        """Give the news of the pages, each as it comes."""
        with self._get(f"/events?locale={LOCALE}&edition={EDITION}") as events:
            for line in events:
                if line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    def _pages_at_rest(self) -> list[dict[str, Any]]:
        """Wait until nothing is left to do, and give the pages."""
        for news in self._news:
            if news["view"] and not news["is_working"]:
                pages: list[dict[str, Any]] = news["view"]["pages"]
                if not news["view"]["is_current"] or not pages:
                    raise NotShownError("the pages can't be made")
                return pages
        raise NotShownError("the preview has ended")

    def seconds_to_page(self, save: Callable[[], None]) -> tuple[float, float | None]:
        """Save and wait for the page; see `Preview`."""
        started = time.perf_counter()
        save()
        for news in self._news:
            view = news["view"]
            new = [page for page in view["pages"] if page["key"] not in self._keys]
            if new:
                self._get(f"{new[0]['image']}?scale={SCALE}").read()
                break
            if not news["is_working"] and not view["is_current"]:
                raise NotShownError("the pages can't be made")
        took = time.perf_counter() - started
        self._keys = {page["key"] for page in self._pages_at_rest()}
        return took, None

    def close(self) -> None:
        """End it, as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=30)


def main() -> int:
    """Measure and print, and give the exit code."""
    root, runs = Path(sys.argv[1]), int(sys.argv[2])
    save = change_word(Copy(root, root))
    preview = open_preview(root)
    try:
        # The first save after the start finds what the others find in memory.
        took = [preview.seconds_to_page(save) for _ in range(runs + 1)][1:]
    finally:
        preview.close()
    json.dump([{"wall": wall, "processor": processor} for wall, processor in took], sys.stdout)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotShownError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
