"""What a page paints: every colour, line, picture and piece of text, wherever it is drawn.

Content streams, forms, patterns, shadings, soft masks and Type 3 glyphs are all walked
(ISO 32000-1, 8 and 9). pikepdf reads the streams.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

GRAY, CMYK, RGB, SPOT, LAB, PATTERN = "gray", "CMYK", "RGB", "spot", "Lab", "pattern"

_DEEPEST = 20
"""How deep forms may stand in forms; a file that goes deeper is taken for a trap."""

_DEVICE = {
    "/DeviceGray": GRAY,
    "/G": GRAY,
    "/CalGray": GRAY,
    "/DeviceCMYK": CMYK,
    "/CMYK": CMYK,
    "/DeviceRGB": RGB,
    "/RGB": RGB,
    "/CalRGB": RGB,
    "/Lab": LAB,
    "/Pattern": PATTERN,
    "/Separation": SPOT,
    "/DeviceN": SPOT,
}
_BY_COMPONENTS = {1: GRAY, 3: RGB, 4: CMYK}
_SHORT = {
    "g": (GRAY, False),
    "G": (GRAY, True),
    "rg": (RGB, False),
    "RG": (RGB, True),
    "k": (CMYK, False),
    "K": (CMYK, True),
}
_STROKES = frozenset({"S", "s", "B", "B*", "b", "b*"})
_TEXT = frozenset({"Tj", "TJ", "'", '"'})


@dataclass(frozen=True)
class Space:
    """A colour space in use; `where` says what uses it."""

    family: str
    where: str


@dataclass(frozen=True)
class Line:
    """A line that is drawn, `width` points thick."""

    width: float


@dataclass(frozen=True)
class Text:
    """Text in CMYK, each ink from 0 to 1."""

    ink: tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A picture, with its pixels an inch in the direction that has fewer."""

    resolution: float


Painted = Space | Line | Text | Picture

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class _State:
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    width: float = 1.0
    fill: tuple[str, tuple[float, ...]] = (GRAY, (0.0,))
    stroke: tuple[str, tuple[float, ...]] = (GRAY, (0.0,))
    has_pattern: bool = field(default=False, compare=False)


def painted_on(page: pikepdf.Page) -> frozenset[Painted]:
    """Give all that a page paints, each kind of thing once."""
    found = set(_Walk().stream(page, page.get("/Resources"), _State(), 0))
    if (group := page.get("/Group")) is not None:
        found |= set(_group(group, None))
    for annotation in page.get("/Annots", ()):
        for appearance in _appearances(annotation):
            resources = appearance.get("/Resources")
            found |= set(_Walk().stream(appearance, resources, _State(), 1))
    return frozenset(found)


def family(space: Any, resources: Any) -> str:
    """Give the family of a colour space: by a name of the page's resources, or as it is."""
    if isinstance(space, pikepdf.Name):
        name = str(space)
        if name in _DEVICE:
            return _DEVICE[name]
        named = _resource(resources, "/ColorSpace", name)
        return family(named, None) if named is not None else f"unknown {name}"
    if isinstance(space, pikepdf.Array) and len(space):
        kind = str(space[0])
        if kind == "/ICCBased":
            return _BY_COMPONENTS.get(int(space[1].get("/N", 0)), "unknown profile")
        if kind in ("/Indexed", "/I"):
            return family(space[1], resources)
        return _DEVICE.get(kind, f"unknown {kind}")
    return "unknown"


