"""Measure how long `reportgen check` takes beside a cold `reportgen build`, as a user runs them.

Each run is a process of its own, from start to exit. Before the runs that count, each command runs
once, so that compiled modules and the system's cache of files are warm for all of them. A build is
cold all the same: reportgen keeps nothing from one build to the next.

The result is a Markdown table on standard output. Nothing here passes or fails by the clock.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class CommandFailedError(Exception):
    """A command that is measured did not succeed, so that its time would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One process: seconds by the clock, seconds of processor time, and the peak memory in MB."""

    wall: float
    processor: float
    memory: float


@dataclass(frozen=True)
class Measured:
    """The runs of one command."""

    command: str
    runs: tuple[Run, ...]

    def median(self, value: Callable[[Run], float]) -> float:
        """Give the median of one of the values of a run."""
        return statistics.median(map(value, self.runs))

    @property
    def wall(self) -> float:
        """The median of the seconds by the clock."""
        return self.median(lambda run: run.wall)

    @property
    def row(self) -> str:
        """The line of the table."""
        walls = [run.wall for run in self.runs]
        cells = (
            f"`{self.command}`",
            str(len(self.runs)),
            f"{self.wall:.2f} s",
            f"{min(walls):.2f}–{max(walls):.2f} s",
            f"{self.median(lambda run: run.processor):.2f} s",
            f"{self.median(lambda run: run.memory):.0f} MB",
        )
        return f"| {' | '.join(cells)} |"


def main() -> int:
    """Measure and print, and give the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=_count, default=5, help="of the check (default: 5)")
    parser.add_argument("--build-runs", type=_count, default=3, help="of the build (default: 3)")
    parser.add_argument(
        "--project", type=Path, default=ROOT, help="the report's folder (default: this one)"
    )
    given = parser.parse_args()
    project = ["--project", str(given.project)]
    with tempfile.TemporaryDirectory() as out:
        try:
            check = measure("reportgen check", ["check", *project], given.runs)
            build = measure("reportgen build", ["build", *project, "--out", out], given.build_runs)
        except CommandFailedError as error:
            print(error, file=sys.stderr)
            return 1
    print(table(check, build))
    return 0


def measure(command: str, arguments: Sequence[str], runs: int) -> Measured:
    """Run a command of reportgen once to warm up, then `runs` times."""
    measured = []
    for number in range(runs + 1):
        _say(f"{command}: run {number} of {runs}" if number else f"{command}: warming up")
        measured.append(run(arguments))
    _say("")
    return Measured(command, tuple(measured[1:]))


def run(arguments: Sequence[str]) -> Run:
    """Run reportgen as a process of its own.

    Raises:
        CommandFailedError: its exit code was not 0.
    """
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "reportgen", *arguments], stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        # The process is waited for already: Popen must not look for it.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            told = output.read().decode(errors="replace").strip()
            message = f"reportgen {arguments[0]} left with exit code {process.returncode}:\n{told}"
            raise CommandFailedError(message)
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def table(check: Measured, build: Measured) -> str:
    """Give the results as Markdown."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return "\n".join(
        (
            f"{os.cpu_count()} cores, {platform.system()}, {python}",
            "",
            "| Command | Runs | Median | Fastest and slowest | Processor time | Peak memory |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            check.row,
            build.row,
            "",
            f"A build takes {build.wall / check.wall:.0f} times as long as a check.",
        )
    )


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of runs: 1 or more")
    return int(text)


def _say(text: str) -> None:
    """Show what is going on, in a line of a terminal that goes away."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
