"""What the subjects share: the report, a folder for their work, how often to run, a cold build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Measured, measure
from benchmarks.projects import Copy
from reportgen.project import Project


@dataclass(frozen=True)
class Bench:
    """One run of the benchmarks.

    `sizes` are the numbers of records of made reports. `quick`: each command runs once, and none
    to warm up.
    """

    project: Project
    folder: Path
    runs: int
    sizes: tuple[int, ...]
    quick: bool
    _kept: dict[str, Measured] = field(default_factory=dict)

    def copy(self, name: str) -> Copy:
        """Give a new copy of the report."""
        return Copy.of(self.project, self.folder / name)

    def once(self, name: str, work: Callable[[], Measured]) -> Measured:
        """Measure what several subjects are compared to: once, at the first question."""
        if name not in self._kept:
            self._kept[name] = work()
        return self._kept[name]

    def cold(self) -> Measured:
        """Measure a cold build of one file: an empty cache, and no file from before."""
        return self.once("cold", lambda: self._cold(self.copy("cold"), "cold build"))

    def cold_alone(self) -> Measured:
        """Measure a cold build of one file by one process."""
        copy = self.copy("cold-alone")
        return self._cold(copy, "cold build, one process", None, "--jobs", "1")

    def cold_made(self, number: int) -> Measured:
        """Measure a cold build of a made report with so many records; a large one only once."""

        def work() -> Measured:
            copy = Copy.made(self.project, self.folder / f"made-{number}", number)
            runs = self.runs if number < LARGE else 1
            return self._cold(copy, f"{number:,} records", runs, warm_up=number <= SMALL)

        return self.once(f"made-{number}", work)

    def _cold(
        self,
        copy: Copy,
        name: str,
        runs: int | None = None,
        *options: str,
        warm_up: bool = True,
    ) -> Measured:
        return measure(
            copy.command("--edition", "digital", *options),
            runs or self.runs,
            name=name,
            before=copy.forget,
            warm_up=warm_up and not self.quick,
        )


SMALL = 100
"""Reports with more records than this aren't built to warm up: it would take too long."""

LARGE = 2000
"""Reports with so many records or more are built once."""
