"""What a page paints: every colour, line, picture and piece of text, wherever it is drawn.

Content streams, forms, patterns, shadings, soft masks and Type 3 glyphs are all walked
(ISO 32000-1, 8 and 9). pikepdf reads the streams.

A stream can draw others many times, and these others still, so that a small file paints without
end. Each is walked once for each state that it is drawn in, and all steps are counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from reportgen.pdf.reading import UnreadablePdfError, page_annotations
from reportgen.source.limits import MAX_PAINT_STEPS

GRAY, CMYK, RGB, SPOT, LAB, PATTERN = "gray", "CMYK", "RGB", "spot", "Lab", "pattern"

_DEEPEST = 20
"""How deep forms may stand in forms; a file that goes deeper is refused."""

_MOST_SAVED = 1000
_MOST_OPERANDS = 1000
"""Both far more than a file needs (ISO 32000-1, annex C, has 28 and 33); ghostscript takes minutes
for a million."""

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
_FOLLOWED = (
    frozenset({"q", "Q", "cm", "w", "cs", "CS", "sc", "scn", "SC", "SCN", "Tf", "sh", "gs", "Do"})
    | _SHORT.keys()
    | _STROKES
    | _TEXT
)
"""The operators that what is painted depends on."""


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


def painted(pdf: pikepdf.Pdf) -> tuple[frozenset[Painted], ...]:
    """Give all that each page paints, each kind of thing once.

    Raises:
        UnreadablePdfError: it takes more than `MAX_PAINT_STEPS` to tell.
    """
    budget = _Budget(MAX_PAINT_STEPS)
    return tuple(
        frozenset(_on_page(page, stamps, budget))
        for page, stamps in zip(pdf.pages, page_annotations(pdf), strict=True)
    )


def _on_page(page: pikepdf.Page, stamps: Iterable[Any], budget: _Budget) -> Iterator[Painted]:
    walk = _Walk(budget)
    yield from walk.stream(page, page.get("/Resources"), _State(), 0)
    if (group := page.get("/Group")) is not None:
        yield from _group(group, None)
    for annotation in stamps:
        for appearance in _appearances(annotation):
            yield from walk.object(appearance, None, _State(), 0)


def family(space: Any, resources: Any) -> str:
    """Give the family of a colour space: by a name of the page's resources, or as it is."""
    if isinstance(space, pikepdf.Name) and str(space) not in _DEVICE:
        space = _resource(resources, "/ColorSpace", str(space)) or space
    if _kind(space) in ("/Indexed", "/I"):
        space = space[1]  # which is indexed itself no more (ISO 32000-1, 8.6.6.3)
    if isinstance(space, pikepdf.Name):
        return _DEVICE.get(str(space), f"unknown {space}")
    kind = _kind(space)
    if kind == "/ICCBased":
        return _BY_COMPONENTS.get(int(space[1].get("/N", 0)), "unknown profile")
    return _DEVICE.get(kind, f"unknown {kind}") if kind else "unknown"


def _kind(space: Any) -> str:
    return str(space[0]) if isinstance(space, pikepdf.Array) and len(space) else ""


class _Budget:
    """The steps that are left."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def take(self, steps: int) -> None:
        """Take steps.

        Raises:
            UnreadablePdfError: so many are not left.
        """
        self._left -= steps
        if self._left < 0:
            raise UnreadablePdfError(f"it takes more than {MAX_PAINT_STEPS} steps to draw")


class _Walk:
    """Walks the streams of one page."""

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._seen: set[tuple[Any, _State]] = set()

    def _is_new(self, drawn: Any, state: _State) -> bool:
        """Tell whether something with resources of its own is drawn in a state for the first time.

        What takes its resources from where it stands may paint something else each time.
        """
        key = (drawn.objgen, state)
        if not drawn.is_indirect or "/Resources" not in drawn:
            return True
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def stream(self, stream: Any, resources: Any, state: _State, depth: int) -> Iterator[Painted]:
        """Give what a stream paints."""
        if isinstance(stream, pikepdf.Stream) and not self._is_new(stream, state):
            return
        if depth > _DEEPEST:
            raise UnreadablePdfError(f"what is drawn stands more than {_DEEPEST} deep in itself")
        instructions = pikepdf.parse_content_stream(stream)
        self._budget.take(len(instructions) + 1)
        if any(len(each.operands) > _MOST_OPERANDS for each in instructions):
            raise UnreadablePdfError(f"an operator has more than {_MOST_OPERANDS} operands")
        stack: list[_State] = []
        for instruction in instructions:
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                yield from self._inline(instruction.iimage, resources, state)
                continue
            operator = str(instruction.operator)
            if operator not in _FOLLOWED:  # such as those of paths, which are most
                continue
            operands = instruction.operands
            if operator == "q":
                stack.append(state)
                if len(stack) > _MOST_SAVED:
                    raise UnreadablePdfError(f"more than {_MOST_SAVED} states are saved at a time")
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
                yield from self.object(
                    _resource(resources, "/XObject", name), resources, state, depth
                )

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
            yield from self.object(mask.G, None, state, depth)

    def object(self, found: Any, resources: Any, state: _State, depth: int) -> Iterator[Painted]:
        """Give what a picture or a form paints."""
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
        if font is None or font.get("/Subtype") != "/Type3":
            return
        if self._is_new(font, state):
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
