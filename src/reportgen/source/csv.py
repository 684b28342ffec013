"""Tables of numbers: a CSV file whose first column names the rows and whose others are series."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import PurePosixPath

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
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
    lines = text.split("\n")
    delimiter = ";" if ";" in lines[0] and "," not in lines[0] else ","
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((line, [cell.strip() for cell in record]))
            line = reader.line_num + 1
    except csv.Error as error:
        diagnostics.error(
            "invalid-csv",
            Span(str(path), reader.line_num),
            f"this is not valid CSV ({error})",
            'close each quotation mark, and double one inside a cell ("")',
        )
        return None
    if not records:
        diagnostics.error(
            "empty-csv",
            Span(str(path)),
            "the file has no head row",
            "name the columns in the first line, for example 'year,Commitments'",
        )
        return None

    def cell_span(line: int, cells: list[str], index: int) -> Span:
        source, column = lines[line - 1], 0
        for cell in cells[:index]:
            column = source.find(delimiter, source.find(cell, column) + len(cell)) + 1
        column += len(source[column:]) - len(source[column:].lstrip())
        return Span(str(path), line, column + 1)

    head_line, head = records[0]
    if len(head) < 2:
        diagnostics.error(
            "csv-columns",
            Span(str(path), head_line),
            "the table has one column only",
            "put the names of the rows in the first column and their numbers in the others",
        )
        return None
    for index, name in enumerate(head):
        if not name or name in head[:index]:
            diagnostics.error(
                "csv-columns",
                cell_span(head_line, head, index),
                f"the column head '{name}' stands twice" if name else "a column has no head",
                "give each column a name of its own",
            )
    rows: list[Row] = []
    names: dict[str, int] = {}
    for line, cells in records[1:]:
        if len(cells) != len(head):
            diagnostics.error(
                "ragged-csv",
                Span(str(path), line),
                f"this row has {len(cells)} cells, the head row has {len(head)}",
                "give each row as many cells as there are columns",
            )
            continue
        if not cells[0] or cells[0] in names:
            diagnostics.error(
                "csv-row-name",
                cell_span(line, cells, 0),
                f"the row '{cells[0]}' stands here a second time (first in line {names[cells[0]]})"
                if cells[0]
                else "the row has no name",
                "give each row a name of its own in the first column",
            )
        names.setdefault(cells[0], line)
        values: list[float | None] = []
        for index, cell in enumerate(cells[1:], 1):
            number = _number(cell)
            if number is None and cell:
                diagnostics.error(
                    "not-a-number",
                    cell_span(line, cells, index),
                    f"'{cell}' in the column '{head[index]}' is not a number",
                    "write digits with a decimal point and no sign of unit, such as 12.5",
                )
            values.append(number)
        rows.append(Row(cells[0], tuple(values), line))
    if len(diagnostics) > before:
        return None
    return Table(path, tuple(head), tuple(rows))


def _number(cell: str) -> float | None:
    """Give a finite number in plain ASCII notation, or nothing."""
    if not cell or not cell.isascii() or "_" in cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
