"""Charts as inline SVG: columns, bars and lines, drawn by Vega-Lite.

Vega-Lite places the marks; what it would have to measure with the machine's own fonts (the width of
a label, room for a legend) is decided here, from a rough width of each letter. So the same numbers
give the same bytes on every machine. All lengths within a drawing are points.
"""

from __future__ import annotations

import json
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from reportgen.locales.locale import Locale
from reportgen.model.schema import ChartKind, Unit

VEGA_LITE = "6.4"
"""The version of Vega-Lite that all drawings are made with."""

POINTS = 72 / 25.4
"""Points in a millimetre."""

_BAR = 11.0
_GROUPED_BAR = 9.0
_COLUMN = 12 * POINTS
_GROUPED_COLUMN = 9 * POINTS
_LABEL_LINES = 3
_GAP = 5.0
_PADDING = 0.15
"""Room beside the outer places of a line, in steps between places."""
_TICKS = 4
_TICK = "\ue000"
"""Marks a number on the value axis, which Vega-Lite chooses and the locale has yet to write."""
_TICK_NUMBER = re.compile(rf"{_TICK}(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Series:
    """A row of numbers with a name: one number a category, or none where there is a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class ChartData:
    """What a chart shows. `colors` are names of tokens, one a category, or none."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    colors: tuple[str, ...] = ()


def draw_chart(
    kind: ChartKind,
    data: ChartData,
    *,
    unit: Unit,
    axis: str | None,
    alt: str,
    tokens: Mapping[str, str],
    locale: Locale,
    width: float,
) -> str:
    """Draw a chart, `width` mm wide, as an `<svg>` element whose title is `alt`.

    `axis` says what the numbers are and stands above the chart. Numbers stand at the marks; an axis
    takes their place where they don't fit. The series share the tokens `chart-1`, `chart-2` and so
    on. Columns whose names don't fit below them are drawn as bars.
    """
    data = ChartData(
        tuple(map(legal, data.categories)),
        tuple(Series(legal(series.name), series.values) for series in data.series),
        data.colors,
    )
    axis = axis and legal(axis)
    look = _Look.of(tokens, width * POINTS, rtl=locale.direction == "rtl")
    write = locale.percent if unit is Unit.PERCENT else locale.number
    if kind is ChartKind.LINE:
        plot = _lines(data, look, write)
    else:
        columns = _columns(data, look, write) if kind is ChartKind.COLUMN else None
        plot = columns or _bars(data, look, write)
    head, rows = _head(data, axis, look, legend=kind is not ChartKind.LINE)
    plot.layers[:0] = _head_layers(rows, plot, head, look)
    spec = {
        "width": plot.width,
        "height": plot.height,
        "padding": look.sides(plot.start, plot.end)
        | {"top": plot.top + head, "bottom": plot.bottom},
        "layer": plot.layers,
    }
    return draw_svg(spec, alt=alt, width=width, font=tokens["sans"], rtl=look.rtl, write=write)


def draw_svg(
    spec: Mapping[str, Any],
    *,
    alt: str,
    width: float,
    font: str = "",
    rtl: bool = False,
    shorten: Callable[[str], str] | None = None,
    write: Callable[[float], str] = str,
) -> str:
    """Have Vega-Lite draw a specification, and give it as an `<svg>` for an HTML page.

    The specification's lengths are points; the drawing is `width` mm wide. `shorten` takes
    from a path's data what won't be seen: by default, all but two decimals. `write` gives the text
    of a number on the axis. Nothing in the result depends on fonts or on what was drawn before.
    """
    common = {
        "autosize": {"type": "none"},
        "background": None,
        "config": {
            "aria": False,
            "view": {"stroke": None},
            "axis": {"translate": 0},
            "font": ",".join(name.strip(" \"'") for name in font.split(",")),
        },
    }
    source = ElementTree.fromstring(_drawn(json.dumps({**common, **spec})))  # noqa: S314 - from Vega, which escapes our texts
    box = source.attrib["viewBox"]
    _, _, box_width, box_height = (float(number) for number in box.split())
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{_round(width)}mm",
            "height": f"{_round(width * box_height / box_width)}mm",
            "viewBox": f"0 0 {_round(box_width)} {_round(box_height)}",
        },
    )
    ElementTree.SubElement(root, "title").text = legal(alt)
    for child in source:
        root.extend(_cleaned(child, shorten or rounded))
    for text in root.iter("text"):
        if tick := _TICK_NUMBER.fullmatch(text.text or ""):
            text.text = write(float(tick[1]))
        if rtl:
            text.set("direction", "rtl")
            # In a text that runs from the right, the start is the right end.
            anchor = text.get("text-anchor", "start")
            text.set("text-anchor", {"start": "end", "end": "start"}.get(anchor, anchor))
    return ElementTree.tostring(root, encoding="unicode")


