# ruff: noqa: E501 - the lines that the command prints are written out as they are printed
"""`reportgen import figure` and `reportgen export`: a figure's numbers, in and out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from reportgen.source.csv import CsvText
from reportgen.source.diagnostics import Span
from tests.conftest import Workspace
from tests.test_import import files, xlsx

TABLE = "content/figures/clean-rivers.csv"
SAME = "0 new, 0 changed, 2 unchanged, 0 gone\nnothing to change\n"


def imported(workspace: Workspace, table: str | bytes, *options: str) -> str:
    workspace.edit("table.csv", table)
    result = workspace.run("import", "figure", "clean-rivers", "table.csv", *options)
    assert result.exit_code == 0, result.output
    return result.output


def refused(workspace: Workspace, table: str | bytes) -> str:
    workspace.edit("table.csv", table)
    before = files(workspace)
    result = workspace.run("import", "figure", "clean-rivers", "table.csv", "--apply")
    assert result.exit_code == 1, result.output
    assert files(workspace) == before
    return result.output


@pytest.mark.parametrize(
    "table",
    [
        "year,Clean rivers\n2023,61.5\n2024,64\n",
        "year;Clean rivers\r\n2023;61.50\r\n2024;64.0\r\n",
        "\ufeffyear\tClean rivers\n2023\t61.5\n\n2024\t64\n",
        "year,Clean rivers\n2023,61.5\n2024,64\n".encode("utf-16"),
        xlsx([["year", "Clean rivers"], [2023, 61.5], [2024, 64]]),
    ],
    ids=["commas", "semicolons", "tabs", "UTF-16", "workbook"],
)
def test_the_same_numbers_change_nothing(workspace: Workspace, table: str | bytes) -> None:
    before = files(workspace)
    assert imported(workspace, table, "--apply") == SAME
    assert files(workspace) == before


NEW = "year,Clean rivers,Lakes\n2024,65,\n2025,66.5,12\n"
PLAN = """\
+ Lakes  column
+ 2025  row
~ 2024  row
    Clean rivers: 64 → 65
