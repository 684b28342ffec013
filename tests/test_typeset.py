"""Parts are laid out each by itself, numbered, joined; and see nothing outside the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from reportgen.build.start import start_project
from reportgen.locales.locale import Locale
from reportgen.model.load import load_report
from reportgen.pages.parts import Part, parts_of
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError
from reportgen.typeset.fetcher import ProjectFetcher
from reportgen.typeset.layout import LaidOut, Layouter, Paper
from reportgen.typeset.report import MOST_ROUNDS, Pagination, typeset


@pytest.fixture
def project(tmp_path: Path) -> Project:
    start_project(tmp_path / "report")
    return Project(tmp_path / "report")


@pytest.fixture
def layouter(project: Project) -> Layouter:
    return Layouter(project, "digital", "pdf/ua-1", "ltr")


PART = Part("x", "x")

PAGES = '<html lang="en"><body>{}</body></html>'
BREAK = '<p style="break-after: page">page</p>'


def test_page_numbers_start_where_they_are_told(layouter: Layouter) -> None:
    laid_out = layouter(PAGES.format(BREAK * 2 + '<p id="here">here</p>'), 7, PART)
    assert laid_out.anchors["here"] == 9
    assert laid_out.next_page == 10


class FakeRenderer:
    """Renders a part as its pages; the contents say on which page the last part stands."""

    def __init__(self, growing: bool = False) -> None:
        self.growing = growing

    def __call__(self, part: Part, page_of: PageNumbers) -> str:
        if part.key != "contents":
            return PAGES.format(f'<p id="{part.key}">{part.key}</p>')
        number = page_of("last") or 0
        # A contents that grows with the numbers in it never settles.
        return PAGES.format(BREAK * (number if self.growing else 2) + f"<p>{number}</p>")


PARTS = (Part("contents", "contents"), Part("first", "x"), Part("last", "x"))


def test_only_what_asked_for_page_numbers_is_laid_out_again(layouter: Layouter) -> None:
    order: list[str] = []
    result = typeset(PARTS, FakeRenderer(), layouter, progress=lambda p: order.append(p.key))
    assert result.settled
    assert order == ["contents", "first", "last", "contents"]
    assert [laid_out.first_page for _, laid_out in result.parts] == [1, 4, 5]
    assert len(result.joined().pages) == 5


def test_page_numbers_that_do_not_settle_are_given_up_and_said(layouter: Layouter) -> None:
    rounds: list[str] = []
    result = typeset(
        PARTS,
        FakeRenderer(growing=True),
        layouter,
        progress=lambda p: rounds.append(p.key),
    )
    assert not result.settled
    assert rounds.count("contents") == MOST_ROUNDS


def test_a_part_by_itself_has_the_pages_that_it_has_in_the_report(
    project: Project, layouter: Layouter
) -> None:
    report = load_report(project).report
    assert report is not None
    parts = parts_of(report)
    renderer = PageRenderer(project, report, parts, Locale("en", "en"), _tokens(project))
    whole = typeset(parts, renderer, layouter)
    known = {name: page for _, one in whole.parts for name, page in one.anchors.items()}
    for part, in_report in whole.parts:
        alone = layouter(renderer(part, PageNumbers(known)), in_report.first_page, part)
        assert _pdf(alone) == _pdf(in_report)


def _tokens(project: Project) -> dict[str, str]:
    from reportgen.source.tokens import read_tokens

    return dict(read_tokens(project.read("styles/tokens.css").decode()))


def _pdf(laid_out: LaidOut) -> bytes:
    data: bytes = laid_out.document.write_pdf(pdf_variant="pdf/ua-1")
    return data


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/style.css",
        "file:///etc/passwd",
        "file:///../../../../etc/passwd",
        "file:///styles/%2e%2e/%2e%2e/secret.txt",
        "flag:../../../project.py",
        "flag:zz9",
        "ftp://example.org/x",
        "file:///link-out",
        "file:///styles",
    ],
)
def test_the_typesetter_sees_nothing_outside_the_project(project: Project, url: str) -> None:
    (project.root.parent / "secret.txt").write_text("secret")
    (project.root / "link-out").symlink_to(project.root.parent / "secret.txt")
    with pytest.raises(FatalURLFetchingError):
        ProjectFetcher(project).fetch(url)


def test_the_typesetter_sees_files_of_the_project_and_flags(project: Project) -> None:
    fetcher = ProjectFetcher(project)
    assert b":root" in fetcher.fetch("file:///styles/tokens.css").read()
    assert b"<svg" in fetcher.fetch("flag:NZ").read()
    assert fetcher.fetch("data:text/plain,hello").read() == b"hello"


def test_html_that_names_a_missing_file_is_an_error_not_a_log_line(layouter: Layouter) -> None:
    with pytest.raises(DiagnosedError, match=r"'content/none\.png' can't be read"):
        layouter(PAGES.format('<img src="content/none.png" alt="x">'), 1, PART)


def test_html_that_is_nested_too_deep_is_an_error(layouter: Layouter) -> None:
    with pytest.raises(DiagnosedError, match="can't be laid out"):
        layouter(PAGES.format("<div>" * 3000), 1, PART)


def test_an_unknown_css_rule_is_noted(project: Project) -> None:
    style = project.root / "styles/editions/digital.css"
    style.write_text("p { no-such-property: 1 }")
    messages = Layouter(project, "digital", "pdf/ua-1", "ltr").messages
    assert any("no-such-property" in message for message in messages)


def test_the_starter_logs_nothing(project: Project, layouter: Layouter) -> None:
    report = load_report(project).report
    assert report is not None
    parts = parts_of(report)
    renderer = PageRenderer(project, report, parts, Locale("en", "en"), _tokens(project))
    result = typeset(parts, renderer, layouter)
    assert not layouter.messages
    assert not result.messages


class Blank:
    """A renderer of parts with a number of pages each; it notes nothing of page numbers."""

    def __call__(self, part: Part, page_of: PageNumbers) -> str:
        """Give as many pages as the part's key says."""
        pages = 1 if part.kind == "blank" else int(part.key.split("-")[1])
        return PAGES.format(BREAK * (pages - 1) + "<p>end</p>")