class _Walk:
    """Walks the streams of one page; a stream that stands in itself is walked once."""

    def __init__(self) -> None:
        self._open: set[Any] = set()

    def stream(self, stream: Any, resources: Any, state: _State, depth: int) -> Iterator[Painted]:
        """Give what a stream paints."""
        key = stream.objgen if isinstance(stream, pikepdf.Stream) else None
        if depth > _DEEPEST or (key and key != (0, 0) and key in self._open):
            return
        self._open.add(key)
        stack: list[_State] = []
        for instruction in pikepdf.parse_content_stream(stream):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                yield from self._inline(instruction.iimage, resources, state)
                continue
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "q":
                stack.append(state)
            elif operator == "Q":
                state = stack.pop() if stack else state
            elif operator == "cm":
                state = replace(state, matrix=_times(operands, state.matrix))
            elif operator == "w":
                state = replace(state, width=float(operands[0]))
            elif operator in _SHORT:
                named, is_stroke = _SHORT[operator]
                state = _colored(state, named, operands, is_stroke)
                yield Space(named, "a line" if is_stroke else "a fill")
            elif operator in ("cs", "CS"):
                named = family(operands[0], resources)
                state = _colored(state, named, (), operator == "CS")
                yield Space(named, "a line" if operator == "CS" else "a fill")
            elif operator in ("sc", "scn", "SC", "SCN"):
                yield from self._set(operator, operands, resources, state, depth)
                is_stroke = operator.isupper()
                now = (state.stroke if is_stroke else state.fill)[0]
                state = _colored(state, now, operands, is_stroke)
            elif operator in _STROKES:
                yield Line(round(state.width * _scale(state.matrix), 4))
            elif operator in _TEXT and state.fill[0] == CMYK and len(state.fill[1]) == 4:
                cyan, magenta, yellow, black = state.fill[1]
                yield Text((cyan, magenta, yellow, black))
            elif operator == "Tf":
                yield from self._font(_resource(resources, "/Font", str(operands[0])), state, depth)
            elif operator == "sh":
                yield from self._shading(_resource(resources, "/Shading", str(operands[0])))
            elif operator == "gs":
                name = str(operands[0])
                yield from self._graphics(_resource(resources, "/ExtGState", name), state, depth)
            elif operator == "Do":
                name = str(operands[0])
                yield from self._object(
                    _resource(resources, "/XObject", name), resources, state, depth
                )
        self._open.discard(key)

    def _set(
        self, operator: str, operands: Any, resources: Any, state: _State, depth: int
    ) -> Iterator[Painted]:
        if not (len(operands) and isinstance(operands[-1], pikepdf.Name)):
            return
        pattern = _resource(resources, "/Pattern", str(operands[-1]))
        if pattern is None:
            return
        if "/Shading" in pattern:
            yield from self._shading(pattern.Shading)
        else:
            # A pattern is drawn in the page's own coordinates.
            own = _State(matrix=_matrix(pattern.get("/Matrix")))
            yield from self.stream(pattern, pattern.get("/Resources"), own, depth + 1)

    def _shading(self, shading: Any) -> Iterator[Painted]:
        if shading is not None:
            yield Space(family(shading.ColorSpace, None), "a gradient")

    def _graphics(self, graphics: Any, state: _State, depth: int) -> Iterator[Painted]:
        mask = graphics.get("/SMask") if graphics is not None else None
        if isinstance(mask, pikepdf.Dictionary):
            yield from self._object(mask.G, None, state, depth)

    def _object(self, found: Any, resources: Any, state: _State, depth: int) -> Iterator[Painted]:
        if found is None:
            return
        if found.get("/Subtype") == "/Image":
            yield from _image(found, resources, state)
            return
        if (group := found.get("/Group")) is not None:
            yield from _group(group, found.get("/Resources"))
        inner = replace(state, matrix=_times(_matrix(found.get("/Matrix")), state.matrix))
        yield from self.stream(found, found.get("/Resources", resources), inner, depth + 1)

    def _font(self, font: Any, state: _State, depth: int) -> Iterator[Painted]:
        if font is not None and font.get("/Subtype") == "/Type3":
            for glyph in dict(font.CharProcs).values():
                yield from self.stream(glyph, font.get("/Resources"), state, depth + 1)

    def _inline(self, image: Any, resources: Any, state: _State) -> Iterator[Painted]:
        if not image.image_mask:
            yield Space(family(pikepdf.Name(str(image.colorspace)), resources), "a picture")
        yield Picture(_resolution(image.width, image.height, state.matrix))


def _image(image: Any, resources: Any, state: _State) -> Iterator[Painted]:
    if not image.get("/ImageMask", False):
        yield Space(family(image.get("/ColorSpace"), resources), "a picture")
    yield Picture(_resolution(int(image.Width), int(image.Height), state.matrix))
    if (mask := image.get("/SMask")) is not None:
        yield Space(family(mask.get("/ColorSpace"), None), "a mask")


def _group(group: Any, resources: Any) -> Iterator[Painted]:
    """Give the space that a transparency group blends in (ISO 32000-1, 11.6.6)."""
    if (space := group.get("/CS")) is not None:
        yield Space(family(space, resources), "a transparency group")


def _appearances(annotation: Any) -> Iterator[Any]:
    for appearance in dict(annotation.get("/AP", {})).values():
        if isinstance(appearance, pikepdf.Stream):
            yield appearance
        elif isinstance(appearance, pikepdf.Dictionary):
            yield from (one for one in dict(appearance).values())


def _resource(resources: Any, kind: str, name: str) -> Any:
    entries = resources.get(kind) if resources is not None else None
    return entries.get(name) if entries is not None else None


def _colored(state: _State, named: str, operands: Any, is_stroke: bool) -> _State:
    numbers = tuple(float(o) for o in operands if not isinstance(o, pikepdf.Object))
    value = (named, numbers)
    return replace(state, stroke=value) if is_stroke else replace(state, fill=value)


def _matrix(values: Any) -> Matrix:
    if values is None:
        return 1, 0, 0, 1, 0, 0
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(inner: Any, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in inner)
    A, B, C, D, E, F = outer  # noqa: N806 - as the standard writes it (ISO 32000-1, 8.3.4)
    return (
        a * A + b * C,
        a * B + b * D,
        c * A + d * C,
        c * B + d * D,
        e * A + f * C + E,
        e * B + f * D + F,
    )


def _scale(matrix: Matrix) -> float:
    a, b, c, d, _, _ = matrix
    return math.sqrt(abs(a * d - b * c))


def _resolution(width: int, height: int, matrix: Matrix) -> float:
    """Give the pixels an inch of a picture, which fills the unit square of its coordinates."""
    a, b, c, d, _, _ = matrix
    across, down = math.hypot(a, b) / 72, math.hypot(c, d) / 72
    if not across or not down:
        return math.inf
    return round(min(width / across, height / down), 1)
