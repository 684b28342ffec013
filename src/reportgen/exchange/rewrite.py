"""A member's file with some of its records changed, and every other byte as it was.

PyYAML says where each value begins and ends, and writes the new ones; only these places of the text
are replaced. So comments, the order of keys and the style of all that isn't touched stay.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

Value = str | int
Record = Mapping[str, Value]
"""The values of a record by the names of their keys; `id` is among them."""

WIDTH = 100
"""How wide the lines of a text are that is written anew."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FastDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_STR, _INT = "tag:yaml.org,2002:str", "tag:yaml.org,2002:int"
_BLANK = re.compile(r"[ \t]*\r?\n")
_FOLDED, _LITERAL, _DOUBLE = ">", "|", '"'


class NotRewritableError(Exception):
    """The records stand in square brackets: the line is the argument, counted from 1."""


@dataclass(frozen=True)
class Edits:
    """What is to be done to a file: fields by id, ids, and new records in their order."""

    changed: Mapping[str, Record]
    removed: frozenset[str]
    added: Sequence[Record]


@dataclass(frozen=True)
class _Splice:
    """A part of a text, from index to index, and what takes its place."""

    start: int
    end: int
    text: str


def new_file(member: str, records: Sequence[Record]) -> str:
    """Give the file of a member that had none."""
    items = "".join(_item(record, tuple(record), {}, 2) for record in records)
    return f"{_entry('member', member, None, 0)}\ncommitments:\n{items}"


def rewritten(text: str, edits: Edits) -> str | None:
    """Give the text of a member's file with its records edited, or None if none is left.

    Raises:
        NotRewritableError: records are to be added or removed in a list in square brackets.
    """
    body = text.removeprefix("\ufeff")
    mark = text[: len(text) - len(body)]
    records = _records(body)
    nodes = {_id(node): node for node in records.value}
    if not edits.added and edits.removed >= nodes.keys():
        return None
    if records.flow_style and (edits.added or edits.removed):
        raise NotRewritableError(records.start_mark.line + 1)
    splices = [
        splice
        for name, fields in edits.changed.items()
        for splice in _replaced(body, nodes[name], fields)
    ]
    splices += [_cut(body, records, nodes[name]) for name in edits.removed]
    if edits.added:
        splices.append(_appended(body, records, edits.added))
    line_end = "\r\n" if "\r\n" in body else "\n"
    parts, at = [mark], 0
    for splice in sorted(splices, key=lambda s: (s.start, s.end)):
        parts += (body[at : splice.start], splice.text.replace("\n", line_end))
        at = splice.end
    return "".join((*parts, body[at:]))


@dataclass(frozen=True)
class Place:
    """The lines that a value of a record stands in, counted from 1."""

    id: str
    field: str
    first: int
    last: int


def places(text: str) -> Iterator[Place]:
    """Give where each value of each record of a member's file stands."""
    for record in _records(text.removeprefix("\ufeff")).value:
        name = _id(record)
        for key, value in record.value:
            last = value.end_mark.line + (value.end_mark.column > 0)
            yield Place(name, str(key.value), value.start_mark.line + 1, last)


def _records(text: str) -> Any:
    """Give the node of the records of a file that is known to be well."""
    return _value_of(yaml.compose(text, _Loader), "commitments")


def _id(record: Any) -> str:
    return str(_value_of(record, "id").value).strip()


def _value_of(mapping: Any, name: str) -> Any:
    return next(value for key, value in mapping.value if key.value == name)


def _replaced(text: str, record: Any, fields: Record) -> Iterator[_Splice]:
    """Give the new values of a record in the places and, if they can, in the style of the old."""
    keys = {key.value: (key, value) for key, value in record.value}
    for name, new in fields.items():
        key, old = keys[name]
        start, end = old.start_mark.index, _end(text, old)
        if record.flow_style:
            made = _flow_value(new)
        else:
            made = _entry(name, new, old.style, key.start_mark.column)
            made = made[len(name) + 2 :]
        head = re.match(r"[>|][-+0-9]*([ \t]+#[^\n\r]*)", text[start:end])
        if head:  # a comment behind the sign that begins a text over several lines
            first, line_feed, rest = made.partition("\n")
            is_block = first[:1] in (_FOLDED, _LITERAL)
            made = f"{first}{head[1]}{line_feed}{rest}" if is_block else f"{made}{head[1]}"
        yield _Splice(start, end, made)


