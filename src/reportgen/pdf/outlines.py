"""Glyphs as shapes: painted, but not text."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

Point = tuple[float, float]

_DIGITS = 2
"""How exact shapes are: a hundredth of a CSS pixel is not to be seen."""


class Outlines:
    """The shapes of a font's glyphs. `font` is the engine's."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._known: dict[int, _Pen] = {}

    @cached_property
    def _file(self) -> Any:
        data = io.BytesIO(self._font.file_content)
        return TTFont(data, fontNumber=self._font.index, lazy=True)

    @cached_property
    def _glyphs(self) -> Any:
        return self._file.getGlyphSet(location={"wght": self._font.weight, **self._font.variations})

    def add_to(self, stream: Any, glyph: int, size: float, x: float, y: float) -> None:
        """Add the shape of a glyph to the path of a stream, with its origin at `x` and `y`."""
        scale = size / self._font.upem
        for operator, points in self._shape(glyph).path:
            places = [(x + right * scale, y + up * scale) for right, up in points]
            numbers = [round(number, _DIGITS) for place in places for number in place]
            getattr(stream, operator)(*numbers)

    def _shape(self, glyph: int) -> _Pen:
        if glyph not in self._known:
            pen = self._known[glyph] = _Pen(self._glyphs)
            self._glyphs[self._file.getGlyphName(glyph)].draw(pen)
        return self._known[glyph]


class _Pen(BasePen):  # type: ignore[misc]
    """Notes a shape as the operators of a stream: methods, and the points that they take."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.path: list[tuple[str, tuple[Point, ...]]] = []

    def _moveTo(self, point: Point) -> None:  # noqa: N802 - what the base class calls
        self.path.append(("move_to", (point,)))

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self.path.append(("line_to", (point,)))

    def _curveToOne(self, first: Point, second: Point, end: Point) -> None:  # noqa: N802
        self.path.append(("curve_to", (first, second, end)))

    def _closePath(self) -> None:  # noqa: N802
        self.path.append(("close", ()))
