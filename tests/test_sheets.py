"""Tables as spreadsheet programs write them, and whatever else may be in such a file."""

from __future__ import annotations

import csv
import io
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from reportgen.exchange import sheets
from reportgen.exchange.cells import Cell, Kind
from reportgen.exchange.export import figure_xlsx, guarded
from reportgen.exchange.sheets import read_sheets
from reportgen.source.csv import Table
from reportgen.source.diagnostics import INVISIBLE, Diagnostics, has_errors
from tests.test_import import xlsx


def cells(data: bytes) -> list[list[Cell]]:
    """Give the cells of a file with one sheet that is well."""
    diagnostics = Diagnostics()
    (sheet,) = read_sheets(data, "table", diagnostics)
    assert not has_errors(diagnostics.sorted()), diagnostics.sorted()
    return [list(row) for row in sheet.rows]


@given(st.binary(max_size=60) | st.text(alphabet='a,;\t"\n\r=é\x00', max_size=40).map(str.encode))
def test_any_bytes_are_a_table_or_a_problem(data: bytes) -> None:
    diagnostics = Diagnostics()
    found = read_sheets(data, "table", diagnostics)
    assert len(found) == 1 or has_errors(diagnostics.sorted())
    for sheet in found:
        for row, record in enumerate(sheet.rows):
            for column in range(len(record)):
                sheet.span(row, column)


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_broken_workbook_is_a_table_or_a_problem(at: int, noise: bytes) -> None:
    data = bytearray(WORKBOOK)
    data[at % len(data) : at % len(data) + len(noise)] = noise
    diagnostics = Diagnostics()
    found = read_sheets(bytes(data), "table", diagnostics)
    assert len(found) == 1 or has_errors(diagnostics.sorted())


WORKBOOK = xlsx([["id", "title"], ["A1", "a text"], ["A2", 3.5]])

TEXTS = (
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1)
    | st.text(alphabet="=+-@＝＋－＠'\"_x0041 \n,;", min_size=1)
).filter(lambda text: text.strip() == text and not INVISIBLE.search(text))


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_texts_come_through_csv(texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["a", "b"], [guarded(text) for text in texts]])
    # Text is brought to one form (NFC), as that of content files is.
    assert [nfc(cell.text) for cell in cells(file.getvalue().encode())[1]] == [*map(nfc, texts)]


@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_texts_come_through_a_workbook(texts: list[str]) -> None:
    data = figure_xlsx(Table(PurePosixPath("a.csv"), tuple(texts), ()))
    assert [nfc(cell.text) for cell in cells(data)[0]] == [*map(nfc, texts)]


def nfc(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


def test_what_a_workbook_may_hold() -> None:
    def change(workbook: Any, sheet: Any) -> None:
        sheet["A2"] = ArrayFormula("A2", "=SUM(B1:B2)")
        sheet["B2"] = "=A1"
        sheet["C2"] = "#REF!"
        sheet["D2"], sheet["E2"], sheet["F2"] = True, 1e20, 0.1 + 0.2
        sheet["G2"] = 0.335
        sheet["G2"].number_format = "0.0%"

    assert cells(xlsx([["a"]], change))[1] == [
        Cell("=SUM(B1:B2)", Kind.FORMULA),
        Cell("=A1", Kind.FORMULA),
        Cell("#REF!", Kind.ERROR),
        Cell("true"),
        Cell("1e+20", Kind.NUMBER),
        Cell("0.3", Kind.NUMBER),
        Cell("33.5", Kind.NUMBER),
    ]


def told(data: bytes) -> str:
    """Give what is wrong with a file."""
    diagnostics = Diagnostics()
    assert not read_sheets(data, "t.csv", diagnostics)
    (found,) = diagnostics.sorted()
    return str(found)


def test_the_place_of_a_byte_behind_a_byte_order_mark() -> None:
    assert told(b"\xef\xbb\xbfa\xff").startswith("t.csv:1:2: error[table-encoding]: byte 0xFF ")
    assert told(b"\xef\xbb\xbfa\r\nbc\xff").startswith("t.csv:2:3: error[table-encoding]: ")


def test_many_combining_marks_are_refused() -> None:
    """To bring them into one order takes the square of their number."""
    assert told(("a," + "b\u0301\u0323" * 9 + "c" + "\u0301\u0323" * 99_999).encode()).startswith(
        "t.csv:1:61: error[table-size]: more than 30 combining marks stand in a row"
    )


@pytest.mark.parametrize(
    ("limit", "most", "text", "place"),
    [
        ("MAX_FILE_BYTES", 9, "a,b\nc,dddd\n", "1:1"),
        ("MAX_TABLE_ROWS", 2, "a,b\n\nc,d\ne,f\n", "4:1"),
        ("MAX_TABLE_COLUMNS", 2, "a,b\nc,d,e\n", "2:1"),
        ("MAX_TABLE_CELLS", 5, "a,b\nc,d\ne,f\n", "1:1"),
        ("MAX_TABLE_CHARS", 8, "a,b\nc,d\ne", "1:1"),
        ("MAX_TABLE_CELL_CHARS", 3, "a,b\nc,dddd\n", "2:3"),
    ],
)
def test_a_limit_of_a_csv_file(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, text: str, place: str
) -> None:
    monkeypatch.setattr(sheets, limit, most)
    assert told(text.encode()).startswith(f"t.csv:{place}: error[table-size]: ")
