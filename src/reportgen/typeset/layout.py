"""One part laid out by itself: WeasyPrint with what all parts share."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from reportgen.pages.parts import Part
from reportgen.pages.render import TEMPLATES
from reportgen.project import Project, Recorder
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span
from reportgen.source.limits import MAX_CSS_TRACKS
from reportgen.source.styles import STYLES, check_style_sheets
from reportgen.typeset.culprit import culprits
from reportgen.typeset.fetcher import BASE, ProjectFetcher
from reportgen.typeset.lean import lean
from reportgen.typeset.svg_text import join_letters

_SPAN = re.compile(
    r"<(?:td|th|col|colgroup)\b[^<>]*?\s(?:col|row)?span\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE
)
"""A cell or column of HTML that says how many rows or columns it takes."""


@dataclass(frozen=True)
class Paper:
    """What pages have on paper: they face each other, and colour goes on `bleed` mm beyond them."""

    bleed: float


FAILURES = (Exception, FatalURLFetchingError)
"""What the engine may raise; a MemoryError, which is one of these, says nothing of a style."""

Draw = Callable[[Document], object]
"""Draws the pages of a part, or raises what the engine does."""


@dataclass(frozen=True)
class LaidOut:
    """A part's pages. `anchors` has the page of each anchor, counted as printed.

    `images` has seen the files that the part shows. `messages` is what the typesetter said
    of it.
    """

    document: Document
    first_page: int
    anchors: Mapping[str, int]
    images: Recorder
    messages: Mapping[str, Severity]
    fault: Callable[[BaseException, Draw], DiagnosedError]
    """Gives the error of a part that is laid out and can't be drawn; it takes what draws it."""

    @property
    def next_page(self) -> int:
        """The number of the page that follows it."""
        return self.first_page + len(self.document.pages)


class _Engine:
    """WeasyPrint with the style sheets of a project, read once. What it raises is raised."""

    def __init__(
        self,
        project: Project,
        sheets: tuple[PurePosixPath, ...],
        variant: str,
        fonts: FontConfiguration,
    ) -> None:
        self._project = project
        self._variant = variant
        self._fonts = fonts
        self.styles = Recorder.of(project)
        fetcher = ProjectFetcher(self.styles)
        self._styles = [
            CSS(url=f"{BASE}{path}", url_fetcher=fetcher, font_config=fonts) for path in sheets
        ]

    def __call__(self, html: str, seed: str) -> tuple[Document, Recorder]:
        """Lay out HTML, with a style sheet of its own; give the project as its images saw it."""
        images = Recorder.of(self._project)
        fetcher = ProjectFetcher(images)
        with lean():
            source = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
            document = source.render(
                font_config=self._fonts,
                stylesheets=[*self._styles, CSS(string=seed)],
                pdf_variant=self._variant,
            )
        # Attached files are fetched when the pages are written: a missing one is told here.
        for page in document.pages:
            for kind, target, *_ in page.links:
                if kind == "attachment":
                    fetcher.fetch(target)
        return document, images


