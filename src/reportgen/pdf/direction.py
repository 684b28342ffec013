"""Which way a file is read."""

from __future__ import annotations

from typing import Any

import pydyf

from reportgen.locales.locale import cldr_locale


def say_direction(language: str, pdf: Any) -> None:
    """Tell viewers which side pages are turned to (ISO 32000-1, 12.2, table 150).

    Without it, two pages side by side stand the wrong way round in a book that is read from right
    to left.
    """
    if cldr_locale(language).text_direction == "rtl":
        preferences = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
        preferences["Direction"] = "/R2L"
