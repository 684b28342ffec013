"""YAML as it is written: one style, with its comments.

ruamel.yaml reads a file with all its comments and writes it again, so that a program can change an
entry and leave the rest alone. The style is that of the files that come along: two spaces, lists
set in below their key, and a text that is too long for its line as ``>-`` below the key. What
scalars mean is for :mod:`reportgen.source.yaml` to say; here they stay as they were typed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    ScalarString,
    SingleQuotedScalarString,
)
from ruamel.yaml.tag import Tag

from reportgen.source.yaml import Document, Path, plain_value

WIDTH = 100
"""How many signs a line of prose may have."""

_STEP = 2
"""How far a mapping is set in below its key, and the dash of a list as well."""

_SCANNER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAGS = {
    str: "tag:yaml.org,2002:str",
    int: "tag:yaml.org,2002:int",
    float: "tag:yaml.org,2002:float",
    bool: "tag:yaml.org,2002:bool",
    type(None): "tag:yaml.org,2002:null",
}
"""The tag of what a scalar without quotation marks means, by its type."""


def load_yaml(text: str) -> Any:
    """Give the data of a YAML text with its comments: mappings are `CommentedMap`.

    Numbers, ``true`` and the like are texts here, so that they are written as they were typed; what
    is set in their place may be of Python's own types.

    Raises:
        ValueError: the text can't be read; of what :func:`reportgen.source.yaml.parse_yaml` takes,
            that is very little, such as a tab behind a value.
    """
    try:
        return _yaml().load(text)
    except YAMLError as error:
        raise ValueError(str(error)) from error


def dump_yaml(data: Any) -> str:
    """Give the text of such data, in style; texts that are too long for their line are folded."""
    _fold_in(data, 0)
    stream = io.StringIO()
    _yaml().dump(data, stream)
    return stream.getvalue()


def insert_below(document: Document, path: Path, lines: Sequence[str]) -> str:
    """Give a document's text with lines put in below a key's value; all else stays as it is."""
    last = max(
        line if column > 1 else line - 1
        for place, (line, column) in document.ends.items()
        if place[: len(path)] == path and not _is_block(document, place)
    )
    old = document.lines
    # The end of a block of text is behind the empty lines that follow it.
    while last and not old[last - 1].strip():
        last -= 1
    # A comment that is set in below the key belongs to the value.
    margin = " " * document.keys[path][1]
    while last < len(old) and old[last].startswith(margin) and old[last].lstrip()[:1] == "#":
        last += 1
    return "\n".join([*old[:last], *lines, *(old[last:] or [""])])


def is_flow(document: Document, *path: str | int) -> bool:
    """Tell whether a list or a mapping is written in brackets."""
    line, column = document.values[path]
    return document.lines[line - 1][column - 1 : column] in ("[", "{")


def _is_block(document: Document, path: Path) -> bool:
    is_collection = isinstance(document.at(*path), (list, dict))
    return is_collection and not is_flow(document, *path)


def comments_of(text: str) -> list[str]:
    """Give the comments of a YAML text, in order: they stand between its tokens.

    One may also stand behind the sign that begins a block of text, within its token.
    """
    found: list[str] = []
    end = 0
    for token in yaml.scan(text, _SCANNER):
        found += _hashes(text[end : token.start_mark.index])
        end = token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = text[token.start_mark.index : end].partition("\n")[0]
            found += _hashes(header[1:].lstrip("+-0123456789"))
    return found + _hashes(text[end:])


def _hashes(between: str) -> list[str]:
    return [line[line.index("#") :].rstrip() for line in between.split("\n") if "#" in line]


class _AsTyped(ScalarString):
    """A scalar without quotation marks that is no text, such as a number."""

    def __new__(cls, value: str) -> _AsTyped:
        made: _AsTyped = ScalarString.__new__(cls, value)
        return made


class _Resolver(VersionedResolver):
    """Takes scalars for what our reader takes them for."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit[0]:
            return Tag(suffix=_TAGS[type(plain_value(str(value)))])
        return super().resolve(kind, value, (False, False))


