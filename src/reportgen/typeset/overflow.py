"""What doesn't fit on its page: text and pictures that are cut at the page's edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

_TOLERANCE = 1.0
"""How far a box may reach over the edge, in CSS pixels: lines end in a space now and then."""

_SVG_TITLE = "{http://www.w3.org/2000/svg}title"


@dataclass(frozen=True)
class CutOff:
    """A box that reaches over the edge of a page; `page` counts from 0.

    `text` is the text in it, or the alternative text of a picture.
    """

    page: int
    text: str
    is_picture: bool


def cut_off(document: Document) -> Iterator[CutOff]:
    """Yield what is cut at the edges of a document's pages, in order."""
    for number, page in enumerate(document.pages):
        for box in _shown(page._page_box):  # noqa: SLF001 - there is no other way in
            picture = isinstance(box, boxes.ReplacedBox)
            left, top = box.position_x, box.position_y
            width, height = box.width, box.height
            if picture:
                left, top = box.content_box_x(), box.content_box_y()
            if width <= 0 or height <= 0:
                continue
            if (
                left < -_TOLERANCE
                or top < -_TOLERANCE
                or left + width > page.width + _TOLERANCE
                or top + height > page.height + _TOLERANCE
            ):
                yield CutOff(number, _alternative(box) if picture else box.text, picture)


def _shown(box: Any) -> Iterator[Any]:
    """Yield the text and the pictures in a box, but for those that a style cuts or moves."""
    if isinstance(box, AbsolutePlaceholder):
        box = box._box  # noqa: SLF001
    if isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
        if box.style["visibility"] == "visible":
            yield box
    elif isinstance(box, boxes.ParentBox) and not _is_changed(box):
        for child in box.children:
            yield from _shown(child)


def _is_changed(box: Any) -> bool:
    """Tell whether what is in a box is cut, or moved, by a style."""
    if isinstance(box, boxes.PageBox):
        return False
    return bool(box.style["transform"]) or box.style["overflow"] != "visible"


def _alternative(box: Any) -> str:
    element = box.element
    title = element.find(_SVG_TITLE)
    return (title.text if title is not None else element.get("alt")) or ""
