"""The pages of two PDF files compared as pictures: which differ, which came, which went."""

from __future__ import annotations

import difflib
import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from reportgen.comparison.compare import Action
from reportgen.pdf.reading import UnreadablePdfError
from reportgen.worker import tell

POINTS_PER_INCH = 72
LARGEST = 14_400
"""How long a side of a page may be, in points (ISO 32000-1, annex C)."""

MOST_PAGES = 2000
MOST_PIXELS = 12_000_000

RESOLUTION = 100
"""At how many pixels an inch pages are compared."""

_SMALL = (48, 68)
"""The size of the small pictures by which pages are found that are alike, in pixels."""

_MOST_PAIRS = 40_000
_GAP = 0.5
"""What a page without a partner costs; two pages that have nothing in common cost 1."""

_MARGIN = 0.12
"""The part of a page, above and below, in which a page number stands."""


_MOST_RUNS = 5000
"""In how many runs of text a page number is looked for."""


class UnreadablePagesError(UnreadablePdfError):
    """A file's pages can't be drawn: `file` is its name, `reason` says why."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True)
class PageChange:
    """A page that differs. Pages are counted from 1; `old` is nothing for one that was added."""

    action: Action
    old: int | None
    new: int | None


@dataclass(frozen=True)
class _Page:
    digest: str
    small: Image.Image


class Pages:
    """The pages of a PDF file, to be drawn. `name` is what the file is called in errors.

    Raises:
        UnreadablePagesError: it can't be opened, or it has more pages or larger ones than is right.
    """

    def __init__(self, data: bytes, name: str = "") -> None:
        self.name = name
        self._document = self._tried(partial(pdfium.PdfDocument, data))
        self.count = len(self._document)
        if self.count > MOST_PAGES:
            raise self._error(f"it has {self.count} pages, more than {MOST_PAGES}")

    def _error(self, reason: str) -> UnreadablePagesError:
        return UnreadablePagesError(self.name, reason)

    def _tried(self, call: Callable[[], Any]) -> Any:
        """Give what PDFium gives.

        Raises:
            UnreadablePagesError: it can't; of a damaged file it may say so in any way.
        """
        try:
            return call()
        except (UnreadablePagesError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - see above
            reason = str(error) or type(error).__name__
            if "password" in reason.lower():
                raise self._error("it is encrypted") from None
            raise self._error(f"it can't be read ({reason})") from None

    def _page(self, number: int) -> Any:
        return self._tried(partial(self._document.get_page, number - 1))

    def size(self, number: int) -> tuple[float, float]:
        """Give the width and the height of a page in points.

        Raises:
            UnreadablePagesError: the page is damaged, or larger than a page can be.
        """
        width, height = self._tried(self._page(number).get_size)
        if not (0 < width <= LARGEST and 0 < height <= LARGEST):
            raise self._error(
                f"page {number} measures {width:.0f} × {height:.0f} points, and a side has"
                f" {LARGEST} at most"
            )
        return width, height

    def draw(self, number: int, resolution: float) -> Image.Image:
        """Give a page as a picture in RGB; of a very large page, a coarser one.

        Raises:
            UnreadablePagesError: the page is damaged, or larger than a page can be.
        """
        width, height = self.size(number)
        scale = resolution / POINTS_PER_INCH
        scale = min(scale, (MOST_PIXELS / (width * height)) ** 0.5)

        page = self._page(number)
        picture: Image.Image = self._tried(lambda: page.render(scale=scale).to_pil().convert("RGB"))
        return picture

    def without_number(self, number: int, resolution: float) -> Image.Image:
        """Give a page as `draw` does, with its page number taken out of its upper or lower margin.

        So that a page that was put in doesn't make all that follow differ.
        """
        picture = self.draw(number, resolution)
        width, height = self.size(number)
        scale = picture.width / width
        pencil = ImageDraw.Draw(picture)
        for left, lower, right, upper in self._tried(lambda: list(self._numbers(number, height))):
            box = (left * scale - 2, (height - upper) * scale - 2)
            pencil.rectangle((*box, right * scale + 2, (height - lower) * scale + 2), fill="white")
        return picture

    def _numbers(self, number: int, height: float) -> Iterator[tuple[float, float, float, float]]:
        text = self._page(number).get_textpage()
        for index in range(min(text.count_rects(), _MOST_RUNS)):
            left, lower, right, upper = text.get_rect(index)
            in_margin = upper < height * _MARGIN or lower > height * (1 - _MARGIN)
            if in_margin and _is_number(text.get_text_bounded(left, lower, right, upper), number):
                yield left, lower, right, upper


def _is_number(text: str, number: int) -> bool:
    digits = [unicodedata.digit(sign, -1) for sign in text.strip()]
    return [str(digit) for digit in digits] == list(str(number))


def compare_pages(old: Pages, new: Pages) -> tuple[PageChange, ...]:
    """Give the pages that differ, in their order; a page number alone is no difference.

    Raises:
        UnreadablePagesError: a page is damaged, or larger than a page can be.
    """
    return tuple(_changes(_read(old), _read(new)))


def _read(pages: Pages) -> list[_Page]:
    tell(pages.name)
    found = []
    for number in range(1, pages.count + 1):
        picture = pages.without_number(number, RESOLUTION)
        digest = hashlib.sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()
        found.append(_Page(digest, picture.convert("L").resize(_SMALL, Image.Resampling.BOX)))
    return found


def _changes(old: list[_Page], new: list[_Page]) -> Iterator[PageChange]:
    matcher = difflib.SequenceMatcher(
        None, [page.digest for page in old], [page.digest for page in new], autojunk=False
    )
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for before, after in _paired(old[start:end], new[new_start:new_end]):
            is_same = before is not None and after is not None
            action = Action.ADDED if before is None else Action.REMOVED
            yield PageChange(
                Action.CHANGED if is_same else action,
                None if before is None else start + before + 1,
                None if after is None else new_start + after + 1,
            )


def _paired(old: list[_Page], new: list[_Page]) -> list[tuple[int | None, int | None]]:
    """Pair pages between two that are the same, so that as little as can be differs in all."""
    if len(old) * len(new) > _MOST_PAIRS:
        both = min(len(old), len(new))
        pairs: list[tuple[int | None, int | None]] = [(index, index) for index in range(both)]
        pairs += [(index, None) for index in range(both, len(old))]
        return pairs + [(None, index) for index in range(both, len(new))]
    # The least cost from each place on to the end, from the end backwards.
    cost = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    together: dict[tuple[int, int], float] = {}
    for a in range(len(old), -1, -1):
        for b in range(len(new), -1, -1):
            ways = []
            if a < len(old):
                ways.append(cost[a + 1][b] + _GAP)
            if b < len(new):
                ways.append(cost[a][b + 1] + _GAP)
            if a < len(old) and b < len(new):
                together[a, b] = _distance(old[a].small, new[b].small)
                ways.append(cost[a + 1][b + 1] + together[a, b])
            cost[a][b] = min(ways, default=0.0)
    return list(_cheapest(cost, together, len(old), len(new)))


def _cheapest(
    cost: list[list[float]], together: dict[tuple[int, int], float], olds: int, news: int
) -> Iterator[tuple[int | None, int | None]]:
    a = b = 0
    while a < olds or b < news:
        if a < olds and b < news and cost[a][b] == cost[a + 1][b + 1] + together[a, b]:
            yield a, b
            a, b = a + 1, b + 1
        elif a < olds and cost[a][b] == cost[a + 1][b] + _GAP:
            yield a, None
            a += 1
        else:
            yield None, b
            b += 1


def _distance(old: Image.Image, new: Image.Image) -> float:
    """Tell how much of what either picture has isn't in the other one: from 0 to 1."""
    inked = _count(ImageChops.darker(old, new).point(lambda value: 255 - value))
    return _count(ImageChops.difference(old, new)) / inked if inked else 0.0


def _count(picture: Image.Image) -> int:
    """Count the pixels that are not nearly black."""
    return sum(picture.histogram()[24:])
