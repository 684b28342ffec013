"""Tables that spreadsheet programs write: CSV and XLSX as rows of cells, with their places.

What a cell holds that is no plain value (a formula, an error, a part of a merged cell) is kept as
such: only who needs the cell refuses it.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from reportgen.exchange.export import digits, unguarded
from reportgen.source.csv import CsvText
from reportgen.source.diagnostics import Diagnostics, Span

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST = 200_000_000
"""How many bytes a table may have, unpacked; a thousandth of it holds a thousand records."""

MOST_CELLS = 5_000_000
"""How many cells a sheet may have."""


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


@dataclass(frozen=True, slots=True)
class Cell:
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


def read_sheets(data: bytes, path: str, diagnostics: Diagnostics) -> tuple[Sheet, ...]:
    """Give the tables of a CSV or XLSX file, or none and all that is wrong with it.

    What a file is, its first bytes tell, not its name. A CSV file is UTF-8 or UTF-16, its cells
    are parted by commas, semicolons or tabs. The path of a sheet of an XLSX file is the file's and
    its own name; hidden sheets are left out.
    """
    if data.startswith(b"PK\x03\x04"):
        return _read_xlsx(data, path, diagnostics)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        diagnostics.error(
            "invalid-xlsx",
            Span(path),
            "this is an Excel file of the old kind (.xls), or one with a password",
            "save it as .xlsx without a password",
        )
        return ()
    text = _decoded(data, path, diagnostics)
    sheet = None if text is None else _read_csv(text, path, diagnostics)
    return (sheet,) if sheet else ()


def _decoded(data: bytes, path: str, diagnostics: Diagnostics) -> str | None:
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf16:
            what, line, column = "it begins as UTF-16 and isn't valid UTF-16", 1, 1
        else:
            # What stands before is valid, and the byte is what most old files have there.
            before = _with_line_feeds(data[: error.start].decode("utf-8-sig"))
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            byte = data[error.start : error.start + 1]
            meant = byte.decode("cp1252", "replace")
            what = f"byte 0x{byte[0]:02X} is not valid UTF-8 (in Windows-1252 it is '{meant}')"
        diagnostics.error(
            "table-encoding",
            Span(path, line, column),
            what,
            "save the table as XLSX or as 'CSV UTF-8'; which letters were meant is not guessed",
        )
        return None
    return unicodedata.normalize("NFC", _with_line_feeds(text))


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_csv(text: str, path: str, diagnostics: Diagnostics) -> Sheet | None:
    delimiter, skipped = _delimiter(text)
    source = CsvText(text, path, delimiter)
    records = source.records(diagnostics)
    records = records[1:] if skipped else records
    lines = tuple(line for line, _ in records)
    rows = tuple(tuple(map(_csv_cell, record)) for _, record in records)
    return Sheet(path, rows, lines, lambda row, column: source.span(lines[row], column))


def _delimiter(text: str) -> tuple[str, bool]:
    """Give what parts the cells, and whether the first line says so (``sep=;``), as Excel's may."""
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip()) == 5:
        return lines[0][4], True
    if lines and lines[0].lower() == "sep=\t":
        return "\t", True

    for line in lines:
        # Of the head row as a rule; commas in the texts of records don't count then.
        cells = {sign: len(next(csv.reader([line[:_LONGEST]], delimiter=sign))) for sign in ",;\t"}
        if max(cells.values()) > 1:
            return max(cells, key=cells.__getitem__), False
    return ",", False


_LONGEST = 10_000
"""How much of a line is looked at: more than a head row has, and less than the reader refuses."""


def _csv_cell(text: str) -> Cell:
    stripped = text.strip()
    return Cell(stripped, Kind.FORMULA) if stripped[:1] == "=" else Cell(unguarded(stripped))


def _read_xlsx(data: bytes, path: str, diagnostics: Diagnostics) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(part.file_size for part in package.infolist())
        workbook = None if size > LARGEST else _workbook(data)
    except Exception as error:  # noqa: BLE001 - openpyxl lets through whatever a broken part raises
        reason = str(error) or type(error).__name__
        diagnostics.error(
            "invalid-xlsx",
            Span(path),
            f"this is not an XLSX file that can be read ({reason})",
            "save it again as .xlsx, or as 'CSV UTF-8'",
        )
        return ()
    if workbook is None:
        diagnostics.error(
            "table-size",
            Span(path),
            f"the file unpacks to {size:,} bytes, more than {LARGEST:,}",
            "take out what is no record",
        )
        return ()
    found = (
        _read_worksheet(sheet, f"{path}:{sheet.title}", diagnostics)
        for sheet in workbook.worksheets
        if sheet.sheet_state == "visible"
    )
    return tuple(sheet for sheet in found if sheet)


def _workbook(data: bytes) -> Any:
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # Of what it leaves out, such as conditional formats: nothing that a cell says.
        warnings.simplefilter("ignore")
        # Formulas are asked for, not their cached values, which may be old or not there.
        return load_workbook(io.BytesIO(data), data_only=False, keep_links=False)


def _read_worksheet(sheet: Worksheet, path: str, diagnostics: Diagnostics) -> Sheet | None:
    if sheet.max_row * sheet.max_column > MOST_CELLS:
        diagnostics.error(
            "table-size",
            Span(path),
            f"the sheet has {sheet.max_row:,} rows and {sheet.max_column:,} columns",
            "delete empty rows and columns, or copy the table to a new sheet",
        )
        return None
    _tell_hidden(sheet, path, diagnostics)
    merged = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
        if (row, column) != (area.min_row, area.min_col)
    }
    rows, lines = [], []
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = []
        for column, cell in enumerate(row, 1):
            if start := merged.get((number, column)):
                # A head that is merged downwards names the column in each of its rows.
                text = _xlsx_cell(sheet.cell(*start)).text if start[1] == column else ""
                cells.append(Cell(text, Kind.MERGED))
            else:
                cells.append(_xlsx_cell(cell))
        if any(cell.text for cell in cells):
            rows.append(tuple(cells))
            lines.append(number)
    # What was deleted or only has a colour is a part of the sheet to the program that saved it.
    width = max((n for row in rows for n, cell in enumerate(row, 1) if cell.text), default=0)
    return Sheet(
        path,
        tuple(row[:width] for row in rows),
        tuple(lines),
        lambda row, column: Span(path, lines[row], column + 1),
    )


def _tell_hidden(sheet: Worksheet, path: str, diagnostics: Diagnostics) -> None:
    hidden = [number for number, row in sheet.row_dimensions.items() if row.hidden]
    if hidden:
        diagnostics.warning(
            "hidden-rows",
            Span(path, min(hidden)),
            f"{len(hidden)} rows are hidden, perhaps by a filter, and are read all the same"
            if len(hidden) > 1
            else "the row is hidden, perhaps by a filter, and is read all the same",
            "delete them if they are not meant, or show them",
        )


def _xlsx_cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return EMPTY
    if kind == "f":
        return Cell(str(getattr(value, "text", value)), Kind.FORMULA)
    if kind == "e":
        return Cell(str(value), Kind.ERROR)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return Cell(value.isoformat()[:10], Kind.DATE)
    if isinstance(value, bool):
        return Cell(str(value).lower())
    if isinstance(value, (int, float)):
        # A share is shown as per cent, and that is what its reader sees.
        is_percent = "%" in str(cell.number_format)
        return Cell(digits(value * 100 if is_percent else value), Kind.NUMBER)
    text = unicodedata.normalize("NFC", _with_line_feeds(str(value))).strip()
    return Cell(text)
