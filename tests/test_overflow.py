"""What is cut at the edge of a page is an error at its place, and no file is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.build.job import Job, Made
from reportgen.build.make import make
from reportgen.build.start import start_project
from reportgen.project import Project

SECTION = "content/sections/introduction.md"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    start_project(tmp_path / "report")
    return tmp_path / "report"


def made(report: Path) -> Made:
    return make(Project(report), Job("en", "digital"))


def told(report: Path) -> list[str]:
    result = made(report)
    assert result.data is None
    return [str(one) for one in result.diagnostics if one.code == "off-page"]


def test_a_report_that_fits_is_built(report: Path) -> None:
    assert made(report).data


def test_a_chart_higher_than_a_page(report: Path) -> None:
    rows = "".join(f"Name {n},{n},{n + 1},{n + 2}\n" for n in range(60))
    data = report / "content" / "figures" / "clean-rivers.csv"
    data.write_text(f"Name,One,Two,Three\n{rows}")
    settings = data.with_suffix(".yaml")
    settings.write_text(settings.read_text().replace("kind: line", "kind: bar"))
    (line,) = told(report)
    place = "content/figures/clean-rivers.yaml:"
    assert line.startswith(place)
    assert "error[off-page]: the picture “A line from year to year." in line
    assert "is cut at the edge of page" in line


def test_a_text_that_is_too_wide(report: Path) -> None:
    section = report / SECTION
    section.write_text(f"{section.read_text()}\nSee {'x' * 200} for more.\n")
    (line,) = told(report)
    place = f"{SECTION}:{len(section.read_text().splitlines())}:1: error[off-page]: the text “xxxx"
    assert line.startswith(place)


def test_a_text_that_a_style_moves_off_the_page(report: Path) -> None:
    with (report / "styles" / "base.css").open("a") as sheet:
        sheet.write(".part-title { position: relative; inset-block-start: -60mm }")
    assert "error[off-page]: the text “Contents” is cut at the edge of page 3" in told(report)[0]
