"""The form of each content file: one class a file or entry, one line a key.

The docstring below a key is its documentation; :mod:`reportgen.editing.schemas` shows it in the
editor. Keys that are not named here are refused. What two keys must keep together is checked by the
form, and told as JSON Schema in its `json_schema_extra`; what depends on more than one file is
checked in :mod:`reportgen.model.rules`.
"""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, cast, dataclass_transform

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    StrictInt,
    StringConstraints,
    model_validator,
)
from pydantic.dataclasses import dataclass

from reportgen.source.prose import Prose

FormType = TypeVar("FormType")

_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_LONGEST_NAME = 80

Name = Annotated[
    str, StringConstraints(strict=True, pattern=f"^{_NAME}$", max_length=_LONGEST_NAME)
]
"""A name that files and links can carry: lower-case letters, digits and single hyphens."""

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
"""A text that is not translated, such as a name or a file name."""

Url = Annotated[str, StringConstraints(strict=True, pattern=r'^(?:https?://|mailto:)[^\s<>"]+$')]
"""The address of a public page."""


Latitude = Annotated[float, Field(strict=True, ge=-90, le=90)]
Longitude = Annotated[float, Field(strict=True, ge=-180, le=180)]


def is_name(text: str) -> bool:
    """Tell whether a text is a `Name`."""
    return len(text) <= _LONGEST_NAME and re.fullmatch(_NAME, text) is not None


def _in_order(years: tuple[int, int]) -> tuple[int, int]:
    if years[0] > years[1]:
        raise ValueError("the first year comes after the last one")
    return years


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def form(cls: type[FormType]) -> type[FormType]:
    """Make a class a form: a frozen dataclass that validates, and takes no keys but its own.

    It is a dataclass and not a pydantic model, because models bring methods along, such as those
    that read files: templates are handed what forms hold.
    """
    form_type: Any = cls
    own = getattr(cls, "__pydantic_config__", {})
    # Built when the first file of its kind is read: most stand within another form only.
    form_type.__pydantic_config__ = {"extra": "forbid", "defer_build": True, **own}
    made: Any = dataclass(frozen=True, kw_only=True)(form_type)
    return cast(type[FormType], made)


@form
class Author:
    """A person who wrote the report."""

    name: Text
    """The name, as printed."""
    role: Prose | None = None
    """Position and organisation, as printed under the name."""


@form
class Publisher:
    """An organisation that publishes the report, as its word mark says it."""

    name: Text
    """The name of the organisation, as its word mark."""
    descriptor: Prose | None = None
    """The line under the name."""
    host: Prose | None = None
    """Who hosts the organisation."""


@form
class License:
    """The licence of the report's text."""

    name: Text
    """The name of the licence."""
    url: Url
    """The address of its text."""
    statement: Prose
    """The whole paragraph of the imprint."""


@form
class Imprint:
    """What stands on the page after the cover."""

    license: License
    """The licence of the report's text."""
    citation: Prose
    """How the report is to be cited."""
    funding: Prose | None = None
    """Who gave the money."""
    acknowledgments: Prose | None = None
    """Whom the authors thank."""


@form
class Pointer:
    """A sentence on the closing page that leads to a public page."""

    text: Prose
    """The sentence."""
    url: Url
    """Where it leads."""


@form
class Closing:
    """What stands on the last page."""

    about: Prose
    """About the publisher."""
    collaboration: Prose | None = None
    """Whom the report was made with."""
    more: tuple[Pointer, ...] = ()
    """Sentences that lead to public pages."""


class Grouping(StrEnum):
    """What the records of a pillar are grouped by, from the outside in."""

    REGION = "region"
    MEMBER = "member"


class Order(StrEnum):
    """The order of the records within a group."""

    LISTED = "listed"
    ID = "id"
    YEAR = "year"
    TITLE = "title"


def _from_outside_in(groups: tuple[Grouping, ...]) -> tuple[Grouping, ...]:
    if groups != tuple(group for group in Grouping if group in groups):
        raise ValueError("groups stand from the outside in, each once: region, member")
    return groups


