"""Text comes out of a file as it was put in, in scripts of every kind."""

from __future__ import annotations

import io
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops
from weasyprint import HTML
from weasyprint.document import Document

from reportgen.pdf.characters import Characters
from reportgen.pdf.clusters import EMPTY, Run, characters
from reportgen.pdf.editions import EDITIONS
from reportgen.pdf.metadata import Identity
from reportgen.pdf.raster import draw_page
from reportgen.pdf.write import Written, write_pdf
from reportgen.preflight.preflight import preflight
from reportgen.preflight.result import Outcome, Wanted
from reportgen.preflight.words import compare, misread

FONTS = Path(__file__).parent / "fonts"
STYLES = Path(__file__).parents[1] / "styles" / "fonts"

PAGES: Mapping[str, tuple[str, str]] = {
    "ar": (
        "ibm-plex-sans-arabic-arabic-400-normal",
        "المصنَّف أُعدَّ بموجب رخصة شراكة في إلى على لا (نيويورك) مرخَّص 2023 أكثر المشاكل مزيد دعماً",
    ),
    "ar-naskh": ("noto-naskh-arabic", "المصنَّف أُعدَّ شراكة في إلى على لا الإنكليزية مُحَمَّدٌ لِلّٰه سخياً"),
    "fa": ("vazirmatn", "می‌رود خانه‌ها پیشرفت گزارش لا تهران کتاب‌های عدالت اللّه"),
    "he": ("noto-sans-hebrew", "שָׁלוֹם עֲלֵיכֶם צדק לכל ירושלים בּראשית ברא"),
    "hi": (
        "noto-sans-devanagari",
        "किसी भी हिन्दी पृष्ठ की खोज क्षेत्र न्याय कार्रवाई र्कि संस्कृति श्रद्धा स्त्री कु ज़्यादा त्र्यंबक",
    ),
    "bn": ("noto-sans-bengali", "কোনো বাংলা ন্যায়বিচার কৌশল বিশ্ববিদ্যালয় ক্ষেত্র র্ক কে কৈ ছোট"),
    "ta": ("noto-sans-tamil", "தமிழ் கொடு கோவில் நீதி கௌ ஸ்ரீ கெ கே கை"),
    "km": ("noto-sans-khmer", "ភាសាខ្មែរ ស្រី យុត្តិធម៌ កើត កៀ កឿ កោ កៅ ព្រះ"),
    "zh": ("noto-sans-sc", "正义行动报告：为所有人伸张正义，二〇二〇年。「开放政府」"),
    "ja": ("noto-sans-jp", "正義のための行動。パートナーシップがガ「日本」"),
    "ru": ("noto-sans-cyrillic", "Действия ради справедливости: Йод ёлка объединение Й ё"),
    "fr": (
        "SourceSerif4-Regular.otf",
        "2020-2023 États-Unis : « oui », l’efficacité a\u00a0b 7\u20119 x‐y",
    ),
}
"""By language: the font, and words of a page."""

IDENTITY = Identity(
    title="Words",
    authors=("A",),
    publishers=("P",),
    keywords=(),
    language="en",
    date="2021-12-01T00:00:00+00:00",
    version="1",
    license_name="L",
    license_url="https://example.org/",
    license_statement="S",
    content="0" * 64,
)


def document_of(font: str, html: str, language: str, style: str = "") -> Document:
    path = (FONTS if (FONTS / f"{font}.woff2").exists() else STYLES) / f"{font}.woff2"
    direction = "rtl" if language in ("ar", "fa", "he") else "ltr"
    return HTML(
        string=f"""<html lang="{language}" dir="{direction}"><title>x</title><style>
          @font-face {{ font-family: Vendored; src: url({path.as_uri()}) }}
          @page {{ size: 180mm 120mm; margin: 10mm }}
          body {{ font: 14pt Vendored; {style} }}</style><body>{html}"""
    ).render(pdf_variant="pdf/ua-1")


@cache
def page_in(tag: str) -> Written:
    font, text = PAGES[tag]
    document = document_of(font, f"<p>{text}</p>", tag[:2])
    return write_pdf(document, IDENTITY, EDITIONS["digital"])


