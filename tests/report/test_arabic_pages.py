"""The Arabic pages are the English ones in a mirror: asserted by where the ink is.

A page is looked at as a coarse grid of letters, so that a test that fails shows it:

    .  paper       x  words       #  full of ink

Beside that, pages of both editions are compared with how they looked when someone last found them
right. After a change of the design: `pytest tests/report -m slow --update-references`, and look at
what has changed in `tests/report/references` before you commit it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("translations")]

REFERENCES = Path(__file__).parent / "references"
DPI = 36
COLUMNS, ROWS = 40, 56
"""The grid: cells of about 5 mm, nearly square on A4."""

INK = 24
"""How much darker or lighter than its paper a spot is that has ink, of 255."""

NAMES = ("cover", "contents", "opener", "records")


@cache
def pages(path: Path) -> Mapping[str, Image.Image]:
    """Give the pages that are looked at, small, by name."""
    document = pypdfium2.PdfDocument(path)
    scale = DPI / 72
    images = [document[n].render(scale=scale).to_pil().convert("RGB") for n in range(len(document))]
    document.close()
    # The first page after the cover that isn't white opens the first pillar.
    opener = next(n for n, image in enumerate(images) if n and _paper(image) != (255, 255, 255))
    return dict(zip(NAMES, (images[0], images[2], images[opener], images[opener + 1]), strict=True))


def _paper(image: Image.Image) -> tuple[int, ...]:
    color = image.getpixel((2, image.height - 3))
    assert isinstance(color, tuple)
    return color


@dataclass(frozen=True)
class Page:
    """Where the ink of a page is: the share of each cell that has some, from 0 to 1."""

    cells: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, image: Image.Image) -> Page:
        paper = Image.new("RGB", image.size, _paper(image))
        spots = ImageChops.difference(image, paper).convert("L").point(lambda v: 255 * (v > INK))
        small = spots.resize((COLUMNS, ROWS), Image.Resampling.BOX)
        values = [value / 255 for value in small.tobytes()]
        return cls(tuple(tuple(values[r * COLUMNS : (r + 1) * COLUMNS]) for r in range(ROWS)))

    def mirrored(self) -> Page:
        return Page(tuple(row[::-1] for row in self.cells))

    def __str__(self) -> str:
        return "\n".join("".join(".x#"[(v > 0.02) + (v > 0.9)] for v in row) for row in self.cells)

    def ink(self, columns: range, rows: range) -> float:
        """Give how much of a part of the page has ink, from 0 to 1."""
        cells = [self.cells[row][column] for row in rows for column in columns]
        return sum(cells) / len(cells)


ALL, TOP, BODY, FOOT = range(ROWS), range(4, 24), range(9, 49), range(50, 54)
LEFT, BEFORE, SIDE = range(4), range(4, 7), range(4, 11)
"""Columns of the grid: the margin, where lines begin, the narrow column."""
TEXT, AFTER, RIGHT = range(12, 36), range(34, 37), range(37, 40)
"""The wide column, where its lines end, the other margin."""


def cover_begins_at_the_left(page: Page) -> bool:
    return page.ink(range(4, 24), TOP) > 0.1 and page.ink(range(32, 40), TOP) == 0


def contents_have_their_numbers_before_the_titles(page: Page) -> bool:
    numbers, before = page.ink(range(11, 13), range(10, 46)), page.ink(SIDE, range(10, 46))
    titles = page.ink(range(13, 24), range(10, 46))
    # Numbers are few and short: a column with less ink than the titles behind it.
    return before == 0 and 0 < numbers < titles


def heading_stands_at_the_left(page: Page) -> bool:
    return page.ink(SIDE, range(6, 9)) > 0.1 and page.ink(range(20, 40), range(6, 9)) == 0


def opener_has_its_number_at_the_left(page: Page) -> bool:
    return page.ink(range(4, 9), range(6, 13)) > 0.03 and page.ink(range(12, 40), range(6, 13)) == 0


def opener_counts_beside_its_text(page: Page) -> bool:
    rows = range(21, 37)
    counts, gap, text = (page.ink(c, rows) for c in (BEFORE, range(9, 12), TEXT))
    return counts > 0.01 and gap == 0 and text > 0.1


def tab_is_at_the_right_edge(page: Page) -> bool:
    return page.ink(range(38, 40), range(5, 9)) > 0.5 and page.ink(LEFT, ALL) == 0


def members_stand_left_of_their_records(page: Page) -> bool:
    members, gap, text = (page.ink(c, BODY) for c in (BEFORE, range(11, 12), TEXT))
    return members > 0.05 and gap < members and text > 0.1 and page.ink(RIGHT, BODY) < 0.05


def page_number_is_at_the_right(page: Page) -> bool:
    return page.ink(AFTER, FOOT) > 0.01 and page.ink(range(30), FOOT) == 0


LOOKS = [
    ("cover", cover_begins_at_the_left),
    ("contents", heading_stands_at_the_left),
    ("contents", contents_have_their_numbers_before_the_titles),
    ("contents", page_number_is_at_the_right),
    ("opener", opener_has_its_number_at_the_left),
    ("opener", opener_counts_beside_its_text),
    ("records", tab_is_at_the_right_edge),
    ("records", members_stand_left_of_their_records),
    ("records", page_number_is_at_the_right),
]


@pytest.mark.parametrize(
    ("name", "look"), LOOKS, ids=[f"{name}-{look.__name__}" for name, look in LOOKS]
)
def test_arabic_pages_are_english_ones_in_a_mirror(
    editions: Mapping[str, Path], name: str, look: Callable[[Page], bool]
) -> None:
    english, arabic = (Page.of(pages(editions[tag])[name]) for tag in ("en", "ar"))
    assert look(english), f"the English page:\n{english}"
    assert look(arabic.mirrored()), f"the Arabic page:\n{arabic}"
    # The look tells one from the other: neither page passes for the other one.
    assert not look(arabic), f"the Arabic page:\n{arabic}"
    assert not look(english.mirrored()), f"the English page:\n{english}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_pages_look_as_they_did(
    editions: Mapping[str, Path],
    tag: str,
    name: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    image = pages(editions[tag])[name]
    now = image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)
    path = REFERENCES / f"{tag}-{name}.png"
    if request.config.getoption("--update-references"):
        path.parent.mkdir(exist_ok=True)
        now.quantize(64).save(path, optimize=True)
    before = Image.open(path).convert("RGB")
    now.save(tmp_path / path.name)
    assert now.size == before.size
    assert not differs(now, before), f"compare {tmp_path / path.name} with {path}"
    # The comparison would notice a page that is not in the mirror, or in it.
    assert differs(ImageOps.mirror(now), before)


def differs(now: Image.Image, before: Image.Image) -> bool:
    """Tell whether two pages look different from some way off."""
    # Blurred, so that a line that breaks elsewhere is no difference, and a block that moved is one.
    soft = [picture.filter(ImageFilter.GaussianBlur(3)) for picture in (now, before)]
    difference = ImageChops.difference(*soft).convert("L")
    far = sum(difference.histogram()[20:]) / (now.width * now.height)
    return far > 0.02
