"""What was measured as Markdown: one table a subject, with ratios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.measure import Measured, Spread

_HEAD = (
    "| | Runs | Median | Fastest and slowest | Processor time | Peak memory | Ratio |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)


@dataclass(frozen=True)
class Row:
    """A line of a table.

    `measured` is nothing where something is missing; `label` says then what. `base` is what the
    ratio is to. `bar` is its name in the chart, if it stands there.
    """

    label: str
    measured: Measured | None
    base: Measured | None = None
    bar: str | None = None


@dataclass(frozen=True)
class Table:
    """What was measured on one subject, and a line that says how to read it."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""


def as_markdown(table: Table) -> str:
    """Give a table as Markdown."""
    note = (table.note, "") if table.note else ()
    return "\n".join((f"### {table.title}", "", *note, *_HEAD, *map(_line, table.rows), ""))


def _line(row: Row) -> str:
    measured = row.measured
    cells: Iterable[str] = (row.label, *6 * ("–",))
    if measured:
        cells = (
            row.label,
            str(len(measured.runs)),
            seconds(measured.wall.median),
            f"{seconds(measured.wall.least).removesuffix(' s')}–{seconds(measured.wall.most)}",
            seconds(measured.processor.median) if measured.processor else "–",
            _megabytes(measured.memory),
            ratio(measured, row.base) if row.base else "1",
        )
    return f"| {' | '.join(cells)} |"


def _megabytes(memory: Spread | None) -> str:
    return f"{memory.median:,.0f} MB" if memory else "–"


def seconds(number: float) -> str:
    """Give seconds with as many digits as mean something."""
    return f"{number:,.0f} s" if number >= 100 else f"{number:.2f} s"


def ratio(measured: Measured, base: Measured) -> str:
    """Give how many times as long as another one it took, by the medians."""
    times = measured.wall.median / base.wall.median
    return f"{times:,.0f}" if times >= 10 else f"{times:.3g}"
