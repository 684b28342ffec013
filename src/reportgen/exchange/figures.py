"""The import of a figure's numbers: what a table would change, and the CSV file with that done."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath

from reportgen.exchange.cells import TROUBLES, Sheet
from reportgen.exchange.sheets import read_sheets
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.project import Overlay, Project
from reportgen.source.csv import (
    CsvText,
    Table,
    delimiter_of,
    number_in,
    on_one_line,
    table_of_records,
)
from reportgen.source.diagnostics import (
    INVISIBLE,
    Diagnostic,
    Diagnostics,
    Span,
    did_you_mean,
    has_errors,
    listed,
)
from reportgen.source.text import read_text
from reportgen.transaction import Change


class NoDataError(Exception):
    """There is no such figure, or it has no numbers of its own: the message says so."""


@dataclass(frozen=True)
class Grid:
    """A table as text: the names of its columns, and rows that begin with their names."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def by_name(self) -> Mapping[str, Mapping[str, str]]:
        """Give the cells by the names of row and column."""
        return {row[0]: dict(zip(self.head[1:], row[1:], strict=True)) for row in self.rows}


@dataclass(frozen=True)
class ChangedCell:
    """A number as it is and as the table has it; '' is a gap."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangedRow:
    """A row that the table has otherwise, and in what."""

    name: str
    cells: tuple[ChangedCell, ...]


@dataclass(frozen=True)
class FigurePlan:
    """What a table would change in a figure's numbers, rows by name."""

    new: tuple[str, ...]
    changed: tuple[ChangedRow, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]
    new_columns: tuple[str, ...]
    gone_columns: tuple[str, ...]


@dataclass(frozen=True)
class FigureImport:
    """A plan, the file that carries it out, and what is wrong or to be said."""

    plan: FigurePlan | None
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan_figure_import(
    project: Project, figure: str, data: bytes, path: str, *, prune: bool = False
) -> FigureImport:
    """Compare a table with a figure's numbers.

    Args:
        project: the report.
        figure: the figure's id.
        data: the table, a CSV or XLSX file.
        path: what the table is called in diagnostics.
        prune: whether rows and columns that the table doesn't have are dropped.

    Raises:
        NoDataError: there is no such figure, or it counts records.
    """
    loaded = load_report(project)
    if loaded.report is None:
        return FigureImport(None, (), loaded.diagnostics)
    target = table_of(loaded.report, figure).path
    diagnostics = Diagnostics()
    given = _given(data, path, diagnostics)
    text = read_text(project, target, diagnostics)
    if given is None or text is None or has_errors(diagnostics.sorted()):
        return FigureImport(None, (), diagnostics.sorted())
    have = _grid(text, target, diagnostics)
    plan = _compare(have, given)
    made = _merged(have, given, prune=prune)
    changes: tuple[Change, ...] = ()
    if made != have:
        old = project.read(target)
        line_end = "\r\n" if b"\r\n" in old else "\n"
        new = _written(made, delimiter_of(text), line_end).encode()
        changes = (Change(target, old, new),)
    would_be = load_report(Overlay(project.root, {c.path: c.new for c in changes}))
    wrong = would_be.diagnostics if would_be.report is None else ()
    return FigureImport(plan, () if wrong else changes, (*diagnostics.sorted(), *wrong))


def table_of(report: Report, figure: str) -> Table:
    """Give the numbers of a figure.

    Raises:
        NoDataError: there is no such figure, or it counts records.
    """
    found = {f.id: f for f in report.figures}
    if figure not in found:
        hint = did_you_mean(figure, found, f"there are {listed(found)}")
        raise NoDataError(f"there is no figure '{figure}'; {hint}")
    table = found[figure].table
    if table is None:
        raise NoDataError(f"the figure '{figure}' counts the records: it has no numbers of its own")
    return table


