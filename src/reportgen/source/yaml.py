"""YAML with the place of every key and value.

PyYAML's parser gives events with their places, and this module makes plain data of them. What
surprises people who edit YAML is left out on purpose: ``no`` is not false and ``2021-12-01`` is
text (as in the core schema of YAML 1.2, section 10.3), a key may not come twice, and there are no
tags, which could make a file more than data, and no anchors, which could make a small file endless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, NoReturn

import yaml

from reportgen.project import Project
from reportgen.source.diagnostics import INVISIBLE, Diagnostics, Span
from reportgen.source.limits import (
    MAX_NUMBER_CHARS,
    MAX_TEXT_CHARS,
    MAX_YAML_DEPTH,
    MAX_YAML_ITEMS,
    MAX_YAML_VALUES,
)
from reportgen.source.text import read_text

Path = tuple[str | int, ...]
"""The way to a value from the top of its file: keys and list indexes."""

Place = tuple[int, int]
"""A line and a column, counted from 1."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STANDARD = "tag:yaml.org,2002:"
"""What ``!!`` stands for in a tag."""

_BOOL = re.compile("true|True|TRUE|false|False|FALSE")
_NULL = re.compile("(?:~|null|Null|NULL)?")
_INT = re.compile("[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?")


@dataclass(frozen=True)
class Document:
    """A YAML file: plain data, and the place of each key and value in it."""

    path: PurePosixPath
    text: str = field(repr=False)
    value: Any
    values: Mapping[Path, Place] = field(repr=False)
    keys: Mapping[Path, Place] = field(repr=False)
    ends: Mapping[Path, Place] = field(repr=False)
    """The place behind each value."""
    refused: frozenset[Place] = frozenset()
    """The places of what could not be read, which is told already."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the file."""
        return tuple(self.text.split("\n"))

    def at(self, *path: str | int) -> Any:
        """Give the value that a path leads to."""
        value = self.value
        for step in path:
            value = value[step]
        return value

    def span(self, *path: str | int) -> Span:
        """Give the place of a value, or of the nearest thing around it that has one."""
        for length in range(len(path), -1, -1):
            if place := self.values.get(path[:length]):
                return Span(str(self.path), *place)
        return Span(str(self.path))

    def key_span(self, *path: str | int) -> Span:
        """Give the place of a key, or of the nearest thing around it that has one."""
        place = self.keys.get(path)
        return Span(str(self.path), *place) if place else self.span(*path)

    def source(self, *path: str | int) -> tuple[tuple[str, ...], int]:
        """Give the lines of the file that a value stands in, and where it ends in the last one."""
        if path not in self.values:
            return (), 0
        (first, _), (last, column) = self.values[path], self.ends[path]
        lines = self.lines[first - 1 : last]
        # A block of text may end behind the last line of the file.
        return lines, column - 1 if len(lines) > last - first else len(lines[-1])


def read_yaml(
    project: Project, path: PurePosixPath, diagnostics: Diagnostics, *, lenient: bool = False
) -> Document | None:
    """Read a YAML file of the project, or give nothing and diagnostics.

    With `lenient`, what could be read of a file with errors is given, so that it can be checked.
    """
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_yaml(text, path, diagnostics, lenient=lenient)


def parse_yaml(
    text: str, path: PurePosixPath, diagnostics: Diagnostics, *, lenient: bool = False
) -> Document | None:
    """Parse the text of such a file; see `read_yaml`."""
    before = len(diagnostics)
    reader = _Reader(path, diagnostics)
    try:
        value = reader.document(yaml.parse(text, _Loader))
    except yaml.MarkedYAMLError as error:
        # What is refused, such as an alias, may be what the parser stumbled over behind it.
        if len(diagnostics) == before:
            _tell(error, text, path, diagnostics)
        return None
    except yaml.YAMLError as error:
        diagnostics.error(
            "invalid-yaml",
            Span(str(path)),
            f"this is not valid YAML ({error})",
            "check for characters that can't be typed",
        )
        return None
    if len(diagnostics) > before and (not lenient or reader.is_cut_off):
        return None
    return Document(
        path,
        text,
        value,
        MappingProxyType(reader.values),
        MappingProxyType(reader.keys),
        MappingProxyType(reader.ends),
        frozenset(reader.refused),
    )


