"""SVG pictures that come again: written down again, not drawn again.

WeasyPrint 70 draws an SVG picture anew wherever it stands. Here what it wrote for a picture is kept
while one file is written, and serves wherever the same picture has the same size. The file is the
same, byte by byte. (It would be smaller with a form that is named wherever the picture stands, ISO
32000-1, 8.10; but a viewer rounds places in a form otherwise, so that thin lines would look
otherwise.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pydyf
import weasyprint.images

from reportgen.typeset.fetcher import BASE
from reportgen.typeset.replaced import replaced

_SVGImage: Any = weasyprint.images.SVGImage


@dataclass(frozen=True)
class _Drawing:
    """What a picture has added to an empty stream: operators, and its states of transparency."""

    operators: tuple[Any, ...]
    states: dict[str, Any]

    def add_to(self, stream: Any) -> None:
        stream.stream.extend(self.operators)
        stream._resources["ExtGState"].update(  # noqa: SLF001 - there is no other way in
            {name: pydyf.Dictionary(state) for name, state in self.states.items()}
        )


@contextmanager
def drawn_once() -> Iterator[None]:
    """Have WeasyPrint draw each SVG picture once in this block, in which one file is written."""
    draw = _SVGImage.draw
    known: dict[tuple[object, ...], _Drawing | None] = {}

    def draw_or_repeat(image: Any, stream: Any, width: float, height: float, style: Any) -> None:
        url = image._base_url  # noqa: SLF001 - there is no other way in
        resources = stream._resources  # noqa: SLF001
        # What stands in the HTML itself stands there once. Names are given by counting: only in a
        # group that is empty yet are they the same again.
        if url == BASE or any(resources[kind] for kind in _OWN):
            draw(image, stream, width, height, style)
            return
        # How thick a line comes out may depend on the scale around it.
        scale = getattr(stream, "outer_scale", None), *stream.ctm.values[:4]
        key = (url, width, height, *scale)
        if drawing := known.get(key):
            drawing.add_to(stream)
            return
        start = len(stream.stream)
        draw(image, stream, width, height, style)
        if key not in known:
            # After a clip the engine goes back by a matrix that it computes from the place.
            clipped = image._svg.paths._data  # noqa: SLF001
            known[key] = None if clipped else _drawing(stream, start)

    with replaced(_SVGImage, draw=draw_or_repeat):
        yield


_OWN = {"ExtGState", "XObject", "Pattern", "Shading"}
"""The kinds of resources that a stream has for itself."""


def _drawing(stream: Any, start: int) -> _Drawing | None:
    """Give what was drawn, or nothing if it has an object of the file, which can stand once."""
    resources = stream._resources  # noqa: SLF001
    states = dict(resources["ExtGState"])
    if any(resources[kind] for kind in _OWN - {"ExtGState"}) or any(
        isinstance(value, pydyf.Object) for state in states.values() for value in state.values()
    ):
        return None
    return _Drawing(tuple(stream.stream[start:]), states)
