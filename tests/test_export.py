"""A report's records as other programs read them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.exchange.dataset import dataset
from reportgen.exchange.export import (
    COLUMNS,
    commitments_csv,
    commitments_json,
    digits,
    guarded,
    unguarded,
)
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pdf.attachments import attachments
from reportgen.project import Project
from tests.conftest import STARTER, Workspace

ROOT = Path(__file__).parents[1]


def loaded(root: Path) -> Report:
    report = load_report(Project(root)).report
    assert report is not None
    return report


@pytest.fixture(scope="module")
def report() -> Report:
    return loaded(ROOT)


def test_csv_of_the_starter() -> None:
    text = commitments_csv(loaded(STARTER.parent))
    lines = text.split("\r\n")
    assert lines[0] == "id,member,member_name,country_code,region,pillar,year,title,summary,url"
    assert lines[1] == (
        "AKL001,auckland,Auckland,NZ,downstream,measure,2024,Readings in every school,"
        '"Give each school by the water a kit, and publish what pupils measure.",'
        "https://example.org/towns/auckland/AKL001/"
    )
    assert (len(lines), lines[-1]) == (6, "")


def test_json_of_the_starter() -> None:
    text = commitments_json(loaded(STARTER.parent))
    assert text.startswith('[\n  {\n    "id": "AKL001",\n    "member": "auckland",\n')
    assert text.endswith("\n  }\n]\n")
    assert json.loads(text)[2]["year"] == 2022


def test_csv_and_json_have_all_of_each_record(report: Report) -> None:
    rows = list(csv.reader(io.StringIO(commitments_csv(report), newline="")))
    objects = json.loads(commitments_json(report))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 51
    assert [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]] == [
        {key: str(value) for key, value in entry.items()} for entry in objects
    ]
    for record, entry in zip(report.commitments, objects, strict=True):
        assert entry == {
            "id": record.id,
            "member": record.member.id,
            "member_name": record.member.name,
            "country_code": record.member.country,
            "region": record.member.region.id,
            "pillar": record.pillar.id,
            "year": record.year,
            "title": record.title,
            "summary": record.summary,
            "url": record.url,
        }


def test_a_record_without_an_address(report: Report) -> None:
    bare = dataclasses.replace(
        report, commitments=(dataclasses.replace(report.commitments[0], url=None),)
    )
    assert commitments_csv(bare).endswith(",\r\n")
    assert json.loads(commitments_json(bare))[0]["url"] is None


def test_no_spreadsheet_runs_what_is_exported(report: Report) -> None:
    record = dataclasses.replace(report.commitments[0], title=type(report.title)('=HYPERLINK("x")'))
    text = commitments_csv(dataclasses.replace(report, commitments=(record,)))
    assert ',"\'=HYPERLINK(""x"")",' in text


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t1", "\r1", "'=1", "''-", "＝1", "＋1", "－1", "＠a"]
)
def test_what_begins_like_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("sign", [";", "\t", "\n", "\r"])
@pytest.mark.parametrize("formula", ["=1", "＝1", "'@a"])
def test_what_begins_like_a_formula_within_a_cell_is_guarded(sign: str, formula: str) -> None:
    """A program that takes another sign for the one that parts cells finds a cell there."""
    assert guarded(f"a{sign}{formula}") == f"a{sign}'{formula}"


@pytest.mark.parametrize("text", ["", "a=1", "'", "'tis", "’=", " =1", "1-2"])
def test_all_other_text_stays(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@given(st.text(alphabet="'=+-@＝＋－＠;\t\r\na ", max_size=8) | st.text())
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_attachments_come_in_the_order_of_their_names(workspace: Workspace) -> None:
    """ISO 32000-1, 7.9.6: the names of a name tree are sorted; a figure's comes after them all."""
    report = load_report(Project(workspace.root)).report
    assert report
    files = dataset(report, "0" * 64)
    names = [attachment.name for attachment in attachments(files, "2024-05-01T00:00:00Z")]
    assert names == sorted(file.name for file in files)
    assert names[-1] == "figure-clean-rivers.csv"


@pytest.mark.parametrize(
    "out", ["content/report.yaml", "content/new.csv", "templates/x", "link/report.yaml"]
)
def test_an_export_is_not_written_onto_content(workspace: Workspace, out: str) -> None:
    (workspace.root / "link").symlink_to("content")
    before = (workspace.root / "content/report.yaml").read_bytes()
    result = workspace.run("export", "commitments", "--out", out)
    assert result.exit_code == 2
    assert "which a report is made of" in " ".join(result.output.split())
    assert (workspace.root / "content/report.yaml").read_bytes() == before
    assert not (workspace.root / "content/new.csv").exists()


def test_digits_of_any_number() -> None:
    assert digits(int("9" * 400)) == "9" * 400
    assert digits(1e308) == "1e+308"
