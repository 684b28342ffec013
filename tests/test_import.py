# ruff: noqa: E501 - the lines that the command prints are written out as they are printed
"""`reportgen import commitments`: what it shows, what it refuses, what it writes."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import Workbook
from openpyxl.styles import Font

from reportgen import transaction
from reportgen.cli import main
from reportgen.exchange.rewrite import Edits, rewritten
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.transaction import Change, replace_files
from tests.conftest import Edit, Workspace

ROOT = Path(__file__).parents[1]
CONTENT = "content/commitments"
AUCKLAND, NEW_ZEALAND, SWITZERLAND = (
    f"{CONTENT}/{member}.yaml" for member in ("auckland", "new-zealand", "switzerland")
)
IMPORT = "content/import.yaml"

HEAD = "id,member,year,pillar,title,summary\n"
AKL001 = 'AKL001,auckland,2024,measure,Readings in every school,"Give each school by the water a kit, and publish what pupils measure."\n'
NZ001 = 'NZ001,new-zealand,2023,restore,Plant the banks,"Plant native trees on both banks, with the people who live there."\n'
CH001 = 'CH001,switzerland,2022,measure,Publish monthly readings,"Put the readings of every station on one public page, a week after they were taken."\n'
CH002 = "CH002,switzerland,2024,restore,Open the old river arms,Let the river into three of its old arms again.\n"
ALL = HEAD + AKL001 + NZ001 + CH001 + CH002

NOTHING = "0 new, 0 changed, 4 unchanged, 0 gone (read as 'export')\nnothing to change\n"


def files(workspace: Workspace) -> dict[str, bytes]:
    """Give what stands in the folder but for the tables."""
    return {
        path.relative_to(workspace.root).as_posix(): path.read_bytes()
        for path in workspace.root.rglob("*")
        if path.is_file() and not path.name.startswith("table.")
    }


def imported(workspace: Workspace, table: str | bytes, *options: str) -> str:
    """Import a table that is well, and give what is printed."""
    workspace.edit("table.csv", table)
    result = workspace.run("import", "commitments", "table.csv", *options)
    assert result.exit_code == 0, result.output
    return result.output


def refused(
    workspace: Workspace, table: str | bytes, *options: str, name: str = "table.csv"
) -> str:
    """Import a table with a mistake, and give all that is printed but for the last line."""
    workspace.edit(name, table)
    before = files(workspace)
    result = workspace.run("import", "commitments", name, "--apply", *options)
    assert result.exit_code == 1, result.output
    assert files(workspace) == before
    told, _, last = result.output.rstrip("\n").rpartition("\n")
    assert last.endswith(": nothing was changed")
    return "\n".join(line for line in told.split("\n") if line.startswith(("table.", "content/")))


def xlsx(
    rows: Sequence[Sequence[Any]], change: Callable[[Any, Any], object] | None = None
) -> bytes:
    """Give a workbook with rows in its first sheet; `change` is called with both."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Records"
    for row in rows:
        sheet.append(list(row))
    if change:
        change(workbook, sheet)
    data = BytesIO()
    workbook.save(data)
    return data.getvalue()


HEADS = HEAD.strip().split(",")
NEW = ["CH003", "switzerland", 2023, "measure", "A title", "A summary."]


# What is shown.


def test_what_is_there_already_changes_nothing(workspace: Workspace) -> None:
    before = files(workspace)
    assert imported(workspace, ALL, "--apply") == NOTHING
    assert files(workspace) == before


CHANGED = (
    HEAD
    + AKL001.replace("2024", "2023").replace("Readings in every", "Kits for every")
    + CH001.replace("measure,", "restore,")
    + CH002
    + "CH003,switzerland,2023,measure,A title,A summary.\n"
)
PLAN = """\
+ CH003  switzerland, measure, 2023: A title
~ AKL001  auckland, measure
    year: 2024 → 2023
    title: [-Readings in-] {+Kits for+} every school
~ CH001  switzerland, measure
    pillar: measure → restore
- NZ001  new-zealand, restore: Plant the banks  (stays; --prune drops it)
1 new, 2 changed, 1 unchanged, 1 gone (read as 'export')
"""


def test_the_plan_is_shown_and_nothing_is_written(workspace: Workspace) -> None:
    before = files(workspace)
    assert imported(workspace, CHANGED) == PLAN + "nothing was changed yet: --apply writes it\n"
    assert files(workspace) == before


def test_the_plan_is_carried_out(workspace: Workspace) -> None:
    before = files(workspace)
    assert imported(workspace, CHANGED, "--apply") == (
        f"{PLAN}changed: {AUCKLAND}\nchanged: {SWITZERLAND}\n"
    )
    after = files(workspace)
    assert {path for path in after if after[path] != before[path]} == {AUCKLAND, SWITZERLAND}
    assert after[AUCKLAND] == (
        before[AUCKLAND].replace(b"2024", b"2023").replace(b"Readings in every", b"Kits for every")
    )
    assert after[SWITZERLAND] == before[SWITZERLAND].replace(
        b"2022\n    pillar: measure", b"2022\n    pillar: restore"
    ) + (
        b"  - id: CH003\n    year: 2023\n    pillar: measure\n    title: A title\n"
        b"    summary: A summary.\n"
    )
    assert workspace.check() == "content: no errors, no warnings\n"


