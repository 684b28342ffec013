"""Pseudo-translations: made by rule from the source, to find what doesn't fit or isn't translated.

Text in brackets, with accents and 40 % longer, shows at a glance on the page what never went
through the catalog and what has no room to grow; set from right to left it shows what doesn't
mirror.
"""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog

PSEUDO = {"en-XA": "ltr", "ar-XB": "rtl"}
"""The pseudo-locales by the names that the CLDR gives them, and which way each runs."""

LONGER = 0.4

_ACCENTS = str.maketrans(
    "aceginorsuyzACEGINORSUYZ",
    "àçéĝîñöŕšûýžÀÇÉĜÎÑÖŔŠÛÝŽ",
)
_KEPT = re.compile(
    r"(\]\((?:[^()\\]|\\.|\([^()]*\))*\)|<[^>]*>|%\(\w+\)[sd]|%%|\\.|&#?\w+;)", re.DOTALL
)
"""What must stay as it is: link targets, addresses, placeholders, escapes, signs by name."""


def pseudo_text(text: str) -> str:
    """Give a text with accents, 40 % longer, in brackets; its marks and placeholders are kept."""
    pieces = _KEPT.split(text)
    accented = "".join(p if i % 2 else p.translate(_ACCENTS) for i, p in enumerate(pieces))
    filling = " ~" * round(len(text) * LONGER / 2)
    # What stands beside a mark tells whether it begins or ends: a space is like a line's end.
    return f"⟦ {accented}{filling} ⟧"


def fill(catalog: Catalog) -> None:
    """Give every message of a catalog its pseudo-translation."""
    for message in catalog:
        if not message.id:
            continue
        if isinstance(message.id, (tuple, list)):
            forms = [pseudo_text(text) for text in message.id]
            message.string = tuple(
                forms[min(i, len(forms) - 1)] for i in range(catalog.num_plurals)
            )
        else:
            message.string = pseudo_text(message.id)
        message.flags.discard("fuzzy")
