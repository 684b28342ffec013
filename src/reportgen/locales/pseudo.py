"""Pseudo-translations: made by rule from the source, to find what doesn't fit or isn't translated.

Text in brackets, with accents and 40 % longer, shows at a glance on the page what never went
through the catalog and what has no room to grow; set from right to left it shows what doesn't
mirror.
"""

from __future__ import annotations

import re

from polib import POFile

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


def fill(catalog: POFile) -> None:
    """Give every message of a catalog its pseudo-translation."""
    for message in catalog:
        forms = [pseudo_text(text) for text in (message.msgid, message.msgid_plural) if text]
        if message.msgid_plural:
            message.msgstr_plural = {form: forms[min(form, 1)] for form in message.msgstr_plural}
        else:
            message.msgstr = forms[0]
