"""The import of commitments: what a table would change, and the files with that done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from reportgen.exchange.mapping import FIELDS, Entries, Entry, read_entries
from reportgen.exchange.rewrite import (
    Edits,
    NotRewritableError,
    Place,
    new_file,
    places,
    rewritten,
)
from reportgen.exchange.sheets import read_sheets
from reportgen.model.files import CONTENT, read_imports
from reportgen.model.load import load_report
from reportgen.model.report import Commitment, Report
from reportgen.project import Overlay, Project
from reportgen.source.diagnostics import Diagnostic, Diagnostics, Severity, Span, has_errors
from reportgen.transaction import Change

FOLDER = CONTENT / "commitments"

Value = str | int


@dataclass(frozen=True)
class Record:
    """A record by its fields."""

    id: str
    member: str
    year: int
    pillar: str
    title: str
    summary: str


@dataclass(frozen=True)
class ChangedField:
    """A value of a record as it is and as the table has it."""

    name: str
    old: Value
    new: Value


@dataclass(frozen=True)
class ChangedRecord:
    """A record that the table has otherwise, and in what."""

    record: Record
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True)
class Plan:
    """What a table would change, in its own order; what is gone, in the report's order.

    `mapping` is the name of the kind of table, `skipped` how many of its records the report doesn't
    have and isn't to have.
    """

    mapping: str
    new: tuple[Record, ...]
    changed: tuple[ChangedRecord, ...]
    unchanged: tuple[Record, ...]
    gone: tuple[Record, ...]
    skipped: int


@dataclass(frozen=True)
class Import:
    """A plan, the files that carry it out, and what is wrong or to be said.

    With an error among the diagnostics there is nothing to carry out; without a plan, the table or
    the content couldn't be read.
    """

    plan: Plan | None
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan_import(project: Project, data: bytes, path: str, *, prune: bool = False) -> Import:
    """Compare a table with the content, and check the content as it would be.

    Args:
        project: the report.
        data: the table, a CSV or XLSX file.
        path: what the table is called in diagnostics.
        prune: whether records that the table doesn't have are dropped.
    """
    loaded = load_report(project)
    if loaded.report is None:
        return Import(None, (), loaded.diagnostics)
    diagnostics = Diagnostics()
    imports = read_imports(project, diagnostics)
    mappings = imports.form.commitments if imports else {}
    sheets = [sheet for sheet in read_sheets(data, path, diagnostics) if sheet.rows]
    if not sheets and not has_errors(diagnostics.sorted()):
        diagnostics.error("empty-csv", Span(path), "the table is empty", "give one with records")
    entries = read_entries(sheets, mappings, loaded.report, diagnostics) if sheets else None
    if entries is None:
        return Import(None, (), diagnostics.sorted())
    plan = _compare(loaded.report, entries)
    _refuse_moves(plan, entries, diagnostics)
    if has_errors(diagnostics.sorted()):
        return Import(plan, (), diagnostics.sorted())
    try:
        changes = tuple(_changes(project, plan, prune=prune))
    except NotRewritableError as error:
        diagnostics.error(
            "flow-records",
            Span(str(error.args[0]), error.args[1]),
            "the records stand in square brackets, where none can be added or taken away",
            "write each behind '- ' from a line of its own on",
        )
        return Import(plan, (), diagnostics.sorted())
    told = diagnostics.sorted()
    if changes:
        told += tuple(_check(project, plan, changes, entries, prune=prune))
    return Import(plan, () if has_errors(told) else changes, told)


def _record(commitment: Commitment) -> Record:
    return Record(
        commitment.id,
        commitment.member.id,
        commitment.year,
        commitment.pillar.id,
        str(commitment.title),
        str(commitment.summary),
    )


def _compare(report: Report, entries: Entries) -> Plan:
    have = {commitment.id: _record(commitment) for commitment in report.commitments}
    new, changed, unchanged = [], [], []
    for entry in entries.entries:
        old = have.get(entry.id)
        if old is None:
            new.append(_new_record(entry))
            continue
        fields = tuple(
            ChangedField(name, getattr(old, name), entry.values[name])
            for name in entries.fields
            if getattr(old, name) != entry.values[name]
        )
        if fields:
            changed.append(ChangedRecord(old, fields))
        else:
            unchanged.append(old)
    found = {entry.id for entry in entries.entries}
    gone = tuple(record for record in have.values() if record.id not in found)
    return Plan(
        entries.mapping, tuple(new), tuple(changed), tuple(unchanged), gone, entries.skipped
    )


def _new_record(entry: Entry) -> Record:
    values = entry.values
    return Record(
        entry.id,
        str(values["member"]),
        int(values["year"]),
        str(values["pillar"]),
        str(values["title"]),
        str(values["summary"]),
    )


def _refuse_moves(plan: Plan, entries: Entries, diagnostics: Diagnostics) -> None:
    """Note each record that the table gives to another member: an id belongs to one."""
    spans = {entry.id: entry.spans for entry in entries.entries}
    for changed in plan.changed:
        for field in changed.fields:
            if field.name == "member":
                diagnostics.error(
                    "id-of-other-member",
                    spans[changed.record.id]["member"],
                    f"the record '{changed.record.id}' is of the member '{field.old}' in the"
                    f" content, and of '{field.new}' here",
                    "correct the member or the id",
                )


def _changes(project: Project, plan: Plan, *, prune: bool) -> Iterator[Change]:
    """Give the files that carry out a plan, in the order of their names.

    Raises:
        NotRewritableError: with the file and the line of what can't be changed.
    """
    for member, edits in sorted(_edits(plan, prune=prune).items()):
        path = FOLDER / f"{member}.yaml"
        if not project.is_file(path):
            yield Change(path, None, new_file(member, edits.added).encode())
            continue
        old = project.read(path)
        try:
            new = rewritten(old.decode(), edits)
        except NotRewritableError as error:
            raise NotRewritableError(path, *error.args) from None
        yield Change(path, old, None if new is None else new.encode())


def _edits(plan: Plan, *, prune: bool) -> Mapping[str, Edits]:
    """Give what is to be done to the file of each member that a plan concerns."""
    changed: dict[str, dict[str, Mapping[str, Value]]] = defaultdict(dict)
    dropped: dict[str, list[str]] = defaultdict(list)
    added: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
    for one in plan.changed:
        fields = {field.name: field.new for field in one.fields}
        changed[one.record.member][one.record.id] = fields
    for record in plan.gone if prune else ():
        dropped[record.member].append(record.id)
    for record in plan.new:
        added[record.member].append(_as_entry(record))
    return {
        member: Edits(changed[member], frozenset(dropped[member]), added[member])
        for member in {*changed, *dropped, *added}
    }


def _as_entry(record: Record) -> Mapping[str, Value]:
    """Give a record as the content has it: its member is the file's."""
    return {name: getattr(record, name) for name in FIELDS if name != "member"}


