"""Style sheets, read with the place of each declaration and each address.

The typesetter follows what nests by recursion, and takes a number however large it is: both have a
limit, which is looked after before anything is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import tinycss2

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import (
    MAX_CSS_DEPTH,
    MAX_CSS_DIGITS,
    MAX_CSS_NUMBER,
    MAX_CSS_SELECTOR,
    MAX_CSS_TOKENS,
    MAX_CSS_TRACKS,
)
from reportgen.source.text import read_text

_TOKEN = re.compile(
    r"""
    /\*[\s\S]*?(?:\*/|\Z)                               # comments, strings, addresses and names
    | "(?:[^"\\\n]|\\[\s\S])*"?                         # are passed over
    | '(?:[^'\\\n]|\\[\s\S])*'?
    | url\(\s*(?!["'\s])(?:[^)\\]|\\[\s\S])*\)?
    | u\+[0-9a-f?]+(?:-[0-9a-f]+)?
    | \#(?:[\w-]|[^\x00-\x7f]|\\[^\n])+
    | [@.]?-{0,2}(?:[a-z_]|[^\x00-\x7f]|\\[^\n])(?:[\w-]|[^\x00-\x7f]|\\[^\n])*
    | (?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)(?P<unit>[a-z]*)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | \S
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = {"(": ")", "{": "}", "[": "]"}

_PIXELS = {
    "in": 96,
    "cm": 38,
    "mm": 4,
    "pt": 2,
    "pc": 16,
    "em": 100,
    "rem": 100,
    "ex": 100,
    "ch": 100,
}
"""How many pixels a unit has at most that is larger than one; of a font's as large ones have."""

_OF_RULES = frozenset({"media", "supports", "layer"})
"""The at-rules that hold other rules."""

_COUNTED = re.compile(r"grid(-.*)?|columns|column-count")
"""The properties with numbers of rows or columns."""


@dataclass(frozen=True)
class Declaration:
    """A property and its value. `at` is where its name begins, in characters of the text."""

    name: str
    value: tuple[Any, ...]
    span: Span
    at: int


@dataclass(frozen=True)
class Address:
    """What a style sheet names by `url()`; `use` is `import`, `font`, or `picture`."""

    text: str
    use: str
    span: Span


@dataclass(frozen=True)
class StyleSheet:
    """A style sheet's text, and all that is declared and named in it, in order."""

    path: PurePosixPath
    text: str
    declarations: tuple[Declaration, ...]
    addresses: tuple[Address, ...]


def read_style_sheet(
    project: Project, path: PurePosixPath, diagnostics: Diagnostics
) -> StyleSheet | None:
    """Read a style sheet; one that can't be used is nothing, and a diagnostic."""
    text = read_text(project, path, diagnostics)
    if text is None:
        return None
    reader = _Reader(path, text, diagnostics)
    return reader.read() if reader.keeps_limits() else None


class _Reader:
    """Reads one style sheet, and notes what is wrong with it."""

    def __init__(self, path: PurePosixPath, text: str, diagnostics: Diagnostics) -> None:
        self._path = path
        self._text = text
        self._diagnostics = diagnostics
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._declarations: list[Declaration] = []
        self._addresses: list[Address] = []

    def keeps_limits(self) -> bool:
        """Tell whether the text can be parsed, and note the first place if it can't."""
        awaited: list[str] = []
        for count, token in enumerate(_TOKEN.finditer(self._text), 1):
            if count > MAX_CSS_TOKENS:
                message = (
                    f"the style sheet has more than {MAX_CSS_TOKENS:,} names, numbers and signs"
                )
                return self._refuse(
                    "over-limit", token.start(), message, "part it into several files"
                )
            if bracket := token["open"]:
                awaited.append(_CLOSING[bracket])
                if len(awaited) > MAX_CSS_DEPTH:
                    message = f"brackets stand in each other more than {MAX_CSS_DEPTH} deep"
                    return self._refuse("css-nesting", token.start(), message, "write it flatter")
            elif token["close"]:
                if awaited[-1:] == [token["close"]]:
                    awaited.pop()
            elif number := token["number"]:
                most = MAX_CSS_NUMBER // _PIXELS.get(token["unit"].lower(), 1)
                if _is_sane(number, most):
                    continue
                shown = number if len(number) <= MAX_CSS_DIGITS else f"{number[:MAX_CSS_DIGITS]}…"
                message = f"{shown} is larger or longer than any number that a page needs"
                hint = f"write one between -{most} and {most}"
                return self._refuse("css-number", token.start(), message, hint)
        return True

    def _refuse(self, code: str, at: int, message: str, hint: str) -> bool:
        line = bisect(self._starts, at)
        span = Span(str(self._path), line, at - self._starts[line - 1] + 1)
        self._diagnostics.error(code, span, message, hint)
        return False

    def read(self) -> StyleSheet:
        """Parse the style sheet."""
        self._read(tinycss2.parse_stylesheet(self._text, True, True), "")
        return StyleSheet(self._path, self._text, tuple(self._declarations), tuple(self._addresses))

    def _read(self, nodes: list[Any], rule: str) -> None:
        """Read what stands in a rule; `rule` is its keyword."""
        for node in nodes:
            if node.type == "error":
                hint = "correct it: the rest of the rule would be passed over"
                self._error("css-syntax", node, f"this is not CSS ({node.message})", hint)
            elif node.type == "declaration":
                at = self._starts[node.source_line - 1] + node.source_column - 1
                value = tuple(node.value)
                span = self._span(node)
                self._declarations.append(Declaration(node.lower_name, value, span, at))
                self._read_value(node.value, rule, _COUNTED.fullmatch(node.lower_name) is not None)
            elif node.type == "at-rule":
                self._read_value(node.prelude, node.lower_at_keyword, is_counted=False)
                self._read_content(node, node.lower_at_keyword)
            elif node.type == "qualified-rule":
                self._check_selectors(node)
                self._read_content(node, rule)

    def _read_content(self, node: Any, rule: str) -> None:
        if node.content is not None:
            parse = (
                tinycss2.parse_rule_list
                if rule in _OF_RULES and node.type == "at-rule"
                else (tinycss2.parse_blocks_contents)
            )
            self._read(parse(node.content, True, True), rule)

    def _check_selectors(self, rule: Any) -> None:
        length = 0
        for token in rule.prelude:
            length = 0 if token.type == "literal" and token.value == "," else length + 1
            if length > MAX_CSS_SELECTOR:
                message = f"a selector has more than {MAX_CSS_SELECTOR} names and signs"
                self._error("css-selector", token, message, "shorten it")
                return

    def _read_value(self, tokens: list[Any], rule: str, is_counted: bool) -> None:
        use = {"import": "import", "font-face": "font"}.get(rule, "picture")
        for token in tokens:
            if token.type == "error":
                hint = "correct it: the whole declaration would be passed over"
                self._error("css-syntax", token, f"this is not CSS ({token.message})", hint)
            elif token.type == "url" or (rule == "import" and token.type == "string"):
                self._addresses.append(Address(token.value, use, self._span(token)))
            elif token.type == "number" and is_counted and abs(token.value) > MAX_CSS_TRACKS:
                message = f"{token.representation} is more than {MAX_CSS_TRACKS} rows or columns"
                self._error("css-number", token, message, "take fewer")
            elif token.type == "function":
                if token.lower_name == "url" and token.arguments:
                    text = getattr(token.arguments[0], "value", "")
                    self._addresses.append(Address(str(text), use, self._span(token)))
                else:
                    counted = is_counted or token.lower_name == "repeat"
                    self._read_value(token.arguments, rule, counted)
            elif hasattr(token, "content"):
                self._read_value(token.content, rule, is_counted)

    def _span(self, node: Any) -> Span:
        return Span(str(self._path), node.source_line, node.source_column)

    def _error(self, code: str, node: Any, message: str, hint: str) -> None:
        self._diagnostics.error(code, self._span(node), message, hint)


def _is_sane(number: str, most: int) -> bool:
    digits, _, exponent = number.lower().partition("e")
    if len(digits) > MAX_CSS_DIGITS or len(exponent) > MAX_CSS_DIGITS:
        return False
    return abs(float(number)) <= most


def variables_in(tokens: tuple[Any, ...] | list[Any]) -> Iterator[str]:
    """Give the names of the variables in a value, each as often as it stands there."""
    for token in tokens:
        if token.type == "function":
            if token.lower_name == "var":
                names = (t.value for t in token.arguments if t.type == "ident")
                yield from list(names)[:1]
            yield from variables_in(token.arguments)
        elif hasattr(token, "content"):
            yield from variables_in(token.content)


def required_variables(tokens: tuple[Any, ...] | list[Any]) -> Iterator[str]:
    """Return the names of the variables in a value that have nothing to take their place."""
    for token in tokens:
        within = getattr(token, "arguments", None) or getattr(token, "content", None) or ()
        if token.type == "function" and token.lower_name == "var":
            parts = [part for part in within if part.type not in ("whitespace", "comment")]
            if len(parts) == 1 and parts[0].type == "ident":
                yield parts[0].value.lower()
        elif isinstance(within, list):
            yield from required_variables(within)


def length_of(tokens: tuple[Any, ...] | list[Any]) -> int:
    """Give how many words and signs a value has."""
    total = 0
    for token in tokens:
        within = getattr(token, "arguments", None) or getattr(token, "content", None) or ()
        total += 1 + length_of(within)
    return total
