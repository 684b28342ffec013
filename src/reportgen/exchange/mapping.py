"""From a table's rows to records: which column is what, and what its cells say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.exchange.cells import TROUBLES, Cell, Kind, Sheet
from reportgen.model.report import Report
from reportgen.model.schema import NewRecords, TableColumns, TableMapping, TableText
from reportgen.source.diagnostics import INVISIBLE, Diagnostics, Span, did_you_mean, listed
from reportgen.source.markdown import inlines, plain_text, unknown_marks

FIELDS = ("id", "member", "year", "pillar", "title", "summary")
"""What the content has of a record, in the order of a new one."""

EXPORTED = TableMapping(columns=TableColumns(**{name: name for name in FIELDS}))
"""How a table is read that `reportgen export` wrote."""

_EXPORTED_NAME = "export"
_DEEPEST_HEAD = 20
"""In how many rows the heads are looked for: above them may be titles and empty rows."""


@dataclass(frozen=True)
class Entry:
    """A record of a table: its values by field, and the place of each."""

    id: str
    values: Mapping[str, str | int]
    spans: Mapping[str, Span]


@dataclass(frozen=True)
class Entries:
    """All records of a table. `fields` are those that it has, `skipped` counts unknown records."""

    mapping: str
    fields: tuple[str, ...]
    entries: tuple[Entry, ...]
    skipped: int


def read_entries(
    sheets: Sequence[Sheet],
    mappings: Mapping[str, TableMapping],
    report: Report,
    diagnostics: Diagnostics,
) -> Entries | None:
    """Give the records of the one sheet that has them, or nothing and all that is wrong in it.

    Args:
        sheets: the sheets of a file.
        mappings: the kinds of table that the report knows; `EXPORTED` is known always.
        report: what records there are, and what members and pillars are called.
        diagnostics: gets what is wrong, by row and column.
    """
    head = _find_head(sheets, {**mappings, _EXPORTED_NAME: EXPORTED}, diagnostics)
    return None if head is None else _Reader(head, report, diagnostics).entries()


@dataclass(frozen=True)
class _Head:
    """The row of a sheet that names its columns, and the index of each field's column."""

    sheet: Sheet
    row: int
    name: str
    mapping: TableMapping
    columns: Mapping[str, int]


def _wanted(mapping: TableMapping) -> dict[str, str]:
    """Give the columns that a mapping names, by field."""
    names = {field: getattr(mapping.columns, field) for field in FIELDS}
    return {field: name for field, name in names.items() if name is not None}


def _find_head(
    sheets: Sequence[Sheet], mappings: Mapping[str, TableMapping], diagnostics: Diagnostics
) -> _Head | None:
    for name, mapping in mappings.items():
        found = [head for sheet in sheets if (head := _head_in(sheet, name, mapping))]
        if len(found) > 1:
            sheet = found[1].sheet
            diagnostics.error(
                "table-columns",
                sheet.span(found[1].row),
                f"this sheet has the columns of the records too (first at"
                f" {found[0].sheet.span(found[0].row)})",
                "leave one such sheet in the file, or hide the other",
            )
            return None
        if found:
            return found[0] if _is_clear(found[0], diagnostics) else None
    _tell_no_head(sheets, mappings, diagnostics)
    return None


def _head_in(sheet: Sheet, name: str, mapping: TableMapping) -> _Head | None:
    wanted = _wanted(mapping)
    for row in range(min(len(sheet.rows), _DEEPEST_HEAD)):
        heads = [_folded(cell.text) for cell in sheet.rows[row]]
        if all(_folded(head) in heads for head in wanted.values()):
            columns = {field: heads.index(_folded(head)) for field, head in wanted.items()}
            return _Head(sheet, row, name, mapping, columns)
    return None


def _is_clear(head: _Head, diagnostics: Diagnostics) -> bool:
    """Tell whether each column is there once, and note it if not."""
    before = len(diagnostics)
    for index, cell in enumerate(head.sheet.rows[head.row]):
        for field, column in head.columns.items():
            again = _folded(cell.text) == _folded(head.sheet.rows[head.row][column].text)
            if again and index > column:
                diagnostics.error(
                    "table-columns",
                    head.sheet.span(head.row, index),
                    f"the column '{cell.text}' stands here a second time",
                    f"delete or rename the one that isn't the record's {field}",
                )
    return len(diagnostics) == before


