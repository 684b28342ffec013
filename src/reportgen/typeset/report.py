"""All parts laid out, until the page numbers that are printed are those that came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from weasyprint.document import Document

from reportgen.pages.parts import Part
from reportgen.pages.render import PageNumbers
from reportgen.source.diagnostics import Severity
from reportgen.typeset.layout import LaidOut

MOST_ROUNDS = 5
"""How often parts are laid out again before it is said that page numbers don't settle."""


@dataclass(frozen=True)
class Typeset:
    """The laid-out parts of a report, in order. `settled`: all printed page numbers are right."""

    parts: tuple[tuple[Part, LaidOut], ...]
    settled: bool

    @property
    def anchors(self) -> Mapping[str, int]:
        """The page of each anchor of the report."""
        found: dict[str, int] = {}
        for _, laid_out in self.parts:
            found |= laid_out.anchors
        return MappingProxyType(found)

    @property
    def messages(self) -> Mapping[str, Severity]:
        """What the typesetter said of the parts."""
        said: dict[str, Severity] = {}
        for _, laid_out in self.parts:
            said |= laid_out.messages
        return MappingProxyType(said)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return sum(len(laid_out.document.pages) for _, laid_out in self.parts)

    def joined(self) -> Document:
        """Give one document of all pages; links between parts lead to their places."""
        pages = [page for _, part in self.parts for page in part.document.pages]
        return self.parts[0][1].document.copy(pages)


@dataclass(frozen=True)
class Pagination:
    """Where parts begin, and how many pages there are.

    Parts of the kinds in `recto` begin on a page with an odd number. The number of pages is a
    multiple of `multiple_of`. Blank pages make up for both; those at the end stand before the last
    part, which is the back cover then.
    """

    recto: frozenset[str] = frozenset()
    multiple_of: int = 1


_ON_SCREEN = Pagination()

Render = Callable[[Part, PageNumbers], str]
"""Renders a part as HTML, with the page numbers that are known."""

LayOut = Callable[[str, int, Part], LaidOut]
"""Lays out the HTML of a part from a page's number on."""


def typeset(
    parts: tuple[Part, ...],
    render: Render,
    lay_out: LayOut,
    pagination: Pagination = _ON_SCREEN,
    progress: Callable[[Part], None] = lambda part: None,
    expected: Mapping[str, int] = MappingProxyType({}),
) -> Typeset:
    """Lay out the parts in order, each by itself.

    All are rendered before the first is laid out: what they need from elsewhere is under way then.
    A part is laid out again only if its HTML or its first page's number has changed: as a rule
    that is the contents, once, when the numbers of the pages after it are known. `expected` has
    page numbers that are likely to come out, such as those of the last time: with the right ones
    no part is laid out twice, with wrong ones the result is the same.

    Raises:
        DiagnosedError: a part can't be made.
    """
    pages = _Pages(render, lay_out, progress, expected)
    for part in parts:
        pages.render(part)
    for _ in range(MOST_ROUNDS):
        pages.begin_round()
        for part in parts:
            if part.kind in pagination.recto and pages.next_page % 2 == 0:
                pages.add_blank()
            if part is parts[-1]:
                used = pages.next_page - 1 + pages.length_of(part)
                for _ in range(-used % pagination.multiple_of):
                    pages.add_blank()
            pages.add(part)
        if not pages.changed:
            return Typeset(tuple(pages.laid_out), settled=True)
    return Typeset(tuple(pages.laid_out), settled=False)


class _Pages:
    """The pages of one round after the other; what has not changed since the last one is kept."""

    def __init__(
        self,
        render: Render,
        lay_out: LayOut,
        progress: Callable[[Part], None],
        expected: Mapping[str, int],
    ) -> None:
        self._render = render
        self._lay_out = lay_out
        self._progress = progress
        self._rendered: dict[str, tuple[str, PageNumbers]] = {}
        self._done: dict[str, tuple[str, LaidOut]] = {}
        self._known = dict(expected)
        self.begin_round()

    def begin_round(self) -> None:
        """Begin at the first page again."""
        self.laid_out: list[tuple[Part, LaidOut]] = []
        self.next_page = 1
        self.changed = False

    def length_of(self, part: Part) -> int:
        """Give how many pages a part had when it was laid out last; one before it was."""
        done = self._done.get(part.key)
        return len(done[1].document.pages) if done else 1

    def render(self, part: Part) -> str:
        """Give the HTML of a part, made again only if other page numbers stand in it."""
        rendered = self._rendered.get(part.key)
        if rendered is None or not rendered[1].hold(self._known):
            numbers = PageNumbers(self._known)
            rendered = self._rendered[part.key] = self._render(part, numbers), numbers
        return rendered[0]

    def add_blank(self) -> None:
        """Add a page with nothing on it."""
        self.add(Part(f"blank-{self.next_page}", "blank"))

    def add(self, part: Part) -> None:
        """Add the pages of a part."""
        html = self.render(part)
        before = self._done.get(part.key)
        if before is None or html != before[0] or self.next_page != before[1].first_page:
            self.changed = True
            self._progress(part)
            self._done[part.key] = html, self._lay_out(html, self.next_page, part)
        laid_out = self._done[part.key][1]
        self._known |= laid_out.anchors
        self.laid_out.append((part, laid_out))
        self.next_page = laid_out.next_page
