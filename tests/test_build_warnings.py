"""What a build says beside its errors: each problem once, at the place where it is corrected."""

from __future__ import annotations

import shutil

import pytest

from reportgen.source.diagnostics import Diagnostic, Severity, Span, folded
from tests.conftest import ROOT, Workspace

SECTION = "content/sections/introduction.md"


def problem(line: int, output: str = "", severity: Severity = Severity.WARNING) -> Diagnostic:
    return Diagnostic(severity, "some-code", Span("a.md", line), "is wrong", "right it", output)


def test_what_repeats_is_one_line_with_its_first_place() -> None:
    bad = problem(9, severity=Severity.ERROR)
    other = Diagnostic(Severity.WARNING, "other", Span("b.md"), "is wrong", "right it")
    found = folded(
        [bad, problem(1, "a.pdf, page 1"), problem(1, "a.pdf, page 2"), problem(1), other]
    )
    assert [one.told(more) for one, more in found] == [
        "a.md:1:1: warning[some-code]: is wrong (a.pdf, page 1), and 2 more places; right it",
        "b.md:1:1: warning[other]: is wrong; right it",
        "a.md:9:1: error[some-code]: is wrong; right it",
    ]
    assert folded([problem(1), problem(1)]) == ((problem(1), 0),)


def test_an_error_is_told_at_each_of_its_places() -> None:
    found = folded([problem(line, out, Severity.ERROR) for line in (1, 2) for out in "ab"])
    assert [(one.span.line, more) for one, more in found] == [(1, 1), (2, 1)]


@pytest.fixture
def design(workspace: Workspace) -> Workspace:
    """A report with a rule that nobody knows, and a character that no font has."""
    for folder in ("styles", "templates"):
        shutil.copytree(ROOT / folder, workspace.root / folder)
    workspace.append("styles/base.css", "\n.x { colour: red }\n")
    workspace.append(SECTION, "\nSome words,\nand 漢 more.\n")
    return workspace


@pytest.mark.slow
def test_warnings_are_told_beside_an_error_and_each_at_its_place(design: Workspace) -> None:
    design.edit("content/links.yaml", ("links:", "links:\n  unused:\n    status: unknown"))
    result = design.run("build", "--edition", "digital", "--edition", "print")
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    line = (design.root / "styles/base.css").read_text("utf-8").count("\n")
    assert told[0].startswith("content/links.yaml:5:3: warning[unknown-target]: ")
    assert told[1].startswith("content/links.yaml:5:3: warning[unused-link]: ")
    assert told[2].startswith(
        f"styles/base.css:{line}:6: warning[typesetter]: 'colour: red' is passed over (unknown"
    )
    assert told[3].startswith(
        f"{SECTION}:18:5: warning[typesetter]: no font has the character '漢' (U+6F22); write"
    )
    assert "error[not-conformant]: PDF/UA-1: PDFUA1-NOTDEF-GLYPH-001" in told[4]
    assert told[5:] == ["1 error, 4 warnings: nothing was written in place of what failed"]


@pytest.mark.slow
def test_what_is_found_on_a_page_is_told_at_what_stands_there(
    workspace: Workspace,
) -> None:
    for folder in ("styles", "templates"):
        shutil.copytree(ROOT / folder, workspace.root / folder)
    ink = "color: device-cmyk(50% 50% 50% 100%)"
    workspace.append("styles/base.css", f"\n.commitment-summary {{ {ink} }}\n")
    result = workspace.run("build", "--edition", "print")
    lines = [line for line in result.stderr.splitlines() if "[not-conformant]" in line]
    assert lines
    assert all(line.startswith(("content/commitments/", "content/pillars.yaml")) for line in lines)
    assert "text is printed in 50% 50% 50% 100% (clear-rivers.en.print.pdf, page " in lines[0]
