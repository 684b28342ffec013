"""The sheet around a printed page: its boxes, its crop marks, its printing condition.

PDF/X-4 (ISO 15930-7:2010) asks for a TrimBox in each page, an output intent and no annotation on
the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pydyf
from weasyprint.document import Document

POINTS_PER_MM = 72 / 25.4

MARK_GAP = 1.0
"""From the bleed to a crop mark, in mm: a mark must not reach into what is cut off with colour."""
MARK_LENGTH = 5.0
MARK_EDGE = 1.0
"""From a mark's end to the edge of the sheet, in mm."""
MARK_WIDTH = 0.25
"""How thick a mark is, in points."""

REGISTRY = "http://www.color.org"
"""Where the names of printing conditions are registered (ISO 15930-7)."""


@dataclass(frozen=True)
class Sheet:
    """What a printer asks for: bleed in mm, and the printing condition by name."""

    bleed: float
    condition: str

    @property
    def slug(self) -> float:
        """How far the sheet goes on beyond the cut, in mm: bleed, gap, mark, edge."""
        return self.bleed + MARK_GAP + MARK_LENGTH + MARK_EDGE


def sheet_margin(sheet: Sheet) -> float:
    """Give how far a sheet goes on beyond the cut, in CSS pixels."""
    return sheet.slug * 96 / 25.4


def drop_links(document: Document) -> None:
    """Leave out all links: paper has none, and PDF/X-4 wants none on the page."""
    for page in document.pages:
        page.links = []


def add_sheet(document: Document, pdf: Any, sheet: Sheet) -> None:
    """Set the boxes of each page, and draw its crop marks around it, on all plates.

    This is a finisher of WeasyPrint's: it is called before the objects of `pdf` are written.
    Coordinates are in points, from the page's lower left corner.
    """
    bleed, slug = sheet.bleed * POINTS_PER_MM, sheet.slug * POINTS_PER_MM
    for page, entry in zip(document.pages, _pages(pdf), strict=True):
        width, height = page.width * 0.75, page.height * 0.75
        entry["TrimBox"] = pydyf.Array((0, 0, width, height))
        entry["BleedBox"] = pydyf.Array((-bleed, -bleed, width + bleed, height + bleed))
        entry["MediaBox"] = pydyf.Array((-slug, -slug, width + slug, height + slug))
        before = _marks(width, height, bleed + MARK_GAP * POINTS_PER_MM)
        before.rectangle(-bleed, -bleed, width + 2 * bleed, height + 2 * bleed)
        before.clip()
        before.end()
        pdf.add_object(before)
        entry["Contents"] = pydyf.Array((before.reference, entry["Contents"]))


def name_condition(pdf: Any, sheet: Sheet) -> None:
    """Say by name which printing condition the file is made for (ISO 15930-7)."""
    for intent in pdf.catalog["OutputIntents"]:
        intent["OutputConditionIdentifier"] = pydyf.String(sheet.condition)
        intent["RegistryName"] = pydyf.String(REGISTRY)


def _pages(pdf: Any) -> list[Any]:
    return [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"]


def _marks(width: float, height: float, distance: float) -> Any:
    """Draw two marks at each corner of a page, `distance` points away from it."""
    length = MARK_LENGTH * POINTS_PER_MM
    stream = pydyf.Stream(compress=True)
    stream.push_state()
    # All of each ink: the marks serve to lay the plates over each other.
    stream.set_color_space("DeviceCMYK", stroke=True)
    stream.set_color_special(None, True, 1, 1, 1, 1)
    stream.set_line_width(MARK_WIDTH)
    for x, outward in ((0, -1), (width, 1)):
        for y, upward in ((0, -1), (height, 1)):
            stream.move_to(x + outward * distance, y)
            stream.line_to(x + outward * (distance + length), y)
            stream.move_to(x, y + upward * distance)
            stream.line_to(x, y + upward * (distance + length))
    stream.stroke()
    stream.pop_state()
    return stream