def _tell_no_head(
    sheets: Sequence[Sheet], mappings: Mapping[str, TableMapping], diagnostics: Diagnostics
) -> None:
    """Say what the row that is most like a head row lacks."""
    rows = [
        (sheet, row, name, missing)
        for sheet in sheets
        for row in range(min(len(sheet.rows), _DEEPEST_HEAD))
        for name, mapping in mappings.items()
        for missing in [_missing(sheet.rows[row], mapping)]
    ]
    sheet, row, name, missing = min(
        rows, key=lambda found: len(found[3]) / len(_wanted(mappings[found[2]]))
    )
    heads = [cell.text for cell in sheet.rows[row] if cell.text]
    if len(missing) == len(_wanted(mappings[name])):
        sheet, row = rows[0][:2]
        message = f"none of the first {_DEEPEST_HEAD} rows names the columns of records"
        otherwise = f"name them {', '.join(_wanted(mappings[name]).values())}"
    else:
        message = f"there is no column '{missing[0]}'" + (
            f", nor {', '.join(repr(head) for head in missing[1:])}" if missing[1:] else ""
        )
        otherwise = "add what is missing"
    diagnostics.error(
        "table-columns",
        sheet.span(row),
        message,
        did_you_mean(missing[0], heads, otherwise)
        + ", or say in content/import.yaml which column is what",
    )


def _missing(cells: Sequence[Cell], mapping: TableMapping) -> list[str]:
    heads = {_folded(cell.text) for cell in cells}
    return [head for head in _wanted(mapping).values() if _folded(head) not in heads]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


