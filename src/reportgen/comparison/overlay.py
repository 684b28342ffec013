"""The pages that differ as pictures, the old one and the new one in one, and as an HTML page."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import jinja2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from reportgen.comparison.page import style
from reportgen.comparison.page_images import (
    POINTS_PER_INCH,
    PageChange,
    Pages,
    UnreadablePagesError,
    compare_pages,
)
from reportgen.comparison.paper import as_pdf
from reportgen.pdf.reading import UnreadablePdfError
from reportgen.project import read_regular_file
from reportgen.source.limits import MAX_PDF_BYTES
from reportgen.worker import tell

WENT = (213, 94, 0)
"""Vermilion: what only the old page has."""

CAME = (0, 114, 178)
"""Blue: what only the new page has. Both are of Okabe and Ito's palette for all kinds of vision."""

SAME = (176, 176, 176)
FRAME = (27, 31, 42)

RESOLUTION = 120
_CELL = 16
"""The size of the squares in which places that differ are looked for, in pixels."""

_VISIBLE = 24
"""From how much of a difference a square counts, of 255."""


@dataclass(frozen=True)
class Sheet:
    """A page of the overlay: its heading, its picture's name and size in points, and its words."""

    heading: str
    picture: str
    width: float
    height: float
    alt: str


@dataclass(frozen=True)
class Overlay:
    """An overlay as HTML that names `pictures`, which are PNG files."""

    html: str
    pictures: Mapping[str, bytes]


@dataclass(frozen=True)
class PagesCompared:
    """Which pages of two files differ: how many the old one and the new one have, and an overlay.

    The overlay is a PDF, and nothing if it was not asked for or no page differs.
    """

    old: int
    new: int
    changes: tuple[PageChange, ...]
    overlay: bytes | None = None


def compare_files(old: str, new: str, drawn: bool) -> PagesCompared:
    """Compare the pages of two PDF files, in a process that is there for nothing else.

    Args:
        old: the path of the old file.
        new: the path of the new one.
        drawn: whether an overlay is to be drawn.

    Raises:
        UnreadablePagesError: a file can't be read, or is beyond a limit.
    """
    before, after = _pages(old), _pages(new)
    changes = compare_pages(before, after)
    if not (drawn and changes):
        return PagesCompared(before.count, after.count, changes)
    names = (Path(old).name, Path(new).name)
    made = overlay(before, after, changes, names if names[0] != names[1] else (old, new))
    return PagesCompared(before.count, after.count, changes, as_pdf(made.html, made.pictures))


def _pages(path: str) -> Pages:
    tell(path)
    try:
        return Pages(read_regular_file(Path(path), MAX_PDF_BYTES), path)
    except UnreadablePagesError:
        raise
    except (OSError, UnreadablePdfError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadablePagesError(path, reason) from None


def overlay(
    old: Pages, new: Pages, changes: Iterable[PageChange], names: tuple[str, str]
) -> Overlay:
    """Draw the pages that differ. `names` are those of the two files.

    Raises:
        UnreadablePagesError: a page is damaged, or larger than a page can be.
    """
    pictures: dict[str, bytes] = {}
    sheets = []
    for number, change in enumerate(changes, 1):
        name = f"{number}.png"
        picture, places = superimposed(
            old.draw(change.old, RESOLUTION) if change.old else None,
            new.draw(change.new, RESOLUTION) if change.new else None,
        )
        pictures[name] = _png(picture)
        sizes = [
            *([old.size(change.old)] if change.old else []),
            *([new.size(change.new)] if change.new else []),
        ]
        width, height = (max(side) for side in zip(*sizes, strict=True))
        told = heading(change)
        alt = told if len(sizes) == 1 else f"{told} Places that differ: {places}."
        sheets.append(Sheet(told, name, width, height, alt))
    return Overlay(_html(sheets, names), MappingProxyType(pictures))


def heading(change: PageChange) -> str:
    """Give what became of a page, in words."""
    if change.old is None:
        return f"Page {change.new} was added."
    if change.new is None:
        return f"Page {change.old} was removed."
    was = "" if change.old == change.new else f", which was page {change.old},"
    return f"Page {change.new}{was} differs."


def superimposed(old: Image.Image | None, new: Image.Image | None) -> tuple[Image.Image, int]:
    """Give two pages in one picture, with a frame around each place that differs, and their number.

    What both have is grey. A page that has no partner is in its colour alone, without frames.
    """
    width = max(page.width for page in (old, new) if page)
    height = max(page.height for page in (old, new) if page)
    before, after = (_ink(page, width, height) for page in (old, new))
    both = ImageChops.darker(before, after)
    went, came = (_strongest(ImageChops.subtract(ink, both)) for ink in (before, after))
    picture = Image.new("RGB", (width, height), "white")
    for color, mask in ((SAME, _strongest(both)), (WENT, went), (CAME, came)):
        picture.paste(color, (0, 0), mask)
    if old is None or new is None:
        return picture, 0
    boxes = list(_boxes(ImageChops.lighter(went, came)))
    pencil = ImageDraw.Draw(picture)
    for box in boxes:
        pencil.rectangle(box, outline=FRAME, width=2)
    return picture, len(boxes)


def _ink(page: Image.Image | None, width: int, height: int) -> Image.Image:
    """Give how dark a page is in each colour, on a sheet of a given size."""
    sheet = Image.new("RGB", (width, height), "white")
    if page:
        sheet.paste(page, (0, 0))
    return ImageChops.invert(sheet)


def _strongest(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _boxes(mask: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """Give the boxes of places that differ: squares that touch are one place."""
    columns, rows = -(-mask.width // _CELL), -(-mask.height // _CELL)
    padded = Image.new("L", (columns * _CELL, rows * _CELL))
    padded.paste(mask, (0, 0))
    strongest = padded.filter(ImageFilter.MaxFilter(3)).reduce(_CELL)
    left = {
        (index % columns, index // columns)
        for index, value in enumerate(strongest.tobytes())
        if value >= _VISIBLE
    }
    while left:
        found = [left.pop()]
        for column, row in found:  # grows as neighbours are found
            for near in _around(column, row):
                if near in left:
                    left.remove(near)
                    found.append(near)
        across, down = [c for c, _ in found], [r for _, r in found]
        yield (
            max(0, min(across) * _CELL - 4),
            max(0, min(down) * _CELL - 4),
            min(mask.width - 1, (max(across) + 1) * _CELL + 4),
            min(mask.height - 1, (max(down) + 1) * _CELL + 4),
        )


def _around(column: int, row: int) -> Iterator[tuple[int, int]]:
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            yield column + across, row + down


def _png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        data, "PNG", optimize=True
    )
    return data.getvalue()


def _html(sheets: list[Sheet], names: tuple[str, str]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reportgen.comparison", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sizes = tuple(dict.fromkeys((sheet.width, sheet.height) for sheet in sheets))
    return environment.get_template("overlay.html.j2").render(
        sheets=sheets,
        sizes=sizes,
        old=names[0],
        new=names[1],
        points=POINTS_PER_INCH,
        css=style("overlay.css"),
    )
