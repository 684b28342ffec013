"""What templates may use: attributes by the type of a value, functions, filters and tests by name.

Jinja2's own sandbox refuses what is known to be dangerous. This one refuses all that is not named
here, so that a template can do nothing but print, whatever a later version of a library brings.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import PurePath
from types import BuiltinMethodType, MappingProxyType, MethodType
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS, _GroupTuple
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import Cycler, Joiner, Namespace, missing, object_type_repr

from reportgen.locales.locale import Locale
from reportgen.model import report, schema
from reportgen.model.selection import Selection
from reportgen.pages import catalogue
from reportgen.pages.contents import Entry
from reportgen.pages.parts import Part
from reportgen.source import csv, markdown

MAX_REPEATED = 100_000
"""Characters or items of what `*` may make of a text or a list, and numbers of a `range`."""

MAX_BITS = 10_000
"""Bits of the whole numbers that `*` and `**` may make: some 3,000 digits."""

MAX_WIDTH = 1_000
"""Width and precision that `%` may fill a value up to, in characters."""

MAX_PRECISION = 100
"""Decimal places that the filter `round` may keep, or digits that it may drop."""

_DATA: tuple[type, ...] = (
    report.Report,
    report.Region,
    report.Pillar,
    report.Member,
    report.Commitment,
    report.Link,
    report.Figure,
    report.Section,
    report.Marks,
    Selection,
    schema.Author,
    schema.Publisher,
    schema.License,
    schema.Imprint,
    schema.Pointer,
    schema.Closing,
    schema.PrintRules,
    schema.SectionsPart,
    schema.PillarPart,
    csv.Table,
    csv.Row,
    markdown.ListItem,
    Part,
    Entry,
    catalogue.MemberGroup,
    catalogue.RegionGroup,
    catalogue.Tally,
)
"""The types of which templates may use all fields, and nothing else."""

_BLOCKS: tuple[type, ...] = (
    markdown.Paragraph,
    markdown.Heading,
    markdown.ItemList,
    markdown.PullOut,
    markdown.Image,
)
"""The types of a section's blocks, which have their kind besides their fields."""

_TEXT = """
capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower isnumeric
isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind rindex rpartition
rsplit rstrip split splitlines startswith strip swapcase title upper
"""
_LOCALE = "tag source is_draft direction country date language listing month number percent"
_LOOP = """
index index0 revindex revindex0 first last length depth depth0 previtem nextitem changed cycle
"""

ATTRIBUTES: Mapping[type, frozenset[str]] = MappingProxyType(
    {
        **{kind: frozenset(field.name for field in fields(kind)) for kind in _DATA},
        **{kind: frozenset(("kind", *(f.name for f in fields(kind)))) for kind in _BLOCKS},
        Locale: frozenset(_LOCALE.split()),
        str: frozenset(_TEXT.split()),
        tuple: frozenset({"count", "index"}),
        list: frozenset({"count", "index"}),
        dict: frozenset({"get", "items", "keys", "values"}),
        _GroupTuple: frozenset({"grouper", "list"}),
        LoopContext: frozenset(_LOOP.split()),
        Macro: frozenset({"name"}),
        BlockReference: frozenset({"name", "super"}),
        Cycler: frozenset({"current", "next", "reset"}),
    }
)
"""The attributes that templates may use, by type; a type that is not here has those of its base."""

_OPEN = (Namespace, TemplateModule)
"""The types whose attributes are what a template has put there, but for Jinja2's private ones."""

_WITH_ITEMS = (str, tuple, list, dict, range, TemplateReference, jinja2.Undefined)
"""The types that templates may subscribe. An undefined value tells its name when it is."""

_CALLABLE = (BlockReference, Joiner, LoopContext, Macro, jinja2.Undefined)
"""The types that templates may call, besides the functions that an environment names."""

_PRINTABLE = (
    str,
    int,
    float,
    type(None),
    PurePath,
    TemplateModule,
    jinja2.Undefined,
)

_FILTERS = """
abs attr capitalize count d default dictsort e escape first float groupby int items join last
length list lower map max min reject rejectattr replace reverse safe select selectattr sort string
striptags sum title trim truncate unique upper urlencode wordcount
"""

_TESTS = """
!= < <= == > >= boolean defined divisibleby eq equalto escaped even false filter float ge gt
greaterthan in integer iterable le lessthan lower lt mapping ne none number odd sameas sequence
string test true undefined upper
"""

