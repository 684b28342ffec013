"""What has changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reportgen.source.limits import MAX_COMPARED_WORDS


class Fate(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Words:
    """Words that follow each other and have the same fate, with the spaces behind them."""

    fate: Fate
    text: str


def changed_words(old: str, new: str) -> tuple[Words, ...]:
    """Give both texts as runs of words: those that stayed, those that went, those that came.

    The runs that are not added make the old text, those that are not removed the new one.
    """
    before, after = re.findall(r"\S+\s*|\s+", old), re.findall(r"\S+\s*|\s+", new)
    return tuple(run for run in _runs(before, after) if run.text)


def _runs(before: list[str], after: list[str]) -> Iterator[Words]:
    if max(len(before), len(after)) > MAX_COMPARED_WORDS:
        yield from _ends(before, after)
        return
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield Words(Fate.SAME, "".join(before[start:end]))
        else:
            yield Words(Fate.REMOVED, "".join(before[start:end]))
            yield Words(Fate.ADDED, "".join(after[new_start:new_end]))


def _ends(before: list[str], after: list[str]) -> Iterator[Words]:
    """Compare texts from both ends only: to compare all words takes the square of their number."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    yield Words(Fate.SAME, "".join(before[:start]))
    yield Words(Fate.REMOVED, "".join(before[start : len(before) - end]))
    yield Words(Fate.ADDED, "".join(after[start : len(after) - end]))
    yield Words(Fate.SAME, "".join(before[len(before) - end :]))


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """Give how many words two texts begin with alike."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (old, new) in pairs if old != new), min(len(before), len(after)))