class _Reader:
    """Reads the rows below the head."""

    def __init__(self, head: _Head, report: Report, diagnostics: Diagnostics) -> None:
        self._head = head
        self._sheet = head.sheet
        self._diagnostics = diagnostics
        self._known = {commitment.id for commitment in report.commitments}
        values = head.mapping.values
        self._members = _names(values.member, {m.id: m.name for m in report.members})
        self._pillars = _names(values.pillar, {p.id: p.title for p in report.pillars})
        self._readers: dict[str, Callable[[Cell, Span], str | int | None]] = {
            "id": self._name,
            "member": lambda cell, span: self._key("member", self._members, cell, span),
            "year": self._year,
            "pillar": lambda cell, span: self._key("pillar", self._pillars, cell, span),
            "title": self._prose,
            "summary": self._prose,
        }

    def entries(self) -> Entries | None:
        """Give the records, or nothing if something is wrong with one."""
        before = len(self._diagnostics)
        ragged = self._ragged_rows()
        entries: list[Entry] = []
        seen: dict[str, Span] = {}
        skipped = 0
        for row in range(self._head.row + 1, len(self._sheet.rows)):
            if row in ragged:
                continue
            if not any(self._cell(row, field).text for field in self._head.columns):
                if any(self._cell(row, field).kind is Kind.MERGED for field in self._head.columns):
                    self._value(row, "id")
                continue
            name = self._value(row, "id")
            is_new = name not in self._known
            if is_new and self._head.mapping.new is NewRecords.SKIP:
                skipped += 1
                continue
            span = self._span(row, "id")
            if isinstance(name, str) and name in seen:
                self._diagnostics.error(
                    "duplicate-id",
                    span,
                    f"the id '{name}' stands here a second time (first at {seen[name]})",
                    "leave one row for each record",
                )
                continue
            if isinstance(name, str):
                seen[name] = span
                if is_new:
                    self._check_whole(name, span)
            values = {field: self._value(row, field) for field in self._head.columns}
            spans = {field: self._span(row, field) for field in self._head.columns}
            good = {field: value for field, value in values.items() if value is not None}
            entries.append(Entry(str(name), good, spans))
        if not entries and not skipped:
            self._diagnostics.error(
                "table-columns",
                self._sheet.span(self._head.row),
                "there is no record below the names of the columns",
                "give the table with its records",
            )
        if len(self._diagnostics) > before:
            return None
        fields = tuple(self._head.columns)
        return Entries(self._head.name, fields, tuple(entries), skipped)

    def _ragged_rows(self) -> frozenset[int]:
        """Give the rows that have fewer cells than there are heads, or something beyond them."""
        width = len(self._sheet.rows[self._head.row])
        ragged = set()
        for row in range(self._head.row + 1, len(self._sheet.rows)):
            cells = self._sheet.rows[row]
            if len(cells) < width or any(cell.text for cell in cells[width:]):
                ragged.add(row)
                self._error(
                    "ragged-csv",
                    self._sheet.span(row),
                    f"this row has {len(cells)} cells, the head row has {width}",
                    "put a text with the sign that parts cells in quotation marks,"
                    " and give each row as many cells as there are columns",
                )
        return frozenset(ragged)

    def _check_whole(self, name: str, span: Span) -> None:
        """Note it if the table hasn't all that a new record needs."""
        missing = [field for field in FIELDS if field not in self._head.columns]
        if missing:
            self._diagnostics.error(
                "new-record",
                span,
                f"the report has no record '{name}', and a new one needs what the table doesn't"
                f" have: {', '.join(missing)}",
                "add the columns and name them in content/import.yaml, write the record by hand,"
                " or say 'new: skip' there",
            )

    def _cell(self, row: int, field: str) -> Cell:
        return self._sheet.cell(row, self._head.columns[field])

    def _span(self, row: int, field: str) -> Span:
        return self._sheet.span(row, self._head.columns[field])

    def _value(self, row: int, field: str) -> str | int | None:
        """Give what a cell says, or nothing if it says nothing that can be taken."""
        cell, span = self._cell(row, field), self._span(row, field)
        trouble = TROUBLES.get(cell.kind)
        if trouble is None and not cell.text:
            trouble = ("empty-cell", "the cell is empty", "fill it in")
        if trouble is None and (found := INVISIBLE.search(cell.text)):
            trouble = (
                "control-character",
                f"U+{ord(found[0]):04X} is a sign that can't be seen and has no place in a text",
                "delete it, or type what should stand there",
            )
        if trouble is None:
            return self._readers[field](cell, span)
        code, message, hint = trouble
        column = self._sheet.cell(self._head.row, self._head.columns[field]).text
        self._error(code, span, f"column '{column}': {message.format(cell.text)}", hint)
        return None

    def _name(self, cell: Cell, span: Span) -> str:
        return " ".join(cell.text.split())

    def _key(self, kind: str, names: Mapping[str, str], cell: Cell, span: Span) -> str | None:
        found = names.get(_folded(cell.text))
        if found is None:
            where = "content/members.yaml" if kind == "member" else "content/pillars.yaml"
            otherwise = f"there are {listed(set(names.values()))}"
            hint = self._diagnostics.did_you_mean(cell.text, names, otherwise) + (
                f"; a new one is added to {where} by hand; another spelling goes into 'values' of"
                " content/import.yaml"
            )
            self._error(f"unknown-{kind}", span, f"there is no {kind} '{cell.text}'", hint)
        return found

    def _year(self, cell: Cell, span: Span) -> int | None:
        if cell.kind is Kind.DATE or re.fullmatch(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", cell.text):
            return int(cell.text[:4])
        if re.fullmatch("[0-9]{4}", cell.text):
            return int(cell.text)
        is_serial = re.fullmatch(r"[1-9][0-9]{4}(?:\.[0-9]+)?", cell.text)
        self._error(
            "not-a-year",
            span,
            f"'{cell.text}' is not a year" + (", but perhaps a date's number" if is_serial else ""),
            "write it as 2021, or a date as 2021-12-31 or in a cell with the format of a date",
        )
        return None

    def _prose(self, cell: Cell, span: Span) -> str | None:
        if self._head.mapping.text is TableText.MARKDOWN:
            return cell.text
        text = " ".join(filter(None, map(str.strip, cell.text.split("\n"))))
        html = next((inline for inline in inlines(text) if inline.kind == "html"), None)
        if html is not None:
            self._error(
                "raw-html",
                span,
                f"'{html.target}' is HTML, which has no form in a report",
                "take it away, or write the text as Markdown",
            )
            return None
        # A text that Markdown reads as it stands is left so: easier for those who edit it.
        forms = (text, *(signs.sub(r"\\\g<0>", text) for signs in (_SPECIAL, _PUNCTUATION)))
        return next((f for f in forms if plain_text(f) == text and not unknown_marks(f)), forms[-1])

    def _error(self, code: str, span: Span, message: str, hint: str) -> None:
        self._diagnostics.error(code, span, message, hint)


_SPECIAL = re.compile(r"[\\`*_\[\]<>!]")
"""Signs that Markdown may read as more than themselves, within a paragraph."""

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
"""All signs that a backslash may stand before: any of them may belong to a mark of other kinds."""


def _names(spellings: Mapping[str, str], names: Mapping[str, str]) -> Mapping[str, str]:
    """Give what each spelling stands for: one of the mapping, or else a key, or else a name."""
    found = {_folded(plain_text(name)): key for key, name in names.items()}
    found |= {_folded(key): key for key in names}
    return found | {_folded(spelling): key for spelling, key in spellings.items()}
