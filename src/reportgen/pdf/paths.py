"""SVG paths read in one go, for the very operators that WeasyPrint would write.

WeasyPrint 70 takes two numbers at a time from what is left of a path, and copies the rest: a path
of n numbers is copied n/2 times. Here it gets the path in pieces that have the numbers of one
segment each (SVG 1.1, 8.3), and draws those itself. What it has written for a path is kept while
one file is written: the same flag stands in more than one size, and its paths have one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import weasyprint.svg
import weasyprint.svg.utils

from reportgen.typeset.replaced import replaced

# The package has a function of the same name.
_module: Any = sys.modules["weasyprint.svg.path"]
_SVG: Any = weasyprint.svg.SVG
_point = _module.point

_NUMBERS = {"m": 2, "l": 2, "t": 2, "h": 1, "v": 1, "q": 4, "s": 4, "c": 6}
"""How many numbers a segment has. Not the arc: its flags need no space around them."""

_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")


class _Piece(tuple[str, str]):
    """A letter and its numbers, in the place of a match of the expression that finds them."""

    __slots__ = ()

    def groups(self) -> tuple[str, str]:
        return self


def _pieces(pattern: str, path: str) -> Iterator[_Piece]:
    """Give the pieces of a path of which the expression finds longer ones."""
    for match in re.finditer(pattern, path):
        letter, numbers = match.groups()
        if letter in "zZ" and numbers.strip():
            # WeasyPrint would never come to an end. A path is drawn up to what is wrong (F.2).
            yield _Piece((letter, ""))
            return
        listed = numbers.strip().split(" ")
        size = _NUMBERS.get(letter.lower())
        if size is None or len(listed) <= size or "" in listed:
            yield _Piece((letter, numbers))
            continue
        for start in range(0, len(listed), size):
            yield _Piece((letter, " ".join(listed[start : start + size])))
            # What follows a move without a letter of its own is a line (8.3.2).
            letter = {"m": "l", "M": "L"}.get(letter, letter)


_POINT_AND_POINT = re.compile(r"(\.[0-9-]+)(?=\.)")


def _normalized(path: str) -> str:
    """Give a path with one space between numbers, as `normalize` does with expressions."""
    path = path.replace("E", "e")
    for sign in "+-":
        path = path.replace(sign, f" {sign}").replace(f"e {sign}", f"e{sign}")
    for space in "\n\r\t,":
        path = path.replace(space, " ")
    path = " ".join(filter(None, path.split(" ")))
    return _POINT_AND_POINT.sub(r"\1 ", path).strip()


def _two_numbers(svg: Any, path: str, font_size: float) -> tuple[float, float, str]:
    """Take two numbers from a path."""
    x, _, rest = path.partition(" ")
    y, _, rest = rest.partition(" ")
    try:
        return float(x), float(y), rest
    except ValueError:  # a unit, or less than two
        found: tuple[float, float, str] = _point(svg, path, font_size)
        return found


def _drop_places(draw: Any) -> Any:
    """Have no place for a marker computed where there is none."""

    def draw_markers(svg: Any, node: Any, font_size: float, fill_stroke: bool) -> None:
        if any(name in node.attrib for name in _MARKERS):
            draw(svg, node, font_size, fill_stroke)
        else:
            node.vertices.clear()

    return draw_markers


def _remembered(draw: Any) -> Any:
    """Have each path written once."""
    known: dict[tuple[object, ...], tuple[bytes, tuple[Any, ...]]] = {}

    def draw_path(svg: Any, node: Any, font_size: float) -> None:
        key = (node.get("d", ""), font_size, svg.inner_width, svg.inner_height)
        operators, places = svg.stream.stream, node.vertices
        if key not in known:
            start, first = len(operators), len(places)
            draw(svg, node, font_size)
            known[key] = b"\n".join(operators[start:]), tuple(places)[first:]
            del operators[start:]
        else:
            places.extend(known[key][1])
        operators.append(known[key][0])

    return draw_path


@contextmanager
def paths_in_one_go() -> Iterator[None]:
    """Have WeasyPrint read SVG paths so in this block, in which one file is written."""
    size = lru_cache(maxsize=1024)(weasyprint.svg.utils.size)
    tags = weasyprint.svg.TAGS
    with (
        replaced(_module, normalize=_normalized, finditer=_pieces, point=_two_numbers),
        replaced(weasyprint.svg, size=size, TAGS=tags | {"path": _remembered(tags["path"])}),
        replaced(_SVG, draw_markers=_drop_places(_SVG.draw_markers)),
    ):
        yield