- 2023  row{fate}
1 new, 1 changed, 0 unchanged, 1 gone
"""
STAYS = "  (stays; --prune drops it)"


def test_the_plan_is_shown_and_carried_out(workspace: Workspace) -> None:
    before = files(workspace)
    shown = imported(workspace, NEW)
    assert shown == PLAN.format(fate=STAYS) + "nothing was changed yet: --apply writes it\n"
    assert files(workspace) == before
    shown = imported(workspace, NEW, "--apply")
    assert shown == PLAN.format(fate=STAYS) + f"changed: {TABLE}\n"
    assert (workspace.root / TABLE).read_text("utf-8") == (
        "year,Clean rivers,Lakes\n2023,61.5,\n2024,65,\n2025,66.5,12\n"
    )
    assert imported(workspace, NEW, "--apply").endswith("1 gone\nnothing to change\n")


def test_prune_drops_what_the_table_does_not_have(workspace: Workspace) -> None:
    workspace.edit(TABLE, "year;Lakes;Clean rivers\r\n2023;1;61.5\r\n2024;2;64.00\r\n")
    table = "year,Clean rivers\n2024,64\n2025,66\n"
    shown = imported(workspace, table, "--apply", "--prune")
    assert shown == (
        "+ 2025  row\n- 2023  row\n- Lakes  column\n"
        f"1 new, 0 changed, 1 unchanged, 1 gone\nchanged: {TABLE}\n"
    )
    # As it was typed: the signs between cells, the ends of lines, a number that is the same.
    assert (workspace.root / TABLE).read_bytes() == (
        b"year;Clean rivers\r\n2024;64.00\r\n2025;66\r\n"
    )


def test_what_is_gone_stays_in_its_place(workspace: Workspace) -> None:
    workspace.edit(TABLE, "year,a,b,c\n1,1,1,1\n2,2,2,2\n3,3,3,3\n4,4,4,4\n")
    imported(workspace, "year,c,a\n4,40,40\n2,20,20\n", "--apply")
    assert (workspace.root / TABLE).read_text("utf-8") == (
        "year,c,a,b\n1,1,1,1\n4,40,40,4\n2,20,20,2\n3,3,3,3\n"
    )


def test_per_cent_in_a_workbook_is_what_it_shows(workspace: Workspace) -> None:
    def change(workbook: Any, sheet: Any) -> None:
        sheet["B2"].number_format = "0.0%"

    workspace.edit("table.xlsx", xlsx([["year", "Clean rivers"], [2023, 0.07]], change))
    result = workspace.run("import", "figure", "clean-rivers", "table.xlsx", "--apply")
    assert "Clean rivers: 61.5 → 7\n" in result.output


def test_the_plan_as_json(workspace: Workspace) -> None:
    workspace.edit("table.csv", NEW)
    result = workspace.run("import", "figure", "clean-rivers", "table.csv", "--json")
    assert json.loads(result.output) == {
        "plan": {
            "new": ["2025"],
            "changed": [
                {"name": "2024", "cells": [{"column": "Clean rivers", "old": "64", "new": "65"}]}
            ],
            "unchanged": [],
            "gone": ["2023"],
            "new_columns": ["Lakes"],
            "gone_columns": [],
        },
        "files": [TABLE],
        "applied": False,
        "diagnostics": [],
    }


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "table.csv:1:1: error[empty-csv]: the table is empty; give one with numbers"),
        ("year\n2024\n", "table.csv:1:1: error[csv-columns]: the table has one column only; name the rows in the first column, and part columns by commas or semicolons"),
        ("\nyear,a\n2024,12 %\n", "table.csv:3:6: error[not-a-number]: '12 %' in the column 'a' is not a number; write digits with a decimal point and no sign of unit, such as 12.5"),
        ("year;a\n2024;12,5\n", "table.csv:2:6: error[not-a-number]: '12,5' in the column 'a' is not a number; write digits with a decimal point and no sign of unit, such as 12.5"),
        ("year,a\n2024,=1+1\n", "table.csv:2:6: error[table-formula]: '=1+1' is a formula, whose value may be an old one; copy the cell and paste it as a value; of a text, put an apostrophe before it"),
        ("year,a\n2024,1\n2024,2\n", "table.csv:3:1: error[csv-row-name]: the row '2024' stands here a second time (first in line 2); give each row a name of its own in the first column"),
        ("year,a\n2024,1,2\n", "table.csv:2:1: error[ragged-csv]: this row has 3 cells, the head row has 2; give each row as many cells as there are columns"),
        ("year,a\n2024,\xff\n".encode("latin-1"), "table.csv:2:6: error[table-encoding]: byte 0xFF is not valid UTF-8 (in Windows-1252 it is 'ÿ'); save the table as XLSX or as 'CSV UTF-8'; which letters were meant is not guessed"),
    ],
)  # fmt: skip
def test_a_table_with_a_mistake(workspace: Workspace, table: str | bytes, told: str) -> None:
    assert refused(workspace, table) == f"{told}\n1 error, no warnings: nothing was changed\n"


def test_each_wrong_cell_is_looked_up_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = []
    places = CsvText._places

    def counted(source: CsvText, line: int) -> Iterator[Span]:
        for span in places(source, line):
            looked_up.append(span)
            yield span

    monkeypatch.setattr(CsvText, "_places", counted)
    row = ",x" * 60 + "\n"
    told = refused(workspace, f"year{''.join(f',c{n}' for n in range(60))}\n1{row}2{row}3{row}")
    assert told.count("error[not-a-number]") == 180
    assert len(looked_up) == len(set(looked_up)) == 3 * 61


@pytest.mark.parametrize("command", ["import", "export"])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("clean-river", "there is no figure 'clean-river'; did you mean 'clean-rivers'?"),
        ("map", "the figure 'map' counts the records: it has no numbers of its own"),
    ],
)
def test_a_figure_without_numbers(workspace: Workspace, command: str, name: str, told: str) -> None:
    workspace.edit("table.csv", "year,a\n2024,1\n")
    file = ["table.csv"] if command == "import" else []
    result = workspace.run(command, "figure", name, *file)
    assert result.exit_code == 2
    assert f"Error: {told}" in " ".join(result.output.split())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_figure_comes_back_as_it_went(workspace: Workspace, form: str) -> None:
    workspace.edit(TABLE, 'year,"Rivers, clean",=b\n"a ""b""",1.50,\n-c,-0.1,3e2\n')
    before = files(workspace)
    out = f"table.{form}"
    workspace.run("export", "figure", "clean-rivers", "--format", form, "--out", out)
    result = workspace.run("import", "figure", "clean-rivers", out, "--apply")
    assert result.output == SAME
    assert files(workspace) == before


def test_a_figure_as_csv_and_json(workspace: Workspace) -> None:
    assert workspace.run("export", "figure", "clean-rivers").stdout_bytes == (
        b"year,Clean rivers\r\n2023,61.5\r\n2024,64\r\n"
    )
    shown = workspace.run("export", "figure", "clean-rivers", "--format", "json").output
    assert json.loads(shown) == [
        {"year": "2023", "Clean rivers": 61.5},
        {"year": "2024", "Clean rivers": 64},
    ]


def test_records_as_a_workbook(workspace: Workspace) -> None:
    workspace.edit("content/commitments/new-zealand.yaml", ("Plant the banks", '"=1+1"'))
    workspace.run("export", "commitments", "--format", "xlsx", "--out", "a/b.xlsx")
    sheet = load_workbook(workspace.root / "a/b.xlsx").active
    assert sheet is not None
    rows = list(sheet.values)
    assert (len(rows), rows[0][:2]) == (5, ("id", "member"))
    row = next(row for row in sheet.iter_rows() if row[0].value == "NZ001")
    assert [(cell.value, cell.data_type) for cell in (row[6], row[7])] == [
        (2023, "n"),
        ("=1+1", "s"),
    ]


def test_an_export_that_can_not_be_written(workspace: Workspace) -> None:
    workspace.edit("a", "a file")
    result = workspace.run("export", "commitments", "--out", "a/b.csv")
    assert result.exit_code == 1
    assert result.output.startswith("a/b.csv:1:1: error[not-written]: ")


def test_content_with_a_mistake_is_not_exported(workspace: Workspace) -> None:
    workspace.edit("content/commitments/new-zealand.yaml", ("year: 2023", "year: soon"))
    result = workspace.run("export", "commitments")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.output.endswith("content: 1 error, no warnings: nothing was exported\n")


def test_the_exports_need_no_typesetter_and_no_workbook(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = "import sys, reportgen.cli.main; print('openpyxl' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
