"""A report's data as other programs read it: records and numbers as CSV, XLSX and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from reportgen.model.report import Commitment, Report
from reportgen.source.csv import Table

COLUMNS = (
    "id",
    "member",
    "member_name",
    "country_code",
    "region",
    "pillar",
    "year",
    "title",
    "summary",
    "url",
)
"""What a record has in a table, in order; programs may rely on it."""

_LIKE_A_FORMULA = re.compile(r"(^|[;\t\n\r])(?='*[=+\-@\t\r＝＋－＠])")
"""Where a text begins that a spreadsheet program would take for a formula, or that is guarded.

That is at the beginning of the cell, and behind what may part cells in another country's settings.
The full-width signs count in Chinese and Japanese ones.
"""

_GUARDED = re.compile(rf"{_LIKE_A_FORMULA.pattern}'")

_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What begins a letter by its number in a text of an XLSX file (ISO/IEC 29500-1, 22.9.2.19)."""

Cell = str | float | None


def commitments_csv(report: Report) -> str:
    """Give the records as CSV (RFC 4180): a head row, then a record a row, lines ended by CRLF.

    Title and summary are the content's own inline Markdown; a record without an address has an
    empty cell. A text that a spreadsheet program would run as a formula is guarded by an apostrophe
    in front; see `guarded`.
    """
    return _csv((COLUMNS, *_records(report)))


def commitments_xlsx(report: Report) -> bytes:
    """Give the records as an XLSX file with one sheet, the rows and columns as in the CSV.

    All texts are cells of text, which no program runs. The limit of a text of content lies far
    below that of a cell, 32,767 characters.
    """
    return _xlsx("commitments", (COLUMNS, *_records(report)))


def commitments_json(report: Report) -> str:
    """Give the records as JSON: a list of objects, with `COLUMNS` for keys.

    The year is a number, and `url` is null for a record without an address.
    """
    return _json(COLUMNS, _records(report))


def figure_csv(table: Table) -> str:
    """Give a figure's numbers as CSV, written as the records are; a gap is an empty cell."""
    return _csv((table.columns, *_numbers(table)))


def figure_xlsx(table: Table) -> bytes:
    """Give a figure's numbers as an XLSX file with one sheet."""
    return _xlsx("figure", (table.columns, *_numbers(table)))


def figure_json(table: Table) -> str:
    """Give a figure's numbers as JSON: a list of objects, with the columns for keys."""
    return _json(table.columns, _numbers(table))


def digits(number: float) -> str:
    """Give a number as a reader writes it: 12 for 12.0, and no noise of binary arithmetic."""
    try:
        rounded = float(f"{number:.15g}")
    except OverflowError:  # an integer beyond what a float can hold
        return str(number)
    return str(int(rounded)) if rounded.is_integer() and abs(rounded) < 1e15 else repr(rounded)


def guarded(text: str) -> str:
    """Give a text as a cell that no spreadsheet program runs: ``=1+1`` becomes ``'=1+1``.

    ``a;=1`` becomes ``a;'=1``, as a program that takes semicolons for the signs that part cells
    finds a cell there. Where an apostrophe stands already it gets another one, so that `unguarded`
    gives each text back as it was.
    """
    return _LIKE_A_FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """Give the text of a cell that `guarded` made, and any other one as it is."""
    return _GUARDED.sub(r"\1", text) if "'" in text else text


def _records(report: Report) -> list[tuple[Cell, ...]]:
    return [_record(commitment) for commitment in report.commitments]


def _record(commitment: Commitment) -> tuple[Cell, ...]:
    """Give what the columns have of a record."""
    member = commitment.member
    return (
        commitment.id,
        member.id,
        str(member.name),
        member.country,
        member.region.id,
        commitment.pillar.id,
        commitment.year,
        str(commitment.title),
        str(commitment.summary),
        commitment.url,
    )


def _numbers(table: Table) -> list[tuple[Cell, ...]]:
    return [(str(row.name), *row.values) for row in table.rows]


def _csv(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else digits(cell)


def _json(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    objects: list[Mapping[str, Cell]] = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"


def _escaped(cell: Cell) -> Cell:
    return _LIKE_AN_ESCAPE.sub("_x005F_", cell) if isinstance(cell, str) else cell


def _xlsx(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = []
        for value in map(_escaped, row):
            cell = WriteOnlyCell(sheet, value)
            if isinstance(value, str):
                cell.data_type = "s"  # else a text that begins with '=' becomes a formula
                cell.quotePrefix = True
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()
