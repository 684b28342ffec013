"""Text that comes out of the file as it was put in.

WeasyPrint 70 says once for each glyph of a font which characters it stands for: those of the place
where it was drawn first, even if they are none. So one glyph of a hyphen is the same character
wherever it stands, and scripts that draw one character with several glyphs get entries without any,
which PDF/UA-1 forbids. Here each line's glyphs get their characters where they stand: see
`clusters`. A glyph that stands for something else than before is shown in a twin of its font that
differs in this alone, and one that stands for nothing is painted as a shape.

(A code of its own for each meaning, in a font with an encoding of its own, would need no twins, but
pypdf and pdfminer read such a font wrongly.)
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pydyf
import weasyprint.draw.text
import weasyprint.svg
from weasyprint.text.ffi import TO_UNITS, ffi, pango

from reportgen.pdf.clusters import EMPTY, Run, characters
from reportgen.pdf.outlines import Outlines
from reportgen.typeset.replaced import replaced

_text: Any = weasyprint.draw.text
# The package has a function of the same name.
_svg_text: Any = sys.modules["weasyprint.svg.text"]

_SOFT_HYPHEN = "\u00ad"
"""A hyphen that is there only because a word goes on in the next line (ISO 32000-1, 14.8.2.2.3)."""

_SPACED = 0.05
"""From how much room between its letters on, as a part of the size, a word is read as letters."""

_SHAPE = -1
"""Stands in the place of a twin for a glyph that is painted as a shape."""

_APART = -2
"""Stands so for one that is shown as text too, in the first font. Numbers below, in its twins."""

_GAP = 0.05
"""How much room within a word, as a part of the size, may be taken for a space if it is doubled."""

_PIECES = re.compile(rb"<([0-9a-f]+)>|([-0-9.e]+)")
"""Glyphs, four digits each, and room between them (ISO 32000-1, 9.4.3)."""

_MOST_ENTRIES = 100
"""How many entries stand in one block of a CMap."""


@dataclass(frozen=True)
class Line:
    """Text as it was drawn: a line, or a piece of one.

    `spaced`: its letters stand so far apart that readers take them for words.
    """

    text: str
    spaced: bool = False


class Characters:
    """What the glyphs of a file stand for. `lines` is all its text, in the order of drawing."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._fonts: dict[str, _Twins] = {}

    @contextmanager
    def told(self) -> Iterator[None]:
        """Have WeasyPrint tell the characters of each glyph where it stands, in this block."""
        draw = _text.draw_first_line

        def draw_line(stream: Any, textbox: Any, *how: Any) -> Any:
            layout = textbox.pango_layout
            first_line = layout.get_first_line
            drawn: list[tuple[str, list[int]]] = []

            # The engine asks for the line when it is as it will be drawn, ellipsis and all.
            def noted_line() -> Any:
                line, index = first_line()
                twins = self._twins(stream, line, layout.text, textbox.style)
                drawn[:] = [(layout.text, twins)]
                return line, index

            layout.get_first_line = noted_line
            # It takes long to tell which font it is, and the engine asks for each again.
            stream.add_font = cache(stream.add_font)
            start, font = len(stream.stream), stream._current_font  # noqa: SLF001
            try:
                emojis = draw(stream, textbox, *how)
            finally:
                del layout.get_first_line, stream.add_font
            for text, twins in drawn:
                self.lines.append(Line(text, _is_spaced(textbox.style)))
                if any(twins):
                    self._show(stream, start, font, twins, how[-1])
            return emojis

        with (
            replaced(_text, draw_first_line=draw_line),
            replaced(_svg_text, draw_first_line=draw_line),
        ):
            yield

    def _twins(self, stream: Any, line: Any, text: str, style: Any) -> list[int]:
        """Return the twin of the font that each glyph of a line is to be shown in."""
        found: list[int] = []
        data = text.encode()
        hyphen = style["hyphenate_character"]
        runs = line.runs[0]
        while runs != ffi.NULL:
            run, runs = runs.data, runs.next
            item, glyphs = run.item, run.glyphs
            font, size = stream.add_font(item.analysis.font)
            if font.bitmap:
                return []
            twins = self._fonts.get(font.hash)
            if twins is None:
                twins = self._fonts[font.hash] = _Twins(font)
            # Two sizes of a font are one font in the file.
            font.to_unicode = twins.own
            table = memoryview(ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _GLYPH_BYTES))
            rows = table.cast("i")
            shaped = Run(
                rows[::_GLYPH_FIELDS].tolist(),
                rows[1::_GLYPH_FIELDS],
                rows[2::_GLYPH_FIELDS],
                rows[3::_GLYPH_FIELDS],
                ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs),
                data[item.offset : item.offset + item.length],
                size * TO_UNITS,
                right_to_left=bool(item.analysis.level % 2),
            )
            stand_for = characters(shaped)
            if runs == ffi.NULL and text.endswith(hyphen):
                last = 0 if shaped.right_to_left else -1
                if stand_for[last] == hyphen:
                    stand_for[last] = _SOFT_HYPHEN
            found += twins.of(shaped, stand_for)
        return found

    def _show(
        self,
        stream: Any,
        start: int,
        shown: tuple[str, float] | None,
        twins: list[int],
        matrix: Any,
    ) -> None:
        """Show the glyphs that a stream has from `start` on in their twins, or as shapes.

        `shown` is the font and its size before, `matrix` the line's.
        """
        operators = stream.stream[start:]
        del stream.stream[start:]
        line = _ShownLine(stream, self._fonts, shown, twins)
        for operator in operators:
            line.add(operator)
        line.end()
        if line.shapes:
            stream.end_text()
            stream.push_state()
            stream.set_matrix(*matrix.values)
            for shape in line.shapes:
                stream.stream.append(shape.operators())
                shape.font.drop(shape.glyph)
            stream.pop_state()
            stream.begin_text()

    def add_twins(self, pdf: Any) -> None:
        """Add the twins of fonts to a file, before its objects are written."""
        for name, font in self._fonts.items():
            fonts = next((o for o in pdf.objects if isinstance(o, dict) and name in o), None)
            if fonts is None:
                continue
            own = pdf.objects[int(fonts[name].split()[0])]
            for number, texts in enumerate(font.twins[1:], 1):
                cmap = _to_unicode(texts)
                pdf.add_object(cmap)
                twin = pydyf.Dictionary({**own, "ToUnicode": cmap.reference})
                pdf.add_object(twin)
                fonts[_name(name, number)] = twin.reference


