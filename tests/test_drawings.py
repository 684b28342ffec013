"""Pictures written again and paths read in one go give the file that comes out without."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import HTML
from weasyprint.images import SVGImage

from reportgen.pdf.drawings import drawn_once
from reportgen.pdf.paths import paths_in_one_go
from reportgen.pdf.streams import operators_at_once
from reportgen.project import Project
from reportgen.typeset.fetcher import BASE, ProjectFetcher

FLAGS = sorted(
    flag.name.removesuffix(".svg") for flag in (files("reportgen") / "flags/4x3").iterdir()
)
# With arcs, with a group that is transparent, with paths without end, with none.
SOME = ["es", "mx", "nz", "ch", "gb", "us", "af", "bz"]
STYLE = """
  @page { size: 200mm; margin: 2mm }
  p { margin: 0; line-height: 5mm }
  span { display: inline-block; width: 5.6mm; height: 4.2mm; background-size: cover;
         background-repeat: no-repeat }
  .large { width: 8mm; height: 6mm }
"""


def written(html: str, root: Path, *, fast: bool) -> bytes:
    document = HTML(string=html, base_url=BASE, url_fetcher=ProjectFetcher(Project(root))).render()
    with ExitStack() as switched_on:
        if fast:
            switched_on.enter_context(drawn_once())
            switched_on.enter_context(paths_in_one_go())
            switched_on.enter_context(operators_at_once())
        data: bytes = document.write_pdf(uncompressed_pdf=True)
    return data


def page_of(flags: list[str], times: int = 2) -> str:
    spans = "".join(
        f'<span style="background-image: url(flag:{flag})"></span>' for flag in flags * times
    )
    return f"<style>{STYLE}</style><p>{spans}</p>"


def picture(path: str, *, attributes: str = "") -> str:
    return (
        f'<svg viewBox="0 0 90 90" width="90"><path d="{path}" {attributes}/>'
        f'<path d="{path}" fill="none" stroke="red"/></svg>'
    )


def test_pictures_in_two_sizes_are_the_same(tmp_path: Path) -> None:
    html = page_of(SOME) + page_of(SOME).replace("<span", '<span class="large"')
    assert written(html, tmp_path, fast=True) == written(html, tmp_path, fast=False)


def test_nothing_of_a_file_is_in_the_next(tmp_path: Path) -> None:
    html = page_of(SOME)
    assert written(html, tmp_path, fast=True) == written(html, tmp_path, fast=True)


def test_a_picture_is_drawn_once_for_each_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw: Any = SVGImage.draw

    def note(image: Any, *arguments: object) -> None:
        drawn.append(image._base_url)
        draw(image, *arguments)

    monkeypatch.setattr("weasyprint.images.SVGImage.draw", note)
    html = page_of(["ch", "us"], times=3)
    written(html + html.replace("<span", '<span class="large"'), tmp_path, fast=True)
    assert sorted(drawn) == sorted(["flag:ch", "flag:us"] * 2)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "M1 2",
        "M1 2z",
        "M1 2 3 4 5 6z",
        "m1 2 3 4 5 6zm1 1 2 2",
        "M1 2zzL3 4",
        "L3 4",
        "M1,2L3.5.5-1-2e1",
        "M1 2h3 4v5 6H7V8",
        "M1 2c1 2 3 4 5 6 7 8 9 10 11 12s1 2 3 4 5 6 7 8",
        "M1 2q1 2 3 4 5 6 7 8t1 2 3 4",
        "M1 2a3 4 0 11 5 6 7 8 0 0 1 9 10l3 4",
        "M1 2c1 2 3 4",
        "M1 2l3",
        "M1cm 2mm L30% 40%",
        "M1 2 x 3",
    ],
)
@pytest.mark.parametrize("attributes", ["", 'marker-mid="url(#none)"'])
def test_every_kind_of_path_is_the_same(path: str, attributes: str, tmp_path: Path) -> None:
    html = picture(path, attributes=attributes)
    assert written(html, tmp_path, fast=True) == written(html, tmp_path, fast=False)


numbers = st.one_of(
    st.integers(-99, 99).map(str),
    st.floats(-99, 99, allow_nan=False).map(lambda number: f"{number:.3f}"),
)
segments = st.one_of(
    st.sampled_from("zZ"),
    st.tuples(
        st.sampled_from("mMlLhHvVcCsSqQtTaA"), st.lists(numbers, max_size=14).map(" ".join)
    ).map("".join),
)


@given(st.lists(segments, max_size=6).map("".join))
def test_any_path_is_the_same(path: str) -> None:
    html = picture(f"M1 2{path}")
    assert written(html, Path(), fast=True) == written(html, Path(), fast=False)


def test_a_path_that_weasyprint_never_ends_is_drawn_up_to_what_is_wrong(tmp_path: Path) -> None:
    wrong = picture("M1 2L3 4z5 6L7 8")
    assert written(wrong, tmp_path, fast=True) == written(
        picture("M1 2L3 4z"), tmp_path, fast=False
    )


@pytest.mark.slow
def test_all_flags_are_the_same(tmp_path: Path) -> None:
    assert len(FLAGS) > 200
    html = page_of(FLAGS)
    assert written(html, tmp_path, fast=True) == written(html, tmp_path, fast=False)