def test_a_second_run_changes_nothing(workspace: Workspace) -> None:
    imported(workspace, CHANGED, "--apply")
    before = files(workspace)
    assert imported(workspace, CHANGED, "--apply").endswith(
        "0 new, 0 changed, 4 unchanged, 1 gone (read as 'export')\nnothing to change\n"
    )
    assert files(workspace) == before


def test_prune_drops_what_the_table_does_not_have(workspace: Workspace) -> None:
    shown = imported(workspace, CHANGED, "--apply", "--prune")
    assert "- NZ001  new-zealand, restore: Plant the banks\n" in shown
    assert f"deleted: {NEW_ZEALAND}\n" in shown
    assert not (workspace.root / NEW_ZEALAND).exists()
    assert workspace.check() == "content: no errors, no warnings\n"


def test_prune_refuses_to_leave_a_link_without_its_target(workspace: Workspace) -> None:
    workspace.append("content/sections/introduction.md", "\nSee [trees](commitment:NZ001).\n")
    told = refused(workspace, HEAD + AKL001 + CH001 + CH002, "--prune")
    assert "error[unknown-commitment]: there is no commitment 'NZ001'" in told
    assert told.startswith("content/sections/introduction.md:")


def test_a_member_without_a_file_gets_one(workspace: Workspace) -> None:
    (workspace.root / NEW_ZEALAND).unlink()
    assert f"added: {NEW_ZEALAND}\n" in imported(workspace, ALL, "--apply")
    assert (workspace.root / NEW_ZEALAND).read_text("utf-8") == (
        "member: new-zealand\ncommitments:\n  - id: NZ001\n    year: 2023\n    pillar: restore\n"
        "    title: Plant the banks\n"
        "    summary: Plant native trees on both banks, with the people who live there.\n"
    )


def test_the_plan_as_json(workspace: Workspace) -> None:
    workspace.edit("table.csv", CHANGED)
    data = json.loads(workspace.run("import", "commitments", "table.csv", "--json").output)
    assert (data["applied"], data["files"]) == (False, [AUCKLAND, SWITZERLAND])
    assert data["diagnostics"] == []
    assert data["plan"]["changed"][1] == {
        "record": {
            "id": "CH001",
            "member": "switzerland",
            "year": 2022,
            "pillar": "measure",
            "title": "Publish monthly readings",
            "summary": "Put the readings of every station on one public page, a week after they were taken.",
        },
        "fields": [{"name": "pillar", "old": "measure", "new": "restore"}],
    }
    assert [record["id"] for record in data["plan"]["gone"]] == ["NZ001"]
    assert (data["plan"]["mapping"], data["plan"]["skipped"]) == ("export", 0)


def test_problems_as_json(workspace: Workspace) -> None:
    workspace.edit("table.csv", ALL.replace("2024", "soon", 1))
    result = workspace.run("import", "commitments", "table.csv", "--json")
    data = json.loads(result.output)
    assert result.exit_code == 1
    assert (data["plan"], data["files"]) == (None, [])
    assert [(d["path"], d["line"], d["column"], d["code"]) for d in data["diagnostics"]] == [
        ("table.csv", 2, 17, "not-a-year")
    ]


def test_translators_are_remembered(workspace: Workspace) -> None:
    workspace.edit("locales/fr/locale.yaml", "review: draft\n")
    shown = imported(workspace, CHANGED, "--apply")
    assert shown.endswith("next: reportgen translate update, which marks the changed texts\n")


# What is kept.

