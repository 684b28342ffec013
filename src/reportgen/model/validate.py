"""From plain data to a form: pydantic's errors told as diagnostics at their places."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportgen.source.diagnostics import Diagnostics, Span, did_you_mean
from reportgen.source.yaml import Document

FormType = TypeVar("FormType", bound=BaseModel)

_TEXT = ("a text", "put it in quotation marks if it looks like a number")
_WHOLE = ("a whole number", "write digits only, without quotation marks")
_MAPPING = ("a mapping", "write 'key: value' lines, each key from the same column on")
_TYPES = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": ("a number", "write digits and a point, without quotation marks"),
    "float_parsing": ("a number", "write digits and a point, without quotation marks"),
    "bool_type": ("true or false", "write true or false, without quotation marks"),
    "tuple_type": ("a list", "write an item a line, each behind '- '"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
}
"""What pydantic expected, in an editor's words, and how it is written."""

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
    try:
        return form.model_validate({} if value is None and not path else value)
    except ValidationError as error:
        told: set[Span] = set()
        for detail in error.errors(include_url=False):
            _tell(form, detail, document, path, diagnostics, told)
        return None


def _tell(
    form: type[BaseModel],
    detail: ErrorDetails,
    document: Document,
    base: tuple[str | int, ...],
    diagnostics: Diagnostics,
    told: set[Span],
) -> None:
    path = (*base, *detail["loc"])
    key = str(path[-1]) if path else ""
    kind = detail["type"]
    span = document.span(*path)
    if path and path[0] == "parts" and len(path) > 1:
        # A part may have several forms, and pydantic tells what each of them lacks: say it once.
        if span not in told:
            diagnostics.error(
                "unknown-part",
                span,
                "this is not a part of a report",
                "write cover, imprint, contents, index, closing, 'sections: [NAME]' or 'pillar: NAME'",
            )
        told.add(span)
    elif kind == "extra_forbidden":
        keys = _keys_at(form, detail["loc"][:-1])
        diagnostics.error(
            "unknown-key",
            document.key_span(*path),
            f"the key '{key}' is not known here",
            did_you_mean(key, keys, f"the keys are {', '.join(sorted(keys))}"),
        )
    elif kind == "missing":
        diagnostics.error(
            "missing-key", span, f"the key '{key}' is missing", f"add '{key}: …' to this entry"
        )
    elif kind in ("string_too_short", "too_short", "too_long"):
        diagnostics.error(
            "wrong-length",
            span,
            f"'{key}' has the wrong length",
            "fill it in" if "short" in kind else "take the surplus away",
        )
    elif kind == "string_pattern_mismatch":
        hint = _FORMS["url" if key == "commitment" else key if key in _FORMS else "name"]
        diagnostics.error(
            "invalid-value", span, f"'{detail['input']}' is not a value for '{key}'", hint
        )
    elif kind in ("enum", "literal_error"):
        allowed = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
        names = [name.strip(" '") for name in allowed.split(",")]
        diagnostics.error(
            "invalid-value",
            span,
            f"'{detail['input']}' is not a value for '{key}'",
            did_you_mean(str(detail["input"]), names, f"write one of {', '.join(names)}"),
        )
    elif kind == "value_error":
        message = str(detail.get("ctx", {}).get("error", detail["msg"]))
        diagnostics.error("invalid-value", span, message, "change one of the two")
    elif kind in _TYPES:
        expected, hint = _TYPES[kind]
        given = detail["input"]
        what = f"'{key}'" if key else "the file"
        shown = f" but {given!r}" if isinstance(given, (str, int, float)) else ""
        diagnostics.error(
            "wrong-type", span, f"{what} is not {expected}{shown}", hint
        )
    else:
        diagnostics.error("invalid-value", span, f"'{key}': {detail['msg']}", "correct the value")


def _keys_at(form: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Give the keys that are known where `loc` leads to."""
    current: Any = form
    for step in loc:
        if isinstance(step, int) or not hasattr(current, "model_fields"):
            continue
        field = current.model_fields.get(step)
        current = _form_in(field.annotation) if field else None
    return list(current.model_fields) if hasattr(current, "model_fields") else []


def _form_in(annotation: Any) -> Any:
    """Give the form inside of an annotation such as ``tuple[Author, ...]`` or ``Author | None``."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next(filter(None, map(_form_in, getattr(annotation, "__args__", ()))), None)
