"""This checkout beside another revision of it."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measure import CommandFailedError, Measured, Run, run, say
from benchmarks.projects import Copy
from benchmarks.table import Row, Table
from reportgen.project import Project

ROOT = Path(__file__).resolve().parents[1]


def revision(bench: Bench, name: str) -> Table:
    """Measure cold builds of one file by this checkout and by a revision, each of its own report.

    The two take turns, so that what else the machine does slows both.

    Args:
        bench: says how many runs count.
        name: a revision, as git names it.

    Raises:
        CommandFailedError: there is no such revision, or a build fails.
    """
    other = _extracted(name, bench.folder / "revision")
    sides = ((bench.copy("this"), ROOT), (Copy.of(Project(other), bench.folder / "other"), other))
    runs: tuple[list[Run], list[Run]] = ([], [])
    for number in range(bench.runs + 1):
        say(f"beside {name}: " + (f"run {number} of {bench.runs}" if number else "warming up"))
        for (copy, checkout), measured in zip(sides, runs, strict=True):
            copy.forget()
            measured.append(run(_command(copy, checkout)))
    new, old = (Measured(tuple(measured[1:])) for measured in runs)
    return Table(
        "A cold build beside another revision",
        (Row(f"`{name}`", old), Row("this checkout", new, old)),
        "The digital edition of the report as it is in each, in turns.",
    )


def _extracted(name: str, folder: Path) -> Path:
    """Write the files of a revision into a new folder."""
    command = ("git", "-C", str(ROOT), "archive", "--end-of-options", name)
    archive = subprocess.run(command, capture_output=True, check=False)
    if archive.returncode:
        raise CommandFailedError(f"{name}: {archive.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def _command(copy: Copy, checkout: Path) -> tuple[str, ...]:
    """Return the command that builds a report by the program of a checkout."""
    _, *rest = copy.command("--edition", "digital")
    return ("env", f"PYTHONPATH={checkout / 'src'}", sys.executable, *rest)
