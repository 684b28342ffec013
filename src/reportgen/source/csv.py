"""Tables of numbers: a CSV file whose first column names the rows and whose others are series."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import MAX_CELL_CHARS, MAX_CSV_COLUMNS, MAX_CSV_ROWS
from reportgen.source.text import read_text


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
    found = source.records(diagnostics, MAX_CSV_ROWS + 1)
    records = [(line, [on_one_line(c) for c in r]) for line, r in found]
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
    if not _check_size(records, source, diagnostics):
        return None
    (head_line, head), *others = records
    _check_head(head, head_line, source, diagnostics)
    rows: list[Row] = []
    names: dict[str, int] = {}
    for line, cells in others:
        if len(cells) != len(head):
            diagnostics.error(
                "ragged-csv",
                Span(str(path), line),
                f"this row has {_cells(len(cells))}, the head row has {len(head)}",
                "give each row as many cells as there are columns",
            )
            continue
        name = cells[0]
        if not name or name in names:
            diagnostics.error(
                "csv-row-name",
                source.span(line, 0),
                f"the row '{name}' stands here a second time (first in line {names[name]})"
                if name
                else "the row has no name",
                "give each row a name of its own in the first column",
            )
        names.setdefault(name, line)
        numbers = tuple(map(number_in, cells[1:]))
        rows.append(Row(name, numbers, line))
        wrong = [n for n, number in enumerate(numbers, 1) if number is None and cells[n]]
        places = tuple(islice(source.spans(line), len(cells) if wrong else 0))
        for index in wrong:
            diagnostics.error(
                "not-a-number",
                places[index],
                f"'{cells[index]}' in the column '{head[index]}' is not a number",
                "write digits with a decimal point and no sign of unit, such as 12.5",
            )
    if len(diagnostics) > before:
        return None
    return Table(path, tuple(head), tuple(rows))


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
        """Give the place of a cell of the row that begins in `line`."""
        return next(islice(self.spans(line), index, None))

    def spans(self, line: int) -> Iterator[Span]:
        """Give the place of each cell of the row that begins in `line`; it may run over lines."""
        column = 1
        while True:
            text = self._lines[line - 1]
            start = column - 1
            while text[start : start + 1].isspace() and text[start] != self._delimiter:
                start += 1
            yield Span(self._path, line, start + 1)
            if text.startswith('"', column - 1):
                line, column = self._behind_quoted(line, column)
                text = self._lines[line - 1]
            column = text.find(self._delimiter, column - 1) + 2

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
    """Give a cell without the line breaks that a spreadsheet makes of a long head."""
    return " ".join(filter(None, map(str.strip, cell.split("\n"))))


def _check_size(
    records: list[tuple[int, list[str]]], source: CsvText, diagnostics: Diagnostics
) -> bool:
    """Tell whether a table is within the limits, and note what isn't."""
    before = len(diagnostics)
    if len(records) > MAX_CSV_ROWS:
        diagnostics.error(
            "over-limit",
            source.span(records[MAX_CSV_ROWS][0], 0),
            f"the table has more than {MAX_CSV_ROWS} rows",
            "leave the rows out that no chart can show",
        )
    for line, cells in records[:MAX_CSV_ROWS]:
        if len(cells) > MAX_CSV_COLUMNS:
            diagnostics.error(
                "over-limit",
                source.span(line, MAX_CSV_COLUMNS),
                f"the row has {len(cells)} cells; at most {MAX_CSV_COLUMNS} are read",
                "leave the columns out that no chart can show",
            )
        for index, cell in enumerate(cells[:MAX_CSV_COLUMNS]):
            if len(cell) > MAX_CELL_CHARS:
                diagnostics.error(
                    "over-limit",
                    source.span(line, index),
                    f"the cell has {len(cell)} signs; at most {MAX_CELL_CHARS} are read",
                    "shorten it",
                )
    return len(diagnostics) == before


def _check_head(head: list[str], line: int, source: CsvText, diagnostics: Diagnostics) -> None:
    """Note columns that can't be told apart."""
    if len(head) < 2:
        diagnostics.error(
            "csv-columns",
            source.span(line, 0),
            "the table has one column only",
            "name the rows in the first column, and part columns by commas or semicolons",
        )
    seen: set[str] = set()
    for name, span in zip(head, source.spans(line), strict=False):
        if not name or name in seen:
            diagnostics.error(
                "csv-columns",
                span,
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
