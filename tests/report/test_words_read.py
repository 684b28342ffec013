"""What readers find in the real files is what stands in the report, in each language."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reportgen.build import make as making
from reportgen.build.job import Job, Made
from reportgen.locales.load import load_locale
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pdf.write import Written, write_report
from reportgen.preflight.words import compare, misread
from reportgen.project import Project
from reportgen.source.markdown import plain_text
from tests.test_characters import read_by_pdfium, read_by_poppler

from .conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("translations")]

LOCALES = ("en", "fr", "es", "ar")


@cache
def made(locale: str) -> tuple[Made, Written]:
    """Return the digital edition in a language, and what was drawn on its pages."""
    written: list[Written] = []

    def noted(*arguments: Any) -> Written:
        written.append(write_report(*arguments))
        return written[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "write_report", noted)
        return making.make(Project(ROOT), Job(locale, "digital")), written[0]


@cache
def report_in(locale: str) -> Report:
    source = load_report(Project(ROOT)).report
    assert source
    report = load_locale(Project(ROOT), source, locale).report
    assert report
    return report


def letters(text: str) -> str:
    """Keep letters, marks and digits, and join words that are broken at the end of a line."""
    normal = unicodedata.normalize("NFC", re.sub("[\u202a-\u202e\u200b-\u200f]", "", text))
    return "".join(one for one in normal if unicodedata.category(one)[0] in "LMN")


@pytest.fixture(params=LOCALES)
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_pdfium_reads_what_was_drawn(locale: str) -> None:
    built, written = made(locale)
    assert built.data == written.data
    assert misread(written.data, written.lines, locale == "ar") == []
    assert sum(len(line.text.split()) for line in written.lines) > 4000


def test_poppler_reads_what_was_drawn(locale: str, tmp_path: Path) -> None:
    _, written = made(locale)
    path = tmp_path / "report.pdf"
    path.write_bytes(written.data)
    if locale != "ar":
        # As it is drawn. By itself, Poppler sorts the columns of a page in ways of its own.
        assert list(compare([read_by_poppler(path, "-raw")], written.lines)) == []
        return
    # From right to left, it turns words round only where it sorts.
    differences = list(compare([read_by_poppler(path)], written.lines, right_to_left=True))
    put = Counter(word for one in differences for word in one.put.split())
    got = Counter(word for one in differences for word in one.got.split())
    assert put == got


@pytest.mark.parametrize("reader", ["pdfium", "poppler"])
def test_readers_find_each_record_of_the_report(locale: str, reader: str, tmp_path: Path) -> None:
    _, written = made(locale)
    path = tmp_path / "report.pdf"
    path.write_bytes(written.data)
    order = [] if locale == "ar" else ["-raw"]
    read = read_by_pdfium(written.data) if reader == "pdfium" else read_by_poppler(path, *order)
    text = letters(read)
    report = report_in(locale)
    assert len(report.commitments) == 50
    missing = [
        words
        for record in report.commitments
        for words in map(plain_text, (record.title, record.summary))
        # A line with words of another direction is in an order of the reader's own.
        if not (locale == "ar" and re.search(r"[a-z0-9]", words, re.IGNORECASE))
        and letters(words) not in text
    ]
    assert missing == []


FOUND: Mapping[str, Mapping[str, int]] = {
    "ar": {"شراكة": 50, "في": 229, "إلى": 69, "أُعدَّ": 1},
    "fr": {"2020-2023": 1, "États-Unis": 4},
    "es": {"2020-2023": 1},
    "en": {"2020-2023": 1},
}


def test_words_are_found_that_were_not(locale: str, tmp_path: Path) -> None:
    _, written = made(locale)
    path = tmp_path / "report.pdf"
    path.write_bytes(written.data)
    for read in (read_by_pdfium(written.data), read_by_poppler(path)):
        text = unicodedata.normalize("NFC", read)
        for word, least in FOUND[locale].items():
            assert text.count(unicodedata.normalize("NFC", word)) >= least, word
        assert "\u2010" not in text


def changed(data: bytes) -> bytes:
    """Return a file in which one glyph, the q of the font with the most glyphs, is told as an x."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ToUnicode" in o]
        font = max(fonts, key=lambda font: len(font.ToUnicode.read_bytes()))
        cmap, number = re.subn(rb"> <0071>", rb"> <0078>", font.ToUnicode.read_bytes())
        assert number == 1
        font.ToUnicode.write(cmap)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_one_wrong_entry_is_an_error_of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: Any) -> Written:
        written = write_report(*arguments)
        return Written(changed(written.data), written.lines)

    monkeypatch.setattr(making, "write_report", wrong)
    built = making.make(Project(ROOT), Job("en", "digital"))
    assert built.data is None
    told = [found for found in built.diagnostics if found.code == "misread-words"]
    assert told
    assert all(re.search("“[^”]*x[^”]*” where “[^”]*q", found.message) for found in told)
    assert all(re.search(r":\d+:\d+: ", str(found)) for found in told)
    assert {found.span.path.split("/")[0] for found in told} == {"content"}
