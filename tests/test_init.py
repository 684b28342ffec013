"""A new report works at once."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from reportgen.cli import main


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*arguments])
    return result.exit_code, result.output


def test_init_then_build(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("init", str(folder))[0] == 0
    code, output = run("build", "--project", str(folder), "--json")
    assert code == 0, output
    (built,) = json.loads(output)["outputs"]
    assert built["conformant"]
    assert built["pages"] > 8
    assert Path(built["path"]) == folder / "out/clear-rivers.en.digital.pdf"
    assert [p.name for p in (folder / "out").iterdir()] == ["clear-rivers.en.digital.pdf"]


def test_init_refuses_a_folder_with_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, output = run("init", str(tmp_path))
    assert code == 2
    assert "is not an empty folder" in output
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("year", ["0", "1700000000"])
def test_source_date_epoch_is_honoured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: str
) -> None:
    folder = tmp_path / "mine"
    run("init", str(folder))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", year)
    out = folder / "out/clear-rivers.en.digital.pdf"
    assert run("build", "--project", str(folder), "--quiet")[0] == 0
    first = out.read_bytes()
    with pikepdf.open(out) as pdf:
        expected = "D:19700101000000" if year == "0" else "D:20231114221320"
        assert str(pdf.docinfo["/CreationDate"]).startswith(expected)
    assert run("build", "--project", str(folder), "--quiet")[0] == 0
    assert out.read_bytes() == first


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["init", str(tmp_path / "file/report")])
    assert result.exit_code == 1
    assert result.output.startswith(f"{tmp_path}/file/report:1:1: error[not-written]: ")