_GLYPH_BYTES: int = ffi.sizeof("PangoGlyphInfo")
_GLYPH_FIELDS = _GLYPH_BYTES // ffi.sizeof("gint")


class _Twins:
    """A font and its twins: what the glyphs of each stand for, that of the font itself first."""

    def __init__(self, font: Any) -> None:
        self.font = font
        self.outlines = Outlines(font)
        self.own: dict[int, str] = font.to_unicode
        self.twins: list[dict[int, str]] = [self.own]
        self._usual: set[tuple[int, str]] = set()
        self._known: dict[tuple[int, str], int] = {}

    def of(self, run: Run, stand_for: Sequence[str]) -> Iterable[int]:
        """Return the twin in which each glyph that is drawn stands for what it is to.

        From right to left, kerning moves a letter off the one after it. Half of that is room enough
        for a reader to see a space, so its text is shown between its neighbours, unseen.
        """
        glyphs = run.glyphs
        if run.right_to_left:
            far = _GAP * run.size
            return [
                _APART - twin if twin >= 0 and offset > far and advance and text.strip() else twin
                for glyph, text, offset, advance in zip(
                    glyphs, stand_for, run.offsets, run.advances, strict=True
                )
                if glyph != EMPTY
                for twin in (self._twin(glyph, text),)
            ]
        if self._usual.issuperset(zip(glyphs, stand_for, strict=True)):
            return itertools.repeat(0, len(glyphs))
        return [
            self._twin(glyph, text)
            for glyph, text in zip(glyphs, stand_for, strict=True)
            if glyph != EMPTY
        ]

    def _twin(self, glyph: int, text: str) -> int:
        pair = glyph, text
        if pair in self._usual:
            return 0
        number = self._known.get(pair)
        if number is None:
            number = self._known[pair] = self._find(glyph, text)
            if number == 0:
                self._usual.add(pair)
        return number

    def _find(self, glyph: int, text: str) -> int:
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
            # The font has no such glyph; the engine shows another one under an unused number.
            codepoint = glyph - pango.PANGO_GLYPH_UNKNOWN_FLAG
            self.own[self.font.get_unused_glyph_id(codepoint)] = chr(codepoint)
            return 0
        if not text:
            return _SHAPE
        for number, texts in enumerate(self.twins):
            if texts.setdefault(glyph, text) == text:
                return number
        self.twins.append({glyph: text})
        return len(self.twins) - 1

    def drop(self, glyph: int) -> None:
        """Leave a glyph out of the font of which the engine has noted that it is shown as text."""
        if (glyph, self.own.get(glyph)) not in self._usual:
            self.own.pop(glyph, None)
            self.font.widths.pop(glyph, None)


