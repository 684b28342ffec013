"""What WeasyPrint does again and again while it lays out, done once: the same pages, sooner.

WeasyPrint 70
- writes an expression anew for each word of a tag: tinyhtml5 2.1 keeps it by a wrong key;
- makes a Pango context and a font description for each piece of text, though few differ;
- validates a value with `var()` anew for each element, and a shorthand for each of its properties;
- looks into each computed value for mathematical functions;
- measures each line's narrowest width where any float stands before, however far above.

All of it is switched on for a block; `tests/test_lean.py` compares with what comes out without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import tinyhtml5.inputstream
import weasyprint.css
import weasyprint.css.validation.expanders
import weasyprint.css.validation.properties
import weasyprint.layout.inline
import weasyprint.text.line_break
from weasyprint.css.properties import Dimension
from weasyprint.text.constants import LST_TO_ISO, PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

from reportgen.typeset.replaced import replaced

_text: Any = weasyprint.text.line_break
_inline: Any = weasyprint.layout.inline
_properties: Any = weasyprint.css.validation.properties
_expanders: Any = weasyprint.css.validation.expanders


@contextmanager
def lean() -> Iterator[None]:
    """Have WeasyPrint do so in this block."""
    one, several = _properties.PendingProperty, _expanders.PendingExpander
    width = _width_of(_inline.inline_min_content_width)
    with (
        replaced(tinyhtml5.inputstream, characters_until_regex=_Expressions()),
        replaced(_text.Layout, setup=_setup_of(_text.Layout.setup)),
        replaced(one, validate=_validate_of(one.validate)),
        replaced(several, validate=_validate_of(several.validate)),
        replaced(_inline, inline_min_content_width=width),
        replaced(weasyprint.css, check_math=_is_math),
    ):
        yield


_check_math: Any = weasyprint.css.check_math
_PLAIN = frozenset({str, int, float, bool, type(None), Dimension})


def _is_math(value: Any) -> Any:
    """Tell whether a value is a mathematical function; most are not even tokens."""
    return type(value) not in _PLAIN and _check_math(value)


class _Expressions(dict[tuple[frozenset[str], bool], re.Pattern[str]]):
    """What finds a row of characters: of those in a set, or of those not in it."""

    def __missing__(self, key: tuple[frozenset[str], bool]) -> re.Pattern[str]:
        characters, among = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        found = self[key] = re.compile(f"[{'' if among else '^'}{listed}]+")
        return found


_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)
"""The properties that the features of a font follow from, as `font_features` takes them."""

_DECIDING = (
    "direction",
    "font_language_override",
    "lang",
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "font_variation_settings",
    *_FEATURES,
)
"""What a context, a font description and features follow from, beside the families of the font."""


@dataclass(frozen=True)
class _Kind:
    """What pieces of text of a kind share."""

    context: Any
    language: Any
    description: Any
    features: bytes


_kinds: WeakKeyDictionary[Any, dict[tuple[object, ...], _Kind]] = WeakKeyDictionary()
"""By the fonts: they go when these go."""


def _setup_of(setup: Any) -> Any:
    """Give what makes a piece of text ready, with what the pieces of its kind share."""

    def shared_setup(layout: Any, style: Any) -> None:
        # A line under or through the text is measured in a context of its own.
        if style["text_decoration_line"] != "none":
            setup(layout, style)
            return
        kinds = _kinds.setdefault(style.font_config, {})
        # The families are a list in SVG.
        key = (*style["font_family"], *[style[name] for name in _DECIDING])
        kind = kinds.get(key)
        if kind is None:
            kind = kinds[key] = _kind(style)
        layout.style = style
        layout.first_line_direction = 0
        layout.language = kind.language
        layout.layout = ffi.gc(pango.pango_layout_new(kind.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, kind.description)
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        if kind.features:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            attribute = pango.pango_attr_font_features_new(kind.features)
            pango.pango_attr_list_insert(attributes, attribute)
            pango.pango_layout_set_attributes(layout.layout, attributes)

    return shared_setup


def _kind(style: Any) -> _Kind:
    """Give what pieces of text of a style share, as `Layout.setup` makes it for each."""
    context = ffi.gc(
        pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref
    )
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    override = style["font_language_override"]
    tag = style["lang"] if override == "normal" else LST_TO_ISO.get(override.lower(), override)
    if tag:
        characters, _ = unicode_to_char_p(tag)
        language = pango.pango_language_from_string(characters)
        pango.pango_context_set_language(context, language)
    features = ",".join(
        f"{name} {value}"
        for name, value in font_features(*(style[name] for name in _FEATURES)).items()
    )
    return _Kind(context, language, get_font_description(style), features.encode())


def _validate_of(validate: Any) -> Any:
    """Give what validates the tokens of a value once."""

    def validate_once(pending: Any, tokens: list[Any], wanted: str, base_url: str) -> Any:
        # The tokens are kept with the value: so no other ones can have their places in memory.
        known = vars(pending).setdefault("_known", {})
        key = (wanted, base_url, *map(id, tokens))
        if key not in known:
            value = validate(pending, tokens, wanted, base_url)
            if len(known) >= _MOST_KNOWN:
                return value
            known[key] = tokens, value
        return known[key][1]

    return validate_once


_MOST_KNOWN = 100
"""How many values are kept of a declaration. One that is computed anew each time has ever more."""


def _width_of(width: Any) -> Any:
    """Give what measures how narrow a line can be, where a float may stand beside it."""

    def width_beside_floats(context: Any, line: Any, **options: Any) -> Any:
        # From right to left, the width has another use.
        if line.style["direction"] == "ltr" and all(
            shape.position_y < line.position_y
            and shape.position_y + shape.margin_height() <= line.position_y
            for shape in context.excluded_shapes
        ):
            return 0
        return width(context, line, **options)

    return width_beside_floats
