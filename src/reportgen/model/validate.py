"""From plain data to a form: pydantic's errors told as diagnostics at their places."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import is_pydantic_dataclass
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from reportgen.source.diagnostics import Diagnostics, Span, nearest
from reportgen.source.limits import MAX_SUGGESTIONS
from reportgen.source.yaml import Document

PART_LISTS: tuple[tuple[str, ...], ...] = (("parts",), ("brief", "parts"))
"""The ways to the lists of parts."""

FormType = TypeVar("FormType")
Value = TypeVar("Value")

_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""Gives what validates a form. It is built once, as that takes longer than to validate."""

_TEXT = ("a text", "put it in quotation marks")
_WHOLE = ("a whole number", "write digits only, without quotation marks")
_MAPPING = ("a mapping", "write 'key: value' lines, each key from the same column on")
_TYPES = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "float_type": ("a number", "write digits and a point, without quotation marks"),
    "bool_type": ("true or false", "write true or false, without quotation marks"),
    "tuple_type": ("a list", "write an item a line, each behind '- '"),
    "dict_type": _MAPPING,
    "dataclass_type": _MAPPING,
}
"""What pydantic expected, in an editor's words, and how it is written."""

_SIZES = {
    "string_too_short": ("is empty", "fill it in"),
    "too_short": ("is empty", "fill it in"),
    "string_too_long": ("is longer than {max_length} signs", "shorten it"),
    "too_long": ("has more than {max_length} items", "take the surplus away"),
    "greater_than_equal": ("is less than {ge:g}", "correct it"),
    "less_than_equal": ("is more than {le:g}", "correct it"),
}
"""What is wrong with a value's size, and what to do."""

_FORMS = {
    "name": "write lower-case letters and digits with single hyphens between, such as 'my-name'",
    "slug": "write lower-case letters and digits with single hyphens between, such as 'my-report'",
    "date": "write year and month, such as 2021-12",
    "url": "write the whole address, such as https://example.org/page",
    "code": "write an ISO 3166 code, such as NZ or NZ-AUK",
    "parent": "write an ISO 3166 code, such as NZ",
    "id_prefix": "write two to four capital letters",
    "id_form": "write {prefix} and a 0 for each digit, such as '{prefix}0000'",
    "language": "write a language tag, such as en or pt-BR",
}
"""How a value of a form is written, by key."""


def validate(
    form: type[FormType], document: Document, diagnostics: Diagnostics, *path: str | int
) -> FormType | None:
    """Give the value at `path` of a document as a form, or nothing and all that is wrong in it."""
    value = document.at(*path)
    empty = value is None and not path
    try:
        made: FormType = _adapter(form).validate_python({} if empty else value)
    except ValidationError as error:
        if empty:
            diagnostics.error(
                "no-keys",
                document.span(),
                "there is nothing where keys are to be",
                f"write 'key: value' lines; the keys are {', '.join(_fields(form))}",
            )
        else:
            teller = _Teller(form, document, path, diagnostics)
            teller.tell(error.errors(include_url=False))
        return None
    return made


def form_of(form: type[FormType], value: object) -> FormType | None:
    """Give a value as a form, or nothing: for one whose mistakes are told already."""
    try:
        made: FormType = _adapter(form).validate_python(value)
    except ValidationError:
        return None
    return made


def draft_of(form: type[FormType], value: object) -> FormType | None:
    """Return what is right of a value as a form, for checks of the rest; nothing if it has no keys.

    What is missing or wrong, which is told already, is `None` in it, and so is an item of a list:
    the others keep their places.
    """
    if not isinstance(value, dict):
        return None
    draft = object.__new__(form)
    for name, (annotation, default) in _keys_of(form).items():
        object.__setattr__(draft, name, _draft(annotation, value.get(name, default)))
    return draft


def read(value: Value) -> Value | None:
    """Return a value of a form that may be a draft, which has `None` for what is wrong."""
    return value


def _build_keys_of(form: Any) -> dict[str, tuple[Any, Any]]:
    """Return the type and the default of each key of a form."""
    return {
        name: (
            Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation,
            None if field.is_required() else field.get_default(call_default_factory=True),
        )
        for name, field in _fields(form).items()
    }


_keys_of: Callable[[Any], dict[str, tuple[Any, Any]]] = cache(_build_keys_of)


def _draft(annotation: Any, value: object) -> Any:
    """Return a value of a type, or what is right of it."""
    if is_pydantic_dataclass(type(value)):
        return value  # a default
    with contextlib.suppress(ValidationError):
        return _adapter(annotation).validate_python(value)
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple and isinstance(value, list) and arguments[-1:] == (...,):
        return tuple(_draft(arguments[0], item) for item in value)
    if get_origin(annotation) is dict and isinstance(value, dict):
        return {key: _draft(arguments[1], item) for key, item in value.items()}
    forms = [one for one in (annotation, *arguments) if is_pydantic_dataclass(one)]
    return draft_of(forms[0], value) if len(forms) == 1 else None


