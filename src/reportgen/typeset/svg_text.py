"""SVG text as its script joins it.

WeasyPrint 70 lays an SVG `<text>` out letter by letter, which parts the letters of Arabic, sets
them in the order of their code points and loses the kerning of Latin (Kozea/WeasyPrint#2249). Where
no letter has a place of its own, the run is laid out as a whole here. To be deleted when that is
mended: `tests/test_svg_text.py` tells.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import weasyprint.svg

_module: Any = sys.modules["weasyprint.svg.text"]
_by_letter = _module.text

_PLACES = ("x", "y", "dx", "dy", "rotate")
"""The attributes that may place each letter, by a list of numbers (SVG 1.1, 10.4)."""


class _Whole(str):
    """A text that is gone through in one step."""

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def _text(svg: Any, node: Any, font_size: float) -> None:
    placed = any(" " in (node.get(name) or "").strip() for name in _PLACES)
    if node.text and not placed and not node.get("letter-spacing") and not node.get("textLength"):
        node._etree_node.text = _Whole(node.text)  # noqa: SLF001 - there is no other way in
    _by_letter(svg, node, font_size)


def join_letters() -> None:
    """Have WeasyPrint lay out SVG text by the run; may be called more than once."""
    if weasyprint.svg.text is not _text:
        tags = weasyprint.svg.TAGS
        tags.update({name: _text for name, draw in tags.items() if draw is _by_letter})
        weasyprint.svg.text = _text
