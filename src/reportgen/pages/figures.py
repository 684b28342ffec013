"""From a figure of the report to its drawing: numbers, names, colours for the chart or map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from reportgen.locales.locale import Locale
from reportgen.model.report import Figure, Report
from reportgen.model.schema import Count, Unit
from reportgen.pages.catalogue import counted, member_name
from reportgen.pages.charts import ChartData, Series, draw_chart
from reportgen.pages.worldmap import Dot, draw_map
from reportgen.source.markdown import plain_text

Drawing = Callable[[], str]
"""Draws a figure as inline SVG. It can be sent to another process."""


def chart_data(figure: Figure, report: Report, locale: Locale) -> ChartData | None:
    """Give the numbers of a figure, from its table or counted; nothing while they are missing."""
    if figure.count is None:
        table = figure.table
        if table is None or not table.rows:
            return None
        series = tuple(
            Series(name, tuple(row.values[index] for row in table.rows))
            for index, name in enumerate(table.columns[1:])
        )
        return ChartData(tuple(row.name for row in table.rows), series)
    pairs = counted(report, figure.count)
    names: Mapping[str, str] = {
        Count.YEAR: {name: name for name, _ in pairs},
        Count.PILLAR: {
            p.id: f"{locale.number(p.number)}. {plain_text(p.title)}" for p in report.pillars
        },
        Count.REGION: {r.id: plain_text(r.name) for r in report.regions},
        Count.MEMBER: {m.id: member_name(m, locale) for m in report.members},
    }[figure.count]
    colors: tuple[str, ...] = ()
    if figure.count is Count.PILLAR:
        numbers = {pillar.id: pillar.number for pillar in report.pillars}
        colors = tuple(f"pillar-{numbers[name]}-ground" for name, _ in pairs)
    values = tuple(float(number) for _, number in pairs)
    series = (Series(plain_text(figure.axis or figure.title), values),)
    return ChartData(tuple(names[name] for name, _ in pairs), series, colors)


def alternative(figure: Figure, data: ChartData, locale: Locale) -> str:
    """Give a figure's alternative text with its numbers, as a reader who sees it has them."""
    write = locale.percent if figure.unit is Unit.PERCENT else locale.number
    told = [
        f"{series.name}: " * (len(data.series) > 1)
        + "; ".join(
            f"{category}: {write(value)}"
            for category, value in zip(data.categories, series.values, strict=True)
            if value is not None
        )
        for series in data.series
    ]
    return f"{plain_text(figure.alt)} {'. '.join(told)}."


def drawing_of(
    figure: Figure, report: Report, locale: Locale, tokens: Mapping[str, str], width: float
) -> Drawing | None:
    """Give what draws a figure, `width` mm wide; nothing while its numbers are missing."""
    data = chart_data(figure, report, locale)
    if data is None:
        return None
    alt = alternative(figure, data, locale)
    tokens = dict(tokens)
    if figure.count is Count.MEMBER:
        counts = dict(counted(report, Count.MEMBER))
        members = [member for member in report.members if member.id in counts]
        codes = frozenset(m.code for m in members if not m.is_local)
        dots = tuple(Dot(*m.location) for m in members if m.location)
        return partial(draw_map, codes, dots, alt=alt, tokens=tokens, width=width)
    return partial(
        draw_chart,
        figure.kind,
        data,
        unit=figure.unit,
        axis=plain_text(figure.axis) if figure.axis else None,
        alt=alt,
        tokens=tokens,
        # Charts have numbers and no words: translations can't be sent.
        locale=replace(locale, translations=None),
        width=width,
    )


def draw(drawing: Drawing) -> str:
    """Draw a figure here and now."""
    return drawing()
