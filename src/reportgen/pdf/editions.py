"""The editions: for each one the PDF standards that it is made for and checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Edition:
    """An edition.

    `variant` is WeasyPrint's name of its standard; `standards` are the names of all that it keeps,
    `profiles` those under which the validator knows them. `on_paper`: its pages face each other,
    in ink, with bleed and marks, and without links. `carries_data`: the report's data is attached.
    """

    name: str
    variant: str
    standards: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    on_paper: bool = False
    carries_data: bool = False


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {
        edition.name: edition
        for edition in (
            Edition("digital", "pdf/ua-1", ("PDF/UA-1",), ("PDF_UA_1",)),
            Edition(
                "archive",
                "pdf/a-3a",
                ("PDF/A-3a", "PDF/UA-1"),
                ("PDF_A_3A", "PDF_UA_1"),
                carries_data=True,
            ),
            Edition("print", "pdf/x-4", ("PDF/X-4",), on_paper=True),
        )
    }
)
"""The editions by name; adding one is adding a row, and a style sheet in `styles/editions`."""
