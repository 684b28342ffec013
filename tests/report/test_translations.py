"""The French, Spanish and Arabic editions: nothing is left in English, nothing is lost."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import page
import pikepdf
import pytest
from polib import POEntry, POFile

from reportgen.locales.catalog import catalog_path
from reportgen.locales.pofile import parse_po
from reportgen.source.markdown import plain_text

from .conftest import ROOT, Block, embedded_fonts, read_blocks

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("translations")]

TAGS = ("fr", "es", "ar")
FEWEST = 4
"""Words that make a sentence; fewer may be the same in two languages."""

STAY = {"report:imprint.citation", "report:imprint.license.name"}
"""Messages with a title that is cited as it was published, which may stay in English."""


@pytest.fixture(params=TAGS)
def tag(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def edition(editions: Mapping[str, Path], tag: str) -> Path:
    return editions[tag]


@functools.cache
def text_of(path: Path) -> tuple[Block, ...]:
    return tuple(read_blocks(path))


@functools.cache
def catalog_of(tag: str) -> POFile:
    return parse_po((ROOT / catalog_path(tag)).read_text(encoding="utf-8"))


def letters(text: str) -> str:
    """Keep letters and digits only: line breaks, hyphens and kinds of quotes are typesetting."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def words(message: POEntry) -> str:
    return plain_text(message.msgid)


def sentences(message: POEntry) -> Iterator[str]:
    """Give the sentences of an English message that are long enough to be known again."""
    for sentence in re.split(r"(?<=[.!?:;])\s|%\(\w+\)s|\n", words(message)):
        if len(re.findall(r"[A-Za-z’]{2,}", sentence)) >= FEWEST:
            yield sentence


def said(path: Path) -> Iterator[str]:
    """Give all that a reader of a file can meet: text, alternative texts, links, bookmarks."""
    yield " ".join(block.text for block in text_of(path))
    with pikepdf.open(path) as pdf:
        yield str(pdf.docinfo["/Title"])
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                texts = [item.get(key) for key in ("/Alt", "/ActualText", "/Contents")]
                yield from (str(text) for text in texts if isinstance(text, pikepdf.String))
        with pdf.open_outline() as outline:
            yield from (title for title, _ in bookmarks(outline.root))


def bookmarks(items: list[pikepdf.OutlineItem], level: int = 1) -> Iterator[tuple[str, int]]:
    for item in items:
        yield item.title, level
        yield from bookmarks(item.children, level + 1)


def test_no_english_sentence_is_left(edition: Path, tag: str) -> None:
    text = [letters(piece) for piece in said(edition)]
    kept = [letters(m.msgstr) for m in catalog_of(tag) if m.msgctxt in STAY]
    found = [
        sentence
        for message in catalog_of(tag)
        for sentence in sentences(message)
        if any(letters(sentence) in piece for piece in text)
        if not any(letters(sentence) in piece for piece in kept)
    ]
    assert found == []


def test_the_search_finds_english_where_there_is_some(editions: Mapping[str, Path]) -> None:
    text = [letters(piece) for piece in said(editions["en"])]
    of_report = [m for m in catalog_of("fr") if "this brief" not in m.msgid.casefold()]
    looked_for = [s for m in of_report for s in sentences(m)]
    found = [s for s in looked_for if any(letters(s) in piece for piece in text)]
    assert len(looked_for) > 200
    # All but what an edition in the language of the content doesn't have.
    assert len(found) > 0.95 * len(looked_for)


def test_no_translation_is_its_source(tag: str) -> None:
    long = [m for m in catalog_of(tag) if m.msgid and any(sentences(m)) and m.msgctxt not in STAY]
    same = [words(m) for m in long if m.msgstr == m.msgid]
    assert same == []


def test_conforms_to_pdf_ua_1(edition: Path) -> None:
    report = page.validate_pdf(str(edition), profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.total > 100
    assert report.rules.failed == 0, report.failures


def test_says_its_language_and_title(edition: Path, tag: str) -> None:
    catalog = catalog_of(tag)
    texts = {m.msgctxt: m.msgstr for m in catalog if m.msgctxt}
    title = plain_text(texts["report:title"]), plain_text(texts["report:subtitle"])
    with pikepdf.open(edition) as pdf:
        assert str(pdf.Root.Lang) == tag
        assert str(pdf.docinfo["/Title"]).startswith(title[0])
        assert title[1] in str(pdf.docinfo["/Title"])
        metadata = pdf.open_metadata()
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"])
        direction = pdf.Root.ViewerPreferences.get("/Direction", "/L2R")
        assert str(direction) == ("/R2L" if tag == "ar" else "/L2R")


def test_every_heading_has_a_bookmark(edition: Path) -> None:
    headings = [block.text for block in text_of(edition) if re.fullmatch("H[1-6]", block.tag)]
    with pikepdf.open(edition) as pdf, pdf.open_outline() as outline:
        titles = [title for title, _ in bookmarks(outline.root)]
    # A file has the glyphs of Arabic in the order of the page; which ones they are is the same.
    assert [sorted(letters(t)) for t in titles] == [sorted(letters(h)) for h in headings]


def test_has_what_the_original_has(editions: Mapping[str, Path], edition: Path) -> None:
    def tags(path: Path) -> list[str]:
        return [b.tag for b in text_of(path) if re.fullmatch("H[1-6]|LBody|Caption|Figure", b.tag)]

    def targets(path: Path) -> set[str]:
        with pikepdf.open(path) as pdf:
            links = (link for pdf_page in pdf.pages for link in pdf_page.get("/Annots", []))
            return {str(link.A.URI) if "/A" in link else str(link.Dest) for link in links}

    original = editions["en"]
    assert sorted(tags(edition)) == sorted(tags(original))
    assert targets(edition) == targets(original)


def test_only_vendored_fonts_are_used(edition: Path) -> None:
    names = embedded_fonts(edition)
    assert all(name.startswith(("Source-", "IBM-Plex-Sans-Arabic")) for name in names), names
