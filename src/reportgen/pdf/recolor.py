"""Pages drawn in ink: what WeasyPrint is about to write in sRGB is written in CMYK.

WeasyPrint 70 converts no colour. All that it paints passes through three methods of its stream,
which are replaced while a print edition is written: so nothing is taken apart after the fact, and
what HTML, style sheets, charts and flags draw goes the same way. Pictures are converted in the
file, as their data is not drawn; see `pictures_in_ink`.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pikepdf
import weasyprint.pdf.stream

from reportgen.pdf.inks import Inks
from reportgen.typeset.replaced import replaced

_Stream: Any = weasyprint.pdf.stream.Stream
_RGB = 3


@contextmanager
def drawn_in(inks: Inks, thinnest: float) -> Iterator[None]:
    """Have WeasyPrint draw in inks, and no line thinner than `thinnest` points, in this block."""
    set_color = _Stream.set_color
    set_line_width = _Stream.set_line_width
    interpolate = _Stream.create_interpolation_function
    add_group = _Stream.add_group

    def set_ink(stream: Any, color: Any, stroke: bool = False) -> None:
        set_color(stream, inks.color(color), stroke)

    def set_printable_width(stream: Any, width: float) -> None:
        scale = _scale(stream)
        set_line_width(stream, max(width, thinnest / scale) if scale else width)

    def add_scaled_group(stream: Any, *rectangle: float) -> Any:
        group = add_group(stream, *rectangle)
        # A group is scaled by what stands around it, which its stream doesn't know.
        group.outer_scale = _scale(stream)
        return group

    def interpolate_inks(domain: Any, c0: Any, c1: Any, n: Any) -> Any:
        return interpolate(domain, _ink_of_stop(inks, c0), _ink_of_stop(inks, c1), n)

    with replaced(
        _Stream,
        set_color=set_ink,
        set_line_width=set_printable_width,
        add_group=add_scaled_group,
        create_interpolation_function=staticmethod(interpolate_inks),
    ):
        yield


def _scale(stream: Any) -> float:
    """Give how many points a unit of a stream is: the root of what an area is scaled by."""
    (a, b, _), (c, d, _), _ = stream.ctm
    return float(abs(a * d - b * c) ** 0.5 * getattr(stream, "outer_scale", 1.0))


def pictures_in_ink(data: bytes, inks: Inks) -> bytes:
    """Give a PDF with the data of its pictures in ink; each keeps its mask."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pictures = [
            stream
            for stream in pdf.objects
            if isinstance(stream, pikepdf.Stream)
            and stream.get("/Subtype") == "/Image"
            and stream.get("/ColorSpace") == "/DeviceRGB"
        ]
        if not pictures:
            return data
        for stream in pictures:
            converted = inks.picture(pikepdf.PdfImage(stream).as_pil_image())
            stream.write(zlib.compress(converted.tobytes()), filter=pikepdf.Name.FlateDecode)
            stream.ColorSpace = (
                pikepdf.Name.DeviceGray if converted.mode == "L" else pikepdf.Name.DeviceCMYK
            )
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True)
        return written.getvalue()


def _ink_of_stop(inks: Inks, color: Sequence[float]) -> Sequence[float]:
    """Give a gradient's stop in ink; one of another length is how opaque it is."""
    if len(color) != _RGB:
        return color
    red, green, blue = (min(max(round(value * 255), 0), 255) for value in color)
    return inks.ink((red, green, blue))
