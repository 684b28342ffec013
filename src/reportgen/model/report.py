"""The validated report: what all later stages work on."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model.schema import (
    Author,
    ChartKind,
    Closing,
    Count,
    Grouping,
    Imprint,
    LinkStatus,
    Order,
    PillarPart,
    PlainPart,
    PrintRules,
    Publisher,
    SectionsPart,
    Setting,
    Unit,
)
from reportgen.source.csv import Table
from reportgen.source.markdown import Block
from reportgen.source.prose import Prose


@dataclass(frozen=True)
class Region:
    """A region that members belong to; `number` is its place in the file, from 1."""

    id: str
    number: int
    name: Prose


@dataclass(frozen=True)
class Pillar:
    """A theme that commitments stand under; `number` is its place in the file, from 1."""

    id: str
    number: int
    title: Prose
    points: tuple[Prose, ...]


@dataclass(frozen=True)
class Member:
    """A country or a local member. `country` is ISO 3166-1 alpha-2, for both kinds."""

    id: str
    name: Prose
    code: str
    country: str
    is_local: bool
    region: Region
    location: tuple[float, float] | None


@dataclass(frozen=True)
class Commitment:
    """A commitment record. `url` is its public page, if the report says how to make its address."""

    id: str
    year: int
    member: Member
    pillar: Pillar
    title: Prose
    summary: Prose
    url: str | None


@dataclass(frozen=True)
class Link:
    """A named link of the narrative; without `url` its text stands as plain text."""

    name: str
    status: LinkStatus
    url: str | None


@dataclass(frozen=True)
class Figure:
    """A chart or a map.

    `table` holds the numbers of a figure that has a CSV file, and has no rows while they are to be
    supplied; `count` says what the records are counted by otherwise.
    """

    id: str
    title: Prose
    kind: ChartKind
    alt: Prose
    unit: Unit
    axis: Prose | None
    caption: Prose | None
    count: Count | None
    table: Table | None


@dataclass(frozen=True)
class Section:
    """A narrative section."""

    name: str
    title: Prose
    editorial: bool
    setting: Setting
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Marks:
    """Which records the pages mark as new or changed, by their ids, in order.

    `since` is a day, as ``YYYY-MM-DD``.
    """

    since: str
    new: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """A whole report in one language. `marks` are set for a build that shows what has changed."""

    slug: str
    language: str
    title: Prose
    subtitle: Prose | None
    year: int
    month: int
    version: str
    keywords: tuple[Prose, ...]
    authors: tuple[Author, ...]
    publishers: tuple[Publisher, ...]
    imprint: Imprint
    closing: Closing
    print: PrintRules
    group_by: tuple[Grouping, ...]
    order: Order
    parts: tuple[PlainPart | SectionsPart | PillarPart, ...]
    pillars: tuple[Pillar, ...]
    regions: tuple[Region, ...]
    members: tuple[Member, ...]
    commitments: tuple[Commitment, ...]
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    links: tuple[Link, ...]
    marks: Marks | None = None