@pytest.mark.parametrize(
    ("lengths", "recto", "multiple", "expected"),
    [
        ((1, 1, 1), (), 1, "a b c"),
        ((1, 1, 1), ("b",), 1, "a - b c"),
        ((2, 1, 1), ("b",), 1, "a a b c"),
        ((1, 2, 1), ("b", "c"), 1, "a - b b c"),
        ((1, 1, 1), (), 4, "a b - c"),
        ((1, 2, 1), (), 4, "a b b c"),
        ((1, 2, 2), (), 4, "a b b - - - c c"),
        ((1, 1, 1), ("b",), 4, "a - b c"),
    ],
)
def test_blank_pages_bring_parts_to_a_recto_and_pages_to_a_multiple(
    layouter: Layouter,
    lengths: tuple[int, ...],
    recto: tuple[str, ...],
    multiple: int,
    expected: str,
) -> None:
    parts = tuple(
        Part(f"{kind}-{length}", kind) for kind, length in zip("abc", lengths, strict=True)
    )
    result = typeset(
        parts,
        Blank(),
        layouter,
        Pagination(frozenset(recto), multiple),
    )
    assert result.settled
    kinds = [part.kind for part, one in result.parts for _ in one.document.pages]
    assert " ".join(kinds).replace("blank", "-") == expected


def test_on_paper_a_part_that_begins_on_an_even_page_begins_on_a_verso(project: Project) -> None:
    layouter = Layouter(project, "print", "pdf/x-4", "ltr", Paper(bleed=3))
    margins = []
    for first_page in (1, 2):
        (page,) = layouter(PAGES.format("x"), first_page, PART).document.pages
        box = page._page_box
        margins.append((round(box.margin_left), round(box.margin_right)))
        assert [round(side) for side in page.bleed.values()] == [11] * 4  # 3 mm in px
    # At the fold there is more room, and the side column lies on the left of both.
    (recto_left, recto_right), (verso_left, verso_right) = margins
    assert recto_left > verso_left
    assert recto_right < verso_right