def _check(
    project: Project,
    plan: Plan,
    changes: tuple[Change, ...],
    entries: Entries,
    *,
    prune: bool,
) -> Iterator[Diagnostic]:
    """Give what would be wrong with the content, at the places in the table that make it so."""
    loaded = load_report(Overlay(project.root, {change.path: change.new for change in changes}))
    if loaded.report is None:
        blamed = _Blamed(changes, entries)
        for found in loaded.diagnostics:
            if found.severity is Severity.ERROR:
                yield replace(found, span=blamed.span(found.span))
        return
    have = {record.id: asdict(record) for record in map(_record, loaded.report.commitments)}
    if have != _expected(plan, prune=prune):
        yield Diagnostic(
            Severity.ERROR,
            "internal",
            Span(str(FOLDER)),
            "the records would not be what the table says",
            "this is a fault of reportgen: please report it",
        )


def _expected(plan: Plan, *, prune: bool) -> dict[str, dict[str, Value]]:
    same = (*plan.new, *plan.unchanged, *(() if prune else plan.gone))
    records = {record.id: asdict(record) for record in same}
    for changed in plan.changed:
        fields = {field.name: field.new for field in changed.fields}
        records[changed.record.id] = asdict(changed.record) | fields
    return records


class _Blamed:
    """Finds the cell of the table that a line of a changed file was made from."""

    def __init__(self, changes: tuple[Change, ...], entries: Entries) -> None:
        self._spans = {entry.id: entry.spans for entry in entries.entries}
        self._places: dict[tuple[str, int], Place] = {}
        for change in changes:
            for place in places(change.new.decode()) if change.new is not None else ():
                if place.id in self._spans:
                    for line in range(place.first, place.last + 1):
                        self._places.setdefault((str(change.path), line), place)

    def span(self, span: Span) -> Span:
        """Give the place in the table, or the given one if the table has no part in it."""
        place = self._places.get((span.path, span.line))
        return self._spans[place.id].get(place.field, span) if place else span
