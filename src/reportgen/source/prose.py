"""The type of the words that a reader sees, with where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from reportgen.source.diagnostics import Span
from reportgen.source.text import over_limit


@dataclass(frozen=True)
class Origin:
    """Where words come from: their place in a file, and a name that stays when they move.

    A translation is found by `context` and the words themselves. `note` tells a translator what
    the words are and where they stand.
    """

    context: str
    span: Span
    note: str


class Prose(str):
    """Words of the report: inline Markdown, rendered on the page and translated.

    A type of its own, so that no stage has to keep a list of which texts those are. `origin` is set
    once, by the reader of the file. `language` is set where the words are not in the language of
    the report around them: a translation is missing.
    """

    origin: Origin | None = None
    language: str | None = None

    @classmethod
    def of(cls, text: str, origin: Origin | None = None, language: str | None = None) -> Prose:
        """Give words with their origin."""
        prose = cls(text)
        prose.origin, prose.language = origin, language
        return prose

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Tell pydantic to take a text that isn't empty, and prose as it is, with its origin."""
        text = core_schema.str_schema(strict=True, strip_whitespace=True, min_length=1)
        return core_schema.no_info_wrap_validator_function(
            lambda value, check: value if isinstance(value, cls) else cls._read(check(value)), text
        )

    @classmethod
    def _read(cls, text: str) -> Prose:
        if reason := over_limit(text):
            raise PydanticCustomError(
                "over_limit", "{what}", {"what": reason[0], "hint": reason[1]}
            )
        return cls(text)


def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


field_names: Callable[[type], tuple[str, ...]] = cache(_field_names)
"""Return the names of the fields of a type, none if it is no dataclass."""


def prose_in(
    value: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Prose]]:
    """Return each piece of prose within a validated value, with the way to it."""
    if isinstance(value, Prose):
        yield path, value
    elif names := field_names(type(value)):
        for name in names:
            yield from prose_in(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from prose_in(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from prose_in(item, (*path, index))