BY_HAND = """\
# About Switzerland.
member: switzerland   # the whole country
commitments:
  # The first one.
  - summary: >-   # from the office
      Put the readings of every station on one public page,
      a week after they were taken.
    id: "CH001"

    # Asked for again in May.
    year:    2022
    title: 'Publish monthly readings'   # theirs
    pillar: measure

  - {id: CH002, year: 2024, pillar: restore, title: Open the old river arms,
     summary: "Let the river into three of its old arms again."}
  # More to come.
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_all_that_is_not_changed_stays(workspace: Workspace, line_end: str, mark: str) -> None:
    def typed(text: str) -> bytes:
        return (mark + text.replace("\n", line_end)).encode()

    workspace.edit(SWITZERLAND, typed(BY_HAND))
    before = files(workspace)
    assert imported(workspace, ALL, "--apply") == NOTHING
    assert files(workspace) == before
    table = (
        HEAD
        + AKL001
        + NZ001
        + 'CH001,switzerland,2023,restore,It\'s here: now,"One line, and no more."\n'
        + 'CH002,switzerland,2023,restore,"Open, then: shut",Two.\n'
        + 'CH003,switzerland,2023,measure,Third: the last,"Long '
        + "enough " * 20
        + 'for lines."\n'
    )
    imported(workspace, table, "--apply")
    expected = (
        BY_HAND.replace(
            "Put the readings of every station on one public page,\n      a week after they were taken.",
            "One line, and no more.",
        )
        .replace("year:    2022", "year:    2023")
        .replace("'Publish monthly readings'", "'It''s here: now'")
        .replace("    pillar: measure\n", "    pillar: restore\n")
        .replace("year: 2024", "year: 2023")
        .replace("title: Open the old river arms", 'title: "Open, then: shut"')
        .replace('"Let the river into three of its old arms again."', '"Two."')
        .replace(
            "  # More to come.\n",
            "\n  - summary: >-\n      Long "
            + ("enough " * 12).strip()
            + "\n      "
            + "enough " * 8
            + "for lines.\n"
            "    id: \"CH003\"\n    year: 2023\n    title: 'Third: the last'\n    pillar: measure\n"
            "  # More to come.\n",
        )
    )
    assert (workspace.root / SWITZERLAND).read_bytes().decode() == typed(expected).decode()
    assert imported(workspace, table, "--apply").endswith("nothing to change\n")


def test_comments_around_a_dropped_record_stay(workspace: Workspace) -> None:
    workspace.edit(SWITZERLAND, BY_HAND)
    workspace.edit("content/sections/introduction.md", ("commitment:CH001", "commitment:CH002"))
    imported(workspace, HEAD + AKL001 + NZ001 + CH002, "--apply", "--prune")
    text = (workspace.root / SWITZERLAND).read_text("utf-8")
    assert text.startswith(
        "# About Switzerland.\nmember: switzerland   # the whole country\ncommitments:\n"
        "  # The first one.\n\n  - {id: CH002,"
    )
    assert text.endswith('again."}\n  # More to come.\n')


@pytest.mark.parametrize(
    "value",
    [
        "no", "true", "2020", "~", "null", "1.5", "- 1 dash", "a: b", "a #b", "[x]", "{x}", "'x'", '"x"',
        "#x", "a\\b", "tab\tin", "two  spaces", "é “quoted” 😀", "non\u00a0breaking", "x:", "?", "%x",
        "2021-12-01", "line\nbreak", "par\n\nagraph", "tail -", "e" * 300, "right\u200fto left",
    ],
)  # fmt: skip
def test_any_text_comes_in_and_goes_out_as_it_is(workspace: Workspace, value: str) -> None:
    workspace.edit("table.json", json.dumps(value))
    quoted = value.replace('"', '""')
    for summary in ("A summary.", "A longer one. " * 20):
        table = ALL.replace("Plant the banks", f'"{quoted}"').replace(
            "Let the river into three of its old arms again.", f'"{summary}{quoted}"'
        )
        imported(workspace, table, "--apply")
        records = {record.id: record for record in report_of(workspace.root).commitments}
        assert records["NZ001"].title == value
        assert records["CH002"].summary == summary + value
        again = workspace.run("export", "commitments").stdout_bytes
        assert imported(workspace, again, "--apply") == NOTHING


def report_of(root: Path) -> Report:
    report = load_report(Project(root)).report
    assert report is not None
    return report


# What the table may be.


@pytest.mark.parametrize(
    "data",
    [
        ALL.encode(),
        b"\xef\xbb\xbf" + ALL.encode(),
        ALL.encode("utf-16"),
        b"\xfe\xff" + ALL.encode("utf-16-be"),
        ALL.replace("\n", "\r\n").encode(),
        ALL.replace("\n", "\r").encode(),
        b"sep=,\n" + ALL.encode(),
        ALL.replace("\n", "\n\n,,,,,\n").encode(),
        b"Records of 2024,,,,,\n,,,,,\n" + ALL.encode(),
        ALL.replace("id,member,year", " ID ,Member,\u00a0YEAR").encode(),
        ALL.replace("2022", "2022-05-31").encode(),
        ALL.replace("\n", ",,\n").encode(),
        ALL.replace("\n", ",a note\n").replace(",a note", ",Notes", 1).encode(),
        ALL.replace(",switzerland,", ", Switzerland\u00a0,").encode(),
        ALL.replace(",restore,", ",Restore what was lost,").encode(),
    ],
    ids=[
        "UTF-8", "byte order mark", "UTF-16", "UTF-16 BE", "CRLF", "CR", "sep=", "empty rows",
        "titles above", "heads in other letters", "dates", "cells beyond", "column of notes",
        "name of a member", "title of a pillar",
    ],
)  # fmt: skip
def test_forms_of_the_same_table(workspace: Workspace, data: bytes) -> None:
    if b"Restore what was lost" in data:
        title = report_of(workspace.root).pillars[1].title
        data = data.replace(b"Restore what was lost", f'"{title}"'.encode())
    assert imported(workspace, data) == NOTHING


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_part_cells(workspace: Workspace, sign: str) -> None:
    rows = [
        HEADS,
        *([c.strip('"') for c in _cells(line)] for line in (AKL001, NZ001, CH001, CH002)),
    ]
    text = "".join(sign.join(row) + "\n" for row in rows)
    assert imported(workspace, text) == NOTHING
    assert imported(workspace, f"sep={sign}\r\n{text}") == NOTHING


def _cells(line: str) -> list[str]:
    first, mark, rest = line.strip().partition(',"')
    return [*first.split(","), rest.rstrip('"')] if mark else first.split(",")


ROWS = [HEADS, *(_cells(line) for line in (AKL001, NZ001, CH001, CH002))]


def test_a_workbook(workspace: Workspace) -> None:
    def change(workbook: Any, sheet: Any) -> None:
        sheet["C2"], sheet["C3"] = 2024, datetime.datetime(2023, 5, 1)  # noqa: DTZ001 - as Excel has it
        sheet["C4"], sheet["C5"] = datetime.date(2022, 1, 1), 2024.0
        sheet["Z900"].font = Font(bold=True)
        workbook.create_sheet("Notes")["A1"] = "=1+1"
        hidden = workbook.create_sheet("Old")
        hidden.append(HEADS)
        hidden.sheet_state = "hidden"

    workspace.edit("table.xlsx", xlsx(ROWS, change))
    result = workspace.run("import", "commitments", "table.xlsx")
    assert result.output == NOTHING


def test_a_head_over_two_merged_rows(workspace: Workspace) -> None:
    above = ["Commitments", None, None, None, None, None]
    first = ["id", "member", "year", "pillar", "Text", None]
    second = [None, None, None, None, "title", "summary"]

    def change(workbook: Any, sheet: Any) -> None:
        for area in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:F2"):
            sheet.merge_cells(area)

    workspace.edit("table.xlsx", xlsx([above, first, second, *ROWS[1:]], change))
    assert workspace.run("import", "commitments", "table.xlsx").output == NOTHING


def test_hidden_rows_are_read_and_told(workspace: Workspace) -> None:
    def change(workbook: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    workspace.edit("table.xlsx", xlsx(ROWS, change))
    result = workspace.run("import", "commitments", "table.xlsx")
    assert result.exit_code == 0
    assert result.output == NOTHING.replace(
        "nothing",
        "table.xlsx:Records:3:1: warning[hidden-rows]: the row is hidden, perhaps by a filter, and is read all the same; delete them if they are not meant, or show them\nnothing",
    )


# What is refused, by row and column.

CASES: list[tuple[str, str | bytes, str]] = [
    (
        "Windows-1252",
        ALL.replace("Plant the banks", "Caf\u00e9").encode("cp1252"),
        "table.csv:3:35: error[table-encoding]: byte 0xE9 is not valid UTF-8 (in Windows-1252 it is 'é'); save the table as XLSX or as 'CSV UTF-8'; which letters were meant is not guessed",
    ),
    (
        "half of UTF-16",
        ALL.encode("utf-16")[:-1],
        "table.csv:1:1: error[table-encoding]: it begins as UTF-16 and isn't valid UTF-16; save the table as XLSX or as 'CSV UTF-8'; which letters were meant is not guessed",
    ),
    ("nothing", "", "table.csv:1:1: error[empty-csv]: the table is empty; give one with records"),
    (
        "head alone",
        HEAD,
        "table.csv:1:1: error[table-columns]: there is no record below the names of the columns; give the table with its records",
    ),
    (
        "open quotation mark",
        ALL.replace('"Give', '"Give"'),
        "table.csv:2:1: error[invalid-csv]: the row that begins here is not valid CSV (',' expected after '\"'); close each quotation mark, and double one inside a cell (\"\")",
    ),
    (
        "missing column",
        ALL.replace("summary", "sumary", 1),
        "table.csv:1:1: error[table-columns]: there is no column 'summary'; did you mean 'sumary'?, or say in content/import.yaml which column is what",
    ),
    (
        "missing columns",
        "id,member,year,pillar\n",
        "table.csv:1:1: error[table-columns]: there is no column 'title', nor 'summary'; add what is missing, or say in content/import.yaml which column is what",
    ),
    (
        "no column",
        "a,b\n1,2\n",
        "table.csv:1:1: error[table-columns]: none of the first 20 rows names the columns of records; name them id, member, year, pillar, title, summary, or say in content/import.yaml which column is what",
    ),
    (
        "column twice",
        ALL.replace("\n", ",2020\n").replace("2020", "year", 1),
        "table.csv:1:37: error[table-columns]: the column 'year' stands here a second time; delete or rename the one that isn't the record's year",
    ),
    (
        "too many cells",
        ALL.replace("Plant the banks", "Plant, the banks"),
        "table.csv:3:1: error[ragged-csv]: this row has 7 cells, the head row has 6; put a text with the sign that parts cells in quotation marks, and give each row as many cells as there are columns",
    ),
    (
        "too few cells",
        ALL.replace(",Plant the banks", ""),
        "table.csv:3:1: error[ragged-csv]: this row has 5 cells, the head row has 6; put a text with the sign that parts cells in quotation marks, and give each row as many cells as there are columns",
    ),
    (
        "id twice",
        ALL + CH001,
        "table.csv:6:1: error[duplicate-id]: the id 'CH001' stands here a second time (first at table.csv:4:1); leave one row for each record",
    ),
    (
        "empty cell",
        ALL.replace("Plant the banks", ""),
        "table.csv:3:32: error[empty-cell]: column 'title': the cell is empty; fill it in",
    ),
    (
        "formula",
        ALL.replace("Plant the banks", '"=HYPERLINK(""x"")"'),
        "table.csv:3:32: error[table-formula]: column 'title': '=HYPERLINK(\"x\")' is a formula, whose value may be an old one; copy the cell and paste it as a value; of a text, put an apostrophe before it",
    ),
    (
        "control character",
        ALL.replace("Plant the banks", "Plant\x0bthe banks"),
        "table.csv:3:32: error[control-character]: column 'title': U+000B is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "no year",
        ALL.replace("2022", "about 2022"),
        "table.csv:4:19: error[not-a-year]: 'about 2022' is not a year; write it as 2021, or a date as 2021-12-31 or in a cell with the format of a date",
    ),
    (
        "number of a date",
        ALL.replace("2022", "44562"),
        "table.csv:4:19: error[not-a-year]: '44562' is not a year, but perhaps a date's number; write it as 2021, or a date as 2021-12-31 or in a cell with the format of a date",
    ),
    (
        "unknown member",
        ALL + "DE001,germany,2024,restore,A title,A summary.\n",
        "table.csv:6:7: error[unknown-member]: there is no member 'germany'; there are auckland, new-zealand, switzerland; a new one is added to content/members.yaml by hand; another spelling goes into 'values' of content/import.yaml",
    ),
    (
        "unknown pillar",
        ALL.replace("restore", "restor", 1),
        "table.csv:3:24: error[unknown-pillar]: there is no pillar 'restor'; did you mean 'restore'?; a new one is added to content/pillars.yaml by hand; another spelling goes into 'values' of content/import.yaml",
    ),
    (
        "record of another member",
        ALL.replace("CH002,switzerland", "CH002,auckland"),
        "table.csv:5:7: error[id-of-other-member]: the record 'CH002' is of the member 'switzerland' in the content, and of 'auckland' here; correct the member or the id",
    ),
    (
        "new record with another member's id",
        ALL + "AKL002,switzerland,2024,restore,A title,A summary.\n",
        "table.csv:6:1: error[id-of-other-member]: the id 'AKL002' is of the member 'auckland', but the file is of 'switzerland'; move the record to 'auckland.yaml', or correct the id",
    ),
    (
        "year out of range",
        ALL.replace("2022", "1905"),
        "table.csv:4:19: error[year-out-of-range]: the year 1905 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
    ),
    (
        "HTML",
        ALL.replace("Plant the banks", "Plant <b>the</b> banks"),
        (
            "table.csv:3:32: error[raw-html]: '<b>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'\n"
            "table.csv:3:32: error[raw-html]: '</b>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'"
        ),
    ),
    (
        "unknown link in a text over several lines",
        ALL.replace("Plant the banks", '"Plant\nthe [banks](bank)"'),
        "table.csv:3:32: error[unknown-link]: there is no link 'bank'; add it, or use one of network",
    ),
    (
        "several mistakes",
        ALL.replace("2022", "").replace("Plant the banks", "=x").replace("auckland", "aukland"),
        (
            "table.csv:2:8: error[unknown-member]: there is no member 'aukland'; did you mean 'auckland'?; a new one is added to content/members.yaml by hand; another spelling goes into 'values' of content/import.yaml\n"
            "table.csv:3:32: error[table-formula]: column 'title': '=x' is a formula, whose value may be an old one; copy the cell and paste it as a value; of a text, put an apostrophe before it\n"
            "table.csv:4:19: error[empty-cell]: column 'year': the cell is empty; fill it in"
        ),
    ),
]


@pytest.mark.parametrize(("table", "told"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_table_with_a_mistake(workspace: Workspace, table: str | bytes, told: str) -> None:
    assert refused(workspace, table) == told


def _set(place: str, value: object) -> Callable[[Any, Any], object]:
    return lambda workbook, sheet: sheet.__setitem__(place, value)


XLSX_CASES: list[tuple[str, bytes, str]] = [
    (
        "formula",
        xlsx(ROWS, _set("C4", "=2000+22")),
        "table.xlsx:Records:4:3: error[table-formula]: column 'year': '=2000+22' is a formula, whose value may be an old one; copy the cell and paste it as a value; of a text, put an apostrophe before it",
    ),
    (
        "error of a formula",
        xlsx(ROWS, _set("E3", "#N/A")),
        "table.xlsx:Records:3:5: error[table-formula]: column 'title': '#N/A' stands in place of a value; mend the formula",
    ),
    (
        "merged cells",
        xlsx(ROWS, lambda workbook, sheet: sheet.merge_cells("D3:D4")),
        "table.xlsx:Records:4:4: error[merged-cell]: column 'pillar': the cell is a part of a merged one, which has one value for several records; unmerge it and fill in each cell",
    ),
    (
        "number of a date",
        xlsx(ROWS, _set("C4", 44562)),
        "table.xlsx:Records:4:3: error[not-a-year]: '44562' is not a year, but perhaps a date's number; write it as 2021, or a date as 2021-12-31 or in a cell with the format of a date",
    ),
    (
        "year in the format of a date",
        xlsx(ROWS, _set("C4", datetime.date(1905, 7, 14))),
        "table.xlsx:Records:4:3: error[year-out-of-range]: the year 1905 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
    ),
    (
        "two sheets",
        xlsx(ROWS, lambda workbook, sheet: workbook.create_sheet("Copy").append(HEADS)),
        "table.xlsx:Copy:1:1: error[table-columns]: this sheet has the columns of the records too (first at table.xlsx:Records:1:1); leave one such sheet in the file, or hide the other",
    ),
    (
        "far too large",
        xlsx(ROWS, _set("XFD1048576", 1)),
        "table.xlsx:Records:1048576:16384: error[table-size]: the sheet has more than 1,000 columns; take out what is no record, or copy the records to a new file",
    ),
    (
        "not a workbook",
        b"PK\x03\x04 and no more",
        "table.xlsx:1:1: error[invalid-xlsx]: this is not an XLSX file that can be read (File is not a zip file); save it again as .xlsx, or as 'CSV UTF-8'",
    ),
    (
        "an old workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "table.xlsx:1:1: error[invalid-xlsx]: this is an Excel file of the old kind (.xls), or one with a password; save it as .xlsx without a password",
    ),
]


@pytest.mark.parametrize(
    ("table", "told"), [c[1:] for c in XLSX_CASES], ids=[c[0] for c in XLSX_CASES]
)
def test_a_workbook_with_a_mistake(workspace: Workspace, table: bytes, told: str) -> None:
    assert refused(workspace, table, name="table.xlsx") == told


def test_a_file_that_is_not_there(workspace: Workspace) -> None:
    result = workspace.run("import", "commitments", "table.csv")
    assert result.exit_code == 1
    assert result.output == (
        "table.csv:1:1: error[unreadable-file]: the file can't be read (No such file or directory); make sure that it is there and may be read\n"
    )


def test_content_with_a_mistake_is_mended_first(workspace: Workspace) -> None:
    workspace.edit(SWITZERLAND, ("year: 2022", "year: soon"))
    told = refused(workspace, ALL)
    assert told.startswith(f"{SWITZERLAND}:4:11: error[wrong-type]")


def test_records_in_square_brackets_are_not_added_to(workspace: Workspace) -> None:
    workspace.edit(
        NEW_ZEALAND,
        "member: new-zealand\ncommitments: [{id: NZ001, year: 2023, pillar: restore, title: T, summary: S}]\n",
    )
    told = refused(workspace, ALL + "NZ002,new-zealand,2023,restore,A title,A summary.\n")
    assert told == (
        f"{NEW_ZEALAND}:2:1: error[flow-records]: the records stand in square brackets, where none can be added or taken away; write each behind '- ' from a line of its own on"
    )
    imported(workspace, ALL, "--apply")
    assert 'pillar: restore, title: "Plant the banks", summary: "Plant native' in (
        workspace.root / NEW_ZEALAND
    ).read_text("utf-8")


# How a table's columns are mapped.

MAPPING = """\
commitments:
  ministry:
    columns: {id: No., member: Country, year: Begin, title: Name, summary: What}
    values:
      member: {Helvetia: switzerland}
    text: plain
    new: skip
