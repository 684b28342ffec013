"""Faults of the machine: signals, no room, no right to write, and no folders to work in."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import reportgen
from reportgen.build.start import start_project
from reportgen.project import TEMPORARY, write_atomically
from tests.conftest import Workspace
from tests.test_import import CHANGED

LASTS = 6.0
"""Within how many seconds a command is hit: some are over then, on a fast machine."""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files; its path is short, as there will be sockets in it."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    start_project(tmp_path / "report")
    made = Workspace(tmp_path / "report")
    made.edit("content/sections/introduction.md", "---\ntitle: A section\n---\n\nA paragraph.\n")
    return made


def started(
    root: Path, temporary: Path, *arguments: str, **environment: str
) -> subprocess.Popen[str]:
    source = str(Path(reportgen.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-m", "reportgen", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": source, "TMPDIR": str(temporary), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end of a command and of its processes, and give its code and its errors."""
    _, told = process.communicate(timeout=120)
    until = time.monotonic() + 20
    while time.monotonic() < until and members(process.pid):
        time.sleep(0.1)
    assert members(process.pid) == []
    return process.returncode, told


def members(group: int) -> list[str]:
    """Give the processes of a group that are still there."""
    listed = subprocess.run(
        ["ps", "-o", "stat=,args=", "--no-headers", "-s", str(group)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in listed.stdout.splitlines() if not line.startswith("Z")]


def outputs(root: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "out").iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGKILL"])
def test_a_signal_at_any_moment_leaves_nothing(
    workspace: Workspace, temporary: Path, name: str
) -> None:
    """Together these are 50 moments."""
    number = signal.Signals[name]
    moments = random.Random(number)
    assert ended(started(workspace.root, temporary, "build", "--edition", "print"))[0] == 0
    whole = outputs(workspace.root)
    for _ in range(20 if name == "SIGKILL" else 10):
        process = started(workspace.root, temporary, "build", "--edition", "print", "--force")
        time.sleep(0.3 + moments.random() * LASTS)
        process.send_signal(number)
        code, told = ended(process)
        if name == "SIGKILL":
            assert "Traceback" not in told
        elif code not in (0, -number):  # it was over before, or Python had only just begun
            assert code == 128 + number
            assert told == f"reportgen was stopped by {name}: no file is half-written\n"
            assert list(temporary.iterdir()) == []
        assert {name: whole[name] for name in whole} == {
            name: data for name, data in outputs(workspace.root).items() if name in whole
        }
    assert (
        ended(started(workspace.root, temporary, "build", "--edition", "print", "--force"))[0] == 0
    )
    assert outputs(workspace.root) == whole
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", ["fmt", "import"])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_signal_at_any_moment_changes_all_files_or_none(
    workspace: Workspace, temporary: Path, command: str, name: str
) -> None:
    """For each command, together these are 50 moments."""
    arguments = [command]
    if command == "fmt":
        for file in (workspace.root / "content/commitments").glob("*.yaml"):
            file.write_text(file.read_text("utf-8").replace(": ", ":   "), "utf-8")
    else:
        workspace.edit("table.csv", CHANGED)
        arguments += ["commitments", "table.csv", "--apply"]
    old = contents(workspace.root)
    begun = time.monotonic()
    code, told = ended(started(workspace.root, temporary, *arguments))
    assert code == 0, told
    lasts, new = time.monotonic() - begun, contents(workspace.root)
    assert new != old
    moments = random.Random(f"{command} {name}")
    for _ in range(25):
        for path, data in old.items():
            (workspace.root / path).write_bytes(data)
        process = started(workspace.root, temporary, *arguments)
        time.sleep(moments.random() * lasts)
        process.send_signal(signal.Signals[name])
        code, told = ended(process)
        assert "Traceback" not in told
        # What was under way when it was killed is brought to its end by the next command.
        assert ended(started(workspace.root, temporary, "check"))[0] == 0
        assert contents(workspace.root) in (old, new)
    assert list(temporary.iterdir()) == []


def contents(root: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in (root / "content").rglob("*")
        if path.is_file()
    }


def test_what_a_killed_program_was_writing_goes_with_the_next_write(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from reportgen.project import write_atomically\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_atomically(Path(sys.argv[1]), b'new')\n"
    )
    file = tmp_path / "file"
    file.write_bytes(b"old")
    source = str(Path(reportgen.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    done = subprocess.run([sys.executable, "-c", program, str(file)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert file.read_bytes() == b"old"
    assert [
        bool(TEMPORARY.fullmatch(path.name)) for path in tmp_path.iterdir() if path != file
    ] == [True]
    write_atomically(tmp_path / "other", b"other")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "other"}


def test_what_is_being_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others: list[int] = []
    sync = os.fsync

    def other_program(handle: int) -> None:
        sync(handle)
        if not others:
            source = str(Path(reportgen.__file__).parents[1])
            program = (
                "import sys\n"
                "from pathlib import Path\n"
                "from reportgen.project import write_atomically\n"
                "write_atomically(Path(sys.argv[1]), b'other')\n"
            )
            done = subprocess.run(
                [sys.executable, "-c", program, str(tmp_path / "other")],
                env={**os.environ, "PYTHONPATH": source},
                check=False,
            )
            others.append(done.returncode)

    monkeypatch.setattr(os, "fsync", other_program)
    write_atomically(tmp_path / "file", b"new")
    assert others == [0]
    assert (tmp_path / "file").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 2


def small(root: Path, temporary: Path, **environment: str) -> Iterator[str]:
    code, told = ended(started(root, temporary, "build", "--quiet", **environment))
    assert code == 0, told
    yield from outputs(root)


@pytest.mark.slow
def test_a_build_needs_no_home_and_no_folder_for_temporary_files(
    workspace: Workspace, temporary: Path
) -> None:
    nowhere = str(temporary / "nowhere")
    assert list(small(workspace.root, temporary / "nowhere", HOME=nowhere, XDG_CACHE_HOME=nowhere))


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_file(workspace: Workspace, temporary: Path) -> None:
    assert ended(started(workspace.root, temporary, "build", "--quiet")) == (0, "")
    old = outputs(workspace.root)
    workspace.append("content/sections/introduction.md", "\nMore.\n")
    source = str(Path(reportgen.__file__).parents[1])
    # The system refuses to write files of that size: as on a full disk, but without one.
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 100; trap "" XFSZ; exec "$@"', "-", sys.executable, "-m",
         "reportgen", "build"],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": source, "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    assert limited.returncode == 1
    assert "Traceback" not in limited.stderr
    assert ": error[" in limited.stderr
    assert outputs(workspace.root) == old
    assert list(temporary.iterdir()) == []
    assert ended(started(workspace.root, temporary, "build", "--quiet")) == (0, "")