@dataclass(frozen=True)
class _Shape:
    font: _Twins
    glyph: int
    size: float
    x: float
    y: float

    def operators(self) -> bytes:
        """Return what paints it. The path is the same at each place, so that it is packed well."""
        place = tuple(map(_number, (self.size / self.font.font.upem, self.x, self.y)))
        path = self.font.outlines.shape(self.glyph)
        return b"q %s 0 0 %s %s %s cm\n%s\nf\nQ" % (place[0], *place, path)


class _ShownLine:
    """A line whose operators are added to a stream, changed where a glyph needs a twin."""

    def __init__(
        self,
        stream: Any,
        fonts: Mapping[str, _Twins],
        shown: tuple[str, float] | None,
        twins: list[int],
    ) -> None:
        self.shapes: list[_Shape] = []
        self._operators: list[Any] = stream.stream
        self._fonts = fonts
        self._name, self._size = shown or ("", 0.0)
        self._twin = 0
        self._left = iter(twins)
        self._x = self._rise = self._room = 0.0
        self._pieces: list[bytes] = []

    def add(self, operator: Any) -> None:
        """Add an operator of the engine's."""
        if operator.endswith(b"] TJ"):
            for glyphs, room in _PIECES.findall(operator):
                if room:
                    self._room = float(room)
                    self._pieces.append(room)
                    self._x -= float(room) * self._size / 1000
                for at in range(0, len(glyphs), 4):
                    self._add_glyph(glyphs[at : at + 4])
            self._flush()
            return
        if operator.endswith(b" Tf"):
            name, size, _ = operator.split()
            self._name, self._size, self._twin = name[1:].decode(), float(size), 0
        elif operator.endswith(b" Ts"):
            self._rise = float(operator.split()[0])
        self._operators.append(operator)

    def _add_glyph(self, digits: bytes) -> None:
        font, glyph, twin = self._fonts[self._name], int(digits, 16), next(self._left)
        width = font.font.widths[glyph]
        if twin < 0:
            self.shapes.append(_Shape(font, glyph, self._size, self._x, self._rise))
        if twin == _SHAPE:
            self._pieces.append(b"%d" % -width)
        elif twin <= _APART:
            self._choose(_APART - twin)
            self._flush()
            half = -self._room / 2
            self._operators += (b"3 Tr", b"[%f <%s> %f] TJ" % (half, digits, -half), b"0 Tr")
        else:
            self._choose(twin)
            self._pieces.append(b"<%s>" % digits)
        self._x += width * self._size / 1000

    def _flush(self) -> None:
        if self._pieces:
            self._operators.append(b"[%s] TJ" % b" ".join(self._pieces).replace(b"> <", b""))
            self._pieces = []

    def _choose(self, twin: int) -> None:
        if twin == self._twin:
            return
        self._flush()
        self._twin = twin
        name = _name(self._name, twin).encode()
        self._operators.append(b"/%s %s Tf" % (name, _number(self._size)))

    def end(self) -> None:
        """End the line as the engine would: in the font itself."""
        self._choose(0)


def _number(value: float) -> bytes:
    return (b"%f" % value).rstrip(b"0").rstrip(b".")


def _name(font: str, twin: int) -> str:
    """Return the name of a font's twin among the resources of pages."""
    return f"{font}-{twin}" if twin else font


def _is_spaced(style: Any) -> bool:
    room = style["letter_spacing"]
    return room != "normal" and bool(room > _SPACED * style["font_size"])


def _to_unicode(texts: Mapping[int, str]) -> Any:
    """Return what says which characters glyphs stand for (ISO 32000-1, 9.10.3)."""
    entries = [
        f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>".encode()
        for glyph, text in sorted(texts.items())
    ]
    blocks = []
    for at in range(0, len(entries), _MOST_ENTRIES):
        block = entries[at : at + _MOST_ENTRIES]
        blocks += [b"%d beginbfchar" % len(block), *block, b"endbfchar"]
    return pydyf.Stream(
        [
            b"/CIDInit /ProcSet findresource begin",
            b"12 dict begin",
            b"begincmap",
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            b"/CMapName /Adobe-Identity-UCS def",
            b"/CMapType 2 def",
            b"1 begincodespacerange",
            b"<0000> <ffff>",
            b"endcodespacerange",
            *blocks,
            b"endcmap",
            b"CMapName currentdict /CMap defineresource pop",
            b"end",
            b"end",
        ],
        compress=True,
    )
