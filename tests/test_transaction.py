"""Several files changed as one: all or none, also when the program is killed in between."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from reportgen import transaction
from reportgen.project import OutsideProjectError, Overlay, Project
from reportgen.transaction import (
    Change,
    ChangedMeanwhileError,
    is_pending,
    recover,
    replace_files,
)
from tests.conftest import Workspace

ROOT = Path(__file__).parents[1]

OLD = {"content/a.yaml": b"old a", "content/b.yaml": b"old b", "content/c.yaml": b"old c"}
NEW = {"content/a.yaml": b"new a", "content/b.yaml": b"new b", "content/d/d.yaml": b"new d"}


def changes() -> list[Change]:
    paths = sorted(OLD | NEW)
    return [Change(PurePosixPath(path), OLD.get(path), NEW.get(path)) for path in paths]


def change_all(root: Path) -> None:
    replace_files(Project(root), changes())


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    for path, data in OLD.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return Project(root)


def test_a_save_while_files_are_staged_is_not_lost(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = transaction._stage

    def saved_meanwhile(*arguments: Any) -> None:
        stage(*arguments)
        (project.root / "content/a.yaml").write_bytes(b"saved")

    monkeypatch.setattr(transaction, "_stage", saved_meanwhile)
    with pytest.raises(ChangedMeanwhileError):
        replace_files(project, changes())
    assert files(project.root) == {**OLD, "content/a.yaml": b"saved"}


def test_all_files_are_changed_and_nothing_is_left(project: Project) -> None:
    replace_files(project, changes())
    assert files(project.root) == NEW
    assert sorted(p.name for p in project.root.iterdir()) == ["content"]


def test_a_file_keeps_its_rights(project: Project) -> None:
    (project.root / "content/a.yaml").chmod(0o640)
    replace_files(project, changes())
    assert (project.root / "content/a.yaml").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_and_leads_to_the_new_file(project: Project) -> None:
    (project.root / "content/a.yaml").rename(project.root / "content/there")
    (project.root / "content/a.yaml").symlink_to("there")
    replace_files(project, changes())
    assert (project.root / "content/a.yaml").is_symlink()
    assert (project.root / "content/there").read_bytes() == b"new a"


def test_a_link_to_what_is_not_content_changes_nothing(project: Project) -> None:
    (project.root / "content/a.yaml").rename(project.root / "there")
    (project.root / "content/a.yaml").symlink_to("../there")
    with pytest.raises(OutsideProjectError):
        replace_files(project, changes())
    assert (project.root / "there").read_bytes() == b"old a"


def test_a_file_that_was_edited_meanwhile_changes_nothing(project: Project) -> None:
    (project.root / "content/b.yaml").write_bytes(b"edited")
    with pytest.raises(ChangedMeanwhileError, match=r"content/b\.yaml"):
        replace_files(project, changes())
    assert files(project.root) == {**OLD, "content/b.yaml": b"edited"}


def test_a_path_outside_changes_nothing(project: Project) -> None:
    with pytest.raises(OutsideProjectError):
        replace_files(project, [*changes(), Change(PurePosixPath("../x"), None, b"x")])
    assert files(project.root) == OLD


def test_a_full_disk_changes_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transaction, "_write", full)
    with pytest.raises(OSError, match="No space"):
        replace_files(project, changes())
    assert files(project.root) == OLD
    assert not (project.root / ".reportgen").exists()


def test_a_kill_at_any_moment_leaves_all_old_or_all_new(project: Project) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.kills", project.root, "tests.test_transaction:change_all"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
    )
    outcomes = []
    copies = sorted((p for p in project.root.parent.iterdir() if p.name.isdigit()), key=_number)
    for copy in copies:
        for path, data in files(copy / "content").items():
            assert data in (OLD.get(f"content/{path}"), NEW.get(f"content/{path}")), copy
        recover(Project(copy))
        assert files(copy) in (OLD, NEW), copy
        assert not (copy / ".reportgen").exists()
        outcomes.append(files(copy) == NEW)
    # All old up to the moment when the folder is renamed, all new from there on.
    assert outcomes == sorted(outcomes)
    assert outcomes.count(False) > 10
    assert outcomes.count(True) > 10


def _number(path: Path) -> int:
    return int(path.name)


def cut_off(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a change committed and not done."""
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_finish", lambda project: None)
        replace_files(project, changes())
    assert is_pending(project)


def test_the_next_change_finishes_the_last_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(project, monkeypatch)
    replace_files(project, [Change(PurePosixPath("content/a.yaml"), b"new a", b"newer a")])
    assert files(project.root) == {**NEW, "content/a.yaml": b"newer a"}


