"""Layouts that are kept from one time to the next, so that only what has changed is laid out."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.pages.parts import Part
from reportgen.source.diagnostics import Severity
from reportgen.typeset.layout import LaidOut, Layouter


class RememberingLayouter:
    """A layouter that gives the same pages again while nothing that they show has changed.

    A layout follows from the HTML, the first page's number, the style sheets and the images. Other
    style sheets are for another layouter: ask `is_current`.
    """

    def __init__(self, layouter: Layouter) -> None:
        self._layouter = layouter
        self._kept: dict[str, tuple[str, LaidOut]] = {}
        self._used: set[str] = set()

    @property
    def messages(self) -> Mapping[str, Severity]:
        """What the typesetter said of the style sheets."""
        return self._layouter.messages

    def is_current(self) -> bool:
        """Tell whether the style sheets are still those that the pages were laid out with."""
        return self._layouter.styles.is_current()

    def begin(self) -> None:
        """Begin a new time: what is not asked for until `forget` may be forgotten."""
        self._used.clear()

    def forget(self) -> None:
        """Forget the parts that were not asked for since `begin`."""
        self._kept = {name: kept for name, kept in self._kept.items() if name in self._used}

    def __call__(self, html: str, first_page: int, part: Part) -> LaidOut:
        """Lay out a part, or give its pages of last time; see `Layouter`."""
        self._used.add(part.key)
        kept = self._kept.get(part.key)
        if (
            kept is None
            or kept[0] != html
            or kept[1].first_page != first_page
            or not kept[1].images.is_current()
        ):
            kept = self._kept[part.key] = html, self._layouter(html, first_page, part)
        return kept[1]
