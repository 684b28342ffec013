"""A project in memory: `reportgen.project.Snapshot` answers as the folder does."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.build.start import start_project
from reportgen.project import (
    TAKEN,
    NotTakenError,
    OutsideProjectError,
    Project,
    Recorder,
    Snapshot,
    changes,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter, with all that a folder may have in it: links, hidden files, other folders."""
    top = tmp_path_factory.mktemp("snapshot")
    root = top / "report"
    start_project(root)
    (top / "secret.md").write_text("secret")
    (top / "secrets").mkdir()
    (top / "secrets/a.md").write_text("secret")
    (root / "assets").mkdir()
    (root / "assets/logo.png").write_bytes(b"logo")
    content = root / "content"
    (content / ".hidden.yaml").write_text("hidden")
    (content / ".folder").mkdir()
    (content / ".folder/a.yaml").write_text("hidden")
    (content / "empty").mkdir()
    (content / "shut.yaml").write_text("")
    for name, target in {
        "link.yaml": "report.yaml",
        "twice.yaml": "link.yaml",
        "sections-too": "sections",
        "design": "../styles",
        "out.md": "../../secret.md",
        "out": "../../secrets",
        "gone.yaml": "nothing.yaml",
        "this.yaml": "that.yaml",
        "that.yaml": "this.yaml",
        "self.yaml": "self.yaml",
    }.items():
        (content / name).symlink_to(target)
    return root


@pytest.fixture(scope="module")
def snapshot(root: Path) -> Snapshot:
    """A snapshot that has been sent."""
    sent: Snapshot = pickle.loads(pickle.dumps(Snapshot.of(Project(root))))
    return sent


def answer(ask: Callable[[], object]) -> object:
    """Give an answer, or the kind of error and what it says."""
    try:
        return ask()
    except OutsideProjectError as error:
        return type(error), str(error)
    except OSError as error:
        return type(error), error.errno, error.strerror
    except ValueError as error:
        return type(error)


def agree(project: Project, snapshot: Snapshot, path: str) -> None:
    for method in ("read", "is_file", "resolve"):
        real, sent = (answer(partial(getattr(of, method), path)) for of in (project, snapshot))
        assert real == sent, (method, path)


def test_it_has_the_same_files(root: Path, snapshot: Snapshot) -> None:
    project = Project(root)
    for folder in (*TAKEN, "content/sections", "content/design", "content/none", "content/a.yaml"):
        for ending in ("", ".yaml", ".j2", "n.md"):
            assert snapshot.walk(folder, ending) == project.walk(folder, ending)
        for pattern in ("*", "*.yaml", "re*.yaml", "report.yaml", "?eport.yaml", "[a-l]*"):
            assert snapshot.glob(folder, pattern) == project.glob(folder, pattern)
        assert snapshot.folders(folder) == project.folders(folder)
        for path in project.walk(folder, ""):
            agree(project, snapshot, str(path))
    assert any(path.name == ".hidden.yaml" for path in snapshot.walk("content", ".yaml"))
    assert {"empty", ".folder", "sections-too", "out"} <= set(snapshot.folders("content"))
    assert snapshot.digest("templates", "styles") == project.digest("templates", "styles")
    for of in (project, snapshot):
        with pytest.raises(OutsideProjectError):
            of.digest("content")


NAMES = (
    *("content", "styles", "sections", "introduction.md", "report.yaml", "tokens.css", "none"),
    *("link.yaml", "twice.yaml", "sections-too", "design", "out.md", "out", "gone.yaml", "a.md"),
    *("this.yaml", "self.yaml", "empty", ".hidden.yaml", "..", ".", "", "\0", "é", "\ud800"),
)


@given(st.sampled_from(TAKEN), st.lists(st.sampled_from(NAMES), max_size=5))
def test_it_answers_as_the_folder(
    root: Path, snapshot: Snapshot, folder: str, names: list[str]
) -> None:
    path = "/".join((folder, *names))
    real = answer(lambda: Project(root).resolve(path))
    if isinstance(real, Path) and real.relative_to(root).parts[:1] not in [(n,) for n in TAKEN]:
        # It says so rather than to give another answer than the folder.
        with pytest.raises(NotTakenError):
            snapshot.resolve(path)
    else:
        agree(Project(root), snapshot, path)


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.md", "content/../../secret.md", "../"])
def test_a_path_that_leads_out(root: Path, snapshot: Snapshot, path: str) -> None:
    agree(Project(root), snapshot, path)
    with pytest.raises(OutsideProjectError):
        snapshot.read(path)


def test_an_absolute_path_within(root: Path, snapshot: Snapshot) -> None:
    agree(Project(root), snapshot, str(root / "content/report.yaml"))


@pytest.mark.parametrize("path", ["content/report.yaml/x", "content/link.yaml/x/y", "content"])
def test_what_is_no_file(root: Path, snapshot: Snapshot, path: str) -> None:
    agree(Project(root), snapshot, path)


@pytest.mark.parametrize("path", ["assets/logo.png", "content/../assets/logo.png", "", "none"])
def test_what_does_not_travel_is_told(snapshot: Snapshot, path: str) -> None:
    for method in ("read", "is_file", "resolve"):
        with pytest.raises(NotTakenError):
            getattr(snapshot, method)(path)
    with pytest.raises(NotTakenError):
        snapshot.walk("assets", "")


def test_a_file_that_cannot_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by its rights: whoever may do everything can read it all the same.
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "shut.yaml":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    agree(Project(root), Snapshot.of(Project(root)), "content/shut.yaml")


def test_what_is_recorded_is_the_same(root: Path, snapshot: Snapshot) -> None:
    recorder = Recorder.of(snapshot)
    recorder.read("content/report.yaml")
    recorder.is_file(PurePosixPath("content/none.yaml"))
    recorder.glob("content/sections", "*.md")
    recorder.walk("templates", ".j2")
    recorder.folders("content")
    with pytest.raises(FileNotFoundError):
        recorder.read("content/none.yaml")
    with pytest.raises(OutsideProjectError):
        recorder.read("content/out.md")
    assert len(recorder.answers) == 7
    assert list(changes(Recorder.of(Project(root)), recorder.answers)) == []


def test_a_snapshot_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.yaml").write_text("old")
    snapshot = Snapshot.of(Project(tmp_path))
    (tmp_path / "content/a.yaml").write_text("new")
    (tmp_path / "content/b.yaml").write_text("new")
    assert snapshot.read("content/a.yaml") == b"old"
    assert not snapshot.is_file("content/b.yaml")