@form
class CommitmentRules:
    """What all commitment records must keep, and how they are grouped and ordered."""

    id_form: Annotated[str, StringConstraints(strict=True, pattern=r"^\{prefix\}[-_.A-Z0]*0$")] = (
        "{prefix}0000"
    )
    """The form of an id: the member's prefix, then 0 for each digit."""
    years: Annotated[tuple[StrictInt, StrictInt], AfterValidator(_in_order)]
    """The first and the last year that a record may have."""
    group_by: Annotated[tuple[Grouping, ...], AfterValidator(_from_outside_in)] = (
        Grouping.REGION,
        Grouping.MEMBER,
    )
    """What the records of a pillar are grouped by."""
    order: Order = Order.LISTED
    """The order of the records within a group."""


@form
class SectionsPart:
    """A part made of narrative sections that follow each other on its pages."""

    sections: Annotated[tuple[Name, ...], Field(min_length=1)]
    """The names of the sections: those of their files, without `.md`."""


@form
class PillarPart:
    """A part made of one pillar: its opener and its commitments."""

    pillar: Name
    """A key of `pillars.yaml`."""


PlainPart = Literal["cover", "imprint", "contents", "index", "closing"]
"""A part that needs no name."""

ReportPart = PlainPart | SectionsPart | PillarPart
"""A part of a report, as the content names it."""

Parts = Annotated[tuple[ReportPart, ...], Field(min_length=1)]
"""Parts in their order."""

PartKind = Literal[PlainPart, "sections", "pillar"]
"""A kind of part."""


class Colors(StrEnum):
    """What the print edition is printed in."""

    CMYK = "cmyk"
    """Four process inks."""
    GRAY = "gray"
    """Black ink alone."""


@form
class PrintRules:
    """What the print edition keeps: what a printer asks for, and where parts begin."""

    profile: Text | None = None
    """The printer's ICC profile, a file in `content/`; by default the toolkit's own FOGRA39."""
    condition: Text | None = None
    """The printing condition's name; by default `FOGRA39`, or the profile's own description."""
    bleed: Annotated[float, Field(strict=True, ge=0, le=20)] = 3
    """How far colour goes on beyond the cut, in millimetres."""
    ink_limit: Annotated[StrictInt, Field(ge=100, le=400)] = 300
    """The most ink in one place: the sum of the four, in per cent."""
    colors: Colors = Colors.CMYK
    """What it is printed in."""
    pages_multiple_of: Annotated[StrictInt, Field(ge=1, le=64)] = 1
    """What the number of pages is a multiple of: 4 for a stapled booklet."""
    recto: tuple[PartKind, ...] = ("pillar",)
    """The kinds of part that begin on a right-hand page, in Arabic on a left-hand one."""


@form
class BriefRules:
    """What a brief has: the report of some of its records only, such as one member's."""

    parts: Parts
    """The parts of a brief in their order; a pillar without a selected record is left out."""


@form
class ReportFile:
    """`content/report.yaml`: the report as a whole."""

    slug: Name
    """The name of the output files."""
    language: Annotated[
        str,
        StringConstraints(strict=True, pattern=r"^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$"),
    ]
    """The language that the content is written in (BCP 47), such as `en` or `pt-BR`."""
    title: Prose
    """The report's title."""
    subtitle: Prose | None = None
    """The line under the title."""
    date: Annotated[
        str, StringConstraints(strict=True, pattern=r"^[1-9][0-9]{3}-(?:0[1-9]|1[0-2])$")
    ]
    """Year and month of publication, such as `2021-12`."""
    version: Text = "1.0"
    """The version of the publication, which the files carry: raise it when you publish again."""
    keywords: tuple[Prose, ...] = ()
    """Subject words for libraries and search engines."""
    authors: Annotated[tuple[Author, ...], Field(min_length=1)]
    """Who wrote the report."""
    publishers: Annotated[tuple[Publisher, ...], Field(min_length=1)]
    """Who publishes it."""
    imprint: Imprint
    """What stands on the page after the cover."""
    closing: Closing
    """What stands on the last page."""
    commitments: CommitmentRules
    """What all records must keep, and how they are grouped and ordered."""
    print: PrintRules = PrintRules()
    """What the print edition keeps: what a printer asks for, and where parts begin."""
    parts: Parts
    """The parts of the report in their order."""
    brief: BriefRules | None = None
    """What a brief has; without it, all parts."""


