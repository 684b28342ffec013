"""The fuzz targets: that they see what is wrong, the corpus, and a brief run of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.cases import CORPUS, Case, Content, Special, Target, read_case, write_case
from tests.fuzz.generate import case
from tests.fuzz.seeds import Seeds, make_seeds
from tests.fuzz.targets import Bench, judge
from tests.fuzz.workers import outcomes, prepared_seeds, replayed

pytestmark = pytest.mark.xdist_group("fuzz")

BRIEF = 60


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    return prepared_seeds()


@pytest.mark.parametrize(
    ("code", "output", "kind"),
    [
        (0, "content: no errors, no warnings\n", "clean"),
        (1, "a.yaml:1:2: error[wrong-type]: a list; write a text\n", "refused"),
        (2, "Error: no such option\n", "usage"),
        (1, "a.yaml: error[not-written]: disk full; free some room\n", "without a place"),
        (1, "something is wrong\n", "without an error"),
        (1, "en.digital:1:1: error[internal]: KeyError: 'a'; report it\n", "internal"),
        (1, "a.yaml:1:1: error[x]: \x1b[31m; write another\n", "control character"),
        (1, "a.yaml:1:1: error[x]: <_io.BytesIO object at 0x7fcd>; write another\n", "repr"),
        (-11, "", "crash"),
    ],
)
def test_outcomes_are_told_apart(code: int, output: str, kind: str) -> None:
    assert judge(Target.CHECK, code, output, "")[0] == kind


def test_file_that_a_command_leaves_outside_is_seen(tmp_path: Path, seeds: Seeds) -> None:
    bench = Bench(tmp_path, seeds)
    link = Case(Target.CHECK, "link", {"content/links.yaml": Special.LINK_OUTSIDE})
    assert bench.run(link).kind == "refused"
    well = Case(Target.CHECK, "well", {})
    (tmp_path / "canary" / "made").touch()
    assert bench.run(well).kind == "outside"
    shutil.rmtree(tmp_path / "canary")
    assert bench.run(well).kind == "outside"
    assert bench.run(well).kind == "clean"


def test_program_runs_the_code_that_is_tested(tmp_path: Path, seeds: Seeds) -> None:
    bench = Bench(tmp_path, seeds)
    own = Case(Target.CHECK, "well", {"reportgen/__init__.py": b"raise SystemExit(7)\n"})
    assert bench.confirm(own).kind == "clean"


@pytest.mark.parametrize("target", list(Target))
def test_case_is_the_same_each_time(target: Target, seeds: Seeds) -> None:
    for number in range(20):
        assert case(seeds, target, 1, number) == case(seeds, target, 1, number)


@pytest.mark.slow
def test_seeds_are_the_same_each_time(seeds: Seeds) -> None:
    assert make_seeds() == seeds


def test_case_is_read_as_it_was_written(tmp_path: Path) -> None:
    files: dict[str, Content] = {
        "a.md": b"# x\n\n  *a*: \xc3\xa9\n",
        "b.yaml": b"a: " + b"[ " * 5_000 + b"\x00\r\n",
        "c.png": b"\x89PNG\r\n",
        "d.css": Special.FIFO,
        "e.po": b"",
    }
    made = Case(Target.BUILD, "made", files, ("--edition", "print", "--locale", "en"))
    path = write_case(made, "why", tmp_path)
    assert read_case(path) == made
    assert path.stat().st_size < 600


def _corpus() -> Iterator[object]:
    for path in sorted(CORPUS.glob("*.yaml")):
        # What ends only by its limit takes as long as that is.
        marks = [pytest.mark.slow] if "-limit-" in path.stem else []
        yield pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", list(_corpus()))
def test_what_once_failed_ends_well(path: Path, seeds: Seeds) -> None:
    made = read_case(path)
    ((_, outcome),) = replayed(seeds, [made], 1)
    assert not outcome.failed, outcome


@pytest.mark.slow
@pytest.mark.parametrize("target", list(Target))
def test_cases_end_well(target: Target, seeds: Seeds) -> None:
    found = outcomes(seeds, target, 0, range(BRIEF), 1)
    assert not [(made.name, outcome) for made, outcome in found if outcome.failed]
