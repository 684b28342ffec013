"""Glyphs as shapes: painted, but not text."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

Point = tuple[float, float]


class Outlines:
    """The shapes of a font's glyphs. `font` is the engine's."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._known: dict[int, bytes] = {}

    def shape(self, glyph: int) -> bytes:
        """Return the operators of a glyph's path, in the units of the font."""
        path = self._known.get(glyph)
        if path is None:
            pen = _Pen(self._glyphs)
            self._glyphs[self._file.getGlyphName(glyph)].draw(pen)
            path = self._known[glyph] = b"\n".join(pen.operators)
        return path

    @cached_property
    def _file(self) -> Any:
        data = io.BytesIO(self._font.file_content)
        return TTFont(data, fontNumber=self._font.index, lazy=True)

    @cached_property
    def _glyphs(self) -> Any:
        return self._file.getGlyphSet(location={"wght": self._font.weight, **self._font.variations})


class _Pen(BasePen):  # type: ignore[misc]
    """Notes a shape as operators (ISO 32000-1, 8.5.2)."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators: list[bytes] = []

    def _add(self, operator: str, *points: Point) -> None:
        numbers = [f"{number:.1f}".removesuffix(".0") for point in points for number in point]
        self.operators.append(" ".join((*numbers, operator)).encode())

    def _moveTo(self, point: Point) -> None:  # noqa: N802 - what the base class calls
        self._add("m", point)

    def _lineTo(self, point: Point) -> None:  # noqa: N802
        self._add("l", point)

    def _curveToOne(self, first: Point, second: Point, end: Point) -> None:  # noqa: N802
        self._add("c", first, second, end)

    def _closePath(self) -> None:  # noqa: N802
        self._add("h")
