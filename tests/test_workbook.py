"""XLSX files that a program for spreadsheets wouldn't write: refused early, at little cost."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from reportgen.exchange import workbook
from reportgen.exchange.cells import Cell, Kind, Sheet
from reportgen.exchange.sheets import read_sheets
from reportgen.source.diagnostics import Diagnostics

KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW = '<row><c t="inlineStr"><is><t>{}</t></is></c><c s="0"><v>{}</v></c></row>'


def link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{KINDS}/{kind}" Target="{target}"/>'


def package(
    rows: str,
    *,
    below: str = "",
    before: str = "",
    styles: str = "",
    strings: str = "",
    sheets: int = 1,
    compression: int = zipfile.ZIP_DEFLATED,
    also: dict[str, str] | None = None,
) -> bytes:
    """Give an XLSX file of parts written by hand."""
    listed = "".join(f'<sheet name="S{n}" r:id="s"/>' for n in range(sheets))
    links = (
        link("s", "worksheet", "s.xml")
        + link("t", "sharedStrings", "/xl/t.xml")
        + link("u", "styles", "../xl/u.xml")
    )
    parts = {
        "_rels/.rels": f"<r>{link('r', 'officeDocument', 'xl/workbook.xml')}</r>",
        "xl/workbook.xml": f'<workbook xmlns:r="{KINDS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<r>{links}</r>",
        "xl/s.xml": f"{before}<worksheet><sheetData>{rows}</sheetData>{below}</worksheet>",
        "xl/t.xml": f"<sst>{strings}</sst>",
        "xl/u.xml": f"<styleSheet>{styles}</styleSheet>",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as file:
        for name, text in (parts | (also or {})).items():
            file.writestr(name, text)
    return data.getvalue()


def read(data: bytes) -> Sheet:
    """Read a file that is well."""
    diagnostics = Diagnostics()
    (sheet,) = read_sheets(data, "t.xlsx", diagnostics)
    assert not len(diagnostics), diagnostics.sorted()
    return sheet


def refused(data: bytes) -> str:
    """Read a file that isn't, with little memory, and give what is told."""
    diagnostics = Diagnostics()
    tracemalloc.start()
    try:
        assert not read_sheets(data, "t.xlsx", diagnostics)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    (told,) = diagnostics.sorted()
    return str(told)


def formats(code: str) -> str:
    return (
        f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs>'
    )


def test_a_file_written_by_hand() -> None:
    sheet = read(package(ROW.format("id", 3) + ROW.format("A", 0.5), styles=formats("0%")))
    assert sheet.rows == (
        (Cell("id"), Cell("300", Kind.NUMBER)),
        (Cell("A"), Cell("50", Kind.NUMBER)),
    )
    assert str(sheet.span(1, 1)) == "t.xlsx:S0:2:2"


def test_a_merged_area_costs_what_the_table_has() -> None:
    """A1:XFD1048576 are 17 thousand million cells, of which the table has four."""
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    sheet = read(package(ROW.format("id", 1) + ROW.format("x", 2), below=merged))
    assert [[cell.kind for cell in row] for row in sheet.rows] == [
        [Kind.TEXT, Kind.MERGED],
        [Kind.MERGED, Kind.MERGED],
    ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("9" * 309, Cell("9" * 309, Kind.NUMBER)),
        ("9" * 5000, Cell("9" * 5000, Kind.NUMBER)),
        ("1e999", Cell("1e999", Kind.NUMBER)),
        ("-1E400", Cell("-1E400", Kind.NUMBER)),
        ("nan", Cell("nan", Kind.NUMBER)),
        ("1e307", Cell("1e+307", Kind.NUMBER)),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_number_that_is_too_large_stays_as_it_is_typed(value: str, cell: Cell) -> None:
    assert read(package(f"<row><c><v>{value}</v></c></row>")).rows == ((cell,),)


@pytest.mark.parametrize("code", ["0%", "yyyy-mm-dd", "[h]:mm"])
@pytest.mark.parametrize("value", ["1e308", "-1e308", "9" * 309, "1e12", "-5"])
def test_a_number_that_its_format_does_not_suit(code: str, value: str) -> None:
    assert read(package(f'<row><c s="0"><v>{value}</v></c></row>', styles=formats(code))).rows


@pytest.mark.parametrize(
    "styles",
    ['<cellXfs><xf numFmtId="999"/></cellXfs>', "<cellXfs><xf/></cellXfs>", "<cellXfs/>", ""],
)
def test_a_format_that_is_not_defined(styles: str) -> None:
    assert read(package(ROW.format("a", 3), styles=styles)).rows[0][1].text == "3"


BROKEN = {
    "a letter that no text has": ('<row><c t="s"><v>7</v></c></row>', "the text number 7"),
    "a negative text": ('<row><c t="s"><v>x</v></c></row>', "the text number x"),
    "no number": ("<row><c><v>x</v></c></row>", "could not convert string to float"),
    "a style that is no number": ('<row><c s="x"><v>1</v></c></row>', "invalid literal for int"),
    "no cell": ('<row><c r="A0"><v>1</v></c></row>', "there is no cell 'A0'"),
    "a cell beyond": ('<row><c r="XFE1"><v>1</v></c></row>', "there is no cell 'XFE1'"),
    "a row beyond": ('<row r="1048577"/>', "there is no row 1048577"),
    "a row of many digits": (f'<row r="{"9" * 5000}"/>', "Exceeds the limit"),
    "no XML": ("<row", "not well-formed"),
    "marks": (
        f'<row><c t="str"><v>a{chr(0x301) * 40_000}</v></c></row>',
        "more than 30 combining marks",
    ),
}


@pytest.mark.parametrize(("rows", "told"), BROKEN.values(), ids=BROKEN)
def test_a_damaged_file(rows: str, told: str) -> None:
    message = refused(package(rows))
    assert message.startswith("t.xlsx:S0:1:1: error[invalid-xlsx]: this is not an XLSX file that")
    assert told in message


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">',
    ],
)
def test_entities_are_refused(before: str) -> None:
    told = refused(package(ROW.format("&a;", 1), before=before))
    assert "it has a document type declaration" in told


