"""A report in another language: the same records, their words from a catalog."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from polib import POFile

from reportgen.locales.pofile import key_of, translated
from reportgen.model.report import Report
from reportgen.source.prose import Prose, field_names

Value = TypeVar("Value")


@dataclass(frozen=True)
class Localized:
    """A report in a locale's language. `missing` are the words that had no translation."""

    report: Report
    missing: tuple[Prose, ...]


def localize(report: Report, catalog: POFile, tag: str) -> Localized:
    """Give a report with its words from a catalog.

    What has no translation, or a fuzzy one, stays as it is and is marked with its language.
    """
    missing: dict[tuple[str, str], Prose] = {}
    found = {key_of(entry): entry.msgstr for entry in translated(catalog)}

    def translate(prose: Prose) -> Prose:
        context = prose.origin.context if prose.origin else None
        if words := found.get((context, str(prose))):
            return Prose.of(words, prose.origin)
        missing[(context or "", prose)] = prose
        return Prose.of(prose, prose.origin, language=report.language)

    localized = map_prose(report, translate)
    return Localized(dataclasses.replace(localized, language=tag), tuple(missing.values()))


def map_prose(value: Value, change: Callable[[Prose], Prose]) -> Value:
    """Return a frozen value with all prose in it changed; what was one object stays one object."""
    done: dict[int, Any] = {}

    def walk(item: Any) -> Any:
        if id(item) not in done:
            done[id(item)] = rebuild(item)
        return done[id(item)]

    def rebuild(item: Any) -> Any:
        if isinstance(item, Prose):
            return change(item)
        if isinstance(item, tuple):
            return tuple(map(walk, item))
        if names := field_names(type(item)):
            return dataclasses.replace(item, **{name: walk(getattr(item, name)) for name in names})
        return item

    result: Value = walk(value)
    return result
