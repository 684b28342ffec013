"""Languages in the file: of each piece of text, and which way the whole is read.

The language of a piece of text lets a screen reader switch its voice.
HTML says it with `lang`; WeasyPrint 70 keeps only that of the whole document. PDF has a `Lang` on
any structure element (ISO 32000-1, 14.9.2.3), and PDF/UA-1 asks for it (ISO 14289-1, 7.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf
import weasyprint.pdf.tags

from reportgen.locales.locale import cldr_locale

_tags: Any = weasyprint.pdf.tags
_build = _tags._build_box_tree  # noqa: SLF001 - there is no other way in


def _build_with_language(box: Any, *arguments: Any) -> Iterator[Any]:
    html = getattr(box, "element", None)
    language = html.get("lang") if html is not None and html.tag != "html" else None
    for element in _build(box, *arguments):
        if language:
            element["Lang"] = pydyf.String(language)
        yield element


def keep_languages() -> None:
    """Have WeasyPrint write the language of each tagged element; may be called more than once."""
    _tags._build_box_tree = _build_with_language  # noqa: SLF001


def say_direction(language: str, pdf: Any) -> None:
    """Tell viewers which side pages are turned to (ISO 32000-1, 12.2, table 150).

    Without it, two pages side by side stand the wrong way round in a book that is read from right
    to left.
    """
    if cldr_locale(language).text_direction == "rtl":
        preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
        preferences["Direction"] = "/R2L"
