"""The words of a file as a reader finds them, compared with those that were put in.

A reader puts words together from the places of glyphs and from what the file says that each glyph
stands for: who searches a file or copies from it gets these. PDFium is asked, which is in most
browsers. What is compared is letters, marks and digits, in order, and where words begin and end;
not whether a word is broken at the end of a line, nor how a line of several scripts is ordered:
every reader has rules of its own for these.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate, pairwise

import pypdfium2

from reportgen.pdf.characters import Line

_BLOCKS = ((0x300, 0x1E00), (0x20D0, 0x2100), (0x302A, 0x309B), (0xA66F, 0xABF0), (0xFE00, 0xFE30))
"""Where marks stand in Unicode, as far as living scripts have any."""

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Scripts that are read from right to left, in an expression."""

_NEAR = 40
"""How many pieces of text further on one may come out: readers sort what stands in one line."""

_FAR = 4000
"""How many letters further on is looked for what comes out again as it was put in."""

_CERTAIN = 8
"""How many letters a piece has at least that is found by itself."""


_MOST_COMPARED = 400
"""How many words are compared with each other at once, which takes time by their square."""


@dataclass(frozen=True)
class Misread:
    """Words that come out of a file otherwise than they were put in, and the words around them."""

    put: str
    got: str
    around: tuple[str, ...] = ()


def misread(data: bytes, lines: Sequence[Line], right_to_left: bool = False) -> list[Misread]:
    """Return the words that PDFium doesn't read in a file as they were drawn.

    Args:
        data: the file.
        lines: what was drawn, in this order.
        right_to_left: whether the file is read so. What stands in it from left to right may then
            have any order.
    """
    with pypdfium2.PdfDocument(data) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return list(compare(pages, lines, right_to_left))


def compare(
    pages: Iterable[str], lines: Sequence[Line], right_to_left: bool = False
) -> Iterator[Misread]:
    """Compare what a reader finds on pages with what was drawn; see `misread`."""
    got = unicodedata.normalize("NFC", "\n".join(pages))
    put = [Line(unicodedata.normalize("NFC", line.text), line.spaced) for line in lines]
    if not right_to_left:
        yield from _Reading(_expression(""), put, got).misread()
        return
    # PDFium takes a mark for the comma's that follows its letter.
    got = _stray_mark().sub(r"\2\1", got)
    reading = _Reading(_expression(f"(?=[{_RIGHT_TO_LEFT}])"), put, got)
    yield from _without_moved(list(reading.misread()))
    others = _expression(f"(?![{_RIGHT_TO_LEFT}])")
    lost = Counter("".join(others.findall("\n".join(line.text for line in put))))
    found = Counter("".join(others.findall(got)))
    if lost != found:
        more, less = lost - found, found - lost
        yield Misread("".join(sorted(more.elements())), "".join(sorted(less.elements())))


def _without_moved(found: Sequence[Misread]) -> Iterator[Misread]:
    """Leave out pieces of text that come out whole, within the next one.

    PDFium reads a row from its right end, and takes it apart where digits stand: what stands beside
    a title can come out within it.
    """
    left = list(found)
    while left:
        one = left.pop(0)
        is_piece = one.put and one.put == " ".join(one.around)
        if is_piece and left and (one.put, one.got) == (left[0].got, left[0].put):
            left.pop(0)
        else:
            yield one


def find(around: Sequence[str], texts: Iterable[str]) -> int | None:
    """Return the number of the first text in which words stand; the first and last may be cut."""
    words = _expression("")
    within = " ".join(around[1:-1] if len(around) > 3 else around)
    for number, text in enumerate(texts):
        if within and within in " ".join(words.findall(unicodedata.normalize("NFC", text))):
            return number
    return None


@cache
def _marks() -> str:
    """Return the marks, in an expression."""
    return "".join(
        chr(point)
        for start, end in _BLOCKS
        for point in range(start, end)
        if unicodedata.category(chr(point)).startswith("M")
    )


@cache
def _expression(first: str) -> re.Pattern[str]:
    """Return what finds words: letters and digits that `first` lets pass, with their marks."""
    return re.compile(rf"(?:{first}[^\W_][{_marks()}\u200c\u200d]*)+")


@cache
def _stray_mark() -> re.Pattern[str]:
    return re.compile(rf"([^\w\s{_marks()}]+)([{_marks()}]+)")


class _Piece:
    """A piece of text: its letters without what stands between words, and where words end."""

    def __init__(self, words: list[str], *, spaced: bool = False) -> None:
        self.words = words
        self.letters = "".join(words)
        self.ends = list(accumulate(map(len, words)))
        self.spaced = spaced

    def between(self, start: int, end: int) -> list[str]:
        """Return the words between two letters."""
        within = self.ends[bisect_right(self.ends, start) : bisect_left(self.ends, end)]
        places = [start, *within, end]
        return [self.letters[a:b] for a, b in pairwise(places) if a < b]


class _Reading:
    """What a reader finds, gone through with what was drawn."""

    def __init__(self, words: re.Pattern[str], lines: Sequence[Line], text: str) -> None:
        pieces = (_Piece(words.findall(line.text), spaced=line.spaced) for line in lines)
        self._left = [piece for piece in pieces if piece.words][::-1]
        self._got = _Piece(words.findall(text))
        self._ends = set(self._got.ends)
        self._at = 0

    def misread(self) -> Iterator[Misread]:
        """Return what differs."""
        while self._left:
            piece = self._next()
            if piece is None:
                yield from self._lost()
                continue
            start, self._at = self._at, self._at + len(piece.letters)
            got = self._got.between(start, self._at)
            if got != piece.words and not piece.spaced:
                yield from _differences([piece], got)
        if self._at < len(self._got.letters):
            yield Misread("", " ".join(self._got.between(self._at, len(self._got.letters))))
            self._at = len(self._got.letters)

    def _next(self) -> _Piece | None:
        """Take out the piece that comes next in what was found."""
        letters, at = self._got.letters, self._at
        near = range(len(self._left) - 1, max(-1, len(self._left) - 1 - _NEAR), -1)
        fitting = [n for n in near if letters.startswith(self._left[n].letters, at)]
        for number in fitting:
            if at + len(self._left[number].letters) in self._ends:
                return self._left.pop(number)
        return self._left.pop(fitting[0]) if fitting else None

    def _lost(self) -> Iterator[Misread]:
        """Go on where something comes out again as it was put in."""
        letters = self._got.letters
        put: list[_Piece] = []
        found = -1
        while self._left and found < 0:
            put.append(self._left.pop())
            if self._left and len(self._left[-1].letters) >= _CERTAIN:
                found = letters.find(self._left[-1].letters, self._at, self._at + _FAR)
        end = found if found >= 0 else len(letters)
        start, self._at = self._at, end
        yield from _differences(put, self._got.between(start, end))


def _differences(pieces: list[_Piece], got: list[str]) -> Iterator[Misread]:
    """Return which words of pieces differ; of very many, the first ones."""
    put = [word for piece in pieces for word in piece.words][:_MOST_COMPARED]
    got = got[:_MOST_COMPARED]
    around = [tuple(piece.words) for piece in pieces for _ in piece.words]
    matcher = SequenceMatcher(None, put, got, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Misread(" ".join(put[a:b]), " ".join(got[c:d]), around[min(a, len(put) - 1)])
