"""`reportgen build --mark-changes`: which records are marked, and how they stand on the page."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path

import pdfplumber
import pytest

from reportgen.comparison.marks import marks_since
from reportgen.comparison.revisions import UnknownRevisionError
from reportgen.model.load import load_report
from reportgen.model.report import Marks, Report
from reportgen.project import Project
from tests.conftest import Workspace

RECORDS = "content/commitments/switzerland.yaml"


def commit(root: Path, day: str) -> None:
    """Commit all that stands in a folder, at noon of a day."""
    names = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        **{f"GIT_{name}": "a@example.org" for name in names},
        **{f"GIT_{who}_DATE": f"{day}T12:00:00" for who in ("AUTHOR", "COMMITTER")},
    }
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", day]):
        subprocess.run(["git", *command], cwd=root, env=environment, check=True)


def change(workspace: Workspace) -> None:
    workspace.edit(RECORDS, ("a week after", "two weeks after"))
    workspace.edit(RECORDS, ("CH002", "CH003"))


def report_of(workspace: Workspace) -> Report:
    report = load_report(Project(workspace.root)).report
    assert report
    return report


@pytest.mark.parametrize(
    ("since", "day", "new", "changed"),
    [
        ("HEAD", "2024-03-10", ("CH003",), ("CH001",)),
        ("HEAD~1", "2024-03-05", ("CH003",), ("CH001", "NZ001")),
        ("2024-03-11", "2024-03-11", ("CH003",), ("CH001",)),
        # The last commit before the day began, not one of that day.
        ("2024-03-10", "2024-03-10", ("CH003",), ("CH001", "NZ001")),
    ],
)
def test_records_since_a_revision_or_a_day(
    workspace: Workspace, since: str, day: str, new: tuple[str, ...], changed: tuple[str, ...]
) -> None:
    commit(workspace.root, "2024-03-05")
    workspace.edit("content/commitments/new-zealand.yaml", ("native trees", "trees"))
    commit(workspace.root, "2024-03-10")
    change(workspace)
    report = report_of(workspace)
    assert marks_since(Project(workspace.root), report, since) == Marks(day, new, changed)


def test_a_day_before_all_commits(workspace: Workspace) -> None:
    commit(workspace.root, "2024-03-05")
    with pytest.raises(UnknownRevisionError, match="no commit before 2024-03-05"):
        marks_since(Project(workspace.root), report_of(workspace), "2024-03-05")


@pytest.mark.parametrize("since", ["no-such", "2024-02-30", "--all", ""])
def test_what_is_neither_a_revision_nor_a_day(workspace: Workspace, since: str) -> None:
    commit(workspace.root, "2024-03-05")
    result = workspace.run("build", f"--mark-changes={since}")
    assert (result.exit_code, "--mark-changes" in result.output) == (2, True)
    assert not (workspace.root / "out").exists()


def test_a_revision_with_errors_is_told(workspace: Workspace) -> None:
    workspace.edit(RECORDS, ("pillar: measure", "pillar: mesure"))
    commit(workspace.root, "2024-03-05")
    workspace.edit(RECORDS, ("pillar: mesure", "pillar: measure"))
    result = workspace.run("build", "--mark-changes", "HEAD")
    assert result.exit_code == 1
    assert "the content of HEAD (" in result.output
    assert "error[unknown-pillar]" in result.output


@pytest.mark.slow
def test_marked_pages(tmp_path: Path) -> None:
    Workspace(tmp_path).run("init", "report")
    made = Workspace(tmp_path / "report")
    commit(made.root, "2024-03-05")
    change(made)
    made.append("content/report.yaml", "print:\n  colors: gray\n")
    editions = ("--edition", "digital", "--edition", "print")
    result = made.run("build", "--mark-changes", "HEAD", *editions, "--json")
    assert result.exit_code == 0, result.output
    outputs = json.loads(result.stdout)["outputs"]
    names = ["clear-rivers.en.digital-marked.pdf", "clear-rivers.en.print-marked.pdf"]
    assert [Path(output["path"]).name for output in outputs] == names
    # The real files are other ones, and stay as they are.
    assert sorted(path.name for path in (made.root / "out").iterdir()) == names
    for output in outputs:
        with pdfplumber.open(output["path"]) as pdf:
            lines = "\n".join(page.extract_text() for page in pdf.pages).split("\n")
            assert "CH001 · 2022 · Changed" in lines
            assert "CH003 · 2024 · New" in lines
            assert "NZ001 · 2023" in lines
            assert "Changes since March 5, 2024 are marked." in lines


@pytest.mark.slow
def test_marks_are_on_the_other_side_in_arabic_and_in_its_words(tmp_path: Path) -> None:
    from reportgen.locales.load import load_locale
    from reportgen.pages.parts import parts_of
    from reportgen.pages.render import PageNumbers, PageRenderer

    project = Project(Path(__file__).parents[1])
    report = load_report(project).report
    assert report
    first, second = report.commitments[:2]
    marks = Marks("2024-03-05", (first.id,), (second.id,))
    report = dataclasses.replace(report, marks=marks)
    localized = load_locale(project, report, "ar")
    assert localized.report
    parts = parts_of(localized.report)
    renderer = PageRenderer(project, localized.report, parts, localized.locale, {})
    html = "".join(
        renderer(part, PageNumbers({})) for part in parts if part.kind in ("pillar", "imprint")
    )
    assert html.count("commitment-marked") == 2
    assert '<span class="commitment-mark">جديد</span>' in html
    assert '<span class="commitment-mark">معدَّل</span>' in html
    assert "منذ 5 مارس 2024" in html
    assert not renderer.untranslated
