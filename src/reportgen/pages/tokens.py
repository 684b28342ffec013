"""The design tokens: the custom properties that `styles/tokens.css` gives to the whole design."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import tinycss2

from reportgen.source.limits import MAX_TOKEN_CHARS

_MAX_DEPTH = 20
"""How many times a token may lead to another one."""

_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


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
