"""Content with a mistake builds nothing, and leaves what was built before."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Workspace

BEFORE = b"%PDF-1.7 the report as it was"
TITLE = (
    "content/figures/clean-rivers.yaml:2:1: error[unknown-key]:"
    " the key 'titel' is not known here; did you mean 'title'?\n"
)
REFUSED = "nothing was written in place of what failed\n"


@pytest.fixture
def spoiled(workspace: Workspace) -> Workspace:
    """A report with a mistake, and the PDF that was built before the mistake was made."""
    workspace.edit("content/figures/clean-rivers.yaml", ("title: Share", "titel: Share"))
    workspace.edit("out/clear-rivers.en.digital.pdf", BEFORE)
    return workspace


def out(workspace: Workspace) -> dict[str, bytes]:
    """Give all that is in the folder of outputs."""
    return {path.name: path.read_bytes() for path in (workspace.root / "out").iterdir()}


@pytest.mark.parametrize(
    "options",
    [(), ("--strict",), ("--quiet",), ("--edition", "digital"), ("--locale", "en")],
    ids=" ".join,
)
def test_a_mistake_builds_nothing(spoiled: Workspace, options: tuple[str, ...]) -> None:
    result = spoiled.run("build", *options)
    assert result.exit_code == 1
    assert result.stderr == f"{TITLE}1 error, no warnings: {REFUSED}"
    assert result.stdout == ""
    assert out(spoiled) == {"clear-rivers.en.digital.pdf": BEFORE}


def test_a_build_says_what_a_check_says(spoiled: Workspace) -> None:
    spoiled.edit("content/links.yaml", b"\xff")
    spoiled.edit("content/report.yaml", ("[2022, 2024]", "[2023, 2023]"))
    *told, counted = spoiled.check().splitlines(keepends=True)
    assert len(told) == 5
    result = spoiled.run("build")
    assert result.stderr == "".join(told) + f"5 errors, no warnings: {REFUSED}"
    assert counted == "content: 5 errors, no warnings\n"


def test_as_json(spoiled: Workspace) -> None:
    result = spoiled.run("build", "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "outputs": [],
        "diagnostics": json.loads(spoiled.check("--format", "json")),
    }
    assert out(spoiled) == {"clear-rivers.en.digital.pdf": BEFORE}


def test_another_folder_is_not_even_made(spoiled: Workspace, tmp_path: Path) -> None:
    assert spoiled.run("build", "--out", str(tmp_path / "elsewhere")).exit_code == 1
    assert not (tmp_path / "elsewhere").exists()


def test_strict_refuses_a_warning(workspace: Workspace) -> None:
    workspace.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n")
    workspace.edit("out/clear-rivers.en.digital.pdf", BEFORE)
    result = workspace.run("build", "--strict")
    assert result.exit_code == 1
    assert result.stderr.endswith(f"no errors, 1 warning: {REFUSED}")
    assert out(workspace) == {"clear-rivers.en.digital.pdf": BEFORE}


def test_the_typesetter_is_not_waited_for(
    spoiled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An import of a module that is None in this table fails.
    monkeypatch.setitem(sys.modules, "reportgen.build.make", None)
    assert spoiled.run("build").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--locale", "xx"),
        ("--edition", "gold"),
        ("--out", "content/report.yaml"),
        ("--project", "x"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_builds_nothing(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    workspace.edit("out/clear-rivers.en.digital.pdf", BEFORE)
    result = workspace.run("build", *arguments)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1].startswith("Error: ")
    assert out(workspace) == {"clear-rivers.en.digital.pdf": BEFORE}