def test_a_zip_of_zips_is_no_workbook() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("table.xlsx", package(ROW.format("a", 1)))
    assert "error[invalid-xlsx]" in refused(data.getvalue())


def test_an_encrypted_part_is_told() -> None:
    data = bytearray(package(ROW.format("a", 1)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    assert "encrypted" in refused(bytes(data))


def test_parts_are_only_looked_up_in_the_file() -> None:
    """A part named ``../../etc/passwd`` is a name in the archive, not a path."""
    links = link("r", "officeDocument", "../../../../etc/passwd")
    assert "error[invalid-xlsx]" in refused(package("", also={"_rels/.rels": f"<r>{links}</r>"}))
    assert read(package(ROW.format("a", 1), also={"../../outside": "x"})).rows


def test_a_packing_that_takes_much_memory_is_refused() -> None:
    assert "is packed as no program" in refused(package("", compression=zipfile.ZIP_LZMA))


MERGE = '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'


@pytest.mark.parametrize(
    ("limit", "most", "data", "told"),
    [
        ("MAX_WORKBOOK_BYTES", 500, package(" " * 900), "unpacks to more than 500 bytes"),
        ("MAX_WORKBOOK_BYTES", 900, package(" " * 300, sheets=9), "unpacks to more than 900"),
        ("MAX_WORKBOOK_ITEMS", 99, package("<a/>" * 99), "99 elements and attributes"),
        ("MAX_WORKBOOK_PARTS", 9, package("", also=dict.fromkeys("abcd", "")), "has 10 parts"),
        ("MAX_WORKBOOK_SHEETS", 3, package("", sheets=4), "has 4 sheets"),
        ("MAX_TABLE_ROWS", 2, package(ROW.format("a", 1) * 3), ":S0:3:1: error[table-size]"),
        ("MAX_TABLE_COLUMNS", 1, package(ROW.format("a", 1)), ":S0:1:2: error[table-size]"),
        ("MAX_TABLE_CELLS", 5, package(ROW.format("a", 1) * 3), "more than 5 cells"),
        ("MAX_TABLE_CELLS", 3, package("", strings="<si/>" * 4), "more than 3 texts"),
        ("MAX_TABLE_CHARS", 6, package(ROW.format("abcd", 12) * 2), ":S0:2:1: error[table-size]"),
        ("MAX_TABLE_CHARS", 6, package("", strings="<si><t>abcd</t></si>" * 2), "6 characters"),
        ("MAX_TABLE_CELL_CHARS", 3, package(ROW.format("abcd", 1)), "3 characters in a cell"),
        ("MAX_MERGED_AREAS", 1, package("", below=MERGE * 2), "more than 1 merged areas"),
        ("MAX_CELL_FORMATS", 99, package("", styles=f"<cellXfs>{'<xf/>' * 100}</cellXfs>"), "99"),
    ],
)
def test_a_limit(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, data: bytes, told: str
) -> None:
    monkeypatch.setattr(workbook, limit, most)
    message = refused(data)
    assert "error[table-size]: " in message
    assert told in message


def test_a_long_number_format_is_refused() -> None:
    """To look for a date in 200,000 brackets takes the square of their number."""
    told = refused(package(ROW.format("a", 1), styles=formats("[" * 200_000)))
    assert "a number format has 200,000 characters" in told


def test_a_long_tag_is_refused() -> None:
    told = refused(package(f'<a b="{"x" * 3_000_000}"/>'))
    assert "a tag or a comment has more than 1,000,000 bytes" in told


def test_a_file_that_unpacks_to_much_is_refused_early() -> None:
    assert "error[table-size]" in refused(package("<row><c><v>1</v></c></row>" * 100_000))


def test_merged_areas_that_overlap_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_TABLE_CELLS", 100)
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 50 + "</mergeCells>"
    assert "more than 100 merged cells" in refused(package(ROW.format("a", 1) * 9, below=merged))
