"""The parts of a report: the units that are rendered, laid out and numbered one by one."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model.report import Pillar, Report, Section
from reportgen.model.schema import PillarPart, SectionsPart


@dataclass(frozen=True)
class Part:
    """A part. `kind` names its template; `sections` or `pillar` are what it prints, if it does."""

    key: str
    kind: str
    sections: tuple[Section, ...] = ()
    pillar: Pillar | None = None


def parts_of(report: Report) -> tuple[Part, ...]:
    """Give the parts of a report in their order; a key is unique and stays when parts move."""
    sections = {section.name: section for section in report.sections}
    pillars = {pillar.id: pillar for pillar in report.pillars}
    parts: list[Part] = []
    for part in report.parts:
        if isinstance(part, SectionsPart):
            members = tuple(sections[name] for name in part.sections)
            parts.append(Part(f"sections-{part.sections[0]}", "sections", sections=members))
        elif isinstance(part, PillarPart):
            parts.append(Part(f"pillar-{part.pillar}", "pillar", pillar=pillars[part.pillar]))
        else:
            parts.append(Part(part, part))
    return tuple(parts)
