"""What the preview shows of a report in one language and edition: frozen data."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.locales.status import Progress
from reportgen.source.diagnostics import Diagnostic


@dataclass(frozen=True, order=True)
class Shown:
    """Which pages are looked at: those of a locale in an edition."""

    locale: str
    edition: str


@dataclass(frozen=True)
class Area:
    """A link on a page. `x`, `y`, `width` and `height` are parts of the page's, from 0 to 1.

    It leads to the page at `page` in the list of pages, from 0, or to `url`.
    """

    x: float
    y: float
    width: float
    height: float
    page: int | None = None
    url: str | None = None


@dataclass(frozen=True)
class PageView:
    """A page. `key` names its image, which never changes: what is laid out anew has a new key.

    `part` and `place` say where it belongs, so that it is found again after a change: the part's
    key, and which of its pages it is, from 0. `number` is the page's, from 1. `width` and `height`
    are in CSS pixels (96 to an inch).
    """

    key: str
    part: str
    place: int
    number: int
    width: float
    height: float
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Translation:
    """How far the translation of a locale is."""

    locale: str
    progress: Progress


@dataclass(frozen=True)
class View:
    """What there is to see after a save.

    `is_current` is false while a mistake keeps the pages from being made: they are the last good
    ones then, or none. `seconds` is how long it took to come here from the save.
    """

    shown: Shown
    pages: tuple[PageView, ...]
    is_current: bool
    diagnostics: tuple[Diagnostic, ...]
    translations: tuple[Translation, ...]
    seconds: float
