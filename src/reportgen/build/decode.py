"""Frozen data from the JSON that it was written as, checked against its types.

What is kept on the disk may be damaged, or somebody else's. It is used only if it has the very form
in which it is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def decode(form: type[T], value: object) -> T:
    """Give the data of a type that `dataclasses.asdict` and `json` have turned into `value`.

    The types of its fields are such classes, enumerations, named tuples, unions, tuples, mappings
    with strings as keys, `str`, `int`, `float`, `bool` and `None`.

    Raises:
        ValueError: it hasn't the form of that type, or the type refuses it.
    """
    data: T = _decode(form, value)
    return data


def _decode(form: Any, value: Any) -> Any:
    if form in _SIMPLE:
        if type(value) is not form or (form is float and not math.isfinite(value)):
            raise ValueError(f"{form.__name__} expected")
        return value
    arguments = get_args(form)
    origin = get_origin(form)
    if origin is UnionType or isinstance(form, UnionType):
        return _one_of(arguments, value)
    if origin is tuple and isinstance(value, list):
        forms = arguments[:1] * len(value) if arguments[-1] is ... else arguments
        return tuple(_decode(*pair) for pair in zip(forms, value, strict=True))
    if origin is Mapping and isinstance(value, dict):
        return {key: _decode(arguments[1], inner) for key, inner in value.items()}
    if isinstance(form, type) and issubclass(form, Enum):
        return form(value)
    if isinstance(form, type) and issubclass(form, tuple) and isinstance(value, list):
        return form(*(_decode(*pair) for pair in zip(_hints(form).values(), value, strict=True)))
    if isinstance(form, type) and is_dataclass(form) and isinstance(value, dict):
        hints = _hints(form)
        if value.keys() == hints.keys():
            return form(**{key: _decode(inner, value[key]) for key, inner in hints.items()})
    raise ValueError(f"{form} expected")


_SIMPLE = (str, int, float, bool, NoneType)


def _one_of(forms: tuple[Any, ...], value: object) -> Any:
    for form in forms:
        try:
            return _decode(form, value)
        except ValueError:
            continue
    raise ValueError("none of these forms")


@cache
def _hints(form: Any) -> Mapping[str, Any]:
    """Give the types of the fields of a class, in their order."""
    return get_type_hints(form)
