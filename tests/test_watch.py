"""`reportgen check --watch`, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import reportgen
from tests.conftest import Workspace

WAIT = 30
FILE = "content/figures/map.yaml"
GOOD = ("kind: mapp", "kind: map")
BAD = ("kind: map", "kind: mapp")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX systems")


class Watching:
    """The command at work: what it prints, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)

    def line(self) -> str:
        """Give the next line that is printed."""
        return self._lines.get(timeout=WAIT)

    def interrupt(self) -> tuple[int, str, str]:
        """Type Ctrl-C, and give the exit code, and what is printed then."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(WAIT)
        self._reader.join(WAIT)
        assert self._process.stderr
        rest = "".join(iter(self._lines.get_nowait, "")) if not self._lines.empty() else ""
        return code, rest, self._process.stderr.read()


@contextlib.contextmanager
def watching(workspace: Workspace, *options: str) -> Iterator[Watching]:
    environment = {**os.environ, "PYTHONPATH": str(Path(reportgen.__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-m", "reportgen", "check", "--watch", *options],
        cwd=workspace.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def by_renaming(path: Path, text: str) -> None:
    """Save as vim and others do: the old file becomes a backup, a new one takes its name."""
    backup, new = path.with_name(f"{path.name}~"), path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    path.rename(backup)
    new.rename(path)
    backup.unlink()


@pytest.mark.parametrize("save", [in_place, by_renaming])
def test_each_save_is_checked(workspace: Workspace, save: Callable[[Path, str], None]) -> None:
    path = workspace.root / FILE
    good = path.read_text(encoding="utf-8")
    with watching(workspace) as watch:
        assert watch.line() == "content: no errors, no warnings\n"
        for _ in range(2):
            save(path, good.replace(*BAD))
            assert watch.line() == (
                f"{FILE}:2:7: error[invalid-value]: 'mapp' is not a value for 'kind';"
                " did you mean 'map'?\n"
            )
            assert watch.line() == "content: 1 error, no warnings\n"
            save(path, good)
            assert watch.line() == "content: no errors, no warnings\n"
        assert watch.interrupt() == (0, "", "")


def test_json_is_a_line_for_each_check(workspace: Workspace) -> None:
    with watching(workspace, "--format", "json") as watch:
        assert watch.line() == "[]\n"
        workspace.edit(FILE, BAD)
        (problem,) = json.loads(watch.line())
        assert (problem["code"], problem["line"]) == ("invalid-value", 2)
        workspace.edit(FILE, GOOD)
        assert watch.line() == "[]\n"
        assert watch.interrupt() == (0, "", "")


def test_a_file_that_comes_and_goes(workspace: Workspace) -> None:
    with watching(workspace) as watch:
        watch.line()
        path = workspace.edit("content/figures/notes.txt", "stray")
        assert "warning[stray-file]" in watch.line()
        assert watch.line() == "content: no errors, 1 warning\n"
        path.unlink()
        assert watch.line() == "content: no errors, no warnings\n"


def test_on_a_terminal_the_screen_is_cleared(workspace: Workspace) -> None:
    terminal, inner = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "reportgen", "check", "--watch"],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(Path(reportgen.__file__).parents[1])},
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
    ) as process:
        os.close(inner)
        shown = b""
        try:
            while b"Ctrl-C ends.\r\n" not in shown:
                shown += os.read(terminal, 1000)
            process.send_signal(signal.SIGINT)
            assert process.wait(WAIT) == 0
        finally:
            process.kill()
            os.close(terminal)
    assert shown.decode() == (
        "\x1b[2J\x1b[1;1Hcontent: no errors, no warnings\r\n"
        "Checked again at each save; Ctrl-C ends.\r\n"
    )
