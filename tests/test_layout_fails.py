"""What the engine fails at is told with the place of the declaration, or with the template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from weasyprint.document import Document

from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.build.start import start_project
from reportgen.pages.parts import Part
from reportgen.project import Project
from reportgen.source.css import read_style_sheet
from reportgen.source.diagnostics import DiagnosedError, Diagnostics
from reportgen.typeset import layout
from reportgen.typeset.culprit import culprits
from reportgen.typeset.layout import Layouter
from tests.conftest import encoded

PART = Part("x", "imprint")
PAGES = '<html lang="en"><body>{}</body></html>'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with no design but a style sheet for notes of a test."""
    for file in ("report.css", "directions/ltr.css", "editions/digital.css"):
        path = tmp_path / "styles" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return Project(tmp_path)


def failure(project: Project, css: str, html: str = "<p>x</p>") -> list[str]:
    """Give what is told when a part can't be laid out."""
    (project.root / "styles/report.css").write_text(css)
    with pytest.raises(DiagnosedError) as raised:
        Layouter(project, "digital", "pdf/ua-1", "ltr")(PAGES.format(html), 1, PART)
    return [str(diagnostic) for diagnostic in raised.value.diagnostics]


def test_two_declarations_that_do_not_go_together_are_both_told(project: Project) -> None:
    css = "q { color: red }\n* { margin: 0; float: footnote }\np { float: inline-start }\n"
    first, second = failure(project, css)
    assert first.startswith(
        "styles/report.css:2:16: error[layout-failed]: with 'float' and 'float'"
        " (styles/report.css:3:5) the part 'x' can't be laid out ("
    )
    assert first.endswith("; take this declaration out, or write it otherwise")
    assert second.startswith("styles/report.css:3:5: error[layout-failed]: with 'float' and")


def test_the_style_sheets_are_not_tried_for_what_is_in_the_template(project: Project) -> None:
    (told,) = failure(project, "p { color: red }", "<div>" * 3000)
    assert told.startswith(
        "templates/parts/imprint.html.j2:1:1: error[layout-failed]: the part 'x' can't be laid out"
        " (RecursionError: maximum recursion depth exceeded"
    )


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<a rel="attachment" href="x.txt">x</a>', "'x.txt' can't be read (No such file"),
        ('<a rel="attachment" href="../../../etc/passwd">x</a>', "'etc/passwd' can't be read ("),
        ('<a rel="attachment" href="https://x.example/x">x</a>', "is not a file of the project"),
        ('<img src="content/half.png" alt="x">', "'content/half.png' is damaged (Truncated File"),
        ("<table><tr><td colspan=100000000>x</table>", "a cell takes 100000000 rows or columns"),
        ("<table><tr><td\nclass='a' RowSpan = '1001'>x</table>", "a cell takes 1001 rows or"),
    ],
)
def test_what_a_template_asks_for_is_told_with_the_template(
    project: Project, html: str, message: str
) -> None:
    (project.root / "content").mkdir()
    picture = encoded("RGB", "PNG")
    (project.root / "content/half.png").write_bytes(picture[: len(picture) // 2])
    (told,) = failure(project, "", html)
    assert told.startswith("templates/parts/imprint.html.j2:1:1: error[layout-failed]: ")
    assert message in told


def test_words_that_look_like_a_wide_cell_are_words(project: Project) -> None:
    layouter = Layouter(project, "digital", "pdf/ua-1", "ltr")
    layouter(PAGES.format('<p title="colspan=5000">&lt;td colspan=5000&gt; colspan=5000'), 1, PART)


def test_memory_that_has_run_out_is_no_fault_of_a_style(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouter = Layouter(project, "digital", "pdf/ua-1", "ltr")

    def run_out(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("weasyprint.HTML.render", run_out)
    with pytest.raises(MemoryError):
        layouter(PAGES.format("x"), 1, PART)


def test_a_temporary_folder_without_room_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(layout, "CSS", is_full)
    with pytest.raises(DiagnosedError, match=r"error\[not-written\].*\(No space left on device\)"):
        Layouter(project, "digital", "pdf/ua-1", "ltr")


def test_the_fault_of_drawing_is_found_in_the_same_way(project: Project) -> None:
    css = "q { color: red }\np {\n  transform: scale(0) rotate(3deg);\n}\n"
    (project.root / "styles/report.css").write_text(css)
    layouter = Layouter(project, "digital", "pdf/ua-1", "ltr")
    laid_out = layouter(PAGES.format("<p>x</p>"), 1, PART)

    def draw(document: Document) -> None:
        document.write_pdf(pdf_variant="pdf/ua-1")

    with pytest.raises(KeyError) as raised:
        draw(laid_out.document)
    (told,) = map(str, laid_out.fault(raised.value, draw).diagnostics)
    assert told.startswith("styles/report.css:3:3: error[layout-failed]: with 'transform' the part")


@pytest.mark.slow
def test_an_output_that_can_not_be_drawn_tells_the_declaration(tmp_path: Path) -> None:
    start_project(tmp_path / "report")
    project = Project(tmp_path / "report")
    sheet = tmp_path / "report/styles/parts/imprint.css"
    lines = sheet.read_text().count("\n")
    with sheet.open("a") as file:
        file.write(".imprint p, p {\n  transform: scale(0) rotate(3deg) }\n")
    made = make(project, Job("en", "digital"))
    assert made.data is None
    (told,) = [str(one) for one in made.diagnostics if one.severity == "error"]
    place = (
        f"styles/parts/imprint.css:{lines + 2}:3: error[layout-failed]: with 'transform' the part"
    )
    assert told.startswith(place)


def numbered(project: Project) -> int:
    """Give how many declarations of `a: N` a project's style sheet has that the engine knows."""
    text = project.read("styles/report.css").decode()
    return len(re.findall(r"(?<!-)\ba:", text))


@pytest.mark.parametrize("number", [1, 2, 7, 64])
def test_tries_grow_with_the_number_of_digits_only(project: Project, number: int) -> None:
    (project.root / "styles/report.css").write_text("p { a: 1; }\n" * 64)
    tries = []

    def fails(changed: Project) -> bool:
        tries.append(numbered(changed))
        return tries[-1] >= number

    found = culprits(project, project.walk("styles", ".css"), fails)
    assert found[-1].span.line == number
    assert len(tries) <= 2 * (6 + 1)


def test_nothing_is_found_where_it_fails_without_style(project: Project) -> None:
    (project.root / "styles/report.css").write_text("p { a: 1 }")
    assert culprits(project, project.walk("styles", ".css"), lambda changed: True) == ()


def test_a_style_sheet_is_read_as_it_stands(project: Project) -> None:
    """The places of declarations are those in the text that they are taken out of."""
    path = project.walk("styles", ".css")[-1]
    (project.root / path).write_bytes("\ufeffp { /* é */\r\n  a: 1 }".encode())
    sheet = read_style_sheet(project, path, Diagnostics())
    assert sheet
    assert sheet.text[sheet.declarations[0].at :].startswith("a: 1")
