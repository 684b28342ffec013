"""Pictures of any size stand within the page, with their captions, in each edition."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.build.start import start_project
from reportgen.project import Project

COLUMN = 118 / 25.4 * 72
"""The width of the text in points."""


@pytest.mark.parametrize("edition", ["digital", "archive"])
@pytest.mark.parametrize("size", [(4032, 3024), (640, 480), (600, 1800), (120, 80)])
def test_a_picture_is_shown_whole(tmp_path: Path, size: tuple[int, int], edition: str) -> None:
    start_project(tmp_path / "report")
    picture = io.BytesIO()
    Image.new("RGB", size, "#806040").save(picture, "JPEG")
    images = tmp_path / "report" / "content" / "images"
    images.mkdir()
    (images / "photo.jpg").write_bytes(picture.getvalue())
    section = tmp_path / "report" / "content" / "sections" / "introduction.md"
    section.write_text(
        section.read_text() + '\n![A field](images/photo.jpg "The caption of the field")\n'
    )
    made = make(Project(tmp_path / "report"), Job("en", edition))
    assert made.data, made.diagnostics
    pages = pypdfium2.PdfDocument(made.data)
    page = next(page for page in pages if "of the field" in page.get_textpage().get_text_range())
    (left, bottom, right, top) = next(
        shown.get_bounds() for shown in page.get_objects() if shown.type == 3
    )
    assert right - left <= COLUMN + 0.1
    assert left > 0
    assert bottom > 0
    assert right < page.get_width()
    assert top < page.get_height()
    assert (right - left) / (top - bottom) == pytest.approx(size[0] / size[1], rel=0.01)
