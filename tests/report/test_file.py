"""The file as a screen reader, a validator and a browser meet it."""

from __future__ import annotations

import re
from pathlib import Path

import page
import pikepdf
import pytest
import yaml

from .conftest import ROOT, Block, embedded_fonts, run_reportgen

pytestmark = pytest.mark.xdist_group("report")


def test_conforms_to_pdf_ua_1(built: Path) -> None:
    report = page.validate_pdf(str(built), profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.total > 100
    assert report.rules.failed == 0, report.failures


def test_fonts_are_embedded(built: Path) -> None:
    names = embedded_fonts(built)
    # Only the vendored families: no machine's own font slips in.
    assert all(name.startswith("Source-") for name in names), names


def test_says_its_language_title_and_authors(built: Path) -> None:
    settings = yaml.safe_load((ROOT / "content/report.yaml").read_text(encoding="utf-8"))
    with pikepdf.open(built) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == f"{settings['title']}: {settings['subtitle']}"
        assert str(pdf.docinfo["/Author"]) == settings["authors"][0]["name"]
        assert pdf.open_metadata()["dc:title"] == str(pdf.docinfo["/Title"])


def test_every_heading_has_a_bookmark(built: Path, blocks: tuple[Block, ...]) -> None:
    headings = [_words(b.text) for b in blocks if re.fullmatch("H[1-6]", b.tag)]
    with pikepdf.open(built) as pdf, pdf.open_outline() as outline:
        titles = []

        def walk(items: list[pikepdf.OutlineItem]) -> None:
            for item in items:
                titles.append(_words(item.title))
                walk(item.children)

        walk(outline.root)
    assert titles == headings


def _words(text: str) -> str:
    return re.sub(r"\W", "", text)


def test_links_lead_somewhere_and_say_where(built: Path) -> None:
    targets, names = set(), set()
    with pikepdf.open(built) as pdf:
        destinations = set(pikepdf.NameTree(pdf.Root.Names.Dests).keys())
        for pdf_page in pdf.pages:
            for link in pdf_page.get("/Annots", []):
                assert str(link.Contents).strip()
                assert int(link.F) & 4, "the print flag"
                if "/A" in link:
                    targets.add(str(link.A.URI))
                else:
                    names.add(str(link.Dest))
    assert names <= destinations
    assert all(re.match(r"https://\S+$", target) for target in targets)
    ids = {
        record["id"]
        for path in (ROOT / "content/commitments").glob("*.yaml")
        for record in yaml.safe_load(path.read_text(encoding="utf-8"))["commitments"]
    }
    linked = {match[1] for t in targets if (match := re.search(r"/commitments/(\w+)/$", t))}
    assert linked == ids
    assert {f"commitment-{name}" for name in ids} <= names, "the index leads to each record"


def test_a_link_without_a_known_target_is_text(built: Path, blocks: tuple[Block, ...]) -> None:
    links = yaml.safe_load((ROOT / "content/links.yaml").read_text(encoding="utf-8"))["links"]
    unknown = {name for name, link in links.items() if link["status"] == "unknown"}
    assert unknown
    with pikepdf.open(built) as pdf:
        said = {str(a.Contents) for p in pdf.pages for a in p.get("/Annots", [])}
    assert "Shared Strategy for 2020-2023" not in said
    assert any("SharedStrategyfor20202023" in _words(block.text) for block in blocks)


def test_missing_numbers_are_said_on_the_page(blocks: tuple[Block, ...]) -> None:
    text = " ".join(block.text for block in blocks)
    for path in (ROOT / "content/figures").glob("*.csv"):
        if len(path.read_text(encoding="utf-8").splitlines()) == 1:
            assert f"content/figures/{path.name}" in text


def test_figures_have_alternative_text_with_their_numbers(built: Path) -> None:
    with pikepdf.open(built) as pdf:
        alternatives = [
            str(item.Alt)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
    assert any("2019: 28; 2020: 20; 2021: 2" in text for text in alternatives)


def test_building_twice_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    result = run_reportgen("build", "--out", str(tmp_path), "--quiet", PYTHONHASHSEED="7")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / built.name).read_bytes() == built.read_bytes()