def read_by_pdfium(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(str(page.get_textpage().get_text_range()) for page in document)


def words_of(text: str) -> list[str]:
    return [word.strip("():,.«»") for word in unicodedata.normalize("NFC", text).split()]


def is_right_to_left(tag: str) -> bool:
    return tag[:2] in ("ar", "fa", "he")


@pytest.mark.parametrize("tag", PAGES)
def test_pdfium_reads_what_was_put_in(tag: str) -> None:
    written = page_in(tag)
    assert misread(written.data, written.lines, is_right_to_left(tag)) == []
    got = words_of(read_by_pdfium(written.data))
    assert [word for word in words_of(PAGES[tag][1]) if word not in got] == []


@pytest.mark.slow
@pytest.mark.parametrize("tag", PAGES)
def test_poppler_reads_what_was_put_in(tag: str, tmp_path: Path) -> None:
    written = page_in(tag)
    path = tmp_path / "page.pdf"
    path.write_bytes(written.data)
    got = read_by_poppler(path)
    assert list(compare([got], written.lines, is_right_to_left(tag))) == []


def read_by_poppler(path: Path, *options: str) -> str:
    assert shutil.which("pdftotext"), "install poppler-utils"
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("tag", PAGES)
def test_pages_conform(tag: str) -> None:
    checked = preflight(page_in(tag).data, Wanted(), "digital")
    failed = [check for check in checked.checks if check.outcome is not Outcome.PASSED]
    assert failed == []


@pytest.mark.parametrize("tag", PAGES)
def test_pages_look_as_the_engine_draws_them(tag: str) -> None:
    font, text = PAGES[tag]
    document = document_of(font, f"<p>{text}</p>", tag[:2])
    stock = draw_page(document.write_pdf(), scale=3).convert("L")
    ours = draw_page(page_in(tag).data, scale=3).convert("L")
    difference = ImageChops.difference(stock, ours).histogram()
    # The edge of a shape may be rounded otherwise than that of a letter.
    assert sum(difference[64:]) <= 60


def test_no_glyph_stands_for_nothing() -> None:
    for tag in PAGES:
        with pikepdf.open(io.BytesIO(page_in(tag).data)) as pdf:
            for font in pdf.objects:
                if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
                    assert b"<>" not in font.ToUnicode.read_bytes()


def test_a_hyphen_of_hyphenation_is_soft_and_a_typed_one_is_itself() -> None:
    text = "internationalisation 2020-2023 extraordinairement États-Unis"
    document = document_of(
        "SourceSerif4-Regular.otf", f"<p>{text}</p>", "fr", "width: 30mm; hyphens: auto"
    )
    characters = Characters()
    with characters.told():
        data = document.write_pdf(finisher=lambda _, pdf: characters.add_twins(pdf))
    drawn = [line.text for line in characters.lines]
    assert any(line.endswith("‐") for line in drawn), "nothing is hyphenated"
    got = read_by_pdfium(data)
    assert "2020-2023" in got
    assert "‐" not in got
    # PDFium has this in the place of a soft hyphen at the end of a line.
    joined = got.replace("\ufffe", "")
    assert "internationalisation" in joined
    assert "extraordinairement" in joined


def test_text_that_is_cut_off_is_read_as_far_as_it_is_drawn() -> None:
    style = "width: 40mm; overflow: hidden; text-overflow: ellipsis; white-space: nowrap"
    document = document_of("noto-sans-devanagari", f"<p style='{style}'>{PAGES['hi'][1]}</p>", "hi")
    written = write_pdf(document, IDENTITY, EDITIONS["digital"])
    assert "किसी भी" in read_by_pdfium(written.data)
    checked = preflight(written.data, Wanted(), "digital")
    assert not checked.failed


def run(glyphs: str, text: str, clusters: list[int], **options: Any) -> Run:
    """Return a run of glyphs: capital letters take room, small ones are marks, a dot is empty."""
    codes = [EMPTY if glyph == "." else ord(glyph) for glyph in glyphs]
    advances = [1000 if glyph.isupper() else 0 for glyph in glyphs]
    offsets = options.pop("offsets", [0] * len(glyphs))
    rises = options.pop("rises", [0] * len(glyphs))
    return Run(codes, advances, offsets, rises, clusters, text.encode(), 1000, **options)


@pytest.mark.parametrize(
    ("glyphs", "text", "clusters", "expected"),
    [
        pytest.param("ABC", "abc", [0, 1, 2], ["a", "b", "c"], id="letters"),
        pytest.param("AB", "fib", [0, 2], ["fi", "b"], id="a ligature"),
        pytest.param("A.B", "a\u00adb", [0, 1, 3], ["a", "", "b"], id="a soft hyphen"),
        pytest.param("AB", "कि", [0, 0], ["क", "ि"], id="a vowel before its consonant"),
        pytest.param("ABc", "र्क", [0, 0, 0], ["र", "्क", ""], id="a mark of a syllable"),
        pytest.param("ABC", "কো", [0, 0, 3], ["ক", "ে", "া"], id="a vowel on both sides"),
        pytest.param("Aab", "aब\u0902", [0, 1, 4], ["a", "ब\u0902", ""], id="marks on marks"),
        pytest.param("ABC", "ក", [0, 0, 0], ["ក", "", ""], id="too many glyphs"),
    ],
)
def test_what_glyphs_stand_for(
    glyphs: str, text: str, clusters: list[int], expected: list[str]
) -> None:
    assert characters(run(glyphs, text, clusters)) == expected


@pytest.mark.parametrize(
    ("glyphs", "text", "clusters", "expected"),
    [
        pytest.param("BA", "في", [2, 0], ["ي", "ف"], id="letters"),
        pytest.param("A", "في", [0], ["يف"], id="a ligature"),
        pytest.param("bA", "دّ", [2, 0], ["", "\u0651د"], id="a mark"),
        pytest.param("BA", "(د", [1, 0], ["د", ")"], id="a bracket"),
        pytest.param("B.A", "ی\u200cر", [5, 2, 0], ["ر", "", "\u200cی"], id="a joiner"),
    ],
)
def test_what_glyphs_stand_for_from_right_to_left(
    glyphs: str, text: str, clusters: list[int], expected: list[str]
) -> None:
    assert characters(run(glyphs, text, clusters, right_to_left=True)) == expected


def test_a_mark_far_from_its_letter_stands_for_nothing() -> None:
    near = run("Ab", "कु", [0, 3])
    far = run("Ab", "कु", [0, 3], offsets=[0, -200])
    high = run("Ab", "कु", [0, 3], rises=[0, 100])
    assert characters(near) == ["क", "ु"]
    assert characters(far) == characters(high) == ["कु", ""]
