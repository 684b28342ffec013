"""What the pages of one locale and edition are made with: all that stands ready before layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from reportgen.build.job import Progress, Step
from reportgen.build.places import Places
from reportgen.locales.locale import Locale
from reportgen.model.report import Report
from reportgen.pages.figures import Drawing, draw
from reportgen.pages.parts import Part, parts_of
from reportgen.pages.render import PageNumbers, PageRenderer, template_of
from reportgen.pdf.editions import Edition
from reportgen.pdf.press import Press, press_of
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span
from reportgen.source.icc import NotAPrinterProfileError
from reportgen.source.ink import ink_table
from reportgen.source.styles import STYLES, check_style_sheets
from reportgen.source.tokens import TOKENS, TokenFiles
from reportgen.typeset.layout import Layouter, Paper
from reportgen.typeset.report import LayOut, Pagination, Typeset, typeset


@dataclass(frozen=True)
class Composition:
    """The parts of a report, and what makes HTML and pages of them.

    `press` is there for an edition on paper.
    """

    parts: tuple[Part, ...]
    renderer: PageRenderer
    pagination: Pagination
    press: Press | None


def compose(
    project: Project,
    report: Report,
    locale: Locale,
    edition: Edition,
    draw: Callable[[Drawing], str] = draw,
) -> Composition:
    """Make ready for laying out a report in the language that it is in; `draw` draws its figures.

    Raises:
        DiagnosedError: the design tokens, the inks or the printer's profile are missing or wrong.
    """
    files = _tokens(project)
    tokens = files.values(locale.tag)
    press = _press(project, report, files, tokens) if edition.on_paper else None
    parts = parts_of(report)
    pagination = (
        Pagination(frozenset(report.print.recto), report.print.pages_multiple_of)
        if press
        else Pagination()
    )
    renderer = PageRenderer(project, report, parts, locale, tokens, draw)
    return Composition(parts, renderer, pagination, press)


def layouter_for(
    project: Project,
    locale: Locale,
    edition: Edition,
    press: Press | None,
    *,
    checked: bool = False,
) -> Layouter:
    """Return what lays out the parts of a composition.

    The style sheets are checked before, unless they are known to be right (`checked`).

    Raises:
        DiagnosedError: a style sheet or a font that it names is missing.
    """
    paper = Paper(press.sheet.bleed) if press else None
    return Layouter(
        project, edition.name, edition.variant, locale.direction, paper, checked=checked
    )


def lay_out_parts(
    composition: Composition,
    lay_out: LayOut,
    progress: Progress,
    expected: Mapping[str, int] = MappingProxyType({}),
) -> Typeset:
    """Lay out the parts of a composition, and tell each step; see `typeset`."""
    parts = composition.parts

    def render(part: Part, numbers: PageNumbers) -> str:
        progress(Step(f"rendering the part '{part.key}'", template_of(part)))
        return composition.renderer(part, numbers)

    def laying_out(part: Part) -> None:
        where = f" ({parts.index(part) + 1} of {len(parts)})" if part in parts else ""
        progress(Step(f"laying out the part '{part.key}'{where}", template_of(part)))

    return typeset(parts, render, lay_out, composition.pagination, laying_out, expected)


def told_by_typesetter(places: Places, *messages: Mapping[str, Severity]) -> tuple[Diagnostic, ...]:
    """Return what the typesetter said as diagnostics: of each part, and of what parts share."""
    of_parts = ((part, laid_out.messages) for part, laid_out in places.result.parts)
    said = (*((None, each) for each in messages), *of_parts)
    return tuple(
        dict.fromkeys(
            Diagnostic(severity, "typesetter", *places.of_message(message, part))
            for part, each in said
            for message, severity in each.items()
        )
    )


def told_by_numbers(result: Typeset) -> tuple[Diagnostic, ...]:
    """Give a warning if the page numbers that are printed may be wrong."""
    return () if result.settled else (_UNSETTLED,)


_UNSETTLED = Diagnostic(
    Severity.WARNING,
    "page-numbers",
    Span("templates/parts/contents.html.j2"),
    "the page numbers did not settle: some of those in the contents may be wrong",
    "keep the room that a page number takes the same, whatever the number is",
)


def _press(project: Project, report: Report, files: TokenFiles, tokens: Mapping[str, str]) -> Press:
    """Give what a report is printed with.

    Raises:
        DiagnosedError: the inks of the design are wrong, or the printer's profile is.
    """
    table, wrong = ink_table(tokens, files.place, report.print.ink_limit)
    if wrong:
        raise DiagnosedError.of(wrong)
    try:
        return press_of(report.print, project, table)
    except (OSError, OutsideProjectError, NotAPrinterProfileError) as error:
        message = f"the printer's profile can't be used ({error})"
        hint = "correct 'print' in content/report.yaml"
        raise DiagnosedError(
            "unusable-profile", Span("content/report.yaml"), message, hint
        ) from None


def _tokens(project: Project) -> TokenFiles:
    """Read the design tokens, for what is drawn before the typesetter reads them.

    Raises:
        DiagnosedError: their style sheets are missing or wrong; it tells of all others too.
    """
    tokens = tuple(map(PurePosixPath, TOKENS))
    if check_style_sheets(project, tokens):
        sheets = dict.fromkeys((*tokens, *project.walk(str(STYLES), ".css")))
        raise DiagnosedError.of(check_style_sheets(project, sheets))
    return TokenFiles.read(project)