@form
class PillarEntry:
    """An entry of `content/pillars.yaml`: a theme that commitments stand under."""

    title: Prose
    """The pillar's title."""
    points: tuple[Prose, ...] = ()
    """What the theme asks for, printed on its opener."""


@form
class RegionEntry:
    """An entry of `content/regions.yaml`."""

    name: Prose
    """The name, as printed."""


@form
class MemberEntry:
    """An entry of `content/members.yaml`: a country or a local member."""

    name: Prose
    """The name as printed; for a local member the place alone, its country is added."""
    code: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$")]
    """ISO 3166-1 alpha-2 for a country, ISO 3166-2 for a local member."""
    region: Name
    """A key of `regions.yaml`."""
    parent: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2}$")] | None = None
    """The country of a local member (ISO 3166-1 alpha-2)."""
    id_prefix: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2,4}$")] | None = None
    """What the ids of its commitments begin with, if not the country's code."""
    slug: Name | None = None
    """The member's name in the addresses of its commitments, if not the key of this entry."""
    location: tuple[Latitude, Longitude] | None = None
    """Latitude and longitude in degrees, for a dot on the map."""


@form
class CommitmentEntry:
    """A record of a `content/commitments/*.yaml` file."""

    id: Text
    """The id, once in the report, of the form that `report.yaml` gives."""
    year: StrictInt
    """The year, within those that `report.yaml` gives."""
    pillar: Name
    """A key of `pillars.yaml`."""
    title: Prose
    """The title; a link to the record's page if `links.yaml` gives its address."""
    summary: Prose
    """What was promised: one paragraph."""


@form
class CommitmentsFile:
    """`content/commitments/<member>.yaml`: the commitments of one member."""

    member: Name
    """A key of `members.yaml`; the file is called so too."""
    commitments: Annotated[tuple[CommitmentEntry, ...], Field(min_length=1)]
    """The records, in their order."""


class LinkStatus(StrEnum):
    """How sure we are of a link's target."""

    ORIGINAL = "original"
    """The source prints it."""
    FOUND = "found"
    """A public page that is what the link's text names; to be confirmed."""
    UNKNOWN = "unknown"
    """Not known: the link's text stands as plain text on the page."""


@form
class LinkEntry:
    """An entry under `links` of `content/links.yaml`."""

    __pydantic_config__ = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"status": {"const": "unknown"}}},
            "then": {"properties": {"url": {"type": "null"}}},
            "else": {"properties": {"url": {"type": "string"}}, "required": ["url"]},
        }
    )

    status: LinkStatus
    """How sure we are of the target."""
    url: Url | None = None
    """Where it leads; none if the status is `unknown`."""
    note: Text | None = None
    """A line for the editor; it is not printed."""

    @model_validator(mode="after")
    def _url_if_known(self) -> LinkEntry:
        if (self.url is None) is not (self.status is LinkStatus.UNKNOWN):
            raise ValueError("a link has a url, or else the status 'unknown'")
        return self


@form
class LinksFile:
    """`content/links.yaml`: where links lead to."""

    commitment: (
        Annotated[str, StringConstraints(strict=True, pattern=r'^https?://[^\s<>"]+$')] | None
    ) = None
    """The address of a commitment's page, with `{member}` and `{id}` in it."""
    links: dict[Name, LinkEntry] = field(default_factory=dict)
    """The links of the narrative by name."""


class ChartKind(StrEnum):
    """How a figure is drawn."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"
    MAP = "map"


class Unit(StrEnum):
    """What a figure's numbers are."""

    NUMBER = "number"
    PERCENT = "percent"


