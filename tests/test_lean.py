"""What is done once gives the pages, and the file, that come out without."""

from __future__ import annotations

import gc
from contextlib import nullcontext

import pytest

from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.pages.parts import Part
from reportgen.project import Project
from reportgen.typeset.layout import LaidOut, Layouter
from reportgen.typeset.lean import _kinds
from tests.conftest import ROOT

HTML = """<!doctype html><html lang="{lang}" dir="{direction}"><title>x</title><style>
  :root {{ --size: 9pt; --family: "IBM Plex Sans", sans-serif; --edge: 1pt solid }}
  p {{ font: italic bold var(--size)/1.3 var(--family); border: var(--edge) red }}
  .wrong {{ margin: var(--nothing); color: var(--size) }}
  .features {{ font-variant-numeric: tabular-nums; font-kerning: none }}
  .line {{ text-decoration: underline }}
  .tight {{ letter-spacing: 1pt; word-spacing: 2pt; overflow-wrap: anywhere }}
  .other {{ font-language-override: "SRB"; hyphens: auto }}
  .float {{ float: {side}; width: 40%; height: {height}; margin: 1mm }}
</style><body>
  <p>Before <span class="line">a float</span>.</p>
  <div class="float"></div><p class="features">1234567890 beside it, beside it, beside it</p>
  <p class="wrong other">Extraordinarily <img alt="" src="data:," class="float"> long</p>
  <p class="tight">Below: a paragraph of some words that goes over more than one line, as it is
  much too long for a single one.</p><div class="float"></div><p style="clear: both">After it</p>
  <p style="font-size: 40pt">Unbreakable-and-incomprehensible <a href="#x">العدالة للجميع</a></p>
  <svg width="30" height="9"><text y="8" font-size="8">12 W</text></svg>
</body>"""


def page(layouter: Layouter, html: str) -> bytes:
    laid_out: LaidOut = layouter(html, 1, Part("x", "x"))
    data: bytes = laid_out.document.write_pdf(uncompressed_pdf=True, pdf_variant="pdf/ua-1")
    return data


@pytest.mark.parametrize(
    ("lang", "direction", "side"), [("en", "ltr", "left"), ("ar", "rtl", "inline-start")]
)
@pytest.mark.parametrize("height", ["0", "3mm", "12mm", "60mm"])
def test_a_page_is_the_same(
    lang: str, direction: str, side: str, height: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouter = Layouter(Project(ROOT), "digital", "pdf/ua-1", direction)
    html = HTML.format(lang=lang, direction=direction, side=side, height=height)
    lean = page(layouter, html)
    again = page(layouter, html)
    monkeypatch.setattr("reportgen.typeset.layout.lean", nullcontext)
    assert page(layouter, html) == lean == again


def test_what_a_text_shares_goes_with_its_fonts() -> None:
    gc.collect()
    before = len(_kinds)
    layouter = Layouter(Project(ROOT), "digital", "pdf/ua-1", "ltr")
    page(layouter, "<html lang=en><title>x</title><p>What is logged would keep them</p>")
    assert len(_kinds) == before + 1
    del layouter
    gc.collect()
    assert len(_kinds) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "edition"), [("en", "digital"), ("fr", "archive"), ("ar", "print")]
)
def test_a_file_of_the_report_is_the_same(
    locale: str, edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte by byte, and so pixel by pixel: all ways to save time, or WeasyPrint as it is."""
    project, job = Project(ROOT), Job(locale, edition)
    fast = make(project, job)
    for name in (
        "lean",
        "drawn_once",
        "paths_in_one_go",
        "operators_at_once",
        "pages_referred_to_once",
    ):
        monkeypatch.setattr(f"reportgen.pdf.write.{name}", nullcontext)
    monkeypatch.setattr("reportgen.typeset.layout.lean", nullcontext)
    straightforward = make(project, job)
    assert fast.data
    assert fast.data == straightforward.data