# As Python reads it: a letter for the length of a C type may stand before the last one.
_PLACEHOLDER = re.compile(
    r"%(?P<key>\([^()]*[()])?[-#0 +]*(?P<width>\*|[0-9]*)(?:\.(?P<precision>\*|[0-9]*))?[hlL]?.?",
    re.DOTALL,
)


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja2 environment that lets templates use what this module names.

    They may also call its globals, and values of `callable_types`.
    """

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, loader: jinja2.BaseLoader, callable_types: tuple[type, ...] = ()) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=printable,
        )
        self.binop_table.update({"*": _times, "**": _power, "%": _modulo})
        self.filters = {name: FILTERS[name] for name in _FILTERS.split()} | {"round": _rounded}
        self.tests = {name: TESTS[name] for name in _TESTS.split()}
        self.globals = {
            "_": self.globals["_"],  # the extension's short name of gettext
            "cycler": Cycler,
            "dict": dict,
            "joiner": Joiner,
            "namespace": Namespace,
            "range": _range,
        }
        self._callable_types = (*_CALLABLE, *callable_types)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any = None) -> bool:
        """Tell whether a template may use an attribute."""
        return attr in _attributes_of(type(obj)) or (
            isinstance(obj, _OPEN) and not attr.startswith("_")
        )

    def is_safe_callable(self, obj: Any) -> bool:
        """Tell whether a template may call a value."""
        if isinstance(obj, MethodType | BuiltinMethodType):
            return self.is_safe_attribute(obj.__self__, obj.__name__)
        return isinstance(obj, self._callable_types) or (
            callable(obj) and any(obj is value for value in _values_in(self.globals))
        )

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Give an attribute, or else an item, as `obj.attribute` does."""
        found = self._attribute(obj, attribute)
        if found is missing:
            found = _item(obj, attribute)
        return self._refused(obj, attribute) if found is missing else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Give an item, or else an attribute, as `obj[argument]` does."""
        found = _item(obj, argument)
        if found is missing and isinstance(argument, str):
            found = self._attribute(obj, argument)
        return self._refused(obj, argument) if found is missing else found

    def _attribute(self, obj: Any, name: str) -> Any:
        return getattr(obj, name, missing) if self.is_safe_attribute(obj, name) else missing

    def _refused(self, obj: Any, name: Any) -> jinja2.Undefined:
        # The type is asked, as an attribute of the value may be one that is computed.
        if isinstance(name, str) and (
            name.startswith("_") or hasattr(type(obj), name) or name in getattr(obj, "__dict__", ())
        ):
            return self.undefined(
                f"templates may not use {name!r} of {object_type_repr(obj)}",
                obj,
                name,
                SecurityError,
            )
        return self.undefined(obj=obj, name=name)

    def call(self, context: jinja2.runtime.Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a value.

        Raises:
            SecurityError: a template may not call it.
        """
        if not self.is_safe_callable(obj):
            raise SecurityError(f"{object_type_repr(obj)} is not a function that templates have")
        return context.call(obj, *args, **kwargs)


def printable(value: Any) -> Any:
    """Give a value that a template prints.

    Raises:
        SecurityError: it isn't a text or a number. Others print what differs from run to run.
    """
    if isinstance(value, _PRINTABLE):
        return value
    raise SecurityError(f"{object_type_repr(value)} is not a text or a number to print")


def bounded(text: str) -> str:
    """Give a text with placeholders, such as ``%(name)s``.

    Raises:
        SecurityError: one of them is to be filled up to more than `MAX_WIDTH`.
    """
    for found in _PLACEHOLDER.finditer(text):
        if (found["key"] or "").endswith("("):
            raise SecurityError("the name of a placeholder has no parentheses")
        for number in (found["width"], found["precision"] or ""):
            if number == "*" or int(number[:9] or 0) > MAX_WIDTH:
                raise SecurityError(
                    f"'%' fills a value up to at most {MAX_WIDTH:,} characters, given as digits"
                )
    return text


def _item(obj: Any, key: Any) -> Any:
    if isinstance(obj, _WITH_ITEMS):
        with contextlib.suppress(TypeError, LookupError):
            return obj[key]
    return missing


def _attributes_of(kind: type) -> frozenset[str]:
    return next((ATTRIBUTES[base] for base in kind.__mro__ if base in ATTRIBUTES), frozenset())


def _values_in(names: Mapping[str, Any]) -> Iterator[Any]:
    for value in names.values():
        yield value
        if isinstance(value, Mapping):
            yield from value.values()


def _range(*limits: int) -> range:
    numbers = range(*limits)
    # Not `len`, which fails if the number is larger than an index can be.
    if numbers and (numbers[-1] - numbers[0]) // numbers.step >= MAX_REPEATED:
        raise SecurityError(f"a range has at most {MAX_REPEATED:,} numbers")
    return numbers


def _rounded(value: Any, precision: int = 0, method: str = "common") -> Any:
    if abs(precision) > MAX_PRECISION:
        raise SecurityError(f"'round' takes a precision of at most {MAX_PRECISION}")
    return FILTERS["round"](value, precision, method)


def _times(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        _refuse_large(left.bit_length() + right.bit_length())
    for many, number in ((left, right), (right, left)):
        if (
            isinstance(many, Sequence)
            and isinstance(number, int)
            and len(many) * number > MAX_REPEATED
        ):
            raise SecurityError(f"'*' makes at most {MAX_REPEATED:,} characters or items")
    return left * right


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int):
        _refuse_large(base.bit_length() * exponent)
    return base**exponent


def _refuse_large(bits: int) -> None:
    if bits > MAX_BITS:
        raise SecurityError(f"'*' and '**' make whole numbers of at most {MAX_BITS:,} bits")


def _modulo(left: Any, right: Any) -> Any:
    return (bounded(left) if isinstance(left, str) else left) % right
