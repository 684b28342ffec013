"""Every word of the source stands in the PDF, in order, under the right headings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import Block

pytestmark = pytest.mark.xdist_group("report")

SOURCE = Path(__file__).parent / "source" / "taking-action-for-justice.txt"
RECORD = re.compile(r"^\[(?P<title>.+)\]\(#\) \((?P<id>[A-Z]+\d+); (?P<year>\d{4})\)(?P<rest>.*)$")
PILLAR = re.compile(r"^(\d)\. (.+)$")
LOST_HEADINGS = {"GR": "Greece", "LV": "Latvia", "NL": "Netherlands", "RO": "Romania"}
"""The source lost these members' names; the ids tell them."""


def plain(markdown: str) -> str:
    """Take the marks of the source away: links, emphasis, escapes, bullets."""
    text = re.sub(r"\[((?:\\.|[^\]])*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"<(https?://[^>]*)>", r"\1", text)
    return re.sub(r"^- ", "", text).replace("*", "").replace("\\", "")


def letters(text: str) -> str:
    """Keep letters and digits only: line breaks, hyphens and kinds of quotes are typesetting."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def source_blocks() -> list[str]:
    paragraphs = re.split(r"\n\s*\n", SOURCE.read_text(encoding="utf-8"))
    lines = (line for paragraph in paragraphs for line in paragraph.strip().split("\n"))
    return [plain(line) for line in lines if line.strip()]


def test_every_word_of_the_source_is_there_in_order(blocks: tuple[Block, ...]) -> None:
    text = letters(" ".join(block.text for block in blocks))
    place, missing = 0, []
    for block in source_blocks():
        found = text.find(letters(block), place)
        if found < 0:
            missing.append(block)
        else:
            place = found + len(letters(block))
    assert not missing


def test_the_comparison_notices_a_lost_word(blocks: tuple[Block, ...]) -> None:
    text = letters(" ".join(block.text for block in blocks))
    block = letters(next(b for b in source_blocks() if "highly impactful" in b))
    assert block in text
    assert block not in text.replace("highlyimpactful", "highly")


@dataclass(frozen=True)
class Record:
    id: str
    year: str
    pillar: str
    region: str
    member: str
    title: str
    summary: str


def source_records() -> list[Record]:
    """Read the records from the source: the headings above each say what it is of."""
    lines = [line for line in SOURCE.read_text(encoding="utf-8").split("\n") if line.strip()]
    pillar = region = member = ""
    records: list[Record] = []
    for index, line in enumerate(lines):
        if match := PILLAR.match(line):
            pillar = match[2]
        elif line in ("Africa", "Americas", "Asia Pacific", "Europe"):
            region = line
        elif match := RECORD.match(line):
            prefix = re.sub(r"\d", "", match["id"])
            summary = match["rest"].strip() or lines[index + 1]
            records.append(
                Record(
                    match["id"],
                    match["year"],
                    pillar,
                    region,
                    LOST_HEADINGS.get(prefix, member),
                    plain(match["title"]),
                    plain(summary),
                )
            )
        elif index + 1 < len(lines) and RECORD.match(lines[index + 1]):
            before = RECORD.match(lines[index - 1])
            if before is None or before["rest"].strip():  # else this line is a summary
                member = line.strip()
    return records


def pdf_records(blocks: tuple[Block, ...]) -> list[Record]:
    """Read the records from the tags of the PDF."""
    pillar = region = member = ""
    records: list[Record] = []
    for index, block in enumerate(blocks):
        if block.tag == "H2":
            pillar, region, member = block.text, "", ""
        elif block.tag == "H3":
            region, member = block.text, ""
        elif block.tag == "H4":
            member = block.text
        elif block.tag == "H5":
            meta, summary = blocks[index + 1], blocks[index + 2]
            found, year = meta.text.split("·")
            # A record never breaks over a page.
            assert block.page == meta.page == summary.page
            records.append(
                Record(
                    found.strip(), year.strip(), pillar, region, member, block.text, summary.text
                )
            )
    return records


def test_all_records_stand_under_their_pillar_region_and_member(blocks: tuple[Block, ...]) -> None:
    def normal(record: Record) -> tuple[str, ...]:
        pillar = record.pillar.lstrip("0123456789. ")
        texts = (pillar, record.region, record.member, record.title, record.summary)
        return record.id, record.year, *map(letters, texts)

    expected = [normal(record) for record in source_records()]
    assert len(expected) == 50
    assert [normal(record) for record in pdf_records(blocks)] == expected