"""
TABLE = (
    "No.,Country,Begin,Name,What\n"
    "CH001,Helvetia,2023-02-01,Publish *all* readings,5 * 3 < 16 & so on\n"
    "CH009,Nowhere,soon,,\n"
)


def test_a_mapping(workspace: Workspace) -> None:
    workspace.edit(IMPORT, MAPPING)
    assert workspace.check() == "content: no errors, no warnings\n"
    shown = imported(workspace, TABLE, "--apply")
    assert "1 changed, 0 unchanged, 3 gone, 1 not in this report (read as 'ministry')" in shown
    text = (workspace.root / SWITZERLAND).read_text("utf-8")
    assert "    title: Publish \\*all\\* readings\n    summary: 5 * 3 < 16 & so on\n" in text
    assert "    year: 2023\n    pillar: measure\n" in text
    assert imported(workspace, TABLE).endswith("nothing to change\n")
    # A table that `reportgen export` wrote is still read.
    assert imported(workspace, workspace.run("export", "commitments").stdout_bytes) == NOTHING


def test_a_table_that_has_not_all_of_a_new_record(workspace: Workspace) -> None:
    workspace.edit(IMPORT, MAPPING.replace("    new: skip\n", ""))
    assert refused(workspace, TABLE.replace("CH009,Nowhere,soon,,", "CH009,Helvetia,2024,A,B")) == (
        "table.csv:3:1: error[new-record]: the report has no record 'CH009', and a new one needs what the table doesn't have: pillar; add the columns and name them in content/import.yaml, write the record by hand, or say 'new: skip' there"
    )


def test_html_in_a_plain_text(workspace: Workspace) -> None:
    workspace.edit(IMPORT, MAPPING)
    assert refused(workspace, TABLE.replace("5 * 3", "<p>5")) == (
        "table.csv:2:50: error[raw-html]: '<p>' is HTML, which has no form in a report; take it away, or write the text as Markdown"
    )


MAPPING_CASES: list[tuple[str, Edit, str]] = [
    (
        "unknown key",
        MAPPING.replace("text:", "texts:"),
        f"{IMPORT}:6:5: error[unknown-key]: the key 'texts' is not known here; did you mean 'text'?",
    ),
    (
        "unknown column",
        MAPPING.replace("year: Begin", "yaer: Begin"),
        f"{IMPORT}:3:41: error[unknown-key]: the key 'yaer' is not known here; did you mean 'year'?",
    ),
    (
        "no id",
        MAPPING.replace("id: No., ", ""),
        f"{IMPORT}:3:14: error[missing-key]: the key 'id' is missing; add 'id: …' to this entry",
    ),
    (
        "unknown member",
        MAPPING.replace("switzerland", "swizerland"),
        f"{IMPORT}:5:26: error[unknown-member]: there is no member 'swizerland'; did you mean 'switzerland'?",
    ),
    (
        "another word for new",
        MAPPING.replace("skip", "drop"),
        f"{IMPORT}:7:10: error[invalid-value]: 'drop' is not a value for 'new'; write one of add, skip",
    ),
    (
        "nothing in it",
        "",
        f"{IMPORT}:1:1: error[no-keys]: there is nothing where keys are to be; write 'key: value' lines; the keys are commitments",
    ),
]


@pytest.mark.parametrize(
    ("text", "told"), [c[1:] for c in MAPPING_CASES], ids=[c[0] for c in MAPPING_CASES]
)
def test_a_mapping_with_a_mistake(workspace: Workspace, text: str, told: str) -> None:
    workspace.edit(IMPORT, text)
    assert workspace.check() == f"{told}\ncontent: 1 error, no warnings\n"


# Nothing is lost.


@pytest.fixture
def real(tmp_path: Path) -> Workspace:
    """The report of this repository."""
    root = tmp_path / "real"
    shutil.copytree(ROOT / "content", root / "content")
    return Workspace(root)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_real_report_comes_back_as_it_went(real: Workspace, form: str) -> None:
    before = files(real)
    assert (
        real.run("export", "commitments", "--format", form, "--out", f"table.{form}").output == ""
    )
    result = real.run("import", "commitments", f"table.{form}", "--apply")
    assert result.output == NOTHING.replace("4 unchanged", "50 unchanged")
    assert files(real) == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_real_records_are_made_anew_from_their_table(real: Workspace, form: str) -> None:
    report = report_of(real.root)
    real.run("export", "commitments", "--format", form, "--out", f"table.{form}")
    shutil.rmtree(real.root / CONTENT)
    result = real.run("import", "commitments", f"table.{form}", "--apply")
    assert result.exit_code == 0, result.output
    assert sorted(report_of(real.root).commitments, key=lambda c: c.id) == sorted(
        report.commitments, key=lambda c: c.id
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_five_thousand_records_come_back_as_they_went(workspace: Workspace, form: str) -> None:
    workspace.edit("content/report.yaml", ('"{prefix}000"', '"{prefix}0000"'))
    workspace.edit("content/sections/introduction.md", ("(commitment:CH001)", "(network)"))
    shutil.rmtree(workspace.root / CONTENT)
    members = [("auckland", "AKL"), ("new-zealand", "NZ"), ("switzerland", "CH")]
    words = ["water: clean", "#1", "“quoted”", "*starred*", "50 %", "a, b; c", "— dash", "😀"]
    rows = [
        f'{prefix}{1000 + index},{member},{2022 + index % 3},measure,"Title {index}: {words[index % 8]}",'
        f'"{" ".join(words[(index + n * n) % 8] for n in range(40))} {index}"\n'
        for index in range(5000)
        for member, prefix in [members[index % 3]]
    ]
    table = HEAD + "".join(rows)
    assert "5000 new" in imported(workspace, table, "--apply")
    before = files(workspace)
    assert len(report_of(workspace.root).commitments) == 5000
    workspace.run("export", "commitments", "--format", form, "--out", f"table.{form}")
    result = workspace.run("import", "commitments", f"table.{form}", "--apply")
    assert result.output == NOTHING.replace("4 unchanged", "5000 unchanged")
    assert files(workspace) == before


FORMULAS = ["=1+1", "＝1", "＠a", "－1", "a;=1+1", "a;＝1", "'=1", "a;'+1", "it's; -1"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_texts_like_formulas_come_back_as_they_went(workspace: Workspace, form: str) -> None:
    for number, text in enumerate(FORMULAS):
        workspace.append(
            SWITZERLAND,
            f"  - id: CH{100 + number}\n    year: 2023\n    pillar: measure\n"
            f"    title: {json.dumps(text)}\n    summary: {json.dumps(text)}\n",
        )
    before = files(workspace)
    workspace.run("export", "commitments", "--format", form, "--out", f"table.{form}")
    result = workspace.run("import", "commitments", f"table.{form}", "--apply")
    assert result.output == NOTHING.replace("4 unchanged", f"{4 + len(FORMULAS)} unchanged")
    assert files(workspace) == before


# Large and hostile tables.


def test_a_text_of_many_spaces(workspace: Workspace) -> None:
    workspace.edit(IMPORT, f"commitments:\n  plain:\n    columns: {COLUMNS}\n    text: plain\n")
    assert "1 new" in imported(workspace, f'{HEAD}CH003,switzerland,2023,measure,"A{SPACES}B",C\n')


SPACES = " " * 19_000
COLUMNS = "{id: id, member: member, year: year, pillar: pillar, title: title, summary: summary}"


def test_names_are_suggested_for_some_misspelt_ones(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes a comparison with all known names."""
    asked = []

    def counted(name: str, known: object, otherwise: str) -> str:
        asked.append(name)
        return otherwise

    monkeypatch.setattr("reportgen.source.diagnostics.did_you_mean", counted)
    rows = "".join(f"CH1{n:03},swizerland{n},2023,measure,A,B\n" for n in range(300))
    assert refused(workspace, HEAD + rows).count("error[unknown-member]") == 300
    assert len(asked) == 100