def test_an_edit_of_what_still_waits_is_not_overwritten(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(project, monkeypatch)
    (project.root / "content/b.yaml").write_bytes(b"edited")
    with pytest.raises(ChangedMeanwhileError, match=r"content/b\.yaml"):
        recover(project)
    assert (project.root / "content/b.yaml").read_bytes() == b"edited"
    (project.root / "content/b.yaml").write_bytes(b"old b")
    recover(project)
    assert files(project.root) == NEW


DIGEST = hashlib.sha256(b"x").hexdigest()


def journal(**entry: object) -> bytes:
    """Give a journal of one file that was not there."""
    return json.dumps([{"path": "content/new", "old": None, "new": DIGEST} | entry]).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[",
        b"[" * 100_000,
        b"[1]",
        b"[null]",
        b"null",
        b"1",
        b"{}",
        b'"path"',
        b'[{"path": "x"}]',
        b"\xff",
        journal(path=5),
        journal(path=[]),
        journal(path=""),
        journal(path="content"),
        journal(path="content/\0"),
        journal(path="content/\ud800"),
        journal(old=[]),
        journal(new={}),
        journal(new=5),
        journal(new="0"),
        journal(path="../outside"),
        journal(path="/tmp/outside"),
        journal(path="content/../../outside"),
        journal(path="content/../a"),
        journal(path=".git/config"),
        journal(path="templates/report.html"),
        journal(path="content/link/new"),
        journal(path="content/out/new"),
    ],
    ids=lambda data: data[:60].decode(errors="replace"),
)
def test_a_journal_that_we_did_not_write_is_an_error(project: Project, data: bytes) -> None:
    """It may have come with somebody's report: it leads nowhere but to the content's own files."""
    (project.root / "content/there").mkdir()
    (project.root / "content/link").symlink_to("there")
    (project.root / "content/out").symlink_to(project.root.parent)
    committed = project.root / ".reportgen/committed"
    committed.mkdir(parents=True)
    (committed / "journal.json").write_bytes(data)
    (committed / "0").write_bytes(b"x")
    before = files(project.root.parent)
    with pytest.raises(OSError, match="the journal is damaged"):
        recover(project)
    assert files(project.root.parent) == before


def test_a_journal_is_not_a_link(project: Project) -> None:
    committed = project.root / ".reportgen/committed"
    committed.mkdir(parents=True)
    (project.root / "elsewhere.json").write_bytes(journal())
    (committed / "journal.json").symlink_to("../../elsewhere.json")
    (committed / "0").write_bytes(b"x")
    with pytest.raises(OSError, match="the journal is damaged"):
        recover(project)


def test_what_a_journal_brings_is_not_a_link(project: Project) -> None:
    committed = project.root / ".reportgen/committed"
    committed.mkdir(parents=True)
    (committed / "journal.json").write_bytes(journal())
    (project.root / "elsewhere").write_bytes(b"x")
    (committed / "0").symlink_to("../../elsewhere")
    recover(project)
    assert not (project.root / "content/new").exists()


@pytest.mark.parametrize("name", ["staged", "done"])
def test_nothing_is_thrown_away_through_a_link(project: Project, name: str) -> None:
    (project.root / "content" / name).mkdir()
    (project.root / "content" / name / "mine").write_text("mine")
    (project.root / ".reportgen").symlink_to("content")
    with pytest.raises(OSError, match="it is a link"):
        recover(project)
    assert (project.root / "content" / name / "mine").read_text() == "mine"


def test_a_folder_that_can_not_be_used_is_no_unfinished_import(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(project: Project) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", ".reportgen/committed")

    (workspace.root / ".reportgen").mkdir()
    monkeypatch.setattr(transaction, "is_pending", refused)
    monkeypatch.setattr("reportgen.cli.options.is_pending", refused)
    result = workspace.run("check")
    assert result.exit_code == 1
    assert result.output == (
        ".reportgen:1:1: error[unusable-folder]: the folder can't be used (Permission denied); make"
        " sure that it is a folder of yours, or delete it\n"
    )


def test_a_command_finishes_what_was_cut_off(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = PurePosixPath("content/commitments/switzerland.yaml")
    old = (workspace.root / path).read_bytes()
    new = old.replace(b"Open the old river arms", b"Open the river")
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_finish", lambda project: None)
        replace_files(Project(workspace.root), [Change(path, old, new)])
    assert (workspace.root / path).read_bytes() == old
    assert workspace.check() == "content: no errors, no warnings\n"
    assert (workspace.root / path).read_bytes() == new


def test_a_command_says_what_keeps_it_from_finishing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = PurePosixPath("content/commitments/switzerland.yaml")
    old = (workspace.root / path).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_finish", lambda project: None)
        replace_files(Project(workspace.root), [Change(path, old, old + b"#")])
    workspace.append(str(path), "# edited\n")
    result = workspace.run("check")
    assert result.exit_code == 1
    assert result.output == (
        "content/commitments/switzerland.yaml:1:1: error[unfinished-import]: an import or fmt"
        " was cut off before it was done, and this file was edited since; put the edit aside and"
        " run the command again, or delete the folder .reportgen to keep all files as they are\n"
    )


def test_an_overlay_is_what_the_project_would_be(project: Project) -> None:
    changed = {c.path: c.new for c in changes()}
    overlay = Overlay(project.root, changed)
    assert overlay.read("content/a.yaml") == b"new a"
    assert [str(path) for path in overlay.glob("content", "*.yaml")] == [
        "content/a.yaml",
        "content/b.yaml",
    ]
    assert overlay.glob("content/d", "*.yaml") == (PurePosixPath("content/d/d.yaml"),)
    assert overlay.is_file("content/d/d.yaml")
    assert not overlay.is_file("content/c.yaml")
    with pytest.raises(FileNotFoundError):
        overlay.read("content/c.yaml")
    assert files(project.root) == OLD
