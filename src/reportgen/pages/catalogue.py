"""The records grouped, ordered and counted as the pages show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from reportgen.locales.locale import Locale
from reportgen.model.report import Commitment, Member, Pillar, Region, Report
from reportgen.model.schema import Count, Grouping, Order
from reportgen.source.markdown import plain_text


@dataclass(frozen=True)
class MemberGroup:
    """Records of one member that stand together."""

    member: Member
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True)
class RegionGroup:
    """Members' records that stand under one region's heading, or under none."""

    region: Region | None
    members: tuple[MemberGroup, ...]


@dataclass(frozen=True)
class Tally:
    """How many records, members and regions a pillar has."""

    commitments: int
    members: int
    regions: int


def member_name(member: Member, locale: Locale) -> str:
    """Give a member's name as printed: a local member's with its country."""
    if not member.is_local:
        return str(member.name)
    # Translators: a place and its country, such as “Auckland, New Zealand”.
    pattern = locale.gettext("%(place)s, %(country)s")
    return pattern % {"place": member.name, "country": locale.country(member.country)}


def selection_label(report: Report, locale: Locale, *, in_pillar: bool = False) -> str:
    """Give what a brief is of, in the words of its readers; nothing for a whole report.

    Names of a kind are listed as in a sentence; a dot stands between members, regions, pillars and
    years. `in_pillar` leaves out pillars, where the title of one stands already.
    """
    asked = report.selection
    members = [member_name(m, locale) for m in report.members if m.id in asked.member]
    regions = [plain_text(region.name) for region in report.regions if region.id in asked.region]
    named = () if in_pillar else asked.pillar
    pillars = [plain_text(pillar.title) for pillar in report.pillars if pillar.id in named]
    kinds = (sorted(members, key=locale.sort_key), regions, pillars, asked.year)
    return " · ".join(locale.listing(names) for names in kinds if names)


def grouped(report: Report, pillar: Pillar, locale: Locale) -> tuple[RegionGroup, ...]:
    """Give the records of a pillar in the groups and the order that the report asks for."""
    by_region = Grouping.REGION in report.group_by
    by_member = Grouping.MEMBER in report.group_by
    orders: dict[Order, Callable[[Commitment], object]] = {
        Order.LISTED: lambda _: (),
        Order.ID: lambda c: c.id,
        Order.YEAR: lambda c: (c.year, c.id),
        Order.TITLE: lambda c: locale.sort_key(c.title),
    }
    records = [c for c in report.commitments if c.pillar is pillar]
    # Sorting is stable: the innermost order is made first and holds within the outer ones.
    records.sort(key=orders[report.order])  # type: ignore[arg-type]
    if by_member:
        records.sort(key=lambda c: locale.sort_key(member_name(c.member, locale)))
    if by_region:
        records.sort(key=lambda c: c.member.region.number)
    return tuple(
        RegionGroup(region, _member_groups(group))
        for region, group in groupby(records, key=lambda c: c.member.region if by_region else None)
    )


def _member_groups(records: Iterable[Commitment]) -> tuple[MemberGroup, ...]:
    return tuple(
        MemberGroup(member, tuple(group)) for member, group in groupby(records, lambda c: c.member)
    )


def tally(report: Report, pillar: Pillar) -> Tally:
    """Count a pillar's records, and the members and regions that have one."""
    records = [c for c in report.commitments if c.pillar is pillar]
    members = {c.member.id for c in records}
    regions = {c.member.region.id for c in records}
    return Tally(len(records), len(members), len(regions))


def counted(report: Report, count: Count) -> tuple[tuple[str, int], ...]:
    """Count the records by year, pillar, region or member; what has none is left out.

    The first of each pair is the year, or the id of the pillar, region or member; they stand in
    the order of years or of their files.
    """
    key: dict[Count, Callable[[Commitment], str]] = {
        Count.YEAR: lambda c: str(c.year),
        Count.PILLAR: lambda c: c.pillar.id,
        Count.REGION: lambda c: c.member.region.id,
        Count.MEMBER: lambda c: c.member.id,
    }
    order: dict[Count, Iterable[str]] = {
        Count.YEAR: sorted({str(c.year) for c in report.commitments}),
        Count.PILLAR: (pillar.id for pillar in report.pillars),
        Count.REGION: (region.id for region in report.regions),
        Count.MEMBER: (member.id for member in report.members),
    }
    numbers = Counter(map(key[count], report.commitments))
    return tuple((name, numbers[name]) for name in order[count] if numbers[name])


def members_by_name(report: Report, locale: Locale) -> tuple[MemberGroup, ...]:
    """Give all members that have records, by name, each with its records by id."""
    records = sorted(report.commitments, key=lambda c: c.id)
    groups = [
        MemberGroup(member, tuple(c for c in records if c.member is member))
        for member in report.members
    ]
    return tuple(
        sorted(
            (group for group in groups if group.commitments),
            key=lambda group: locale.sort_key(member_name(group.member, locale)),
        )
    )
