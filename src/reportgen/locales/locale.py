"""How a language writes dates, numbers, names and lists: the CLDR's rules, through Babel."""

from __future__ import annotations

import datetime
import gettext
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import babel
import babel.dates
import babel.lists
import babel.numbers


@dataclass(frozen=True)
class Locale:
    """A language that an edition is written in. `tag` is BCP 47, such as `en` or `pt-BR`."""

    tag: str
    translations: gettext.NullTranslations = field(
        default_factory=gettext.NullTranslations, compare=False
    )

    @cached_property
    def cldr(self) -> babel.Locale:
        """The CLDR's data of this language."""
        return babel.Locale.parse(self.tag, sep="-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: which way its script runs."""
        return self.cldr.text_direction

    def month(self, year: int, month: int) -> str:
        """Give a month of a year, written out, such as ‘March 2024’."""
        return babel.dates.format_skeleton("yMMMM", datetime.date(year, month, 1), locale=self.cldr)

    def number(self, number: float) -> str:
        """Give a number with this language's digits and signs."""
        return babel.numbers.format_decimal(number, locale=self.cldr)

    def percent(self, number: float) -> str:
        """Give a number of hundredths as a percentage: 12.5 is ‘12.5%’."""
        # Decimal keeps the digits that were written: 0.7 / 100 in binary has a long tail.
        hundredths = Decimal(str(number)) / 100
        return babel.numbers.format_percent(
            hundredths, locale=self.cldr, decimal_quantization=False
        )

    def listing(self, items: list[str]) -> str:
        """Join items as a sentence does: ‘one, two and three’."""
        return babel.lists.format_list(items, locale=self.cldr)

    def country(self, code: str) -> str:
        """Give a country's name by its ISO 3166-1 alpha-2 code, or the code itself."""
        return str(self.cldr.territories.get(code, code))

    def sort_key(self, text: str) -> tuple[str, str]:
        """Give what names are ordered by: letters first, then their accents."""
        decomposed = unicodedata.normalize("NFD", text.casefold())
        return "".join(c for c in decomposed if not unicodedata.combining(c)), text
