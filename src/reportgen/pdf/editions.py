"""The editions: for each one the PDF standard that it is made for and checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Edition:
    """An edition. `variant` is WeasyPrint's name of its standard, `profile` the validator's."""

    name: str
    variant: str
    standard: str
    profile: str


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {edition.name: edition for edition in (Edition("digital", "pdf/ua-1", "PDF/UA-1", "PDF_UA_1"),)}
)
"""The editions by name; adding one is adding a row."""
