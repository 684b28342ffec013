"""Which characters each glyph of a run of text stands for.

A PDF says so glyph by glyph, and readers put the text together in the order of the glyphs. So each
glyph gets characters such that, read in this order, they are the text:

- A glyph of several characters, such as a ligature, stands for all of them. From right to left it
  has them in reverse, as readers turn the whole line round, character by character; for the same
  reason a bracket stands for what it looks like.
- Where several glyphs make up several characters, as in the syllables of Devanagari, each gets one
  character, and the last one the rest; so a vowel that is drawn before its consonant still comes
  after it.
- A mark that takes no room stands for nothing, and the letter that carries it for both, wherever a
  reader would take the mark for a word of its own. So does a glyph for which no character is left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from icu import Char
from weasyprint.text.ffi import pango

EMPTY: int = pango.PANGO_GLYPH_EMPTY
"""The glyph of a character that is not drawn."""

_JOINERS = "\u200c\u200d"
"""Characters that are not drawn but belong to a word: they say which letters are joined."""

_FIRST_MARK = "\u0300"
"""The first character that is a mark."""

_FAR = 0.08
"""From how far off its place a mark is taken for a word of its own, as a part of the size."""


@dataclass(frozen=True)
class Run:
    """A run of glyphs in one font and direction, from left to right, as they are drawn.

    `glyphs` has `EMPTY` where nothing is drawn. `advances`, `offsets` and `rises` say how much room
    each glyph takes, and how far right and up it is moved, in the unit of `size`, the font's size.
    `clusters` says at which byte of `text` (UTF-8) the characters of each glyph begin.
    """

    glyphs: Sequence[int]
    advances: Sequence[int]
    offsets: Sequence[int]
    rises: Sequence[int]
    clusters: Sequence[int]
    text: bytes
    size: float
    right_to_left: bool = False


def characters(run: Run) -> list[str]:
    """Return the characters of each glyph of a run; none for one that is only a shape."""
    text = run.text.decode()
    if (
        len(text) == len(run.glyphs) == len(set(run.clusters))
        and not run.right_to_left
        and max(text) < _FIRST_MARK
        and EMPTY not in run.glyphs
    ):
        return list(text)
    found = _Reading(run).characters()
    return list(map(_turned_round, found)) if run.right_to_left else found


class _Reading:
    """A run of glyphs in the order in which it is read."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._found = [""] * len(run.glyphs)
        self._left = self._clusters()[::-1]

    def _clusters(self) -> list[tuple[list[int], str]]:
        """Return the places of the glyphs of each cluster, and its text."""
        text, clusters = self._run.text, self._run.clusters
        starts = sorted(set(clusters))
        found: dict[int, tuple[list[int], str]] = {
            start: ([], text[start:end].decode())
            for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
        }
        places = range(len(clusters))
        for place in reversed(places) if self._run.right_to_left else places:
            found[clusters[place]][0].append(place)
        return list(found.values())

    def characters(self) -> list[str]:
        """Return the characters of each glyph, in the order of the text."""
        glyphs, advances, found, left = (
            self._run.glyphs,
            self._run.advances,
            self._found,
            self._left,
        )
        carrier: int | None = None
        before = ""
        while left:
            places, text = left.pop()
            if len(places) == 1 and advances[places[0]] and glyphs[places[0]] != EMPTY:
                (carrier,) = places
                found[carrier], before = before + text, ""
                continue
            shown = [place for place in places if glyphs[place] != EMPTY]
            if not shown:
                text = "".join(one for one in text if one in _JOINERS)
            if carrier is not None and (not shown or self._is_mark(shown, text)):
                found[carrier] += text
            elif not shown:
                before += text
            else:
                carrier = self._share(before, text, shown)
                before = ""
        return found

    def _share(self, before: str, text: str, shown: list[int]) -> int:
        """Share the text of a cluster among its glyphs; return the one that marks belong to."""
        carriers = self._carriers(shown)
        # A vowel in two pieces, one on each side of its consonant, is one character.
        while len(carriers) > len(text) and self._left and _is_combining(self._left[-1][1]):
            more, follows = self._left.pop()
            shown += more
            text += follows
            carriers = self._carriers(shown)
        if len(carriers) > len(text):
            text = unicodedata.normalize("NFD", text)
        *first, last = carriers
        for place, one in zip(first, before + text, strict=False):
            self._found[place] = one
        self._found[last] = (before + text)[len(first) :]
        return carriers[0] if self._run.right_to_left else last

    def _carriers(self, shown: list[int]) -> list[int]:
        """Return the glyphs that take room, or else the first one."""
        return [place for place in shown if self._run.advances[place]] or shown[:1]

    def _is_mark(self, shown: list[int], text: str) -> bool:
        """Tell whether glyphs are marks that readers would take for a word of their own."""
        run = self._run
        if any(run.advances[place] for place in shown) or not _is_combining(text):
            return False
        before = shown[0] - 1
        return (
            run.right_to_left
            or not (before >= 0 and run.advances[before])
            or any(run.rises[place] or abs(run.offsets[place]) > _FAR * run.size for place in shown)
        )


@cache
def _is_combining(text: str) -> bool:
    return all(unicodedata.category(one).startswith("M") for one in text)


@cache
def _turned_round(text: str) -> str:
    """Return what stands for characters that are read from right to left."""
    return text[::-1] if len(text) > 1 else text and str(Char.charMirror(text))