class _Teller:
    """Tells pydantic's errors about one value."""

    def __init__(
        self,
        form: type[Any],
        document: Document,
        base: tuple[str | int, ...],
        diagnostics: Diagnostics,
    ) -> None:
        self._form = form
        self._document = document
        self._base = base
        self._diagnostics = diagnostics

    def tell(self, details: list[ErrorDetails]) -> None:
        """Note each error; a key that is missing because it is misspelt is one mistake, not two."""
        # A part may have several forms, and pydantic tells what each of them lacks.
        for path in filter(None, dict.fromkeys(map(_part_of, details))):
            self._tell_part(path)
        others = [d for d in details if not _part_of(d) and not _is_full(d)]
        unknown = [detail for detail in others if detail["type"] == "unexpected_keyword_argument"]
        misspelt = {
            (*detail["loc"][:-1], nearest(str(detail["loc"][-1]), self._keys(detail)))
            for detail in unknown[:MAX_SUGGESTIONS]
        }
        for detail in others:
            if detail["type"] != "missing" or detail["loc"] not in misspelt:
                self._tell(detail)

    def _tell(self, detail: ErrorDetails) -> None:
        kind, loc = detail["type"], detail["loc"]
        path = (*self._base, *loc)
        if loc[-1:] == ("[key]",):
            self._error(
                "invalid-name",
                self._document.key_span(*path[:-1]),
                f"'{path[-2]}' is not a name",
                _FORMS["name"] if kind == "string_pattern_mismatch" else "shorten it",
            )
        elif kind == "unexpected_keyword_argument":
            keys = self._keys(detail)
            self._error(
                "unknown-key",
                self._document.key_span(*path),
                f"the key '{path[-1]}' is not known here",
                self._diagnostics.did_you_mean(
                    str(path[-1]), keys, f"the keys are {', '.join(sorted(keys))}"
                ),
            )
        elif kind == "missing":
            self._tell_missing(path)
        else:
            self._tell_value(detail, path)

    def _tell_part(self, path: tuple[str | int, ...]) -> None:
        """Say what a part may be."""
        given = self._document.at(*path)
        plain = ("cover", "imprint", "contents", "index", "closing")
        hint = f"write {', '.join(plain)}, 'sections: [NAME]' or 'pillar: NAME'"
        self._error(
            "unknown-part",
            self._document.span(*path),
            "this is not a part of a report",
            self._diagnostics.did_you_mean(given, plain, hint) if isinstance(given, str) else hint,
        )

    def _tell_missing(self, path: tuple[str | int, ...]) -> None:
        span, key = self._document.span(*path), path[-1]
        if isinstance(key, int):
            self._error(
                "wrong-length", span, f"{_named(path[:-1])} has too few items", "fill it in"
            )
        else:
            hint = f"add '{key}: …' to this entry"
            self._error("missing-key", span, f"the key '{key}' is missing", hint)

    def _tell_value(self, detail: ErrorDetails, path: tuple[str | int, ...]) -> None:
        kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
        span, named, key = self._document.span(*path), _named(path), str(path[-1]) if path else ""
        if given is None:
            self._error("no-value", span, f"{named} has no value", "fill it in")
        elif kind in _SIZES:
            what, hint = _SIZES[kind]
            code = "wrong-length" if "short" in kind or "long" in kind else "invalid-value"
            self._error(code, span, f"{named} {what.format_map(context)}", hint)
        elif kind in _TYPES:
            expected, hint = _TYPES[kind]
            message = f"{named} is not {expected} but {_shown(given)}"
            self._error("wrong-type", span, message, hint)
        elif kind == "string_pattern_mismatch":
            hint = _FORMS["url" if key == "commitment" else key if key in _FORMS else "name"]
            message = f"{_shown(given)} is not a value for {named}"
            self._error("invalid-value", span, message, hint)
        elif kind in ("enum", "literal_error"):
            allowed = str(context.get("expected", "")).replace(" or ", ", ")
            names = [name.strip(" '") for name in allowed.split(",")]
            message = f"{_shown(given)} is not a value for {named}"
            hint = self._diagnostics.did_you_mean(
                str(given), names, f"write one of {', '.join(names)}"
            )
            self._error("invalid-value", span, message, hint)
        elif kind == "over_limit":
            self._error("over-limit", span, f"{named} {context['what']}", context["hint"])
        elif kind == "value_error":
            message = str(context.get("error", detail["msg"]))
            self._error("invalid-value", span, message, "change one of the two")
        else:
            self._error("invalid-value", span, f"{named}: {detail['msg']}", "correct the value")

    def _error(self, code: str, span: Span, message: str, hint: str) -> None:
        # What is told of a value that can't be read is enough.
        if (span.line, span.column) not in self._document.refused:
            self._diagnostics.error(code, span, message, hint)

    def _keys(self, detail: ErrorDetails) -> list[str]:
        """Give the keys that are known where an error was found."""
        current: Any = self._form
        for step in detail["loc"][:-1]:
            if isinstance(step, int):
                continue
            if get_origin(current) is dict:
                current = get_args(current)[1]
            else:
                current = _fields(current)[step].annotation
        return list(_fields(current))


def _part_of(detail: ErrorDetails) -> tuple[str | int, ...]:
    """Give the way to the part that an error was found in, or nothing."""
    loc = detail["loc"]
    for keys in PART_LISTS:
        if loc[: len(keys)] == keys and len(loc) > len(keys):
            return loc[: len(keys) + 1]
    return ()


def _is_full(detail: ErrorDetails) -> bool:
    """Tell whether a list is called short only because its items are wrong, which is told."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, list)
        and len(given) >= detail["ctx"]["min_length"]
    )


def _fields(annotation: Any) -> dict[str, FieldInfo]:
    """Give the fields of the form in an annotation such as ``tuple[Author, ...]``, or none."""
    if isinstance(annotation, type) and is_pydantic_dataclass(annotation):
        return annotation.__pydantic_fields__
    return next(filter(None, map(_fields, get_args(annotation))), {})


def _named(path: tuple[str | int, ...]) -> str:
    """Give what an editor calls the value that a path leads to."""
    if not path:
        return "the file"
    last = path[-1]
    return f"item {last + 1} of {_named(path[:-1])}" if isinstance(last, int) else f"'{last}'"


def _shown(value: object) -> str:
    """Give a value as an editor would write it, or what kind of value it is."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)
