"""Pictures that are drawn once a file look as if each were drawn anew."""

from __future__ import annotations

import io
from contextlib import nullcontext
from importlib.resources import files
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageChops, ImageStat
from weasyprint import HTML

from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.pdf.drawings import drawn_once
from reportgen.pdf.raster import draw_page
from reportgen.project import Project
from reportgen.typeset.fetcher import BASE, ProjectFetcher
from tests.conftest import ROOT

FLAGS = sorted(
    flag.name.removesuffix(".svg") for flag in (files("reportgen") / "flags/4x3").iterdir()
)
SOME = ["es", "mx", "nz", "ch", "gb", "us"]
STYLE = """
  @page { size: 200mm; margin: 2mm }
  p { margin: 0; line-height: 5mm }
  span { display: inline-block; width: 5.6mm; height: 4.2mm; background-size: cover;
         background-repeat: no-repeat }
  .large { width: 8mm; height: 6mm }
"""


def written(html: str, root: Path, once: bool) -> bytes:
    document = HTML(string=html, base_url=BASE, url_fetcher=ProjectFetcher(Project(root))).render()
    with drawn_once() if once else nullcontext():
        data: bytes = document.write_pdf()
    return data


def page_of(flags: list[str], times: int = 2) -> str:
    spans = "".join(
        f'<span style="background-image: url(flag:{flag})"></span>' for flag in flags * times
    )
    return f"<style>{STYLE}</style><p>{spans}</p>"


def largest_difference(one: bytes, other: bytes) -> int:
    with pikepdf.open(io.BytesIO(one)) as first, pikepdf.open(io.BytesIO(other)) as second:
        assert len(first.pages) == len(second.pages)
        pages = len(first.pages)
    return max(
        high
        for page in range(pages)
        for _, high in ImageStat.Stat(
            ImageChops.difference(
                draw_page(one, page, 2).convert("RGB"), draw_page(other, page, 2).convert("RGB")
            )
        ).extrema
    )


def forms(data: bytes) -> int:
    """Give how many forms there are that are no groups."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return sum(
            isinstance(entry, pikepdf.Stream)
            and entry.get("/Subtype") == "/Form"
            and "/Group" not in entry
            for entry in pdf.objects
        )


def test_each_is_drawn_once(tmp_path: Path) -> None:
    data = written(page_of(SOME, times=3), tmp_path, once=True)
    assert forms(data) == len(SOME)
    assert len(data) < 0.7 * len(written(page_of(SOME, times=3), tmp_path, once=False))


def test_another_size_is_another_drawing(tmp_path: Path) -> None:
    html = page_of(SOME) + page_of(SOME).replace("<span", '<span class="large"')
    assert forms(written(html, tmp_path, once=True)) == 2 * len(SOME)


def test_nothing_of_a_file_is_in_the_next(tmp_path: Path) -> None:
    html = page_of(SOME)
    assert written(html, tmp_path, once=True) == written(html, tmp_path, once=True)


def test_what_stands_in_the_page_is_drawn_where_it_stands(tmp_path: Path) -> None:
    svg = '<svg viewBox="0 0 9 9" width="9mm"><rect width="{}" height="9" fill="red"/></svg>'
    html = svg.format(3) + svg.format(6)
    both = [written(html, tmp_path, once=once) for once in (True, False)]
    assert largest_difference(*both) == 0


@pytest.mark.slow
def test_all_flags_look_the_same(tmp_path: Path) -> None:
    assert len(FLAGS) > 200
    one, other = (written(page_of(FLAGS), tmp_path, once=once) for once in (True, False))
    # A viewer rounds places in a form a little otherwise, which a few thin lines show.
    difference = ImageChops.difference(draw_page(one, 0, 2), draw_page(other, 0, 2))
    assert max(ImageStat.Stat(difference).rms) < 0.5


@pytest.mark.slow
def test_the_pages_of_the_report_look_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    project, job = Project(ROOT), Job("en", "digital")
    once = make(project, job)
    monkeypatch.setattr("reportgen.pdf.write.drawn_once", nullcontext)
    anew = make(project, job)
    assert once.data
    assert anew.data
    assert len(once.data) < len(anew.data)
    # Of 255: what a viewer's rounding makes of a few edges of flags.
    assert largest_difference(once.data, anew.data) <= 8