class Count(StrEnum):
    """What the records are counted by."""

    YEAR = "year"
    PILLAR = "pillar"
    REGION = "region"
    MEMBER = "member"


@form
class FigureFile:
    """`content/figures/<id>.yaml`: a chart of a CSV file's numbers, or of counted records."""

    __pydantic_config__ = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"properties": {key: {"type": "string"}}, "required": [key]}
                for key in ("data", "count")
            ],
            "if": {"properties": {"count": {"const": "member"}}, "required": ["count"]},
            "then": {"properties": {"kind": {"const": "map"}}},
            "else": {"properties": {"kind": {"not": {"const": "map"}}}},
        }
    )

    title: Prose
    """The figure's title."""
    kind: ChartKind
    """How it is drawn; a map counts members."""
    alt: Prose
    """What the drawing shows, for a reader who can't see it."""
    data: Text | None = None
    """The CSV file with the numbers, beside this file."""
    count: Count | None = None
    """What the records are counted by, in place of `data`."""
    unit: Unit = Unit.NUMBER
    """What the numbers are; 12.5 is 12.5 % if it is `percent`."""
    axis: Prose | None = None
    """What the numbers are, printed at the axis."""
    caption: Prose | None = None
    """The line under the figure."""

    @model_validator(mode="after")
    def _one_source(self) -> FigureFile:
        if (self.data is None) is (self.count is None):
            raise ValueError("a figure has either 'data' or 'count'")
        if (self.kind is ChartKind.MAP) is not (self.count is Count.MEMBER):
            raise ValueError("a map counts members, and members are counted on a map")
        return self


class Setting(StrEnum):
    """How a section's text is set."""

    TEXT = "text"
    LEAD = "lead"
    """In larger type: for a short section that has a page of its own."""


@form
class SectionFrontMatter:
    """The front matter of `content/sections/*.md`."""

    title: Prose
    """The section's heading."""
    editorial: StrictBool = False
    """Whether this edition added the section, which the page then says."""
    setting: Setting = Setting.TEXT
    """How its text is set."""


class Entries(RootModel[dict[Name, dict[str, object]]]):
    """A file that is a mapping from names to entries."""


class TableText(StrEnum):
    """What the texts of a table are."""

    MARKDOWN = "markdown"
    PLAIN = "plain"
    """Plain text: a star is a star."""


class NewRecords(StrEnum):
    """What becomes of the records of a table that the content doesn't have."""

    ADD = "add"
    SKIP = "skip"


@form
class TableColumns:
    """Which column of a table has what of a record; what isn't named is not the table's."""

    id: Text
    """The column with the record's id, which says which record a row is."""
    member: Text | None = None
    """The column with the member's key, name, or what `values` calls it."""
    year: Text | None = None
    """The column with the year, or with a date in it."""
    pillar: Text | None = None
    """The column with the pillar's key, title, or what `values` calls it."""
    title: Text | None = None
    """The column with the title."""
    summary: Text | None = None
    """The column with the summary."""


@form
class TableValues:
    """What a table calls members and pillars, where it isn't their name, title or key."""

    member: dict[Text, Name] = field(default_factory=dict)
    """The table's words for members, and the key of each."""
    pillar: dict[Text, Name] = field(default_factory=dict)
    """The table's words for pillars, and the key of each."""


@form
class TableMapping:
    """How the records of a table are read."""

    columns: TableColumns
    """Which column has what."""
    values: TableValues = TableValues()
    """What the table calls members and pillars."""
    text: TableText = TableText.MARKDOWN
    """What its texts are."""
    new: NewRecords = NewRecords.ADD
    """What becomes of records that the content doesn't have."""


@form
class ImportFile:
    """`content/import.yaml`: the tables that commitments are imported from."""

    commitments: Annotated[dict[Name, TableMapping], Field(min_length=1)]
    """The kinds of table by name; the first whose columns a table has is the one."""
