"""The names of the places in a report that links, bookmarks and page numbers lead to."""

from __future__ import annotations

from reportgen.model.report import Commitment, Figure, Member, Pillar, Region, Section


def section_anchor(section: Section) -> str:
    """Give the anchor of a section's heading."""
    return f"section-{section.name}"


def pillar_anchor(pillar: Pillar) -> str:
    """Give the anchor of a pillar's heading."""
    return f"pillar-{pillar.id}"


def region_anchor(pillar: Pillar, region: Region) -> str:
    """Give the anchor of a region's heading within a pillar."""
    return f"pillar-{pillar.id}-region-{region.id}"


def commitment_anchor(commitment: Commitment) -> str:
    """Give the anchor of a record."""
    return f"commitment-{commitment.id}"


def figure_anchor(figure: Figure) -> str:
    """Give the anchor of a figure."""
    return f"figure-{figure.id}"


def member_anchor(member: Member) -> str:
    """Give the anchor of a member's entry in the index."""
    return f"member-{member.id}"


INDEX_ANCHOR = "index"
"""The anchor of the index."""


def target_anchor(kind: str, name: str) -> str:
    """Give the anchor that a link such as ``commitment:ID`` leads to; kinds are the model's."""
    return f"{kind}-{name}"
