"""Style sheets that the engine can't follow are refused, each at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.project import Project
from reportgen.source.css import read_style_sheet
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.limits import MAX_CSS_DEPTH, MAX_TEXT_BYTES
from reportgen.source.styles import check_styles
from tests.conftest import ROOT, Workspace

DEEP = f"brackets stand in each other more than {MAX_CSS_DEPTH} deep; write it flatter"
DOUBLING = "".join(f"--a{n + 1}: var(--a{n}) var(--a{n}); " for n in range(40))
CHAIN = "".join(f"--a{n + 1}: var(--a{n}); " for n in range(3000))


def nested(start: str, end: str, depth: int = 3000) -> str:
    return start * depth + end * depth


def names(value: str) -> str:
    """Name a case by what it begins with."""
    return value[:30]


@pytest.mark.parametrize(
    ("css", "told"),
    [
        (f"p {{ width: {nested('calc(', ')')} }}", f"1:111: error[css-nesting]: {DEEP}"),
        (f"p {{ width: {'(' * 100_000} }}", f"1:31: error[css-nesting]: {DEEP}"),
        (nested(":not(", ")") + " { color: red }", f"1:105: error[css-nesting]: {DEEP}"),
        (nested("p {", "}"), f"1:63: error[css-nesting]: {DEEP}"),
        (nested("[", "]"), f"1:21: error[css-nesting]: {DEEP}"),
        ("p { width: " + "9" * 5000 + "px }", "1:12: error[css-number]: 99999999999999999999… is"),
        ("p {\n  font-size: 1e9px }", "2:14: error[css-number]: 1e9 is larger or longer than any"),
        ("p { font-size: 10417in }", "1:16: error[css-number]: 10417 is larger or longer than any"),
        ("p { margin: 0 1e5REM }", "1:15: error[css-number]: 1e5 is larger or longer than any"),
        ("p { rotate: 1e999deg }", "1:13: error[css-number]: 1e999 is larger"),
        (
            "p { color: red }\n" * 20_000,
            "16667:12: error[over-limit]: the style sheet has more than 100,000 names, numbers and",
        ),
        (
            "p { grid-template-columns: repeat(5000, 1fr) }",
            "1:35: error[css-number]: 5000 is more than 1000 rows or columns; take fewer",
        ),
        ("p { grid-row: 1 / 2000 }", "1:19: error[css-number]: 2000 is more than 1000 rows or"),
        (f"{'p ' * 3000} {{ color: red }}", "1:201: error[css-selector]: a selector has more than"),
        (
            f":root {{ --a0: x x; {DOUBLING} }}",
            "1:263: error[css-variable]: --a10 has more than 10,000 words, with its variables;",
        ),
        (
            "p { --a: var(--b); --b: var(--a) }",
            "1:5: error[css-variable]: --a takes itself, or variables more than 20 deep; write",
        ),
        (f":root {{ --a0: x; {CHAIN} }}", "1:360: error[css-variable]: --a20 takes itself, or"),
        ("p { color red; width: 1px }", "1:14: error[css-syntax]: this is not CSS ("),
        ("p { color: red }\nq", "2:1: error[css-syntax]: this is not CSS (EOF reached before {}"),
        ('p { content: "a\n }', "1:14: error[css-syntax]: this is not CSS (Bad string token);"),
        ("p { background: url(none.png) }", "1:17: error[missing-file]: 'none.png' can't be read"),
        ("p { background: url(https://x.example/a.png) }", "1:17: error[outside-project]: 'https:"),
        ("@import 'a.css';", "1:9: error[css-import]: 'a.css' imports itself, or nests imports"),
        ("@import url(../../etc/b.css);", "1:9: error[missing-file]: '../../etc/b.css' can't be"),
        ("p { background: url(a.css) }", "1:17: error[unusable-picture]: 'a.css' is not a picture"),
        (
            "p {}" + " " * MAX_TEXT_BYTES,
            "1:1: error[over-limit]: the file has 16.0 MB; at most 16 MB are read",
        ),
    ],
    ids=names,
)
def test_what_is_refused(workspace: Workspace, css: str, told: str) -> None:
    workspace.edit("styles/a.css", css)
    first, *_ = workspace.check().splitlines()
    assert first.startswith(f"styles/a.css:{told}")


def test_a_link_out_of_the_project_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "outside.css").write_text(":root { --ink: red }")
    (workspace.root / "styles").mkdir()
    (workspace.root / "styles/tokens.css").symlink_to(tmp_path / "outside.css")
    first, _ = workspace.check().splitlines()
    assert first.startswith("styles/tokens.css:1:1: error[outside-project]: the file lies outside")


def test_a_build_refuses_what_a_check_refuses(workspace: Workspace) -> None:
    workspace.edit("styles/a.css", "p { font-size: 1e9px }")
    result = workspace.run("build")
    assert result.exit_code == 1
    assert result.stderr.startswith("styles/a.css:1:16: error[css-number]: 1e9 is larger")


@pytest.mark.parametrize(
    "css",
    [
        "p { content: '((((((((((((((((((((((((((' /* ((((((((((((((((((((((((((((((((( */ }",
        "p { background: url('data:image/png,(((((((((((((((((((((((((((((') }",
        f"p {{ width: {nested('calc(', ')', MAX_CSS_DEPTH - 1)} }}",
        "#a99999999999999999999999, .b99999999999999999999999 { color: #123456; width: 1000000px }",
        "@font-face { font-family: x; unicode-range: U+0600-06FF, u+26 }",
        ":root { --a: 1px; --b: var(--a) var(--none, 1px) } p { margin: var(--b) }",
        "@media print { p:hover { color: red } q { a & { width: 1px } } }",
        "@page :first { size: A4; @top-left { content: none } }",
        "",
    ],
    ids=names,
)
def test_what_is_taken(workspace: Workspace, css: str) -> None:
    workspace.edit("styles/a.css", css)
    assert workspace.check() == "content: no errors, no warnings\n"


def test_the_report_s_own_styles_are_taken() -> None:
    assert not check_styles(Project(ROOT))


def test_each_declaration_has_its_place(workspace: Workspace) -> None:
    css = "p {\n  a: b; é: url(x)\n}\n@media print { q { c: d; & r { e: f } } }"
    path = workspace.edit("styles/a.css", css).relative_to(workspace.root)
    sheet = read_style_sheet(Project(workspace.root), path, Diagnostics())  # type: ignore[arg-type]
    assert sheet
    named = [(one.name, one.span.line, one.span.column) for one in sheet.declarations]
    assert named == [("a", 2, 3), ("é", 2, 9), ("c", 4, 20), ("e", 4, 32)]
    assert [css[one.at] for one in sheet.declarations] == ["a", "é", "c", "e"]