def test_the_cost_of_a_rewrite_grows_as_its_records_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in characters that are copied or looked at: those of the parts that don't change."""

    class Counted(str):
        __slots__ = ()
        copied = 0

        def removeprefix(self, prefix: str, /) -> Counted:
            return self

        def __getitem__(self, key: Any) -> str:
            part = super().__getitem__(key)
            Counted.copied += len(part)
            return part

    def composed(text: str, loader: Any) -> Any:
        return compose(str(text), loader)

    compose = yaml.compose
    monkeypatch.setattr(yaml, "compose", composed)

    def cost(number: int) -> int:
        records = "".join(f"  - id: A{n}\n    title: >-\n      Some words\n" for n in range(number))
        edits = Edits(
            {f"A{n}": {"title": "Other words"} for n in range(0, number, 2)},
            frozenset(f"A{n}" for n in range(1, number, 2)),
            (),
        )
        Counted.copied = 0
        assert rewritten(Counted(f"member: a\ncommitments:\n{records}"), edits)
        return Counted.copied

    assert 0 < cost(400) < 5 * cost(100)


# All or nothing.


def apply_all(root: Path) -> None:
    """Import the table of a folder, as the command does."""
    os.chdir(root)
    main(["import", "commitments", "table.csv", "--apply", "--prune"], standalone_mode=False)


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_all_old_or_all_new(workspace: Workspace) -> None:
    workspace.edit("table.csv", CHANGED)
    old = files(workspace)
    subprocess.run(
        [sys.executable, "-m", "tests.kills", workspace.root, "tests.test_import:apply_all"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=True,
    )
    imported(workspace, CHANGED, "--apply", "--prune")
    new = files(workspace)
    outcomes = []
    for copy in (path for path in workspace.root.parent.iterdir() if path.name.isdigit()):
        for path, data in files(Workspace(copy)).items():
            if not path.startswith(".reportgen/"):
                assert data in (old.get(path), new.get(path)), copy
        assert Workspace(copy).check().endswith("content: no errors, no warnings\n")
        assert files(Workspace(copy)) in (old, new), copy
        outcomes.append(files(Workspace(copy)) == new)
    assert outcomes.count(False) > 10
    assert outcomes.count(True) > 10


def test_a_file_that_is_edited_meanwhile_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited_first(project: Project, changes: Sequence[Change]) -> None:
        workspace.append(SWITZERLAND, "# edited\n")
        replace_files(project, changes)

    monkeypatch.setattr("reportgen.cli.import_.replace_files", edited_first)
    workspace.edit("table.csv", CHANGED)
    before = files(workspace)
    result = workspace.run("import", "commitments", "table.csv", "--apply")
    assert result.exit_code == 1
    assert result.output == (
        f"{PLAN}{SWITZERLAND}:1:1: error[not-written]: the file was edited while the import ran; run the command again\n"
        "1 error, no warnings: nothing was changed\n"
    )
    assert files(workspace) == {**before, SWITZERLAND: before[SWITZERLAND] + b"# edited\n"}


def test_a_full_disk_changes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(transaction, "_write", full)
    workspace.edit("table.csv", CHANGED)
    before = files(workspace)
    result = workspace.run("import", "commitments", "table.csv", "--apply")
    assert result.exit_code == 1
    assert (
        "error[not-written]: the files can't be written (No space left on device); put that right and run the command again\n1 error, no warnings: nothing was changed\n"
        in result.output
    )
    assert files(workspace) == before
