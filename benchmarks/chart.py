"""The medians as a picture: a bar for each, drawn by the toolkit's own charts."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from benchmarks.table import Row, Table
from reportgen.locales.locale import Locale
from reportgen.model.schema import ChartKind, Unit
from reportgen.pages.charts import ChartData, Series, draw_chart
from reportgen.project import Project
from reportgen.source.tokens import TOKENS, read_tokens

_WIDTH = 160.0
_MARGIN = 12.0
_FALLBACK = "Helvetica, Arial, sans-serif"
_SVG = "http://www.w3.org/2000/svg"

AXIS = "Seconds by the clock, median of the runs"


def bars(tables: Iterable[Table]) -> dict[str, float]:
    """Give the median seconds of each row that has a bar."""
    rows: list[Row] = [row for table in tables for row in table.rows]
    return {
        row.bar: float(f"{row.measured.wall.median:.2g}")
        for row in rows
        if row.bar and row.measured
    }


def alternative(values: dict[str, float]) -> str:
    """Give what the chart shows in words."""
    return f"{AXIS}: {'; '.join(f'{name} {value:g}' for name, value in values.items())}."


def draw(values: dict[str, float], project: Project) -> str:
    """Draw the bars as an SVG file of its own, on a ground of its own."""
    css = "".join(project.read(path).decode() for path in TOKENS)
    tokens = dict(read_tokens(css))
    tokens["sans"] = f"{tokens['sans']}, {_FALLBACK}"
    svg = draw_chart(
        ChartKind.BAR,
        ChartData(tuple(values), (Series(AXIS, tuple(values.values())),)),
        unit=Unit.NUMBER,
        axis=AXIS,
        alt=alternative(values),
        tokens=tokens,
        locale=Locale("en", "en"),
        width=_WIDTH,
    )
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    wide, high = width + 2 * _MARGIN, height + 2 * _MARGIN
    root.set("viewBox", f"{-_MARGIN:g} {-_MARGIN:g} {wide:g} {high:g}")
    root.set("height", f"{_WIDTH * high / wide:.2f}mm")
    root.set("role", "img")
    ground = {
        "x": f"{-_MARGIN:g}",
        "y": f"{-_MARGIN:g}",
        "width": f"{wide:g}",
        "height": f"{high:g}",
        "fill": tokens["paper"],
    }
    root.insert(1, ElementTree.Element(f"{{{_SVG}}}rect", ground))
    return ElementTree.tostring(root, encoding="unicode") + "\n"
