"""Tables of numbers: a CSV file whose first column names the rows and whose others are series."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import (
    MAX_CELL_CHARS,
    MAX_CSV_CELLS,
    MAX_CSV_COLUMNS,
    MAX_CSV_ROWS,
)
from reportgen.source.text import read_text

Records = Sequence[tuple[int, Sequence[str]]]
"""Rows of cells that are not empty, each with its line."""

PlaceOf = Callable[[int, int], Span]
"""Gives the place of a cell by the line of its row and its index."""


@dataclass(frozen=True)
class Row:
    """A row: its name in the first column, and a number or a gap in each other one."""

    name: str
    values: tuple[float | None, ...]
    line: int


@dataclass(frozen=True)
class Table:
    """A table of numbers. `columns` are the heads of all columns, the first one included."""

    path: PurePosixPath
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(project: Project, path: PurePosixPath, diagnostics: Diagnostics) -> Table | None:
    """Read a CSV file of numbers, or give nothing and all that is wrong in it.

    Commas or semicolons part the cells (whichever the first line has), numbers have a decimal
    point, an empty cell is a gap, and empty lines are passed over.
    """
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_table(text, path, diagnostics)


def parse_table(text: str, path: PurePosixPath, diagnostics: Diagnostics) -> Table | None:
    """Parse the text of such a file; see `read_table`."""
    before = len(diagnostics)
    source = CsvText(text, str(path), delimiter_of(text))
    records = source.records(diagnostics, MAX_CSV_ROWS + 1)
    if len(diagnostics) > before:
        return None
    if not records:
        diagnostics.error(
            "empty-csv",
            Span(str(path)),
            "the file has no head row",
            "name the columns in the first line, for example 'year,Commitments'",
        )
        return None
    return table_of_records(records, path, source.span, diagnostics)


def table_of_records(
    records: Records, path: PurePosixPath, place: PlaceOf, diagnostics: Diagnostics
) -> Table | None:
    """Return the table that records make, or nothing and all that is wrong in it.

    Args:
        records: the rows of cells, the head row first; there is at least that one.
        path: the file that the table is of.
        place: gives the place of a cell by the line of its row and its index.
        diagnostics: gets what is wrong.
    """
    before = len(diagnostics)
    if not _is_within_limits(records, place, diagnostics):
        return None
    (head_line, head), *others = [(line, [*map(on_one_line, cells)]) for line, cells in records]
    _check_head(head, head_line, place, diagnostics)
    rows: list[Row] = []
    names: dict[str, int] = {}
    for line, cells in others:
        if len(cells) != len(head):
            diagnostics.error(
                "ragged-csv",
                place(line, 0),
                f"this row has {_cells(len(cells))}, the head row has {len(head)}",
                "give each row as many cells as there are columns",
            )
            continue
        name = cells[0]
        if not name or name in names:
            diagnostics.error(
                "csv-row-name",
                place(line, 0),
                f"the row '{name}' stands here a second time"
                f" (first in line {place(names[name], 0).line})"
                if name
                else "the row has no name",
                "give each row a name of its own in the first column",
            )
        names.setdefault(name, line)
        numbers = tuple(map(number_in, cells[1:]))
        rows.append(Row(name, numbers, line))
        for index, number in enumerate(numbers, 1):
            if number is None and cells[index]:
                diagnostics.error(
                    "not-a-number",
                    place(line, index),
                    f"'{cells[index]}' in the column '{head[index]}' is not a number",
                    "write digits with a decimal point and no sign of unit, such as 12.5",
                )
    return Table(path, tuple(head), tuple(rows)) if len(diagnostics) == before else None


def delimiter_of(text: str) -> str:
    """Give what parts the cells of a table of numbers, as its first line tells."""
    first = next(filter(str.strip, text.split("\n")), "")
    return ";" if ";" in first and "," not in first else ","


class CsvText:
    """The text of a CSV file: its records, and the place of each cell."""

    def __init__(self, text: str, path: str, delimiter: str) -> None:
        self._lines = text.split("\n")
        self._path = path
        self._delimiter = delimiter
        self._line = 0
        self._spans: list[Span] = []
        self._further: Iterator[Span] = iter(())

    def records(
        self, diagnostics: Diagnostics, at_most: int | None = None
    ) -> list[tuple[int, list[str]]]:
        """Give the records that are not empty with their first lines; none of what isn't CSV.

        No more are read than `at_most`.
        """
        reader = csv.reader(
            (f"{line}\n" for line in self._lines), delimiter=self._delimiter, strict=True
        )
        records: list[tuple[int, list[str]]] = []
        line = 1
        try:
            for record in reader:
                if any(map(str.strip, record)):
                    records.append((line, record))
                line = reader.line_num + 1
                if len(records) == at_most:
                    break
        except csv.Error as error:
            diagnostics.error(
                "invalid-csv",
                Span(self._path, line),
                f"the row that begins here is not valid CSV ({error})",
                'close each quotation mark, and double one inside a cell ("")',
            )
            return []
        return records

    def span(self, line: int, index: int) -> Span:
        """Return the place of a cell of the row that begins in `line`, or of the row's last one.

        The row that was asked for last is remembered as far as it was read: to ask for all cells of
        a row, one behind the other, takes as long as to read it once.
        """
        if line != self._line:
            self._line, self._spans, self._further = line, [], self._places(line)
        self._spans += islice(self._further, max(index + 1 - len(self._spans), 0))
        return self._spans[min(index, len(self._spans) - 1)]

    def _places(self, line: int) -> Iterator[Span]:
        """Return the place of each cell of the row that begins in `line`; it may run over lines."""
        column = 1
        while column:
            text = self._lines[line - 1]
            start = column - 1
            while text[start : start + 1].isspace() and text[start] != self._delimiter:
                start += 1
            yield Span(self._path, line, start + 1)
            if text.startswith('"', column - 1):
                line, column = self._behind_quoted(line, column)
                text = self._lines[line - 1]
            column = text.find(self._delimiter, column - 1) + 1
            column = column and column + 1

    def _behind_quoted(self, line: int, column: int) -> tuple[int, int]:
        """Give the place behind the cell whose opening quotation mark is at a place."""
        while True:
            end = self._lines[line - 1].find('"', column)
            if end < 0:
                line, column = line + 1, 0
            elif self._lines[line - 1].startswith('""', end):
                column = end + 2
            else:
                return line, end + 2


def on_one_line(cell: str) -> str:
    """Return a cell without the line breaks that a spreadsheet makes of a long head."""
    if "\n" not in cell:
        return cell.strip()
    return " ".join(filter(None, map(str.strip, cell.split("\n"))))


def _is_within_limits(records: Records, place: PlaceOf, diagnostics: Diagnostics) -> bool:
    """Tell whether a table is within the limits, and note what isn't."""
    before = len(diagnostics)
    if len(records) > MAX_CSV_ROWS:
        diagnostics.error(
            "over-limit",
            place(records[MAX_CSV_ROWS][0], 0),
            f"the table has more than {MAX_CSV_ROWS} rows",
            "leave the rows out that no chart can show",
        )
    count = 0
    for line, cells in records[:MAX_CSV_ROWS]:
        if len(cells) > MAX_CSV_COLUMNS:
            diagnostics.error(
                "over-limit",
                place(line, MAX_CSV_COLUMNS),
                f"the row has {len(cells)} cells; at most {MAX_CSV_COLUMNS} are read",
                "leave the columns out that no chart can show",
            )
        if count <= MAX_CSV_CELLS < count + len(cells):
            diagnostics.error(
                "over-limit",
                place(line, 0),
                f"the table has more than {MAX_CSV_CELLS:,} cells",
                "leave the rows and columns out that no chart can show",
            )
        count += len(cells)
        for index, cell in enumerate(cells[:MAX_CSV_COLUMNS]):
            if len(cell) > MAX_CELL_CHARS:
                diagnostics.error(
                    "over-limit",
                    place(line, index),
                    f"the cell has {len(cell)} characters; at most {MAX_CELL_CHARS} are read",
                    "shorten it",
                )
    return len(diagnostics) == before


def _check_head(head: Sequence[str], line: int, place: PlaceOf, diagnostics: Diagnostics) -> None:
    """Note columns that can't be told apart."""
    if len(head) < 2:
        diagnostics.error(
            "csv-columns",
            place(line, 0),
            "the table has one column only",
            "name the rows in the first column, and part columns by commas or semicolons",
        )
    seen: set[str] = set()
    for index, name in enumerate(head):
        if not name or name in seen:
            diagnostics.error(
                "csv-columns",
                place(line, index),
                f"the column head '{name}' stands twice" if name else "a column has no head",
                "give each column a name of its own",
            )
        seen.add(name)


def _cells(number: int) -> str:
    return f"{number} cell{'' if number == 1 else 's'}"


def number_in(cell: str) -> float | None:
    """Give a finite number in plain ASCII notation, or nothing."""
    if not cell or not cell.isascii() or "_" in cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
