"""A brief: the report of some of the records only, such as one member's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from reportgen.model.report import Commitment, Report, Section
from reportgen.model.rules import FIGURE
from reportgen.model.schema import PillarPart, ReportPart, SectionsPart
from reportgen.model.selection import Facets, Selection
from reportgen.source.markdown import Image

FEWEST_INDEXED = 6
"""How many members an index has at least."""


def facets_of(commitment: Commitment) -> Facets:
    """Give what a record can be selected by."""
    member = commitment.member
    return Facets(member.id, member.region.id, commitment.pillar.id, str(commitment.year))


def selectable(report: Report) -> tuple[Commitment, ...]:
    """Give the records that briefs print: those of the pillars among their parts."""
    pillars = {part.pillar for part in report.brief if isinstance(part, PillarPart)}
    return tuple(c for c in report.commitments if c.pillar.id in pillars)


def select(report: Report, selection: Selection) -> Report:
    """Give the report of the selected records: the parts of a brief, and what they print.

    What has no record is left out: members, regions, pillars with their parts. Those that the
    selection names stay known, as the brief is called by them. An index of a few members is left
    out, as who looks for one finds it without. Without a selection, it is the report as it is.
    """
    if not selection:
        return report
    records = tuple(c for c in selectable(report) if selection.takes(facets_of(c)))
    members = {c.member.id for c in records}
    pillars = {c.pillar.id for c in records}
    parts = tuple(part for part in report.brief if _has_content(part, pillars, len(members)))
    names = {name for p in parts if isinstance(p, SectionsPart) for name in p.sections}
    sections = tuple(section for section in report.sections if section.name in names)
    placed = _placed(sections)
    known = tuple(m for m in report.members if m.id in members or m.id in selection.member)
    regions = {member.region.id for member in known} | {*selection.region}
    return replace(
        report,
        selection=selection,
        parts=parts,
        brief=parts,
        pillars=tuple(p for p in report.pillars if p.id in pillars or p.id in selection.pillar),
        regions=tuple(region for region in report.regions if region.id in regions),
        members=known,
        commitments=records,
        sections=sections,
        figures=tuple(figure for figure in report.figures if figure.id in placed),
    )


def _has_content(part: ReportPart, pillars: Collection[str], members: int) -> bool:
    """Tell whether a part has something to print."""
    if isinstance(part, PillarPart):
        return part.pillar in pillars
    return part != "index" or members >= FEWEST_INDEXED


def _placed(sections: tuple[Section, ...]) -> set[str]:
    """Give the ids of the figures that sections place."""
    return {
        block.source.removeprefix(FIGURE)
        for section in sections
        for block in section.blocks
        if isinstance(block, Image)
    }
