"""Tables of numbers, as editors and spreadsheets write them."""

from __future__ import annotations

import csv
import io
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.csv import Row, Table, parse_table
from reportgen.source.diagnostics import Diagnostics

PATH = PurePosixPath("a.csv")


def parse(text: str) -> Table:
    diagnostics = Diagnostics()
    table = parse_table(text, PATH, diagnostics)
    assert table is not None, diagnostics.sorted()
    assert len(diagnostics) == 0
    return table


def told(text: str) -> list[str]:
    """Give the places and kinds of what is wrong."""
    diagnostics = Diagnostics()
    assert parse_table(text, PATH, diagnostics) is None
    return [f"{d.span.line}:{d.span.column} {d.code}" for d in diagnostics.sorted()]


def test_a_table() -> None:
    assert parse("year,One,Two\n2023,1,-2.5\n2024,,+3e2\n") == Table(
        PATH,
        ("year", "One", "Two"),
        (Row("2023", (1.0, -2.5), 2), Row("2024", (None, 300.0), 3)),
    )


def test_a_head_alone_is_a_table_without_rows() -> None:
    assert parse("year,One").rows == ()


@pytest.mark.parametrize(
    "text",
    [
        "year,One\n2024,1\n",
        "year,One\n2024,1",
        "year;One\n2024;1\n",
        "\n\nyear;One\n\n2024;1\n;\n\n",
        '"year","One"\n"2024","1"\n',
        '"year";"One"\n"2024";"1"\n',
        " year , One\n 2024 ,\t1 \n",
        'year,"\n One \n"\n2024,1\n',
        'year,One\n2024,"1\n"\n',
    ],
)
def test_forms_of_the_same_table(text: str) -> None:
    table = parse(text)
    assert table.columns == ("year", "One")
    assert [(row.name, row.values) for row in table.rows] == [("2024", (1.0,))]


def test_cells_with_commas_marks_and_line_breaks() -> None:
    table = parse('year,"a ""b"", c","one\n  two"\n"so, or\nso",1,2\n')
    assert table.columns == ("year", 'a "b", c', "one two")
    assert table.rows == (Row("so, or so", (1.0, 2.0), 3),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 empty-csv"]),
        ("\n \n,,\n", ["1:1 empty-csv"]),
        ("year\n2024\n", ["1:1 csv-columns"]),
        ("\nyear\n2024\n", ["2:1 csv-columns"]),
        ("year\tOne\n2024\t1\n", ["1:1 csv-columns"]),
        (",One\n2024,1\n", ["1:1 csv-columns"]),
        ("year,One,,One\n2024,1,2,3\n", ["1:10 csv-columns", "1:11 csv-columns"]),
        ("year,One\n2023\n2024,1,2\n", ["2:1 ragged-csv", "3:1 ragged-csv"]),
        ("year,One\n2023,1\n2023,2\n 2023,3\n", ["3:1 csv-row-name", "4:2 csv-row-name"]),
        ("year,One\n,1\n", ["2:1 csv-row-name"]),
        ("year,One\n2023,x\n2024,  1%\n", ["2:6 not-a-number", "3:8 not-a-number"]),
        ('year,One\n"20,""23",x\n', ["2:11 not-a-number"]),
        ('year,"One\nand",Two\n2023,1,x\n', ["3:8 not-a-number"]),
        ('year,One,Two\n"a\nb",1,x\n', ["3:6 not-a-number"]),
        ('year,One,Two\n"a\nb","1\n""\n2",x\n', ["3:4 not-a-number", "5:4 not-a-number"]),
        ('year,One\n2023,1\n2024,"2\n2025,3\n', ["3:1 invalid-csv"]),
        ('year,One\n2023,"1"x\n', ["2:1 invalid-csv"]),
        (f"year,{'x' * 200_000}\n", ["1:1 invalid-csv"]),
    ],
)
def test_what_is_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


NO_NUMBERS = (
    "nan NaN inf -Infinity 1e999 1_000 1.000,5 1,5 12% 0x10 1e --1 12.5. ١٢ １２ ½ −5 – n/a #N/A"
    " =1+1 TRUE €5"
)


@pytest.mark.parametrize("cell", [*NO_NUMBERS.split(), "1 000", "1\u00a0000", "9" * 400])
def test_what_is_no_number(cell: str) -> None:
    assert told(f"year;One\n2024;{cell}\n") == ["2:6 not-a-number"]


names = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12
).filter(lambda name: name == name.strip())


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Give a table of numbers. Semicolons part its cells if no comma is in its head."""
    columns = draw(st.lists(names, min_size=2, max_size=5, unique=True))
    numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-999, 999)
    row_names = draw(st.lists(names, max_size=6, unique=True))
    rows = [
        Row(name, tuple(draw(numbers) for _ in columns[1:]), line)
        for line, name in enumerate(row_names, 2)
    ]
    return Table(PATH, tuple(columns), tuple(rows))


@given(tables(), st.booleans(), st.booleans())
def test_what_the_csv_module_writes_is_read(table: Table, quotes: bool, semicolons: bool) -> None:
    semicolons = semicolons and "," not in "".join(table.columns)
    written = io.StringIO()
    writer = csv.writer(
        written,
        delimiter=";" if semicolons else ",",
        quoting=csv.QUOTE_ALL if quotes else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writerow(table.columns)
    writer.writerows((row.name, *row.values) for row in table.rows)
    assert parse(written.getvalue()) == table


@given(st.text(st.sampled_from('a1,;"\n\t .-é')))
def test_any_text_gives_a_table_or_what_is_wrong(text: str) -> None:
    diagnostics = Diagnostics()
    table = parse_table(text, PATH, diagnostics)
    assert (table is None) is (len(diagnostics) > 0)
    lines = text.split("\n")
    for found in diagnostics.sorted():
        assert 1 <= found.span.line <= len(lines)
        assert 1 <= found.span.column <= len(lines[found.span.line - 1]) + 1
