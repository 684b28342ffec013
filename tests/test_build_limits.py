"""Work without end: an output that exceeds a limit is an error that names the part and the step."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from reportgen.build.start import start_project
from tests.conftest import Workspace

COVER = "templates/parts/cover.html.j2"
ENDLESS = "{% for i in range(9999) %}" * 4 + "{% endfor %}" * 4
DOUBLING = "{% set x = 'aaaaaaaa' %}" + "{% set x = x ~ x %}" * 40


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The starter with its design."""
    start_project(tmp_path / "report")
    return Workspace(tmp_path / "report")


def build(workspace: Workspace, on_the_cover: str, *options: str) -> str:
    """Build with something more on the cover, and return the error."""
    workspace.edit(COVER, ("{% block main %}", "{% block main %}" + on_the_cover))
    result = workspace.run("build", "--jobs", "1", *options)
    assert result.exit_code == 1
    assert not (workspace.root / "out").exists()
    (line,) = (line for line in result.stderr.splitlines() if " error[" in line)
    return line


def test_a_template_that_loops_ends_at_the_time_limit(workspace: Workspace) -> None:
    assert build(workspace, ENDLESS, "--max-seconds", "8") == (
        f"{COVER}:1:1: error[time-limit]: en.digital was not made: it took longer than 8 s,"
        " while rendering the part 'cover'; simplify what it works on, or raise the limit with"
        " --max-seconds"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels don't enforce the limit")
def test_a_template_that_doubles_a_text_ends_at_the_memory_limit(workspace: Workspace) -> None:
    assert build(workspace, DOUBLING, "--max-memory", "1G") == (
        f"{COVER}:1:1: error[memory-limit]: en.digital was not made: it needs more memory than"
        " 1,024 MiB, while rendering the part 'cover'; simplify what it works on, or raise the"
        " limit with --max-memory"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("html", "step"),
    [
        ('<div style="display: grid"><p style="grid-row: 100000000">x</p></div>', "laying out"),
        (
            '<div style="display: grid; grid-template-columns: repeat(100000000, 1fr)">x</div>',
            "laying out",
        ),
        (
            '<p style="text-decoration: underline wavy; text-decoration-thickness: 0.0001px">'
            + "wave " * 200
            + "</p>",
            "writing",
        ),
    ],
    ids=["grid-row", "repeat", "wavy"],
)
def test_a_style_that_asks_for_endless_work_ends_at_a_limit(
    workspace: Workspace, html: str, step: str
) -> None:
    line = build(workspace, html, "--max-seconds", "10", "--max-memory", "1G")
    assert re.search(rf"error\[(time-limit|memory-limit)\]: .*, while {step} ", line), line


@pytest.mark.parametrize(
    ("option", "value"),
    [("--max-memory", "4"), ("--max-memory", "0G"), ("--max-memory", "-1G"), ("--max-memory", "xG"),
     ("--max-memory", ""), ("--max-seconds", "0"), ("--max-seconds", "-1"), ("--max-seconds", "x")],
)  # fmt: skip
def test_a_limit_that_is_none_is_a_usage_error(
    workspace: Workspace, option: str, value: str
) -> None:
    result = workspace.run("build", option, value)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr


def test_limits_come_from_the_environment(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_MAX_SECONDS", "8")
    assert "longer than 8 s" in build(workspace, ENDLESS)