def _given(data: bytes, path: str, diagnostics: Diagnostics) -> Grid | None:
    """Give the table that is to be imported, or nothing and all that is wrong in it."""
    before = len(diagnostics)
    sheets = [sheet for sheet in read_sheets(data, path, diagnostics) if sheet.rows]
    if len(sheets) > 1:
        diagnostics.error(
            "table-columns",
            sheets[1].span(0),
            "there is more than one sheet with something in it",
            "leave the one with the numbers in the file, or hide the others",
        )
    elif not sheets and len(diagnostics) == before:
        diagnostics.error("empty-csv", Span(path), "the table is empty", "give one with numbers")
    if len(sheets) != 1:
        return None
    (sheet,) = sheets
    _check_cells(sheet, diagnostics)
    if has_errors(diagnostics.sorted()):
        return None
    # The rules for a figure's file hold.
    records = [(row, [cell.text for cell in cells]) for row, cells in enumerate(sheet.rows)]
    if table_of_records(records, PurePosixPath(path), sheet.span, diagnostics) is None:
        return None
    head, *rows = (tuple(map(on_one_line, cells)) for _, cells in records)
    return Grid(head, tuple(rows))


def _check_cells(sheet: Sheet, diagnostics: Diagnostics) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if trouble := TROUBLES.get(cell.kind):
                code, message, hint = trouble
                span = sheet.span(row, column)
                diagnostics.error(code, span, message.format(cell.text), hint)
            elif found := INVISIBLE.search(cell.text):
                diagnostics.error(
                    "control-character",
                    sheet.span(row, column),
                    f"U+{ord(found[0]):04X} is a sign that can't be seen and has no place in a"
                    " text",
                    "delete it, or type what should stand there",
                )


def _grid(text: str, path: PurePosixPath, diagnostics: Diagnostics) -> Grid:
    records = CsvText(text, str(path), delimiter_of(text)).records(diagnostics)
    rows = tuple(tuple(map(on_one_line, cells)) for _, cells in records)
    return Grid(rows[0], rows[1:])


def _compare(have: Grid, given: Grid) -> FigurePlan:
    old, new = have.by_name(), given.by_name()
    changed, unchanged = [], []
    for name in (name for name in new if name in old):
        cells = tuple(
            ChangedCell(column, old[name].get(column, ""), cell)
            for column, cell in new[name].items()
            if number_in(old[name].get(column, "")) != number_in(cell)
        )
        if cells:
            changed.append(ChangedRow(name, cells))
        else:
            unchanged.append(name)
    return FigurePlan(
        tuple(name for name in new if name not in old),
        tuple(changed),
        tuple(unchanged),
        tuple(name for name in old if name not in new),
        tuple(column for column in given.head if column not in have.head),
        tuple(column for column in have.head[1:] if column not in given.head),
    )


def _merged(have: Grid, given: Grid, *, prune: bool) -> Grid:
    """Give the table in its own order, with what the content has beyond it unless it is pruned."""
    old, new = have.by_name(), given.by_name()
    names, columns = list(new), list(given.head[1:])
    if not prune:
        names = _with_gone(names, list(old))
        columns = _with_gone(columns, list(have.head[1:]))

    def cell(name: str, column: str) -> str:
        before = old.get(name, {}).get(column, "")
        after = new[name].get(column) if name in new else None
        # As it was typed, where it is the same number.
        return before if after is None or number_in(before) == number_in(after) else after

    rows = tuple((name, *(cell(name, column) for column in columns)) for name in names)
    return Grid((given.head[0], *columns), rows)


def _with_gone(names: Sequence[str], old: Sequence[str]) -> list[str]:
    """Return names with those that are gone, each behind the one that it stood behind."""
    known = set(names)
    gone: dict[str | None, list[str]] = defaultdict(list)
    before = None
    for name in old:
        if name in known:
            before = name
        else:
            gone[before].append(name)
    return [*gone[None], *chain.from_iterable((name, *gone[name]) for name in names)]


def _written(grid: Grid, delimiter: str, line_end: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerows((grid.head, *grid.rows))
    return text.getvalue()
