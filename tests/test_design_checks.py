"""What `check` and `build` say of a design that hasn't all that the content needs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.ink import difference, lab_of
from tests.conftest import ROOT, Workspace

TOKENS = "styles/tokens.css"
PILLARS = "content/pillars.yaml"
SECTION = "content/sections/introduction.md"
TABLE = "content/figures/clean-rivers.csv"

Screen = tuple[int, int, int]
screens = st.tuples(*(st.integers(0, 255),) * 3)


@pytest.fixture
def design(workspace: Workspace) -> Workspace:
    """The starter with the toolkit's design: no warnings."""
    for folder in ("styles", "templates"):
        shutil.copytree(ROOT / folder, workspace.root / folder)
    assert workspace.check() == "content: no errors, no warnings\n"
    return workspace


def told(workspace: Workspace) -> list[str]:
    """Give what is told; a build says the same as a check, and builds nothing of errors."""
    *lines, count = workspace.check().splitlines()
    if not count.startswith("content: no errors"):
        result = workspace.run("build")
        assert result.exit_code == 1
        assert result.stderr.splitlines()[:-1] == lines
        assert not (workspace.root / "out").exists()
    return lines


def test_more_pillars_than_the_design_has_colours_for(design: Workspace) -> None:
    more = "".join(f"extra-{n}:\n  title: Number {n}\n" for n in (3, 4, 5))
    path = design.append(PILLARS, more)
    line = path.read_text("utf-8").splitlines().index("extra-5:") + 1
    (found,) = (one for one in told(design) if "unused-pillar" not in one)
    assert found == (
        f"{PILLARS}:{line}:1: error[missing-token]: the design has colours for 4 pillars, and this"
        " is number 5: '--pillar-5-ground' is not in styles/tokens.css; add the colours of pillar 5"
        " to the styles, as pillar 1 has them"
    )


def test_more_series_than_the_design_has_colours_for(design: Workspace) -> None:
    design.edit(TABLE, "year,a,b,c,d,e\n2020,1,2,3,4,5\n")
    (found,) = told(design)
    assert found == (
        f"{SECTION}:13:1: error[too-many-series]: the figure 'clean-rivers' has 5 series, and the"
        " design has 4 chart colours: several would look the same; leave series out of"
        f" {TABLE}, make two figures of them, or add the token '--chart-5' to {TOKENS}"
    )
    design.edit(TOKENS, ("--chart-4:", "--chart-5: var(--ink); --chart-4:"))
    assert told(design) == []


@pytest.mark.parametrize(
    ("token", "what"), [("rule", "charts"), ("map-dot", "maps"), ("chart-1", "charts")]
)
def test_a_token_of_drawings_that_is_missing(design: Workspace, token: str, what: str) -> None:
    design.edit(TOKENS, (f"--{token}:", f"--{token}x:"))
    (found,) = (one for one in told(design) if f"{what} need the token '--{token}'" in one)
    assert found == (
        f"{TOKENS}:1:1: error[missing-token]: {what} need the token '--{token}', and it is not"
        f" there; did you mean '{token}x'?"
    )


def test_a_size_that_is_not_in_points(design: Workspace) -> None:
    design.edit(TOKENS, ("--size-note: 7.75pt", "--size-note: 0.7rem"))
    (found,) = told(design)
    assert "error[missing-token]: charts need '--size-note' in points, and it is '0.7rem'" in found
    assert not found.startswith(f"{TOKENS}:1:1:")


def test_a_variable_that_nothing_declares(design: Workspace) -> None:
    path = design.append(
        "styles/base.css", "\n.x {\n  color: var(--brnad);\n  top: var(--y, 0);\n}\n"
    )
    line = path.read_text("utf-8").count("\n") - 2
    (found,) = told(design)
    assert found == (
        f"styles/base.css:{line}:3: error[missing-token]: there is no variable '--brnad': 'color'"
        " would be passed over; did you mean '--brand'?"
    )


def test_a_colour_that_is_changed_for_the_screen_only(design: Workspace) -> None:
    design.edit(TOKENS, ("--brand: #1f2a55;", "--brand: #1f7a35;"))
    (found,) = told(design)
    assert "--brand-cmyk does not look as --brand does (CIEDE2000 " in found
    assert ": warning[ink-differs]: " in found
    ink = found.partition("device-cmyk(")[2].partition(")")[0]
    line, column = (int(number) for number in found.split(":")[1:3])
    text = (design.root / TOKENS).read_text("utf-8").splitlines()[line - 1]
    assert text[column - 1 :].startswith("--brand-cmyk:")
    design.edit(TOKENS, ("device-cmyk(100% 85% 25% 40%)", f"device-cmyk({ink})"))
    assert told(design) == []


def test_a_colour_beyond_all_inks_is_compared_with_the_nearest(design: Workspace) -> None:
    design.edit(TOKENS, ("--brand: #1f2a55;", "--brand: #00ff00;"))
    (found,) = told(design)
    ink = found.partition("device-cmyk(")[2].partition(")")[0]
    design.edit(TOKENS, ("device-cmyk(100% 85% 25% 40%)", f"device-cmyk({ink})"))
    assert told(design) == []


def test_a_wrong_ink_is_an_error_before_anything_is_printed(design: Workspace) -> None:
    design.edit(TOKENS, ("device-cmyk(100% 85% 25% 40%)", "navy"))
    assert [line.partition(": error")[2][:6] for line in told(design)] == ["[ink]:"]


@given(screens, screens)
def test_the_difference_is_that_of_the_standard(one: Screen, other: Screen) -> None:
    labs = [lab_of(screen) for screen in (one, other)]
    colors = [Color("lab-d65", list(lab)) for lab in labs]
    expected = colors[0].delta_e(colors[1], method="2000")
    assert difference(*labs) == pytest.approx(expected, abs=1e-4)
    meant = Color("srgb", [value / 255 for value in one]).convert("lab")
    assert labs[0] == pytest.approx(meant.coords(), abs=0.05)


def test_the_report_itself_has_no_fault_of_design() -> None:
    assert "error" not in Workspace(Path(ROOT)).check().splitlines()[0]
