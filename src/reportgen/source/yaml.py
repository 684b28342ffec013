"""YAML with the place of every key and value.

PyYAML's composer gives the places; its constructor gives the scalars. What surprises people who
edit YAML is left out on purpose: ``no`` is not false and ``2021-12-01`` is text (as in the core
schema of YAML 1.2, section 10.3), a key may not come twice, and there are no anchors, which
could make a small file endless.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import yaml

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.text import read_text

Path = tuple[str | int, ...]
"""The way to a value from the top of its file: keys and list indexes."""

Place = tuple[int, int]
"""A line and a column, counted from 1."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that resolves scalars as YAML 1.2's core schema does."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?$", "-+0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclass(frozen=True)
class Document:
    """A YAML file: plain data, and the place of each key and value in it."""

    path: PurePosixPath
    text: str = field(repr=False)
    value: Any
    values: Mapping[Path, Place] = field(repr=False)
    keys: Mapping[Path, Place] = field(repr=False)

    def at(self, *path: str | int) -> Any:
        """Give the value that a path leads to."""
        value = self.value
        for step in path:
            value = value[step]
        return value

    def span(self, *path: str | int) -> Span:
        """Give the place of a value, or of the nearest thing around it that has one."""
        return self._nearest(self.values, path)

    def key_span(self, *path: str | int) -> Span:
        """Give the place of a key, or of the nearest thing around it that has one."""
        place = self.keys.get(path)
        return Span(str(self.path), *place) if place else self.span(*path)

    def find(self, needle: str, *path: str | int) -> Span:
        """Give the place of some words within a value, or of the value if they are not found.

        A folded value has other line breaks than its source, so the words must stand in one line.
        """
        start = self.span(*path)
        lines = self.text.split("\n")
        for number in range(start.line, len(lines) + 1):
            begin = start.column - 1 if number == start.line else 0
            at = lines[number - 1].find(needle, begin)
            if at >= 0:
                return Span(str(self.path), number, at + 1)
        return start

    def _nearest(self, places: Mapping[Path, Place], path: Path) -> Span:
        for length in range(len(path), -1, -1):
            if place := places.get(path[:length]):
                return Span(str(self.path), *place)
        return Span(str(self.path))


def read_yaml(
    project: Project, path: PurePosixPath, diagnostics: Diagnostics
) -> Document | None:
    """Read a YAML file of the project, or give nothing and diagnostics."""
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_yaml(text, path, diagnostics)


def parse_yaml(
    text: str, path: PurePosixPath, diagnostics: Diagnostics, first_line: int = 1
) -> Document | None:
    """Parse YAML that starts at `first_line` of `path`, or give nothing and diagnostics."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        reader = _Reader(loader, path, diagnostics, first_line)
        value = None if root is None else reader.read(root, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        diagnostics.error(
            "invalid-yaml",
            Span(str(path), line, column),
            f"this is not valid YAML ({error.problem or error.context})",
            "check the indentation, and quote a text that holds ': ' or starts with a special sign",
        )
        return None
    except (yaml.YAMLError, RecursionError) as error:
        diagnostics.error(
            "invalid-yaml",
            Span(str(path), first_line),
            f"this is not valid YAML ({type(error).__name__})",
            "check for characters that can't be typed and for very deep nesting",
        )
        return None
    finally:
        loader.dispose()
    if reader.failed:
        return None
    return Document(
        path, text, value, MappingProxyType(reader.values), MappingProxyType(reader.keys)
    )


class _Reader:
    """Turns nodes into plain data and remembers their places."""

    def __init__(
        self, loader: Any, path: PurePosixPath, diagnostics: Diagnostics, first_line: int
    ) -> None:
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.failed = False
        self._loader = loader
        self._path = str(path)
        self._diagnostics = diagnostics
        self._first_line = first_line
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, path: Path) -> Any:
        if id(node) in self._seen:
            self._fail(
                "yaml-alias", node, "an alias (*name) is used", "write the value out where it is needed"
            )
            return None
        self._seen.add(id(node))
        self.values[path] = self._place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self._fail("yaml-tag", node, f"the tag {node.tag} is not known", "leave the tag out")
            return None
        return self._loader.construct_object(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fail("yaml-key", key_node, "a key is not a name", "use a plain name as key")
                continue
            key = key_node.value
            if key in data:
                first_line = self.keys[(*path, key)][0]
                self._fail(
                    "duplicate-key",
                    key_node,
                    f"the key '{key}' stands here a second time (first in line {first_line})",
                    "delete or rename one of the two",
                )
                continue
            self.keys[(*path, key)] = self._place(key_node)
            data[key] = self.read(value_node, (*path, key))
        return data

    def _place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return mark.line + self._first_line, mark.column + 1

    def _fail(self, code: str, node: yaml.Node, message: str, hint: str) -> None:
        self.failed = True
        self._diagnostics.error(code, Span(self._path, *self._place(node)), message, hint)
