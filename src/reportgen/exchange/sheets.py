"""Tables that spreadsheet programs write: CSV and XLSX as rows of cells, with their places.

What a cell holds that is no plain value (a formula, an error, a part of a merged cell) is kept as
such: only who needs the cell refuses it.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata

from reportgen.exchange.cells import EMPTY, Cell, Kind, Sheet
from reportgen.exchange.export import unguarded
from reportgen.source.csv import CsvText
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import (
    MAX_COMBINING_MARKS,
    MAX_FILE_BYTES,
    MAX_TABLE_CELL_CHARS,
    MAX_TABLE_CELLS,
    MAX_TABLE_CHARS,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
)
from reportgen.source.text import first_stacked


def read_sheets(data: bytes, path: str, diagnostics: Diagnostics) -> tuple[Sheet, ...]:
    """Give the tables of a CSV or XLSX file, or none and all that is wrong with it.

    What a file is, its first bytes tell, not its name. A CSV file is UTF-8 or UTF-16, its cells
    are parted by commas, semicolons or tabs. The path of a sheet of an XLSX file is the file's and
    its own name; hidden sheets are left out.
    """
    if len(data) > MAX_FILE_BYTES:
        _refuse_size(diagnostics, Span(path), f"the file has more than {MAX_FILE_BYTES:,} bytes")
        return ()
    if data.startswith(b"PK\x03\x04"):
        # Here, as it takes a while to load and most tables don't need it.
        from reportgen.exchange.workbook import read_workbook

        return read_workbook(data, path, _cleaned, diagnostics)
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
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = _with_line_feeds(data.decode("utf-16" if is_utf16 else "utf-8"))
    except UnicodeDecodeError as error:
        if is_utf16:
            what, line, column = "it begins as UTF-16 and isn't valid UTF-16", 1, 1
        else:
            # What stands before is valid, and the byte is what most old files have there.
            line, column = _behind(_with_line_feeds(data[: error.start].decode()))
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
    if len(text) > MAX_TABLE_CHARS:
        _refuse_size(
            diagnostics,
            Span(path),
            f"the table has {len(text):,} characters; at most {MAX_TABLE_CHARS:,} are read",
        )
        return None
    if (stacked := first_stacked(text)) is not None:
        span = Span(path, *_behind(text[:stacked]))
        _refuse_size(diagnostics, span, _STACKED)
        return None
    return unicodedata.normalize("NFC", text)


_STACKED = f"more than {MAX_COMBINING_MARKS} combining marks stand in a row"


def _behind(text: str) -> tuple[int, int]:
    """Give the line and the column of what stands behind a text."""
    return text.count("\n") + 1, len(text) - text.rfind("\n")


def _cleaned(text: str) -> str:
    """Give a text of a workbook as content has it.

    Raises:
        ValueError: it has more combining marks in a row than a text can have.
    """
    if first_stacked(text) is not None:
        raise ValueError(_STACKED)
    return unicodedata.normalize("NFC", _with_line_feeds(text)).strip()


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_csv(text: str, path: str, diagnostics: Diagnostics) -> Sheet | None:
    delimiter, skipped = _delimiter(text)
    # Before a list is made of each row: the signs in texts count too, and don't matter.
    if (count := text.count(delimiter) + text.count("\n")) > MAX_TABLE_CELLS:
        _refuse_size(
            diagnostics,
            Span(path),
            f"the table has about {count:,} cells; at most {MAX_TABLE_CELLS:,} are read",
        )
        return None
    source = CsvText(text, path, delimiter)
    records = source.records(diagnostics)
    records = records[1:] if skipped else records
    lines = tuple(line for line, _ in records)
    if len(records) > MAX_TABLE_ROWS:
        _refuse_size(
            diagnostics,
            Span(path, lines[MAX_TABLE_ROWS]),
            f"the table has {len(records):,} rows; at most {MAX_TABLE_ROWS:,} are read",
        )
        return None
    for line, record in records:
        if len(record) > MAX_TABLE_COLUMNS:
            _refuse_size(
                diagnostics,
                Span(path, line),
                f"the row has {len(record):,} cells; at most {MAX_TABLE_COLUMNS:,} are read",
            )
            return None
        if (longest := max(map(len, record))) > MAX_TABLE_CELL_CHARS:
            _refuse_size(
                diagnostics,
                source.span(line, [len(cell) for cell in record].index(longest)),
                f"the cell has {longest:,} characters; at most {MAX_TABLE_CELL_CHARS:,} are read",
            )
            return None
    rows = tuple(tuple(map(_csv_cell, record)) for _, record in records)
    return Sheet(path, rows, lines, lambda row, column: source.span(lines[row], column))


def _delimiter(text: str) -> tuple[str, bool]:
    """Give what parts the cells, and whether the first line says so (``sep=;``), as Excel's may."""
    lines = [line for line in text[:_TOP].split("\n") if line.strip()]
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


_TOP = 100_000
"""How much of a text is looked at for its head row, in characters."""

_LONGEST = 10_000
"""How much of a line is looked at: more than a head row has, and less than the reader refuses."""


def _csv_cell(text: str) -> Cell:
    text = text.strip()
    if not text:
        return EMPTY
    return Cell(text, Kind.FORMULA) if text[0] == "=" else Cell(unguarded(text))


def _refuse_size(diagnostics: Diagnostics, span: Span, message: str) -> None:
    diagnostics.error(
        "table-size", span, message, "take out what is no record, or copy the records to a new file"
    )