def _cut(text: str, records: Any, record: Any) -> _Splice:
    """Give the lines of a record, from its dash on, to be taken away. Comments around it stay."""
    start = text.rfind("\n", 0, record.start_mark.index) + 1
    column = records.start_mark.column
    while text[start : start + column].strip() or text[start + column : start + column + 1] != "-":
        start = text.rfind("\n", 0, start - 1) + 1
    end = _behind(text, record)
    before = text.rfind("\n", 0, start - 1) + 1
    if 0 < before < start and not text[before:start].strip() and (gap := _BLANK.match(text, end)):
        end = gap.end()
    return _Splice(start, end, "")


def _appended(text: str, records: Any, added: Sequence[Record]) -> _Splice:
    """Give new records in the style of the file, to stand behind the last one."""
    first, last = records.value[0], records.value[-1]
    order = tuple(str(key.value) for key, _ in first.value)
    styles = {str(key.value): value.style for key, value in first.value}
    is_spaced = len(records.value) > 1 and _BLANK.match(text, _behind(text, first))
    at = _behind(text, last)
    lead = "" if text[:at].endswith("\n") else "\n"
    gap = "\n" if is_spaced else ""
    items = (
        _item(
            record,
            tuple(sorted(record, key=lambda key: order.index(key) if key in order else len(order))),
            styles,
            records.start_mark.column,
        )
        for record in added
    )
    return _Splice(at, at, lead + "".join(gap + item for item in items))


def _end(text: str, node: Any) -> int:
    """Give the index behind a value's last sign: a parser ends a block where the next begins."""
    end = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        if node.style in (_FOLDED, _LITERAL):
            while text[end - 1].isspace():
                end -= 1
        return end
    if node.flow_style or not node.value:
        return end
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _behind(text: str, node: Any) -> int:
    """Give the index of the line below a node's last one."""
    line_feed = text.find("\n", _end(text, node))
    return len(text) if line_feed < 0 else line_feed + 1


def _item(
    record: Record, order: Sequence[str], styles: Mapping[str, str | None], column: int
) -> str:
    """Give a record as an item of a list whose dashes stand in a column."""
    inner = column + 2
    lines = [_entry(key, record[key], styles.get(key), inner) for key in order]
    return f"{' ' * column}- " + f"\n{' ' * inner}".join(lines) + "\n"


def _entry(key: str, value: Value, style: str | None, column: int) -> str:
    """Give ``key: value`` as it stands in a column; further lines are indented, the first isn't."""
    style = style or None  # of a plain value libyaml says ''
    if isinstance(value, str):
        if "\n" in value:
            style = _LITERAL
        elif style == _LITERAL or (style is None and len(value) + len(key) + column + 2 > WIDTH):
            style = _FOLDED
    made = _dumped(key, value, style, WIDTH - column)
    return re.sub(r"\n(?=[^\n])", "\n" + " " * column, made.rstrip("\n"))


@lru_cache(maxsize=256)  # years and pillars repeat
def _dumped(key: str, value: Value, style: str | None, width: int) -> str:
    """Return ``key: value`` in a style, or in double quotation marks where it would be wrong."""
    if style == _FOLDED:
        # The library's own lines are longer than it is told.
        lines = textwrap.wrap(str(value), width - 2, break_long_words=False, break_on_hyphens=False)
        made = "\n  ".join((f"{key}: >-", *lines))
    else:
        made = _serialized(key, value, style, width)
        if style is None and made.startswith(f"{key}: '") and '"' not in str(value):
            # It can't do without marks; these are the ones that texts of reports have.
            made = _serialized(key, value, _DOUBLE, width)
    if yaml.load(made, _Loader) != {key: value}:  # noqa: S506 - a loader of plain data
        made = _serialized(key, value, _DOUBLE, WIDTH * 1_000_000)
    return made


def _flow_value(value: Value) -> str:
    """Give a value as it may stand within braces: in one line."""
    if isinstance(value, int):
        return str(value)
    return _serialized("k", value, _DOUBLE, WIDTH * 1_000_000)[len("k: ") :].rstrip("\n")


def _serialized(key: str, value: Value, style: str | None, width: int) -> str:
    tag = _INT if isinstance(value, int) else _STR
    node = yaml.MappingNode(
        "tag:yaml.org,2002:map",
        [
            (
                yaml.ScalarNode(_STR, key),
                yaml.ScalarNode(tag, str(value), style=None if tag == _INT else style),
            )
        ],
        flow_style=False,
    )
    # libyaml's emitter escapes signs beyond the first plane, which stand there in letters here.
    dumper = yaml.SafeDumper if max(str(value), default="") > "\uffff" else _FastDumper
    made: str = yaml.serialize(node, Dumper=dumper, width=width, allow_unicode=True, indent=2)
    return made
