"""The table of contents and the list of figures, from the model: what stands where."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.locales.locale import Locale
from reportgen.model.report import Figure, Pillar, Report
from reportgen.pages.anchors import (
    INDEX_ANCHOR,
    commitment_anchor,
    figure_anchor,
    member_anchor,
    pillar_anchor,
    region_anchor,
    section_anchor,
)
from reportgen.pages.catalogue import grouped
from reportgen.pages.parts import Part
from reportgen.source.markdown import Image
from reportgen.source.prose import Prose


@dataclass(frozen=True)
class Entry:
    """A line of the contents, and those below it. `pillar` is set where the line is a pillar's."""

    title: Prose
    anchor: str
    pillar: Pillar | None = None
    below: tuple[Entry, ...] = ()


def contents(report: Report, parts: tuple[Part, ...], locale: Locale) -> tuple[Entry, ...]:
    """Give the lines of the table of contents in the order of the parts."""
    entries: list[Entry] = []
    for part in parts:
        entries += [Entry(section.title, section_anchor(section)) for section in part.sections]
        if part.pillar:
            regions = tuple(
                Entry(group.region.name, region_anchor(part.pillar, group.region))
                for group in grouped(report, part.pillar, locale)
                if group.region
            )
            anchor = pillar_anchor(part.pillar)
            entries.append(Entry(part.pillar.title, anchor, part.pillar, regions))
        if part.kind == "index":
            title = locale.gettext("Index of members and commitments")
            entries.append(Entry(Prose(title), INDEX_ANCHOR))
    return tuple(entries)


def printed_anchors(report: Report, parts: tuple[Part, ...]) -> frozenset[str]:
    """Give the anchors that links can lead to: those of what the parts print."""
    pillars = [part.pillar for part in parts if part.pillar]
    records = [c for c in report.commitments if c.pillar in pillars]
    has_index = any(part.kind == "index" for part in parts)
    return frozenset(
        (
            *(section_anchor(section) for part in parts for section in part.sections),
            *map(pillar_anchor, pillars),
            *map(commitment_anchor, records),
            *map(figure_anchor, placed_figures(report, parts)),
            *(member_anchor(c.member) for c in report.commitments if has_index),
        )
    )


def placed_figures(report: Report, parts: tuple[Part, ...]) -> tuple[Figure, ...]:
    """Give the figures that the parts place, in their order: so they are numbered."""
    figures = {f"figure:{figure.id}": figure for figure in report.figures}
    return tuple(
        figures[block.source]
        for part in parts
        for section in part.sections
        for block in section.blocks
        if isinstance(block, Image) and block.source in figures
    )
