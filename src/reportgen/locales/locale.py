"""How a language writes dates, numbers, names and lists: the CLDR's rules, through Babel."""

from __future__ import annotations

import contextlib
import datetime
import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import babel
import babel.dates
import babel.lists
import babel.numbers
import icu

_TAG = re.compile("[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


def cldr_locale(tag: str) -> babel.Locale:
    """Give the CLDR's data for a BCP 47 tag; a region that it doesn't know is passed over.

    Raises:
        ValueError: the tag names no language that the CLDR knows.
    """
    # A tag names a folder as well: it is letters, digits and hyphens, whatever Babel would take.
    names = (tag, tag.partition("-")[0]) if _TAG.fullmatch(tag) else ()
    for name in names:
        with contextlib.suppress(babel.UnknownLocaleError, ValueError):
            return babel.Locale.parse(name, sep="-")
    raise ValueError(f"'{tag}' is not the tag of a language, such as fr or pt-BR")


@dataclass(frozen=True)
class Locale:
    """A language that an edition is written in. `tag` is BCP 47, such as `en` or `pt-BR`.

    `source` is the language that the content is written in. `is_draft` tells that no native
    reviewer has approved the translation yet.
    """

    tag: str
    source: str
    translations: gettext.NullTranslations | None = None
    is_draft: bool = False

    @cached_property
    def cldr(self) -> babel.Locale:
        """The CLDR's data of this language."""
        return cldr_locale(self.tag)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: which way its script runs."""
        return self.cldr.text_direction

    def find(self, message: str) -> str | None:
        """Give the translation of a message of the interface, or nothing if there is none."""
        if self.translations is None:
            return message if self.tag == self.source else None
        found = str(self.translations.gettext(message))
        return found or None

    def find_plural(self, singular: str, plural: str, number: int) -> str | None:
        """Give the translation of a message with plural forms for a number, or nothing."""
        if self.translations is None:
            return (singular if number == 1 else plural) if self.tag == self.source else None
        found = str(self.translations.ngettext(singular, plural, number))
        return found or None

    def gettext(self, message: str) -> str:
        """Give the translation of a message of the interface, or else the message."""
        return self.find(message) or message

    def month(self, year: int, month: int) -> str:
        """Give a month of a year, written out, such as ‘March 2024’."""
        return babel.dates.format_skeleton("yMMMM", datetime.date(year, month, 1), locale=self.cldr)

    def date(self, day: str) -> str:
        """Give a day (``YYYY-MM-DD``), written out, such as ‘March 5, 2024’."""
        date = datetime.date.fromisoformat(day)
        return babel.dates.format_date(date, "long", locale=self.cldr)

    def number(self, number: float) -> str:
        """Give a number with this language's signs and Western digits, as ids and years have."""
        return babel.numbers.format_decimal(number, locale=self.cldr)

    def percent(self, number: float) -> str:
        """Give a number of hundredths as a percentage: 12.5 is ‘12.5%’."""
        # Decimal keeps the digits that were written: 0.7 / 100 in binary has a long tail.
        hundredths = Decimal(str(number)) / 100
        return babel.numbers.format_percent(
            hundredths, locale=self.cldr, decimal_quantization=False
        )

    def listing(self, items: Sequence[str]) -> str:
        """Join items as a sentence does: ‘one, two and three’."""
        return babel.lists.format_list(items, locale=self.cldr)

    def country(self, code: str) -> str:
        """Give a country's name by its ISO 3166-1 alpha-2 code, or the code itself."""
        return str(self.cldr.territories.get(code, code))

    def language(self, tag: str) -> str:
        """Give the name of a language in its own words, such as ‘français’."""
        return str(cldr_locale(tag).get_display_name() or tag)

    @cached_property
    def _collator(self) -> icu.Collator:
        return icu.Collator.createInstance(icu.Locale(self.tag))

    def sort_key(self, text: str) -> bytes:
        """Give what names are ordered by in this language (ICU's collation, UTS 10 and 35)."""
        key: bytes = self._collator.getSortKey(text)
        return key
