"""The design tokens: the custom properties that `styles/tokens.css` gives to the whole design."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import tinycss2

from reportgen.project import Project
from reportgen.source.diagnostics import Span
from reportgen.source.limits import MAX_TOKEN_CHARS

TOKENS = ("styles/tokens.css", "styles/languages.css")
"""The style sheets that give the tokens, the first those of all languages."""

OF_CHARTS = ("ink", "ink-quiet", "rule", "rule-quiet", "paper", "sans", "size-note", "chart-1")
OF_MAPS = ("map-land", "map-border", "map-member", "map-dot", "paper")
"""The tokens that drawings are made with, which the typesetter has no part in."""

_MAX_DEPTH = 20
"""How many times a token may lead to another one."""

_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


@dataclass(frozen=True)
class TokenFiles:
    """The texts of the style sheets that give the tokens, by their paths."""

    texts: Mapping[str, str]

    @classmethod
    def read(cls, project: Project) -> TokenFiles:
        """Read them.

        Raises:
            OSError: one can't be read.
            OutsideProjectError: one lies outside of the project.
            UnicodeDecodeError: one isn't UTF-8.
        """
        return cls({path: project.read(path).decode("utf-8") for path in TOKENS})

    def values(self, language: str = "") -> Mapping[str, str]:
        """Return the tokens of a language; see `read_tokens`."""
        return read_tokens("".join(self.texts.values()), language)

    def place(self, token: str) -> Span:
        """Return the place of a token, or of where it would stand."""
        for path, text in self.texts.items():
            for number, line in enumerate(text.splitlines(), 1):
                if (at := line.find(f"--{token}:")) >= 0:
                    return Span(path, number, at + 1)
        return Span(TOKENS[0])


def number_of(tokens: Mapping[str, str], form: str) -> int:
    """Return how many tokens there are of a form such as ``chart-{}``, counted from 1 on."""
    number = 0
    while tokens.get(form.format(number + 1)):
        number += 1
    return number


def read_tokens(css: str, language: str = "") -> Mapping[str, str]:
    """Give the custom properties of the `:root` rules of a style sheet, without their two hyphens.

    Those of a rule for a language, such as `:lang(ar)`, take the place of others if it is that one.
    A value that is another token (`var(--ink)`) is resolved, unless it gets too long. What CSS can
    do beyond that, the engine does; charts and maps, which are drawn before it, need plain values.
    """
    values: dict[str, str] = {}
    selectors = (":root", f":lang({language.partition('-')[0]})")
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule" or (
            tinycss2.serialize(rule.prelude).strip() not in selectors
        ):
            continue
        for declaration in tinycss2.parse_declaration_list(
            rule.content, skip_comments=True, skip_whitespace=True
        ):
            if declaration.type == "declaration" and declaration.name.startswith("--"):
                values[declaration.name] = tinycss2.serialize(declaration.value).strip()
    return MappingProxyType({name.removeprefix("--"): _resolved(name, values) for name in values})


def _resolved(name: str, values: Mapping[str, str]) -> str:
    """Give the value of a token with the values of others in place of its references to them."""

    def referenced(match: re.Match[str]) -> str:
        found = values.get(match[1], "")
        return found if 0 < len(found) <= MAX_TOKEN_CHARS else match[0]

    value = values[name]
    for _ in range(_MAX_DEPTH):
        before, value = value, _VAR.sub(referenced, value)
        if value == before:
            return value
        if len(value) > MAX_TOKEN_CHARS:
            break
    return values[name]
