"""Words in drawings are set as words in paragraphs are: joined, in order, with their kerning."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import weasyprint.svg
from PIL import Image, ImageChops, ImageStat

from reportgen.typeset import svg_text

FONTS = Path(__file__).parents[1] / "styles" / "fonts"
ARABIC = "ibm-plex-sans-arabic-arabic-400-normal.woff2"
LATIN = "SourceSans3-Regular.otf.woff2"

HTML = """
<style>
  @font-face {{ font-family: Vendored; src: url({font}) }}
  @page {{ size: 600px 120px; margin: 0 }}
  body {{ margin: 0; font: 40px/1 Vendored }}
</style>
<body dir="{direction}">{body}
"""
PARAGRAPH = "<p style='margin: 40px'>{}</p>"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="600" height="120" viewBox="0 0 600 120">
<text x="{}" y="80" font-family="Vendored" font-size="40" direction="{}">{}</text></svg>"""


def ink(body: str, font: str, direction: str) -> Image.Image:
    """Give what is printed, without the white around it."""
    import weasyprint

    html = HTML.format(font=font, body=body, direction=direction)
    data = weasyprint.HTML(string=html, base_url=f"{FONTS.as_uri()}/").write_pdf()
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    image: Image.Image = document[0].render(scale=2).to_pil().convert("L")
    document.close()
    box = ImageChops.invert(image).getbbox()
    assert box, "nothing was printed"
    return image.crop(box)


def difference(word: str, font: str, direction: str) -> float:
    """Give how much a word in a drawing differs from the same in a paragraph, from 0 to 255."""
    text = ink(PARAGRAPH.format(word), font, direction)
    start = 40 if direction == "ltr" else 560
    drawn = ink(DRAWING.format(start, direction, word), font, direction)
    if abs(text.width - drawn.width) > 2 or abs(text.height - drawn.height) > 2:
        return 255.0
    (mean,) = ImageStat.Stat(ImageChops.difference(text, drawn.resize(text.size))).mean
    return float(mean)


WORDS = [
    pytest.param("العدالة", ARABIC, "rtl", id="joined"),
    pytest.param("الالتزامات المفتوحة", ARABIC, "rtl", id="two words"),
    pytest.param("AVATAR To Yes", LATIN, "ltr", id="kerning"),
]


@pytest.mark.parametrize(("word", "font", "direction"), WORDS)
def test_a_drawing_has_the_glyphs_of_a_paragraph(word: str, font: str, direction: str) -> None:
    svg_text.join_letters()
    assert difference(word, font, direction) < 12


@pytest.mark.xfail(strict=True, reason="Kozea/WeasyPrint#2249: if this passes, delete svg_text.py")
@pytest.mark.parametrize(("word", "font", "direction"), WORDS)
def test_weasyprint_itself(
    monkeypatch: pytest.MonkeyPatch, word: str, font: str, direction: str
) -> None:
    stock: Any = svg_text._by_letter
    for name, draw in list(weasyprint.svg.TAGS.items()):
        if draw is svg_text._text:
            monkeypatch.setitem(weasyprint.svg.TAGS, name, stock)
    monkeypatch.setattr(sys.modules["weasyprint.svg"], "text", stock)
    assert difference(word, font, direction) < 12


def test_letters_with_places_of_their_own_stay_there() -> None:
    svg_text.join_letters()
    apart = '<svg width="600" height="120" viewBox="0 0 600 120"><text x="40 240" y="80"'
    apart += ' font-family="Vendored" font-size="40">ab</text></svg>'
    assert ink(apart, LATIN, "ltr").width > 300


def test_joining_twice_is_joining_once() -> None:
    svg_text.join_letters()
    tags = dict(weasyprint.svg.TAGS)
    svg_text.join_letters()
    assert tags == weasyprint.svg.TAGS
