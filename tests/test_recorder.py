"""A project that remembers what it was asked: `reportgen.project.Recorder`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.project import OutsideProjectError, Project, Recorder, changes

Step = Callable[[Path], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("content/a.yaml", "content/b.yaml", "locales/fr/x.po"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def asked(root: Path) -> Recorder:
    recorder = Recorder.of(Project(root))
    recorder.read("content/a.yaml")
    recorder.is_file("content/c.yaml")
    recorder.glob("content", "*.yaml")
    recorder.walk("content", "")
    recorder.folders("locales")
    with pytest.raises(FileNotFoundError):
        recorder.read("content/none.yaml")
    return recorder


def test_it_answers_as_the_project_does(root: Path) -> None:
    project, recorder = Project(root), Recorder.of(Project(root))
    for _ in range(2):
        assert recorder.read("content/a.yaml") == b"content/a.yaml"
        assert recorder.glob("content", "*.yaml") == project.glob("content", "*.yaml")
        assert recorder.walk("content", "") == project.walk("content", "")
        assert recorder.folders("locales") == ("fr",)
        assert recorder.is_file("content/a.yaml")
        assert recorder.digest("content") == project.digest("content")
        assert recorder.resolve("content/a.yaml") == project.resolve("content/a.yaml")
        with pytest.raises(OutsideProjectError):
            recorder.read("../secret")


def test_nothing_changed(root: Path) -> None:
    recorder = asked(root)
    assert recorder.is_current()
    # What it wasn't asked for doesn't matter.
    (root / "content/b.yaml").write_text("other")
    (root / "locales/fr/y.po").write_text("new")
    assert recorder.is_current()


@pytest.mark.parametrize(
    ("change", "question"),
    [
        (lambda r: (r / "content/a.yaml").write_text("other"), ("read", "content/a.yaml")),
        (lambda r: (r / "content/a.yaml").unlink(), ("read", "content/a.yaml")),
        (lambda r: (r / "content/none.yaml").write_text(""), ("read", "content/none.yaml")),
        (lambda r: (r / "content/c.yaml").write_text(""), ("is_file", "content/c.yaml")),
        (lambda r: (r / "content/d.yaml").write_text(""), ("glob", "content", "*.yaml")),
        (lambda r: (r / "content/d.txt").write_text(""), ("walk", "content", "")),
        (lambda r: (r / "locales/es").mkdir(), ("folders", "locales")),
    ],
)
def test_a_change_is_found(root: Path, change: Step, question: tuple[str, ...]) -> None:
    recorder = asked(root)
    change(root)
    assert not recorder.is_current()
    assert question in set(changes(Recorder.of(Project(root)), recorder.answers))


def test_it_answers_the_same_until_the_end(root: Path) -> None:
    recorder = asked(root)
    (root / "content/a.yaml").write_text("other")
    (root / "content/d.yaml").write_text("new")
    assert recorder.read("content/a.yaml") == b"content/a.yaml"
    assert [path.name for path in recorder.glob("content", "*.yaml")] == ["a.yaml", "b.yaml"]
