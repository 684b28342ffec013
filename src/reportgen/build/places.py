"""The place in a project that is to blame for what the typesetter or a preflight says.

Both see pages. What stands on a page was written somewhere, and there it is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen.locales.catalog import catalog_path
from reportgen.model.files import CONTENT
from reportgen.model.report import Report
from reportgen.model.rules import FIGURE
from reportgen.pages import anchors
from reportgen.pages.parts import Part
from reportgen.pages.render import TEMPLATES, template_of
from reportgen.preflight.result import Finding
from reportgen.preflight.words import find
from reportgen.project import OutsideProjectError, Project
from reportgen.source.css import read_style_sheet
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import Image, plain_text
from reportgen.source.prose import Prose, prose_in
from reportgen.source.styles import STYLES
from reportgen.typeset.layout import LaidOut
from reportgen.typeset.report import Typeset

_IMAGE = re.compile(r"image at '([^']+)'")
_DECLARATION = re.compile(r"Ignored `([\w-]+)\s*:(.*)` at (\d+):(\d+), (.*)\.", re.DOTALL)
_RESOLUTION = re.compile(r"a picture has (\d+) pixels an inch")
_CHARACTER = re.compile(r'unsupported by fonts: "(.+?)" \((U\+\w+)\)', re.DOTALL)


class Places:
    """Finds the places of what is on the pages of one output.

    Args:
        project: the files that the pages are made of.
        report: the report, in the language of the pages.
        result: the pages.
    """

    def __init__(self, project: Project, report: Report, result: Typeset) -> None:
        self.result = result
        self._project = project
        self._report = report

    def of_message(self, message: str, part: Part | None) -> tuple[Span, str, str]:
        """Return what the typesetter said of a part, or of what all parts share.

        Returns:
            The place that is to blame, what is wrong there, and what to do.
        """
        place, hint = None, "correct the style or the template"
        told = message.rstrip(". ")
        if found := _IMAGE.search(message):
            place = self._image(found[1])
        elif found := _DECLARATION.fullmatch(message):
            place = self._declaration(found[1], int(found[3]), int(found[4]))
            told = f"'{found[1]}: {found[2].strip()}' is passed over ({found[5]})"
        elif found := _CHARACTER.search(message):
            place = self._character(found[1])
            told = f"no font has the character '{found[1]}' ({found[2]})"
            hint = "write another one, or add a font that has it to the styles"
        return place or Span(template_of(part) if part else str(STYLES)), told, hint

    def of_finding(self, finding: Finding) -> Span:
        """Return the place of what a preflight found."""
        if finding.page is None:
            return Span(str(TEMPLATES))
        if found := _RESOLUTION.match(finding.text):
            return self._picture(finding.page, float(found[1]))
        return self._on_page(finding.page)

    def of_words(self, words: Sequence[str]) -> Span | None:
        """Return the place of words of the content; the first and the last of them may be cut."""
        prose, texts = self._texts
        number = find(words, texts)
        origin = None if number is None else prose[number].origin
        return origin.span if origin else None

    @cached_property
    def _texts(self) -> tuple[list[Prose], list[str]]:
        """What has a place in the content, and its words as they are printed."""
        placed = [prose for _, prose in prose_in(self._report) if prose.origin]
        return placed, [plain_text(prose) for prose in placed]

    def _on_page(self, page: int) -> Span:
        """Return the place of what begins on a page, or else of what goes on there."""
        part, laid_out = self._part_on(page)
        if part is None or laid_out is None:
            return Span(str(TEMPLATES))
        known = [(number, a) for a, number in laid_out.anchors.items() if a in self._origins]
        begun = [anchor for number, anchor in known if number == page][:1]
        before = [anchor for number, anchor in known if number < page][-1:]
        return next((self._origins[a] for a in (*begun, *before)), Span(template_of(part)))

    def _picture(self, page: int, resolution: float) -> Span:
        """Return the place of the picture on a page that has about so many pixels an inch."""
        _, laid_out = self._part_on(page)
        shown = tuple(_pictures(laid_out, page)) if laid_out else ()
        for _, source in sorted(shown, key=lambda one: abs(one[0] - resolution)):
            if place := self._images.get(source):
                return place
        return self._on_page(page)

    def _part_on(self, page: int) -> tuple[Part | None, LaidOut | None]:
        return next(
            (
                (part, laid_out)
                for part, laid_out in self.result.parts
                if laid_out.first_page <= page < laid_out.next_page
            ),
            (None, None),
        )

    @cached_property
    def _images(self) -> Mapping[str, Span]:
        """The places of the images and figures of sections, by their sources as files have them."""
        return {
            unquote(block.source): block.span
            for section in self._report.sections
            for block in section.blocks
            if isinstance(block, Image)
        }

    @cached_property
    def _origins(self) -> Mapping[str, Span]:
        """The places of what has an anchor."""
        report = self._report
        named: Iterator[tuple[str, Prose]] = chain(
            ((anchors.section_anchor(s), s.title) for s in report.sections),
            ((anchors.pillar_anchor(p), p.title) for p in report.pillars),
            ((anchors.commitment_anchor(c), c.title) for c in report.commitments),
            ((anchors.figure_anchor(f), f.title) for f in report.figures),
            ((anchors.member_anchor(m), m.name) for m in report.members),
        )
        origins = {anchor: prose.origin.span for anchor, prose in named if prose.origin}
        placed = {
            anchors.figure_anchor(figure): self._images[FIGURE + figure.id]
            for figure in report.figures
            if FIGURE + figure.id in self._images
        }
        return origins | placed

    def _image(self, address: str) -> Span:
        path = PurePosixPath(unquote(urlsplit(address).path).lstrip("/"))
        source = path.relative_to(CONTENT) if path.is_relative_to(CONTENT) else path
        return self._images.get(str(source), Span(str(path)))

    def _declaration(self, name: str, line: int, column: int) -> Span | None:
        """Return the place of a declaration of which only line and column are known."""
        found = {
            declaration.span
            for path in self._project.walk(str(STYLES), ".css")
            if (sheet := read_style_sheet(self._project, path, Diagnostics()))
            for declaration in sheet.declarations
            if declaration.name == name
            and (declaration.span.line, declaration.span.column) == (line, column)
        }
        return found.pop() if len(found) == 1 else None

    def _character(self, character: str) -> Span | None:
        """Return the first place in the content, or in its translation, of a character."""
        prose = (p for _, p in prose_in(self._report) if character in p and p.origin)
        origins = sorted({p.origin.span for p in prose if p.origin})
        for origin in origins:
            if place := self._find(character, origin.path, origin.line):
                return place
        if not origins:
            return None
        return self._find(character, str(catalog_path(self._report.language)), 1) or origins[0]

    def _find(self, character: str, path: str, line: int) -> Span | None:
        try:
            text = self._project.read(path).decode("utf-8")
        except (OSError, OutsideProjectError, UnicodeDecodeError):
            return None
        for number, content in enumerate(text.splitlines()[line - 1 :], line):
            if (at := content.find(character)) >= 0:
                return Span(path, number, at + 1)
        return None


def _pictures(laid_out: LaidOut, page: int) -> Iterator[tuple[float, str]]:
    """Give the pictures on a page: how many pixels an inch they have, and their sources."""
    box: Any = laid_out.document.pages[page - laid_out.first_page]._page_box  # noqa: SLF001
    for child in box.descendants():
        element, shown = getattr(child, "element", None), getattr(child, "replacement", None)
        if element is None or shown is None or not element.get("src"):
            continue
        width = getattr(shown, "width", 0) or 0
        resolution = width / child.width * 96 if child.width else 0.0
        yield resolution, unquote(element.get("src")).removeprefix(f"{CONTENT}/")
