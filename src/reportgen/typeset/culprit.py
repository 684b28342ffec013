"""Which declarations the engine fails at, when all that is known is that it fails.

It is tried with the first declarations of the style sheets only: the last one of the fewest with
which it still fails is the culprit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePosixPath

from reportgen.project import Project
from reportgen.source.css import Declaration, read_style_sheet
from reportgen.source.diagnostics import Diagnostics

_UNKNOWN = "x-"
"""What makes the name of a property one that the engine passes over."""


def culprits(
    project: Project, paths: Iterable[PurePosixPath], fails: Callable[[Project], bool]
) -> tuple[Declaration, ...]:
    """Give the declarations at which the engine fails: one, or two that don't go together.

    There are none if it fails without any. It is tried twice for each time that the number of
    declarations can be halved.

    Args:
        project: where the style sheets are.
        paths: the style sheets, in order.
        fails: tells whether the engine fails with the style sheets of another project.
    """
    sheets = [sheet for path in paths if (sheet := read_style_sheet(project, path, Diagnostics()))]
    # A variable does nothing by itself, and without it much else would fail.
    found = [
        (sheet, one)
        for sheet in sheets
        for one in sheet.declarations
        if not one.name.startswith("--")
    ]

    def fails_with(number: int, last: int | None = None) -> bool:
        left_out = defaultdict(list)
        for place, (sheet, one) in enumerate(found[number:], number):
            if place != last:
                left_out[sheet.path].append(one.at)
        texts = {sheet.path: _without(sheet.text, left_out[sheet.path]) for sheet in sheets}
        return fails(_Changed(project.root, project, texts))

    last = _fewest(len(found), fails_with) - 1
    if last < 0:
        return ()
    other = _fewest(last, lambda number: fails_with(number, last)) - 1
    places = (last,) if other < 0 else (other, last)
    return tuple(found[place][1] for place in places)


def _fewest(number: int, fails_with: Callable[[int], bool]) -> int:
    """Give the smallest number with which it fails, as it does with `number`."""
    if not number or fails_with(0):
        return 0
    good = 0
    while number - good > 1:
        middle = (good + number) // 2
        if fails_with(middle):
            number = middle
        else:
            good = middle
    return number


def _without(text: str, places: list[int]) -> bytes:
    """Give a style sheet with the declarations at some places made unknown."""
    ends = [*places, len(text)]
    pieces = [text[: ends[0]]]
    pieces += (f"{_UNKNOWN}{text[a:b]}" for a, b in pairwise(ends))
    return "".join(pieces).encode()


@dataclass(frozen=True)
class _Changed(Project):
    """A project in which some files are others."""

    project: Project
    files: Mapping[PurePosixPath, bytes] = field(default_factory=dict)

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes of a file; see `Project.read`."""
        data = self.files.get(PurePosixPath(path))
        return self.project.read(path) if data is None else data

    def is_file(self, path: PurePosixPath | str) -> bool:
        """Tell whether `path` is a file; see `Project.is_file`."""
        return self.project.is_file(path)
