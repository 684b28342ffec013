"""Temporary folders: what a killed program left goes, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.temporary import TemporaryFolder, _sweep, remove_abandoned
from tests.conftest import ROOT

PROGRAM = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from reportgen.temporary import TemporaryFolder
print(TemporaryFolder().path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("reportgen.temporary._MAX_PATH_BYTES", 1000)
    return tmp_path


def test_a_folder_is_removed_with_what_is_in_it(place: Path) -> None:
    folder = TemporaryFolder()
    (folder.path / "file").write_bytes(b"")
    folder.remove()
    assert list(place.iterdir()) == []


def test_what_a_killed_program_left_is_removed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT / "src")],
        capture_output=True,
        text=True,
        check=False,
    )
    left = Path(done.stdout.strip())
    assert left.is_dir()
    remove_abandoned(left)
    assert not left.exists()


def test_what_is_in_use_or_not_ours_stays(place: Path) -> None:
    used = TemporaryFolder()
    named = place / "reportgen-worker-thesis_1"
    named.mkdir()
    (named / "chapter").write_bytes(b"mine")
    other = place / "reportgen-thesis"
    other.mkdir()
    linked = place / "reportgen-worker-abcdefgh"
    linked.symlink_to(named)
    _sweep.cache_clear()
    new = TemporaryFolder()
    expected = {used.path.name, new.path.name, named.name, other.name, linked.name}
    assert {path.name for path in place.iterdir()} == expected
    assert (named / "chapter").read_bytes() == b"mine"
    used.remove()
    new.remove()
