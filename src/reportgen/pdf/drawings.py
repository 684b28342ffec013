"""SVG pictures drawn once a file.

WeasyPrint 70 draws an SVG picture anew wherever it stands, and takes each of its paths apart number
by number: two detailed flags cost more than all text of a report. Here a picture that comes again
is a form XObject (ISO 32000-1, 8.10), drawn the first time and only named the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import weasyprint.images

from reportgen.typeset.fetcher import BASE

_SVGImage: Any = weasyprint.images.SVGImage


@dataclass(frozen=True)
class _Form:
    """A form that is listed as an image: so WeasyPrint adds it to the file once."""

    stream: Any

    def get_x_object(self, interpolate: bool, dpi_ratio: float) -> Any:
        return self.stream


@contextmanager
def drawn_once() -> Iterator[None]:
    """Have WeasyPrint draw each SVG picture once in this block, in which one file is written."""
    draw = _SVGImage.draw
    names: dict[tuple[object, ...], str] = {}

    def draw_form(image: Any, stream: Any, width: float, height: float, style: Any) -> None:
        url = image._base_url  # noqa: SLF001 - there is no other way in
        if url == BASE:  # what stands in the HTML itself stands there once
            draw(image, stream, width, height, style)
            return
        # How thick a line comes out may depend on the scale around it.
        scale = getattr(stream, "outer_scale", None), *stream.ctm.values[:4]
        key = (url, width, height, *scale)
        resources, images = stream._resources["XObject"], stream._images  # noqa: SLF001
        if key not in names:
            # Larger than the picture, whose edges are clipped already.
            form = stream.add_group(-1, -1, width + 2, height + 2)
            del resources[form.id]
            del form.extra["Group"]  # it is no group: what is transparent in it blends as before
            draw(image, form, width, height, style)
            names[key] = f"v{len(names)}"
            images[names[key]] = {
                "image": _Form(form),
                "interpolate": False,
                "dpi_ratios": {1},
                "x_object": None,
            }
        resources[names[key]] = None  # WeasyPrint puts the reference there
        stream.draw_x_object(names[key])

    with mock.patch.object(_SVGImage, "draw", draw_form):
        yield