class _Constructor(RoundTripConstructor):
    """Keeps scalars that are no texts as they were typed."""

    def construct_as_typed(self, node: Any) -> _AsTyped:
        return _AsTyped(node.value)


class _Representer(RoundTripRepresenter):
    """Writes them so."""

    def represent_as_typed(self, data: _AsTyped) -> Any:
        return self.represent_scalar(_TAGS[type(plain_value(str(data)))], str(data), style="")


for _type, _tag in _TAGS.items():
    if _type is not str:
        _Constructor.add_constructor(_tag, _Constructor.construct_as_typed)
_Representer.add_representer(_AsTyped, _Representer.represent_as_typed)


def _yaml() -> YAML:
    made = YAML(typ="rt", pure=True)
    made.Resolver = _Resolver
    made.Constructor = _Constructor
    made.Representer = _Representer
    made.preserve_quotes = True
    made.brace_single_entry_mapping_in_flow_sequence = True
    made.indent(mapping=_STEP, sequence=2 * _STEP, offset=_STEP)
    # Lines break where `_fold` says, and nowhere else.
    made.width = sys.maxsize
    return made


def _fold_in(data: Any, indent: int) -> None:
    """Fold the texts within a block mapping or a block list whose keys or dashes stand there."""
    if not isinstance(data, (CommentedMap, CommentedSeq)) or data.fa.flow_style():
        return
    items = data.items() if isinstance(data, CommentedMap) else enumerate(data)
    for key, value in list(items):
        if isinstance(value, str):
            start = indent + (len(key) + 2 if isinstance(data, CommentedMap) else 2)
            data[key] = _fold(data, key, value, start, indent + _STEP)
        else:
            _fold_in(value, indent + _STEP)


def _fold(data: Any, key: Any, value: str, start: int, indent: int) -> Any:
    """Give a value of `data` with the places where its lines break, if it is to be folded."""
    if isinstance(value, FoldedScalarString):
        value.fold_pos = _breaks(value, WIDTH - indent)  # type: ignore[attr-defined]
        return value
    quotes = 2 if isinstance(value, (DoubleQuotedScalarString, SingleQuotedScalarString)) else 0
    is_other = isinstance(value, ScalarString) and not quotes
    if is_other or start + len(value) + quotes <= WIDTH:
        return value
    positions = _breaks(value, WIDTH - indent)
    is_one_word = not positions and len(value) > WIDTH - indent
    if is_one_word or value != value.strip() or "\n" in value or not _is_free(data, key):
        return value
    folded: Any = FoldedScalarString(value)
    folded.fold_pos = positions
    return folded


def _is_free(data: Any, key: Any) -> bool:
    """Tell whether no comment stands in the line of a value, and let it become a block of text.

    Behind a value in its line, ruamel notes the line's end and then the comments below; behind a
    block of text, which has the line's end in it, only the comments.
    """
    notes = data.ca.items.get(key)
    token = notes and notes[2 if isinstance(data, CommentedMap) else 0]
    if not token:
        return True
    if not token.value.startswith("\n"):
        return False
    token.value = token.value[1:]
    if not token.value:
        del data.ca.items[key]
    return True


def _breaks(text: str, width: int) -> list[int]:
    """Give the places of the spaces at which a folded text breaks into lines of that width.

    A line that is set in doesn't break (YAML 1.2, 8.1.3).
    """
    found: list[int] = []
    begin, last, begin_of_line = 0, -1, 0
    for place, sign in enumerate(text + "\n"):
        if sign not in " \n":
            continue
        if place - begin > width and last > begin:
            found.append(last)
            begin = last + 1
        if sign == "\n":
            begin, last, begin_of_line = place + 1, -1, place + 1
        elif not text[begin_of_line].isspace() and _is_single(text, place):
            last = place
    return found


def _is_single(text: str, place: int) -> bool:
    """Tell whether no other space stands beside the one at `place`."""
    around = text[max(place - 1, 0) : place + 2]
    return len(around) == 3 and around.strip() == around