def load_engine() -> None:
    """Load the drawing engine, which takes as long as several drawings."""
    _drawn('{"mark": "point", "data": {"values": []}}')


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    """Have a specification drawn; each is drawn once, as an edition has what another has."""
    # Loading it takes a while and memory, which a mere check of the content doesn't need.
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn


def legal(text: str) -> str:
    """Take from a text what XML can't hold, which would abort the process within `vl_convert`."""
    return _ILLEGAL.sub("", text)


@dataclass(frozen=True)
class _Look:
    """The tokens of a drawing, its width, and which way it runs."""

    width: float
    rtl: bool
    ink: str
    quiet: str
    rule: str
    grid: str
    paper: str
    size: float
    palette: tuple[str, ...]
    tokens: Mapping[str, str]

    @classmethod
    def of(cls, tokens: Mapping[str, str], width: float, *, rtl: bool) -> _Look:
        palette: list[str] = []
        while color := tokens.get(f"chart-{len(palette) + 1}"):
            palette.append(color)
        return cls(
            width=width,
            rtl=rtl,
            ink=tokens["ink"],
            quiet=tokens["ink-quiet"],
            rule=tokens["rule"],
            grid=tokens["rule-quiet"],
            paper=tokens["paper"],
            size=float(tokens["size-note"].removesuffix("pt")),
            palette=tuple(palette),
            tokens=tokens,
        )

    @property
    def leading(self) -> float:
        return round(self.size * 1.25, 2)

    def color(self, data: ChartData, category: int, series: int) -> str:
        if data.colors and len(data.series) == 1:
            return self.tokens[data.colors[category]]
        return self.palette[series % len(self.palette)]

    def sides(self, start: float, end: float) -> dict[str, float]:
        return {"left": end, "right": start} if self.rtl else {"left": start, "right": end}

    @property
    def start(self) -> str:
        """The side that lines of text begin on."""
        return "right" if self.rtl else "left"

    @property
    def end(self) -> str:
        return "left" if self.rtl else "right"

    def along(self, x: float) -> float:
        """Give a step in the direction of reading as a step to the right."""
        return -x if self.rtl else x

    def text_width(self, text: str) -> float:
        return self.size * sum(_em(letter) for letter in text)

    def widest(self, texts: Iterable[str]) -> float:
        return max((self.text_width(text) for text in texts), default=0.0)

    def wrap(self, text: str, limit: float) -> list[str]:
        """Break a text into as few lines as `limit` allows, all about as long."""
        lines = self._fill(text, limit)
        narrow = self.text_width(text) / len(lines)
        while narrow < limit:
            if len(balanced := self._fill(text, narrow)) <= len(lines):
                return balanced
            narrow += self.size / 2
        return lines

    def _fill(self, text: str, limit: float) -> list[str]:
        # Only at plain spaces: a no-break space holds a number and its unit together.
        first, *words = text.strip(" ").split(" ")
        lines = [first]
        for word in words:
            if self.text_width(f"{lines[-1]} {word}") <= limit:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines


def _em(letter: str) -> float:
    """Give about how wide a letter of a usual sans serif is, in ems, rather too wide."""
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljtfrI.,:;|!()[]’'\"/ \u00a0\u202f":
        return 0.33
    if letter in "mwMW@%—…":
        return 0.87
    return 0.66 if letter.isupper() else 0.54


@dataclass
class _Plot:
    """The area of a chart's marks, and the room around it."""

    width: float
    height: float
    layers: list[dict[str, Any]] = field(default_factory=list)
    start: float = 0.0
    end: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


def _rows(data: ChartData, look: _Look, write: Callable[[float], str]) -> list[dict[str, Any]]:
    """Give one row for each number there is, with its place, text and colour."""
    return [
        {
            "category": category,
            "series": number,
            "value": value,
            "text": write(value),
            "color": look.color(data, category, number),
        }
        for number, series in enumerate(data.series)
        for category, value in enumerate(series.values)
        if value is not None
    ]


def _range(rows: Iterable[Mapping[str, Any]]) -> list[float]:
    """Give the least and the greatest number, and zero between them."""
    values = [row["value"] for row in rows]
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [min(low, 0.0), max(high, 0.0)] if low < 0 or high > 0 else [0.0, 1.0]


def _quantity(
    domain: list[float], *, reverse: bool = False, axis: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Give the channel of the numbers; without an axis, each has its text at the mark."""
    scale = {"domain": domain, "nice": False, "reverse": reverse}
    return {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}


def _bands(data: ChartData, inner: float, *, reverse: bool) -> dict[str, Any]:
    """Give the channel of the categories: by number, for two may have the same name."""
    return {
        "field": "category",
        "type": "ordinal",
        "axis": None,
        "scale": {
            "domain": list(range(len(data.categories))),
            "paddingInner": inner,
            "paddingOuter": inner / 2,
            "reverse": reverse,
        },
    }


def _within(data: ChartData, *, reverse: bool) -> dict[str, Any]:
    """Give the channel of the series within a category."""
    scale = {"domain": list(range(len(data.series))), "paddingInner": 0.1, "reverse": reverse}
    return {"field": "series", "type": "ordinal", "scale": scale}


_OWN_COLOR = {"field": "color", "type": "nominal", "scale": None}


def _layer(
    mark: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any]
) -> dict[str, Any]:
    return {"mark": mark, "data": {"values": rows}, "encoding": encoding}


def _texts(
    look: _Look, rows: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any], **mark: Any
) -> dict[str, Any]:
    plain = {"type": "text", "fontSize": look.size, "fill": look.ink, "baseline": "middle"}
    return _layer(plain | mark, rows, {**encoding, "text": {"field": "text"}})


def _value_texts(
    look: _Look,
    rows: Sequence[Mapping[str, Any]],
    encoding: Mapping[str, Any],
    after: Mapping[str, Any],
    before: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Write the numbers at the ends of their marks: `before` them where a number is negative."""
    signs = (
        ([r for r in rows if r["value"] >= 0], after),
        ([r for r in rows if r["value"] < 0], before),
    )
    return [_texts(look, part, encoding, **mark) for part, mark in signs if part]


def _bars(data: ChartData, look: _Look, write: Callable[[float], str]) -> _Plot:
    rows = _rows(data, look, write)
    several = len(data.series) > 1
    group = _GROUPED_BAR * len(data.series) if several else _BAR
    limit = look.width * 0.3
    while True:
        names = [look.wrap(name, limit) for name in data.categories]
        if limit >= look.width * 0.5 or max(map(len, names), default=0) <= _LABEL_LINES:
            break
        limit += look.width * 0.05
    step = max(group, look.leading * max(map(len, names), default=1)) + 7
    room = look.widest(row["text"] for row in rows) + _GAP
    negative = any(row["value"] < 0 for row in rows)
    start = look.widest(line for lines in names for line in lines) + 2 * _GAP + room * negative
    plot = _Plot(
        max(look.width - start - room, look.width / 5), step * len(names), start=start, end=room
    )
    bands = _bands(data, 1 - group / step, reverse=False)
    across = {"y": bands} | ({"yOffset": _within(data, reverse=False)} if several else {})
    domain = _range(rows)
    along = _quantity(domain, reverse=look.rtl)
    encoding = across | {"x": along}
    lines = [
        {"category": number, "text": line, "dy": (index - (len(lines) - 1) / 2) * look.leading}
        for number, lines in enumerate(names)
        for index, line in enumerate(lines)
    ]
    plot.layers = [
        _layer({"type": "bar"}, rows, encoding | {"color": _OWN_COLOR}),
        _zero(look, {"x": along}),
        *_value_texts(
            look,
            rows,
            encoding,
            {"align": look.start, "dx": look.along(_GAP - 1)},
            {"align": look.end, "dx": look.along(1 - _GAP)},
        ),
        _texts(
            look,
            lines,
            {"y": bands},
            align=look.start,
            x=plot.width + start if look.rtl else -start,
            dy={"expr": "datum.dy"},
        ),
    ]
    return plot


def _zero(look: _Look, encoding: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the line that the marks stand on."""
    mark = {"type": "rule", "stroke": look.quiet, "strokeWidth": 0.5}
    return _layer(mark, [{"value": 0}], encoding)


def _columns(data: ChartData, look: _Look, write: Callable[[float], str]) -> _Plot | None:
    """Draw columns, or give nothing where the names don't fit below them."""
    rows = _rows(data, look, write)
    several, count = len(data.series) > 1, max(len(data.categories), 1)
    widest = _GROUPED_COLUMN * len(data.series) if several else _COLUMN
    # A few columns stand together at the start of the line; spread out, they'd be hard to compare.
    needed = max(2 * widest, look.widest(data.categories) + 2 * _GAP)
    domain = _range(rows)
    share = 0.8 if several else 0.64
    start = 0.0
    slot = min(look.width / count, needed)
    room = min(slot * share, widest) / len(data.series) if several else slot
    direct = look.widest(row["text"] for row in rows) <= room - 1
    if not direct:
        start = _axis_width(look, domain, write)
        slot = min((look.width - start) / count, needed)
    names = _names_below(data, look, slot)
    if names is None:
        return None
    group = min(slot * share, widest)
    width = slot * count
    plot = _Plot(
        width,
        _height(look),
        start=start,
        end=look.width - start - width,
        top=look.leading if direct else look.leading / 2,
        bottom=look.leading * (max(map(len, names.values()), default=0) + 0.4),
    )
    if direct and domain[0] < 0:
        plot.bottom += look.leading
    bands = _bands(data, 1 - group / slot, reverse=look.rtl)
    across = {"x": bands} | ({"xOffset": _within(data, reverse=look.rtl)} if several else {})
    up = _quantity(domain, axis=None if direct else _value_axis(look))
    encoding = across | {"y": up}
    plot.layers = [
        _layer({"type": "bar"}, rows, encoding | {"color": _OWN_COLOR}),
        _zero(look, {"y": up}),
    ]
    if direct:
        above = {"baseline": "alphabetic", "dy": -3}
        below = {"baseline": "alphabetic", "dy": look.size + 1}
        plot.layers += _value_texts(look, rows, encoding, above, below)
    plot.layers.append(_names_layer(look, names, {"x": bands}, plot))
    return plot


def _lines(data: ChartData, look: _Look, write: Callable[[float], str]) -> _Plot:
    data, times = _in_time(data)
    rows = _rows(data, look, write)
    several, count = len(data.series) > 1, max(len(data.categories), 1)
    domain = _range(rows)
    plot = _Plot(0, _height(look))
    ends = [
        max((row for row in rows if row["series"] == number), key=lambda row: row["category"])
        for number, series in enumerate(data.series)
        if any(value is not None for value in series.values)
    ]
    labels = {
        row["series"]: look.wrap(
            f"{row['text']}\u2002{data.series[row['series']].name}" if several else row["text"],
            look.width * 0.3,
        )
        for row in ends
    }
    plot.top = look.leading * max((len(lines) for lines in labels.values()), default=1) / 2
    plot.end = look.widest(line for lines in labels.values() for line in lines) + 2 * _GAP
    plot.start = _axis_width(look, domain, write)
    slot = (look.width - plot.start - plot.end) / count
    names: dict[int, list[str]] | None
    if times:
        # Which of the others fit is known with the width, for which these two are enough.
        names = {index: [data.categories[index]] for index in (0, count - 1)}
    else:
        names = _names_below(data, look, slot)
    if names is None and slot > 5 * look.size:
        names = _wrapped(data, look, slot)
    elif names is None:
        names = _thinned(data, look, slot)
    # The first and the last name are centred on the ends of the lines.
    plot.start = max(plot.start, look.widest(names.get(0, ())) / 2)
    plot.end = max(plot.end, look.widest(names.get(count - 1, ())) / 2)
    plot.width = look.width - plot.start - plot.end
    plot.bottom = look.leading * (max(map(len, names.values()), default=0) + 0.4)
    if times:
        names = _names_in_time(data, times, look, plot.width)
    along = _along_time(times, look) if times else _points(data, look)
    up = _quantity(domain, axis=_value_axis(look))
    encoding = {"x": along, "y": up, "color": _OWN_COLOR}
    ticks = [_ticks(look, len(times), along, plot)] if times else []
    every = [
        {"category": category, "value": value, "series": n, "color": look.color(data, category, n)}
        for n, series in enumerate(data.series)
        for category, value in enumerate(series.values)
    ]
    alone = [row for row in rows if _stands_alone(data.series[row["series"]], row["category"])]
    dots = {(row["series"], row["category"]): row for row in (*ends, *alone)}
    mark = {"type": "line", "strokeWidth": 1.5, "strokeJoin": "round", "strokeCap": "round"}
    plot.layers = [
        _layer(
            mark | {"invalid": "break-paths-show-domains"},
            every,
            encoding | {"detail": {"field": "series"}},
        ),
        _zero(look, {"y": up}),
        *ticks,
        _leaders(look, [row for row in ends if row["category"] < count - 1], encoding, plot),
        _layer({"type": "circle", "size": 16, "opacity": 1}, list(dots.values()), encoding),
        _end_labels(look, ends, labels, domain, plot, up),
        _names_layer(look, names, {"x": along}, plot),
    ]
    for layer in plot.layers if times else ():
        for row in layer["data"]["values"]:
            if "category" in row:
                row["time"] = times[row["category"]]
    return plot


def _in_time(data: ChartData) -> tuple[ChartData, tuple[float, ...]]:
    """Return what a line chart shows in the order of time, and its times in years.

    There are no times if a category is neither a year nor a date, or if all are as far apart: what
    stands side by side is true to time then.
    """
    read = [_time(name) for name in data.categories]
    times = [time for time in read if time is not None]
    if len(times) < len(read) or len(set(times)) < len(times) or len(times) < 2:
        return data, ()
    order = sorted(range(len(times)), key=times.__getitem__)
    data = ChartData(
        tuple(data.categories[index] for index in order),
        tuple(Series(s.name, tuple(s.values[index] for index in order)) for s in data.series),
        tuple(data.colors[index] for index in order) if data.colors else (),
    )
    times.sort()
    steps = [after - before for before, after in pairwise(times)]
    return data, tuple(times) if max(steps) - min(steps) > _SAME_STEP else ()


_SAME_STEP = 1e-6
"""How much steps of time may differ, in years, and be called the same: less than a minute."""

_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?"
    r"|[/–](?:\d{2}|\d{4}))?"
)
"""A year, such as 2021 or the 2021/22 of two halves, a month, 2021-06, or a day, 2021-06-30."""


def _time(name: str) -> float | None:
    """Return a time in years, with months as twelfths of them; nothing for what is none."""
    found = _TIME.fullmatch(name.strip())
    if not found:
        return None
    year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
    days = monthrange(year, month)[1] if year else 31
    return None if day > days else year + (month - 1) / 12 + (day - 1) / days / 12


def _points(data: ChartData, look: _Look) -> dict[str, Any]:
    """Return the channel of categories side by side, as far apart as each other."""
    return {
        "field": "category",
        "type": "ordinal",
        "axis": None,
        "scale": {
            "type": "point",
            "domain": list(range(len(data.categories))),
            "padding": _PADDING,
            "reverse": look.rtl,
        },
    }


def _along_time(times: Sequence[float], look: _Look) -> dict[str, Any]:
    """Return the channel of categories at their times, with as much room beside the outer ones."""
    room = (times[-1] - times[0]) / (len(times) - 1) * _PADDING
    domain = [times[0] - room, times[-1] + room]
    scale = {"domain": domain, "nice": False, "zero": False, "reverse": look.rtl}
    return {"field": "time", "type": "quantitative", "axis": None, "scale": scale}


def _names_in_time(
    data: ChartData, times: Sequence[float], look: _Look, width: float
) -> dict[int, list[str]]:
    """Return the names that fit at their times: the outer ones, and others from the first on."""
    last = len(times) - 1
    unit = width / ((times[-1] - times[0]) * (1 + 2 * _PADDING / last))

    def reach(index: int) -> tuple[float, float]:
        half = look.text_width(data.categories[index]) / 2 + _GAP / 2
        return times[index] * unit - half, times[index] * unit + half

    kept, limit = [0], reach(last)[0]
    for index in range(1, last):
        start, end = reach(index)
        if reach(kept[-1])[1] <= start and end <= limit:
            kept.append(index)
    if reach(kept[-1])[1] <= limit:
        kept.append(last)
    return {index: [data.categories[index]] for index in kept}


def _ticks(look: _Look, number: int, along: Mapping[str, Any], plot: _Plot) -> dict[str, Any]:
    """Mark each time below the lines: not all of them have room for their names."""
    mark = {"type": "rule", "stroke": look.quiet, "strokeWidth": 0.5}
    place = {"y": plot.height, "y2": plot.height + _GAP / 2}
    return _layer(mark | place, [{"category": index} for index in range(number)], {"x": along})


def _leaders(
    look: _Look, ends: Sequence[Mapping[str, Any]], encoding: Mapping[str, Any], plot: _Plot
) -> dict[str, Any]:
    """Lead from the ends of lines that stop early to where their names stand."""
    mark = {"type": "rule", "stroke": look.rule, "strokeWidth": 0.5}
    edge = {"x2": {"value": 0 if look.rtl else plot.width}}
    return _layer(mark, ends, {"x": encoding["x"], "y": encoding["y"]} | edge)


def _stands_alone(series: Series, category: int) -> bool:
    """Tell whether a number has none beside it, so that no line leads to it."""
    values = series.values
    return not any(
        0 <= beside < len(values) and values[beside] is not None
        for beside in (category - 1, category + 1)
    )


def _end_labels(
    look: _Look,
    ends: Sequence[Mapping[str, Any]],
    labels: Mapping[int, Sequence[str]],
    domain: Sequence[float],
    plot: _Plot,
    up: Mapping[str, Any],
) -> dict[str, Any]:
    """Write the series' names beside the ends of their lines, moved apart where lines end close."""
    unit = (domain[1] - domain[0]) / plot.height
    ordered = sorted(ends, key=lambda row: (-row["value"], row["series"]))
    places = [row["value"] for row in ordered]
    halves = [len(labels[row["series"]]) * look.leading * unit * 0.55 for row in ordered]
    # Push each below the one above; then, if the last one went under the floor, lift from there.
    for index, (above, below) in enumerate(pairwise(halves)):
        places[index + 1] = min(places[index + 1], places[index] - above - below)
    floor = domain[0]
    for index in reversed(range(len(places))):
        places[index] = max(places[index], floor)
        floor = places[index] + halves[index] + (halves[index - 1] if index else 0)
    rows = [
        {
            "value": place,
            "text": line,
            "dy": (index - (len(labels[row["series"]]) - 1) / 2) * look.leading,
        }
        for place, row in zip(places, ordered, strict=True)
        for index, line in enumerate(labels[row["series"]])
    ]
    x = -_GAP if look.rtl else plot.width + _GAP
    return _texts(look, rows, {"y": up}, align=look.start, x=x, dy={"expr": "datum.dy"})


def _height(look: _Look) -> float:
    """Give the height of columns and lines: flat enough to leave room for text on the page."""
    return min(max(look.width * 0.33, 38 * POINTS), 58 * POINTS)


def _value_axis(look: _Look) -> dict[str, Any]:
    return {
        "orient": look.start,
        "tickCount": _TICKS,
        "domain": False,
        "ticks": False,
        "title": None,
        "gridColor": look.grid,
        "gridWidth": 0.5,
        "labelAlign": look.end,
        "labelColor": look.quiet,
        "labelExpr": f"'{_TICK}' + datum.value",
        "labelFontSize": look.size,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelPadding": _GAP,
    }


def _axis_width(look: _Look, domain: Iterable[float], write: Callable[[float], str]) -> float:
    # Two more digits, for a step such as 0.25 has more of them than what it leads to.
    return look.widest(write(round(number)) for number in domain) + 2 * look.size * 0.5 + _GAP


def _names_below(data: ChartData, look: _Look, slot: float) -> dict[int, list[str]] | None:
    """Break the names of the categories into lines that fit below their marks.

    Of the names of a sequence, such as years, only some are needed; without those of anything else,
    the chart couldn't be read.
    """
    names = _wrapped(data, look, slot)
    fits = all(
        len(lines) <= _LABEL_LINES and look.widest(lines) <= slot - 2 for lines in names.values()
    )
    if fits:
        return names
    sequence = all(re.fullmatch(r"(?=.*\d).{1,10}", name) for name in data.categories)
    return _thinned(data, look, slot) if sequence else None


def _wrapped(data: ChartData, look: _Look, slot: float) -> dict[int, list[str]]:
    return {index: look.wrap(name, slot - _GAP) for index, name in enumerate(data.categories)}


def _thinned(data: ChartData, look: _Look, slot: float) -> dict[int, list[str]]:
    """Give as many names as fit side by side: every second, fifth, tenth and so on."""
    width = look.widest(data.categories) + 2 * _GAP
    step = next((s for s in (1, 2, 5, 10, 20, 25, 50, 100) if s * slot >= width), 200)
    years = [int(name) if name.isdecimal() else -1 for name in data.categories]
    first = (len(years) - 1) % step
    # Years are told by their round ones; otherwise the last name counts most.
    if step >= 5 and years[0] >= 0 and all(b == a + 1 for a, b in pairwise(years)):
        first = -years[0] % step
    return {index: [data.categories[index]] for index in range(first, len(years), step)}


def _names_layer(
    look: _Look, names: Mapping[int, Sequence[str]], encoding: Mapping[str, Any], plot: _Plot
) -> dict[str, Any]:
    rows = [
        {"category": category, "text": line, "dy": (index + 1) * look.leading}
        for category, lines in names.items()
        for index, line in enumerate(lines)
    ]
    y = plot.height + plot.bottom - look.leading * (max(map(len, names.values()), default=0) + 0.4)
    return _texts(
        look, rows, encoding, align="center", baseline="alphabetic", y=y, dy={"expr": "datum.dy"}
    )


def _head(
    data: ChartData, axis: str | None, look: _Look, *, legend: bool
) -> tuple[float, list[dict[str, Any]]]:
    """Place what stands above the marks: what the numbers are, and which colour is which series.

    Gives the height, and each line with its place from the start and from the top.
    """
    rows: list[dict[str, Any]] = []
    y = 0.0
    if axis:
        for line in look.wrap(axis, look.width):
            rows.append({"text": line, "x": 0.0, "y": y + look.leading / 2, "fill": look.quiet})
            y += look.leading
        y += look.leading / 2
    if legend and len(data.series) > 1:
        x = 0.0
        for number, series in enumerate(data.series):
            lines = look.wrap(series.name, look.width - look.size - _GAP)
            width = look.size + look.widest(lines) + 2 * _GAP
            if x and x + width > look.width:
                x, y = 0.0, y + look.leading
            for index, line in enumerate(lines):
                middle = y + (index + 0.5) * look.leading
                color = {} if index else {"color": look.palette[number % len(look.palette)]}
                place = {"x": x + look.size, "y": middle}
                rows.append({"text": line, "fill": look.ink} | place | color)
            x, y = x + width, y + (len(lines) - 1) * look.leading
        y += look.leading * 1.5
    return y, rows


def _head_layers(
    rows: Sequence[dict[str, Any]], plot: _Plot, head: float, look: _Look
) -> list[dict[str, Any]]:
    """Draw the lines above the marks, with a square before each series' name."""
    edge = plot.width + plot.start if look.rtl else -plot.start
    for row in rows:
        row["x"] = edge + look.along(row["x"])
        row["y"] -= plot.top + head
    at = {"x": {"expr": "datum.x"}, "y": {"expr": "datum.y"}}
    fill: dict[str, Any] = {"fill": {"field": "fill", "type": "nominal", "scale": None}}
    layers = [_texts(look, rows, fill, align=look.start, **at)] if rows else []
    if squares := [row for row in rows if "color" in row]:
        side = look.size * 0.7
        middle = {"x": {"expr": f"datum.x - {look.along(look.size - side / 2)}"}, "y": at["y"]}
        square = {"type": "square", "size": side**2, "opacity": 1}
        fill = {"fill": {"field": "color", "type": "nominal", "scale": None}}
        layers.append(_layer(square | middle, squares, fill))
    return layers


_KEPT = {
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap"},
    "line": {"x1", "x2", "y1", "y2", "stroke", "stroke-width"},
    "text": {"font-family", "font-size", "fill", "text-anchor"},
    "g": {"fill", "stroke-miterlimit"},
}
_COORDINATES = frozenset({"transform", "x1", "x2", "y1", "y2", "stroke-width"})
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")


def _cleaned(
    element: ElementTree.Element, shorten: Callable[[str], str]
) -> list[ElementTree.Element]:
    """Give what is visible of an element of Vega's SVG, without its classes, roles and clips."""
    tag = element.tag.rpartition("}")[2]
    kept = _KEPT.get(tag)
    if kept is None or element.get("class") in {"background", "foreground"}:
        return []
    attributes = {
        name: _written(name, value, shorten)
        for name, value in element.attrib.items()
        if name in kept or (name == "transform" and value != "translate(0,0)")
    }
    children = [child for part in element for child in _cleaned(part, shorten)]
    if tag == "g" and (not attributes or not children):
        return children
    if tag == "path" and not attributes.get("d"):
        return []
    cleaned = ElementTree.Element(tag, attributes)
    cleaned.text = element.text if tag == "text" else None
    cleaned.extend(children)
    return [cleaned]


def _written(name: str, value: str, shorten: Callable[[str], str]) -> str:
    if name == "d":
        return shorten(value)
    return rounded(value) if name in _COORDINATES else value


def rounded(coordinates: str) -> str:
    """Give coordinates with at most two decimals each."""
    return _NUMBER.sub(lambda number: _round(float(number[0])), coordinates)


def _round(number: float) -> str:
    """Write a coordinate with at most two decimals."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
