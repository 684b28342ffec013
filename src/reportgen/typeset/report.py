"""All parts laid out, until the page numbers that are printed are those that came out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from weasyprint.document import Document

from reportgen.pages.parts import Part
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.typeset.layout import LaidOut, Layouter

MOST_ROUNDS = 5
"""How often parts are laid out again before it is said that page numbers don't settle."""


@dataclass(frozen=True)
class Typeset:
    """The laid-out parts of a report, in order. `settled`: all printed page numbers are right."""

    parts: tuple[tuple[Part, LaidOut], ...]
    settled: bool

    def joined(self) -> Document:
        """Give one document of all pages; links between parts lead to their places."""
        pages = [page for _, part in self.parts for page in part.document.pages]
        return self.parts[0][1].document.copy(pages)


def typeset(
    parts: tuple[Part, ...],
    render: PageRenderer,
    lay_out: Layouter,
    progress: Callable[[Part], None] = lambda part: None,
) -> Typeset:
    """Lay out the parts in order, each by itself.

    A part is laid out again only if its HTML or its first page's number has changed: as a rule
    that is the contents, once, when the numbers of the pages after it are known.

    Raises:
        DiagnosedError: a part can't be made.
    """
    done: dict[str, tuple[str, bool, LaidOut]] = {}
    known: dict[str, int] = {}
    for _ in range(MOST_ROUNDS):
        changed = False
        first_page = 1
        for part in parts:
            before = done.get(part.key)
            if before is None or before[1]:
                numbers = PageNumbers(known)
                html = render(part, numbers)
                asked = numbers.asked
            else:
                html, asked, _ = before
            if before is None or html != before[0] or first_page != before[2].first_page:
                changed = True
                progress(part)
                done[part.key] = html, asked, lay_out(html, first_page, part.key)
            laid_out = done[part.key][2]
            known |= laid_out.anchors
            first_page = laid_out.next_page
        if not changed:
            return Typeset(tuple(_laid_out(parts, done)), settled=True)
    return Typeset(tuple(_laid_out(parts, done)), settled=False)


def _laid_out(
    parts: tuple[Part, ...], done: dict[str, tuple[str, bool, LaidOut]]
) -> Iterator[tuple[Part, LaidOut]]:
    for part in parts:
        yield part, done[part.key][2]
