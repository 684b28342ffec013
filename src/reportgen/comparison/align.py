"""Which item of a list is which item of another one: what stayed, moved, came, went."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LIKE = 0.5
"""How alike two texts of one place must be, of 1, for one to be the other's new form."""

LIKE_AFAR = 0.6
"""The same for texts of two places: many a text is a little like some other one."""

_MOST = 250_000
"""For how many pairs of texts likeness is reckoned: more would take long, and tell nothing."""


@dataclass(frozen=True)
class Pair:
    """Where an item stands in the old list and where in the new one; nothing where it isn't."""

    old: int | None
    new: int | None
    moved: bool = False


def align(old: Sequence[str], new: Sequence[str]) -> tuple[Pair, ...]:
    """Give all items of two lists of texts, each once, in the order of the new list.

    Equal texts are one item wherever they stand, and so are texts that are alike. An item that is
    gone comes where it stood.
    """
    partners = dict(_equal(old, new))
    partners.update(_alike(old, new, partners))
    staying = unmoved(sorted(partners), [partners[index] for index in sorted(partners)])
    gone = iter([index for index in range(len(old)) if index not in partners])
    return tuple(_in_order(len(new), partners, staying, gone))


def unmoved(old: Sequence[int], new: Sequence[int]) -> frozenset[int]:
    """Give the most items, by their old places, whose order stayed as it was.

    Args:
        old: the old places of items, in order.
        new: the new place of each.
    """
    ends: list[int] = []  # of the best run of each length, its last item's new place
    at: list[int] = []
    before: list[int | None] = []
    for index, place in enumerate(new):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [index]
        before.append(at[length - 1] if length else None)
    found = set()
    index_or_none = at[-1] if at else None
    while index_or_none is not None:
        found.add(old[index_or_none])
        index_or_none = before[index_or_none]
    return frozenset(found)


def _equal(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give pairs of equal texts: first those in the same order, then those that moved."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    taken: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        taken.update((block.a + step, block.b + step) for step in range(block.size))
    yield from taken.items()
    free: dict[str, list[int]] = {}
    used = set(taken.values())
    for index in reversed(range(len(new))):
        if index not in used:
            free.setdefault(new[index], []).append(index)
    for index, text in enumerate(old):
        if index not in taken and free.get(text):
            yield index, free[text].pop()


def _alike(
    old: Sequence[str], new: Sequence[str], partners: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Give pairs of texts that are alike, the most alike first."""
    left = [index for index in range(len(old)) if index not in partners]
    used = set(partners.values())
    right = [index for index in range(len(new)) if index not in used]
    if len(left) * len(right) > _MOST:
        return
    rated = []
    before, behind = sorted(partners), sorted(used)
    for a in left:
        for b in right:
            likeness = _likeness(old[a], new[b])
            # As many that stayed stand before the one as before the other: it is one place.
            is_near = bisect_left(before, a) == bisect_left(behind, b)
            if likeness >= (LIKE if is_near else LIKE_AFAR):
                rated.append((-likeness, abs(a - b), a, b))
    gone: set[int] = set()
    come: set[int] = set()
    for _, _, a, b in sorted(rated):
        if a not in gone and b not in come:
            gone.add(a)
            come.add(b)
            yield a, b


def _likeness(old: str, new: str) -> float:
    matcher = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False)
    if matcher.real_quick_ratio() < LIKE or matcher.quick_ratio() < LIKE:
        return 0.0
    return matcher.ratio()


def _in_order(
    count: int, partners: dict[int, int], staying: frozenset[int], gone: Iterator[int]
) -> Iterator[Pair]:
    by_new = {new: old for old, new in partners.items()}
    next_gone = next(gone, None)
    for index in range(count):
        old = by_new.get(index)
        if old is not None and old in staying:
            while next_gone is not None and next_gone < old:
                yield Pair(next_gone, None)
                next_gone = next(gone, None)
        yield Pair(old, index, old is not None and old not in staying)
    while next_gone is not None:
        yield Pair(next_gone, None)
        next_gone = next(gone, None)
