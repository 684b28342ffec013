"""The design tokens: the custom properties that `styles/tokens.css` gives to the whole design."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import tinycss2

_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


def read_tokens(css: str, language: str = "") -> Mapping[str, str]:
    """Give the custom properties of the `:root` rules of a style sheet, without their two hyphens.

    Those of a rule for a language, such as `:lang(ar)`, take the place of others if it is that one.
    A value that is another token (`var(--ink)`) is resolved. What CSS can do beyond that, the
    engine does; charts and maps, which are drawn before it, need plain values.
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
    resolved: dict[str, str] = {}
    for name, declared in values.items():
        value, depth = declared, 0
        while (match := _VAR.search(value)) and match[1] in values and depth < len(values):
            value, depth = value.replace(match[0], values[match[1]]), depth + 1
        resolved[name.removeprefix("--")] = value
    return MappingProxyType(resolved)