def plain_value(text: str) -> str | int | float | bool | None:
    """Give what a scalar without quotation marks means (YAML 1.2, section 10.3.2).

    Raises:
        ValueError: it is a number of more digits than Python reads.
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _tell(
    error: yaml.MarkedYAMLError, text: str, path: PurePosixPath, diagnostics: Diagnostics
) -> None:
    """Note what PyYAML found wrong, at the place where it is to be put right."""
    context, problem = error.context_mark, error.problem_mark or error.context_mark
    mark, what = problem, str(error.problem or error.context)
    hint = "check the indentation, and quote a text that holds ': ' or starts with a special sign"
    if context and error.context in _CONTEXTS:
        mark = context
        what, hint = _CONTEXTS[error.context]
        what = what.format(_sign_at(text, context))
    elif error.context == "while parsing a quoted scalar":
        hint = "write two backslashes for one, or put the text in single quotation marks"
    elif what == "mapping values are not allowed in this context":
        what = "there is a colon where no key can end"
        hint = "quote a text that holds ': ', or correct the line above: its colon, its indentation"
    elif context and problem and error.context and context.line != problem.line:
        what += f", {error.context} that begins in line {context.line + 1}"
    if problem and _sign_at(text, problem) == "\t":
        mark, what = problem, "a tab stands where a value or a key begins"
        hint = "indent with spaces"
    place = _place(mark) if mark else (1, 1)
    diagnostics.error(
        "invalid-yaml", Span(str(path), *place), f"this is not valid YAML ({what})", hint
    )


_UNQUOTED = ("a value begins with the special sign '{}'", "put the value in quotation marks")
_CONTEXTS = {
    "while scanning a quoted scalar": (
        "a quotation mark opens here and is not closed",
        "close it, and double it where it stands within the text",
    ),
    "while scanning a simple key": ("there is no colon behind a key", "write 'key: value'"),
    "while scanning an alias": _UNQUOTED,
    "while scanning an anchor": _UNQUOTED,
    "while scanning a tag": _UNQUOTED,
    "while scanning for the next token": _UNQUOTED,
}
"""What is wrong where the parser began what it did not bring to an end, and what to do."""


def _sign_at(text: str, mark: Any) -> str:
    line = text.split("\n")[mark.line : mark.line + 1]
    return line[0][mark.column : mark.column + 1] if line else ""


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


class _OverLimitError(Exception):
    """The rest of the file is not read: it would not stop."""


class _Reader:
    """Turns events into plain data and remembers their places."""

    def __init__(self, path: PurePosixPath, diagnostics: Diagnostics) -> None:
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.ends: dict[Path, Place] = {}
        self._path = str(path)
        self._diagnostics = diagnostics
        self.refused: set[Place] = set()
        self._number = 0
        self.is_cut_off = False

    def document(self, events: Iterator[yaml.Event]) -> Any:
        """Give the data of a file, which is one document or nothing."""
        value, documents = None, 0
        try:
            for event in events:
                if not isinstance(event, yaml.DocumentStartEvent):
                    continue
                documents += 1
                if documents > 1:
                    self._fail(
                        "yaml-documents",
                        event,
                        "a second document begins here",
                        "delete the line '---', or quote it if it is text",
                    )
                    break
                value = self._value(next(events), events, ())
        except _OverLimitError:
            self.is_cut_off = True
            return None
        return value

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Any:
        self.values[path] = _place(event.start_mark)
        self._count(event)
        self._refuse_references(event)
        value: Any = None
        end = event
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(path) >= MAX_YAML_DEPTH:
                self._fail(
                    "yaml-depth",
                    event,
                    f"this is nested more than {MAX_YAML_DEPTH} levels deep",
                    "close what is open, or quote a text that is no list",
                )
                raise _OverLimitError
            is_list = isinstance(event, yaml.SequenceStartEvent)
            value, end = (self._list if is_list else self._mapping)(events, path)
        self.ends[path] = _place(end.end_mark)
        return value

    def _list(self, events: Iterator[yaml.Event], path: Path) -> tuple[list[Any], yaml.Event]:
        data: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            if len(data) == MAX_YAML_ITEMS:
                what = f"the list has more than {MAX_YAML_ITEMS} items"
                self._stop(event, what, "take the surplus away")
            data.append(self._value(event, events, (*path, len(data))))
        return data, event

    def _mapping(
        self, events: Iterator[yaml.Event], path: Path
    ) -> tuple[dict[str, Any], yaml.Event]:
        data: dict[str, Any] = {}
        number = 0
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            number += 1
            if number > MAX_YAML_ITEMS:
                what = f"the mapping has more than {MAX_YAML_ITEMS} keys"
                self._stop(event, what, "take the surplus away")
            key = self._key(event, events)
            place = (*path, key)
            if key in data:
                self._fail(
                    "duplicate-key",
                    event,
                    f"the key '{key}' stands here a second time"
                    f" (first in line {self.keys[place][0]})",
                    "delete or rename one of the two",
                )
                self._pass_over(next(events), events)
                continue
            self.keys[place] = _place(event.start_mark)
            data[key] = self._value(next(events), events, place)
        return data, event

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event]) -> str:
        """Give a key as text. One that is no text is refused, and passed over."""
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_references(event)
            self._refuse_invisible(event)
            return str(event.value)
        self._fail("yaml-key", event, "a key is not a name", "use a plain name as key")
        self._pass_over(event, events)
        return ""

    def _pass_over(self, event: yaml.Event, events: Iterator[yaml.Event]) -> None:
        """Read to the end of the value that begins with `event`."""
        depth = 0
        while True:
            self._count(event)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            if depth > MAX_YAML_DEPTH:
                raise _OverLimitError  # what is passed over is told already
            event = next(events)

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | float | bool | None:
        self._refuse_invisible(event)
        text = str(event.value)
        if len(text) > MAX_TEXT_CHARS:
            what, hint = f"the value has {len(text)} signs", "shorten it, or part it into several"
            self._fail("over-limit", event, f"{what}; at most {MAX_TEXT_CHARS} are read", hint)
            return None
        if event.style not in (None, ""):
            return text
        if len(text) > MAX_NUMBER_CHARS and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)):
            self._fail(
                "yaml-number",
                event,
                f"a number has {len(text)} digits",
                "correct it, or quote it if it is text",
            )
            return None
        return plain_value(text)

    def _refuse_references(self, event: yaml.Event) -> None:
        """Refuse an alias, an anchor and a tag, all of which may be text that should be quoted."""
        if isinstance(event, yaml.AliasEvent):
            self._fail(
                "yaml-alias",
                event,
                f"the alias '*{event.anchor}' is used",
                "write the value out where it is needed, or quote a text that begins with '*'",
            )
        elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._fail(
                "yaml-anchor",
                event,
                f"the anchor '&{event.anchor}' is used",
                "delete it, or quote a text that begins with '&'",
            )
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            self._fail(
                "yaml-tag",
                event,
                f"the tag '{event.tag.replace(_STANDARD, '!!')}' is used",
                "delete it, or quote a text that begins with '!'",
            )

    def _refuse_invisible(self, event: yaml.ScalarEvent) -> None:
        """Refuse by an escape what can't stand in the file as it is."""
        if found := INVISIBLE.search(event.value):
            self._fail(
                "control-character",
                event,
                f"U+{ord(found[0]):04X} is a sign that can't be seen and has no place in a text",
                "delete it, or type what should stand there",
            )

    def _count(self, event: yaml.Event) -> None:
        self._number += 1
        if self._number > MAX_YAML_VALUES:
            what = f"the file has more than {MAX_YAML_VALUES} values"
            self._stop(event, what, "part it into several files")

    def _stop(self, event: yaml.Event, message: str, hint: str) -> NoReturn:
        self._fail("over-limit", event, message, hint)
        raise _OverLimitError

    def _fail(self, code: str, event: yaml.Event, message: str, hint: str) -> None:
        place = _place(event.start_mark)
        self.refused.add(place)
        self._diagnostics.error(code, Span(self._path, *place), message, hint)
