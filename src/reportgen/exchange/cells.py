"""Sheets and cells: what tables of every format are read into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reportgen.source.diagnostics import Span


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    """Nothing of its own: it is a part of the merged cell that begins elsewhere."""


TROUBLES = {
    Kind.FORMULA: (
        "table-formula",
        "'{}' is a formula, whose value may be an old one",
        "copy the cell and paste it as a value; of a text, put an apostrophe before it",
    ),
    Kind.ERROR: ("table-formula", "'{}' stands in place of a value", "mend the formula"),
    Kind.MERGED: (
        "merged-cell",
        "the cell is a part of a merged one, which has one value for several records",
        "unmerge it and fill in each cell",
    ),
}
"""The code, the message and the hint for a cell that holds no value of its own."""


class Cell(NamedTuple):
    """A cell: numbers as digits with a decimal point, dates as in ISO 8601."""

    text: str
    kind: Kind = Kind.TEXT


EMPTY = Cell("")


@dataclass(frozen=True)
class Sheet:
    """A table: rows that are not empty, each with the number of its first line or its row."""

    path: str
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]
    place: Callable[[int, int], Span]

    def span(self, row: int, column: int = 0) -> Span:
        """Give the place of a cell by the indexes of its row and its column."""
        return self.place(row, column)

    def cell(self, row: int, column: int) -> Cell:
        """Give a cell, or an empty one where the row has none."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else EMPTY
