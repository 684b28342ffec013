"""Two snapshots compared: each change by its name, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from reportgen.comparison.align import align, unmoved
from reportgen.comparison.snapshot import (
    Entry,
    Kind,
    Path,
    Snapshot,
    Value,
    commitment_values,
)
from reportgen.exchange.export import digits
from reportgen.model.report import Report
from reportgen.source.csv import Row, Table


class Action(StrEnum):
    """What became of an entry.

    `REWRITTEN` is a file whose bytes changed and whose data didn't: comments, order of keys, line
    breaks.
    """

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Difference:
    """A value that changed: `old` is nothing where it was added, `new` where it was removed.

    `path` is the way to it: ``("title",)``, ``("blocks", "3")`` (counted from 1, in the new state
    if it is there), ``("row", NAME)`` for a row of numbers, ``("row", NAME, COLUMN)`` for a number,
    ``("column", NAME)`` for a column. One that `moved` may have the same text before and after.
    """

    path: Path
    old: str | None
    new: str | None
    moved: bool = False


@dataclass(frozen=True)
class Change:
    """An entry that changed, and in what. One that was added or removed has all its values.

    `group` is what it stands under: a record's member, a message's locale. `files` are those that
    the change is in.
    """

    kind: Kind
    action: Action
    id: str
    title: str
    group: str
    files: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    moved: bool = False


def compare(old: Snapshot, new: Snapshot) -> tuple[Change, ...]:
    """Give all that changed, kind by kind, in the order of the new snapshot."""
    kinds = old.kinds & new.kinds
    partial = old.partial | new.partial
    changes = [
        change
        for kind in Kind
        if kind in kinds
        for change in _entries(old, new, kind)
        if kind not in partial or change.action not in (Action.ADDED, Action.REMOVED)
    ]
    if Kind.FILE in kinds:
        changes += _files(old, new, {file for change in changes for file in change.files})
    order = list(Kind)
    return tuple(sorted(changes, key=lambda change: order.index(change.kind)))


def changed_commitments(old: Report, new: Report) -> Mapping[str, Action]:
    """Give the ids of the records that were added or whose printed words changed since `old`."""
    before = {record.id: commitment_values(record) for record in old.commitments}
    return {
        record.id: Action.CHANGED if record.id in before else Action.ADDED
        for record in new.commitments
        if before.get(record.id) != commitment_values(record)
    }


def _entries(old: Snapshot, new: Snapshot, kind: Kind) -> Iterator[Change]:
    """Give the changes of one kind; what is gone comes last."""
    before = {entry.id: entry for entry in old.entries if entry.kind is kind}
    after = {entry.id: entry for entry in new.entries if entry.kind is kind}
    moved = _moved(before, after)
    for key, entry in after.items():
        if key not in before:
            differences = tuple(_all_of(entry, is_new=True))
            yield _change(entry, Action.ADDED, _files_of(entry), differences)
            continue
        earlier = before[key]
        differences = tuple(_differences(earlier, entry))
        if differences or key in moved:
            action = Action.CHANGED if differences else Action.MOVED
            files = _changed_files(earlier, entry, differences, is_moved=key in moved)
            change = _change(entry, action, files, differences)
            yield replace(change, moved=key in moved)
    for key, entry in before.items():
        if key not in after:
            differences = tuple(_all_of(entry, is_new=False))
            yield _change(entry, Action.REMOVED, _files_of(entry), differences)


def _change(
    entry: Entry, action: Action, files: tuple[str, ...], differences: tuple[Difference, ...]
) -> Change:
    return Change(entry.kind, action, entry.id, entry.title, entry.group, files, differences)


def _files_of(entry: Entry) -> tuple[str, ...]:
    return tuple(filter(None, (entry.file, entry.table_file)))


def _changed_files(
    old: Entry, new: Entry, differences: tuple[Difference, ...], *, is_moved: bool
) -> tuple[str, ...]:
    in_table = [is_of_table(difference) for difference in differences]
    found = [old.file, new.file] if is_moved or not all(in_table) else []
    found += [old.table_file, new.table_file] if any(in_table) else []
    return tuple(dict.fromkeys(filter(None, found)))


def _moved(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> frozenset[str]:
    """Give the entries that stand elsewhere among those that both states have."""
    moved: set[str] = set()
    places = {key: place for place, key in enumerate(after)}
    groups: dict[str, list[str]] = {}
    for key, entry in before.items():
        if entry.ordered and key in after and after[key].group == entry.group:
            groups.setdefault(entry.group, []).append(key)
    for keys in groups.values():
        staying = unmoved(range(len(keys)), [places[key] for key in keys])
        moved |= {key for place, key in enumerate(keys) if place not in staying}
    return frozenset(moved)


def _all_of(entry: Entry, *, is_new: bool) -> Iterator[Difference]:
    """Give all values of an entry as added or removed."""
    empty = replace(entry, values={}, table=None)
    yield from _differences(empty, entry) if is_new else _differences(entry, empty)


def _differences(old: Entry, new: Entry) -> Iterator[Difference]:
    for path in dict.fromkeys((*new.values, *old.values)):
        before, after = old.values.get(path), new.values.get(path)
        if before == after:
            continue
        if isinstance(before, tuple) or isinstance(after, tuple):
            yield from _list_differences(path, before, after)
        else:
            yield Difference(path, before, after)
    if old.table != new.table:
        yield from _table_differences(old.table, new.table)


def _list_differences(
    path: Path, before: Value | None, after: Value | None
) -> Iterator[Difference]:
    old, new = _as_list(before), _as_list(after)
    for pair in align(old, new):
        was = None if pair.old is None else old[pair.old]
        now = None if pair.new is None else new[pair.new]
        if was != now or pair.moved:
            place = pair.old if pair.new is None else pair.new
            yield Difference((*path, str((place or 0) + 1)), was, now, pair.moved)


def _as_list(value: Value | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else value


def _table_differences(before: Table | None, after: Table | None) -> Iterator[Difference]:
    """Give what changed in a table: its columns, then its rows, each with its numbers."""
    old_columns = before.columns if before else ()
    new_columns = after.columns if after else ()
    if old_columns[:1] != new_columns[:1] and before and after:
        yield Difference(("head",), str(old_columns[0]), str(new_columns[0]))
    old_rows = {row.name: _numbers(row, old_columns) for row in (before.rows if before else ())}
    new_rows = {row.name: _numbers(row, new_columns) for row in (after.rows if after else ())}
    yield from _named("column", _columns(old_columns, old_rows), _columns(new_columns, new_rows))
    yield from _named("row", old_rows, new_rows)
    both = [name for name in new_columns[1:] if name in old_columns[1:]]
    for name, numbers in new_rows.items():
        for column in both if name in old_rows else ():
            was, now = old_rows[name][column], numbers[column]
            if was != now:
                yield Difference(("row", name, column), was, now)


def is_of_table(difference: Difference) -> bool:
    """Tell whether a difference is one of a table of numbers."""
    return difference.path[0] in ("head", "column", "row")


Numbers = Mapping[str, str]


def _numbers(row: Row, columns: tuple[str, ...]) -> Numbers:
    """Give the numbers of a row by column; a gap is an empty text."""
    values = ("" if value is None else digits(value) for value in row.values)
    return dict(zip(map(str, columns[1:]), values, strict=True))


def _columns(columns: tuple[str, ...], rows: Mapping[str, Numbers]) -> dict[str, Numbers]:
    return {str(c): {name: row[c] for name, row in rows.items()} for c in columns[1:]}


def _named(
    what: str, old: Mapping[str, Numbers], new: Mapping[str, Numbers]
) -> Iterator[Difference]:
    """Give the rows or columns that came, moved or went, each with its numbers in one text."""
    both = [name for name in old if name in new]
    places = {name: place for place, name in enumerate(new)}
    staying = unmoved(range(len(both)), [places[name] for name in both])
    moved = {name for place, name in enumerate(both) if place not in staying}
    for name, numbers in new.items():
        if name not in old:
            yield Difference((what, str(name)), None, _listed(numbers))
        elif name in moved:
            yield Difference((what, str(name)), _listed(old[name]), _listed(numbers), moved=True)
    for name, numbers in old.items():
        if name not in new:
            yield Difference((what, str(name)), _listed(numbers), None)


def _listed(numbers: Numbers) -> str:
    return ", ".join(f"{name}: {number or '–'}" for name, number in numbers.items())


def _files(old: Snapshot, new: Snapshot, told: set[str]) -> Iterator[Change]:
    """Give the files that changed and that no entry tells of."""
    for path in sorted({*old.files, *new.files}):
        before, after = old.files.get(path), new.files.get(path)
        if before == after or path in told:
            continue
        action = Action.ADDED if before is None else Action.REMOVED if after is None else None
        if action is None:
            is_read = path in old.read and path in new.read
            action = Action.REWRITTEN if is_read else Action.CHANGED
        yield Change(_kind_of(path), action, path, "", "", (path,))


def _kind_of(path: str) -> Kind:
    return {"templates": Kind.TEMPLATE, "styles": Kind.STYLE}.get(path.partition("/")[0], Kind.FILE)
