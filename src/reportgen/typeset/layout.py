"""One part laid out by itself: WeasyPrint with what all parts share."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from reportgen.project import Project, Recorder
from reportgen.source.diagnostics import DiagnosedError, Severity, Span
from reportgen.typeset.fetcher import BASE, ProjectFetcher
from reportgen.typeset.lean import lean
from reportgen.typeset.svg_text import join_letters

STYLES = PurePosixPath("styles")


@dataclass(frozen=True)
class Paper:
    """What pages have on paper: they face each other, and colour goes on `bleed` mm beyond them."""

    bleed: float


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

    @property
    def next_page(self) -> int:
        """The number of the page that follows it."""
        return self.first_page + len(self.document.pages)


class Layouter:
    """Lays out parts. Style sheets and fonts are read once, and serve all parts.

    Args:
        project: where the style sheets, fonts and images are.
        edition: the name of the edition, whose style sheet is `styles/editions/NAME.css`.
        variant: WeasyPrint's name of the PDF standard that the pages are made for.
        direction: `ltr` or `rtl`; `styles/directions/NAME.css` has the page margins of each, and
            `styles/directions/NAME-facing.css` those of facing pages.
        paper: what pages have on paper, for an edition that is printed.

    Raises:
        DiagnosedError: a style sheet or a font that it names is missing.
    """

    def __init__(
        self,
        project: Project,
        edition: str,
        variant: str,
        direction: str,
        paper: Paper | None = None,
    ) -> None:
        join_letters()
        self._project = project
        self._paper = paper
        self.styles = Recorder.of(project)
        """The project as the style sheets have seen it: their own files, and the fonts'."""
        self._fetcher = ProjectFetcher(self.styles)
        self._fonts = FontConfiguration()
        self._variant = variant
        log = Log()
        self.messages: Mapping[str, Severity] = MappingProxyType(log.messages)
        """What the typesetter said of the style sheets."""
        with log:
            self._styles = [
                self._style(path)
                for path in (
                    STYLES / "report.css",
                    STYLES / "directions" / f"{direction}.css",
                    *((STYLES / "directions" / f"{direction}-facing.css",) if paper else ()),
                    STYLES / "editions" / f"{edition}.css",
                )
            ]

    def _style(self, path: PurePosixPath) -> CSS:
        try:
            return CSS(url=f"{BASE}{path}", url_fetcher=self._fetcher, font_config=self._fonts)
        except FatalURLFetchingError as error:
            raise DiagnosedError(
                "missing-style", Span(str(path)), str(error), "add the file"
            ) from None

    def __call__(self, html: str, first_page: int, name: str) -> LaidOut:
        """Lay out the HTML of a part, its first page numbered `first_page`.

        Raises:
            DiagnosedError: what the HTML names is missing or outside of the project, or its
                nesting is deeper than the typesetter can follow.
        """
        seed = CSS(string=self._seed(first_page))
        images, log = Recorder.of(self._project), Log()
        try:
            with log, lean():
                source = HTML(string=html, base_url=BASE, url_fetcher=ProjectFetcher(images))
                document = source.render(
                    font_config=self._fonts,
                    stylesheets=[*self._styles, seed],
                    pdf_variant=self._variant,
                )
        except (FatalURLFetchingError, RecursionError, UnicodeEncodeError) as error:
            raise DiagnosedError(
                "layout-failed",
                Span("templates"),
                f"the part '{name}' can't be laid out ({str(error) or type(error).__name__})",
                "correct the template or the style that asks for it",
            ) from None
        anchors = {
            anchor: number
            for number, page in enumerate(document.pages, first_page)
            for anchor in page.anchors
        }
        return LaidOut(
            document, first_page, MappingProxyType(anchors), images, MappingProxyType(log.messages)
        )

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


class Log(logging.Handler):
    """Collects what WeasyPrint logs: rules that it doesn't know, links that lead nowhere."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, Severity] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message, each once."""
        # An image that can't be read, a link without its place, a figure without words: a page
        # would be wrong. A rule that is not known leaves it as it was.
        is_error = record.levelno >= logging.ERROR
        self.messages[record.getMessage()] = Severity.ERROR if is_error else Severity.WARNING

    def __enter__(self) -> Log:
        logger = logging.getLogger("weasyprint")
        logger.addHandler(self)
        logger.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