class Layouter:
    """Lays out parts. Style sheets and fonts are read once, and serve all parts.

    Args:
        project: where the style sheets, fonts and images are.
        edition: the name of the edition, whose style sheet is `styles/editions/NAME.css`.
        variant: WeasyPrint's name of the PDF standard that the pages are made for.
        direction: `ltr` or `rtl`; `styles/directions/NAME.css` has the page margins of each, and
            `styles/directions/NAME-facing.css` those of facing pages.
        paper: what pages have on paper, for an edition that is printed.
        checked: whether the style sheets are known to be right.

    Raises:
        DiagnosedError: a style sheet or what it names is missing or wrong.
    """

    def __init__(
        self,
        project: Project,
        edition: str,
        variant: str,
        direction: str,
        paper: Paper | None = None,
        *,
        checked: bool = False,
    ) -> None:
        join_letters()
        self._project = project
        self._paper = paper
        self._sheets = (
            STYLES / "report.css",
            STYLES / "directions" / f"{direction}.css",
            *((STYLES / "directions" / f"{direction}-facing.css",) if paper else ()),
            STYLES / "editions" / f"{edition}.css",
        )
        self._engine_of = partial(
            _Engine, sheets=self._sheets, variant=variant, fonts=FontConfiguration()
        )
        log = Log()
        self.messages: Mapping[str, Severity] = MappingProxyType(log.messages)
        """What the typesetter said of the style sheets."""
        self._check_sheets(checked=checked)
        try:
            with log:
                self._engine = self._engine_of(project)
        except MemoryError:
            raise
        except FAILURES as error:
            what, place = "the style sheets can't be read", Span(str(STYLES))
            raise self._fault(error, self._engine_of, what, place) from error

    @property
    def styles(self) -> Recorder:
        """The project as the style sheets have seen it: their own files, and the fonts'."""
        return self._engine.styles

    def _check_sheets(self, *, checked: bool) -> None:
        """Make sure that the style sheets can be given to the engine.

        Raises:
            DiagnosedError: they can't.
        """
        for path in self._sheets:
            if not self._project.is_file(path):
                message = f"there is no file '{path}' in the project"
                raise DiagnosedError("missing-style", Span(str(path)), message, "add the file")
        if not checked and (found := check_style_sheets(self._project, self._sheets)):
            raise DiagnosedError.of(found)

    def __call__(self, html: str, first_page: int, part: Part) -> LaidOut:
        """Lay out the HTML of a part, its first page numbered `first_page`.

        Raises:
            DiagnosedError: what the HTML names is missing, damaged or outside of the project, or
                the engine can't lay it out.
        """
        self._check_spans(html, part)
        seed, log = self._seed(first_page), Log()
        try:
            with log:
                document, images = self._engine(html, seed)
        except MemoryError:
            raise
        except FAILURES as error:
            raise self._fault_of(part, html, seed, error, lambda document: None) from error
        anchors = {
            anchor: number
            for number, page in enumerate(document.pages, first_page)
            for anchor in page.anchors
        }
        return LaidOut(
            document,
            first_page,
            MappingProxyType(anchors),
            images,
            MappingProxyType(log.messages),
            partial(self._fault_of, part, html, seed),
        )

    def _check_spans(self, html: str, part: Part) -> None:
        """Refuse a cell that takes more rows or columns than the engine can lay out in time."""
        for match in _SPAN.finditer(html):
            if len(match[1]) > len(str(MAX_CSS_TRACKS)) or int(match[1]) > MAX_CSS_TRACKS:
                message = f"a cell takes {match[1][:20]} rows or columns in the part '{part.key}'"
                hint = f"write no more than {MAX_CSS_TRACKS}"
                raise DiagnosedError("layout-failed", _template(part), message, hint)

    def _fault_of(
        self, part: Part, html: str, seed: str, error: BaseException, draw: Draw
    ) -> DiagnosedError:
        """Give the diagnosed error of a part that can't be laid out or drawn."""

        def run(project: Project) -> None:
            document, _ = self._engine_of(project)(html, seed)
            draw(document)

        what = f"the part '{part.key}' can't be laid out"
        return self._fault(error, run, what, _template(part))

    def _fault(
        self, error: BaseException, run: Callable[[Project], object], what: str, place: Span
    ) -> DiagnosedError:
        """Give the diagnosed error of what the engine has raised, at the declaration that made it.

        Args:
            error: what it has raised.
            run: has it do the same with the style sheets of another project.
            what: what could not be done.
            place: where the cause is, if it is in no style sheet.
        """
        if isinstance(error, OSError) and error.errno is not None:
            message = f"the engine can't write into the temporary folder ({error.strerror})"
            hint = "make room there, or set TMPDIR to a folder that has room"
            return DiagnosedError("not-written", place, message, hint)
        what = f"{what} ({said_in_a_line(error)})"

        def fails(project: Project) -> bool:
            try:
                with Log():
                    run(project)
            except MemoryError:
                raise
            except FAILURES as other:
                # Without what styles a page, the engine may fail at something else.
                return _kind(other) == _kind(error)
            return False

        found = culprits(self._project, self._project.walk(str(STYLES), ".css"), fails)
        if not found:
            hint = "correct the template, or what it shows"
            return DiagnosedError("layout-failed", place, what, hint)
        hint = "take this declaration out, or write it otherwise"
        told = []
        for one in found:
            others = (f" and '{other.name}' ({other.span})" for other in found if other is not one)
            message = f"with '{one.name}'{''.join(others)} {what}"
            told.append(Diagnostic(Severity.ERROR, "layout-failed", one.span, message, hint))
        return DiagnosedError.of(tuple(told))

    def _seed(self, first_page: int) -> str:
        """Give what depends on where in the report a part begins, and on the printer."""
        # A page counter that a page resets does not count up on that page.
        css = f"@page :first {{ counter-reset: page {first_page} }}"
        if self._paper:
            bleed = f"{self._paper.bleed}mm"
            css += f" @page {{ bleed: {bleed} }} :root {{ --bleed: {bleed} }}"
            # By itself, each part would begin on a recto.
            css += " html { break-before: verso }" if first_page % 2 == 0 else ""
        return css


_ADDRESS = re.compile(r"(?<=\w) (?:object )?at 0x[0-9a-f]+(?=>)")


def said_in_a_line(error: BaseException) -> str:
    """Return what an exception of the engine says, without where objects lie in memory."""
    text = _ADDRESS.sub("", " ".join(str(error).split()))
    if isinstance(error, FatalURLFetchingError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _kind(error: BaseException) -> tuple[object, ...]:
    """Give what tells a failure from others: what it is, and where in the engine it comes from."""
    frames = [] if isinstance(error, RecursionError) else traceback.extract_tb(error.__traceback__)
    return type(error), *((frame.filename, frame.lineno) for frame in frames[-2:])


def _template(part: Part) -> Span:
    return Span(str(TEMPLATES / "parts" / f"{part.kind}.html.j2"))


class Log(logging.Handler):
    """Collects what WeasyPrint logs: rules that it doesn't know, links that lead nowhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, Severity] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, each once."""
        # An image that can't be read, a font that another one stands in for, a link without its
        # place, a figure without words: a page would be wrong. A rule that is not known leaves it
        # as it was.
        is_error = record.levelno >= logging.ERROR or str(record.msg).startswith("Font-face ")
        self.messages[record.getMessage()] = Severity.ERROR if is_error else Severity.WARNING

    def __enter__(self) -> Log:
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
