"""Charts and the map: what stands in the SVG, and that nothing else has a say in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from reportgen.locales.locale import Locale
from reportgen.model.schema import ChartKind, Unit
from reportgen.pages import worldmap
from reportgen.pages.charts import ChartData, Series, draw_chart
from reportgen.pages.worldmap import Dot, draw_map

SVG = "{http://www.w3.org/2000/svg}"
TOKENS = {
    "ink": "#000001",
    "ink-quiet": "#000002",
    "rule": "#000003",
    "rule-quiet": "#000004",
    "paper": "#fffff0",
    "chart-1": "#100001",
    "chart-2": "#100002",
    "theme-a": "#200001",
    "theme-b": "#200002",
    "map-land": "#300001",
    "map-border": "#300002",
    "map-member": "#300003",
    "map-dot": "#300004",
    "sans": '"Page Sans", sans-serif',
    "size-note": "7.75pt",
}
EN, AR = Locale("en", "en"), Locale("ar", "en")
YEARS = ChartData(("2019", "2020", "2021"), (Series("All", (4, 1234, 8)),))
SHARES = ChartData(
    ("North", "South", "East"),
    (Series("First", (12.5, None, 40)), Series("Second", (60, 70, 80))),
)
LONG = "A theme whose title says so much of what it asks for that it takes eighty letters to say it"


def chart(
    kind: ChartKind,
    data: ChartData,
    *,
    unit: Unit = Unit.NUMBER,
    axis: str | None = None,
    alt: str = "What it shows",
    locale: Locale = EN,
    width: float = 118,
    sans: str = TOKENS["sans"],
) -> ElementTree.Element:
    tokens = TOKENS | {"sans": sans}
    return ElementTree.fromstring(
        draw_chart(
            kind, data, unit=unit, axis=axis, alt=alt, tokens=tokens, locale=locale, width=width
        )
    )


def texts(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def x_of(svg: ElementTree.Element, words: str) -> float:
    """Give where a text is anchored, from the left edge of the drawing."""
    x = 0.0
    for element in svg.iter():
        if any(words == text.text for text in element.iter(f"{SVG}text")):
            shift = re.match(r"translate\((-?[\d.]+),", element.get("transform", ""))
            x += float(shift[1]) if shift else 0
    return x


def marks(svg: ElementTree.Element, color: str) -> list[str]:
    return [path.attrib["d"] for path in svg.iter(f"{SVG}path") if path.get("fill") == color]


def view(svg: ElementTree.Element) -> tuple[float, float]:
    _, _, width, height = (float(number) for number in svg.attrib["viewBox"].split())
    return width, height


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR])
def test_numbers_and_names_stand_in_the_drawing(kind: ChartKind) -> None:
    svg = chart(kind, YEARS, axis="Things a year")
    assert sorted(texts(svg)) == sorted(
        ["Things a year", "2019", "2020", "2021", "4", "1,234", "8"]
    )
    assert len(marks(svg, TOKENS["chart-1"])) == 3


def test_percentages_are_written_as_the_language_does() -> None:
    french = texts(chart(ChartKind.BAR, SHARES, unit=Unit.PERCENT, locale=Locale("fr", "en")))
    assert Locale("fr", "en").percent(12.5) in french
    axis = texts(chart(ChartKind.LINE, SHARES, unit=Unit.PERCENT, locale=Locale("fr", "en")))
    assert Locale("fr", "en").percent(0) in axis
    assert not any("\ue000" in text for text in axis)


def test_the_root_is_measured_and_named() -> None:
    markup = draw_chart(
        ChartKind.BAR,
        YEARS,
        unit=Unit.NUMBER,
        axis=None,
        alt='More < less & "so"',
        tokens=TOKENS,
        locale=EN,
        width=118,
    )
    assert markup.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="118mm" height="')
    svg = ElementTree.fromstring(markup)
    assert (svg[0].tag, svg[0].text) == (f"{SVG}title", 'More < less & "so"')
    width, height = view(svg)
    assert width == pytest.approx(118 * 72 / 25.4, abs=0.01)
    assert float(svg.attrib["height"].removesuffix("mm")) == pytest.approx(
        height * 25.4 / 72, abs=0.01
    )


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR, ChartKind.LINE])
def test_nothing_that_could_clash_or_be_announced(kind: ChartKind) -> None:
    svg = chart(kind, SHARES)
    names = {name for element in svg.iter() for name in element.attrib}
    assert not {n for n in names if n in {"id", "class", "role", "clip-path"} or "aria" in n}


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR, ChartKind.LINE])
def test_colours_and_fonts_are_tokens(kind: ChartKind) -> None:
    svg = chart(kind, SHARES, axis="Share")
    colors = {e.get(name) for e in svg.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert colors <= set(TOKENS.values())
    assert {TOKENS["chart-1"], TOKENS["chart-2"], TOKENS["ink"]} <= colors
    for text in svg.iter(f"{SVG}text"):
        # The engine takes the names as they are: without quotes, and no space after the comma.
        assert text.get("font-family") == "Page Sans,sans-serif"
        assert text.get("font-size") == "7.75px"


def test_categories_may_have_colours_of_their_own() -> None:
    data = ChartData(("A", "B"), (Series("All", (1, 2)),), ("theme-a", "theme-b"))
    svg = chart(ChartKind.BAR, data)
    assert len(marks(svg, TOKENS["theme-a"])) == len(marks(svg, TOKENS["theme-b"])) == 1
    assert not marks(svg, TOKENS["chart-1"])


def test_series_are_named_once() -> None:
    for kind in (ChartKind.BAR, ChartKind.COLUMN):
        named = texts(chart(kind, SHARES))
        assert named.count("First") == named.count("Second") == 1
    ends = texts(chart(ChartKind.LINE, SHARES))
    assert {"40\u2002First", "80\u2002Second"} <= set(ends)


def test_a_gap_is_left_empty() -> None:
    svg = chart(ChartKind.BAR, SHARES)
    squares = 1
    assert len(marks(svg, TOKENS["chart-1"])) == 2 + squares
    assert len(marks(svg, TOKENS["chart-2"])) == 3 + squares
    values = (1, 2, None, 4, None, 6, 7)
    data = ChartData(tuple(map(str, range(2001, 2008))), (Series("All", values),))
    svg = chart(ChartKind.LINE, data)
    (line,) = (p for p in svg.iter(f"{SVG}path") if p.get("stroke") == TOKENS["chart-1"])
    # Two runs of two; the number alone between the gaps, and the last one, have a dot.
    assert [len(run.split("L")) for run in line.attrib["d"].split("M") if "L" in run] == [2, 2]
    assert len(marks(svg, TOKENS["chart-1"])) == 2


def test_bars_start_at_zero() -> None:
    svg = chart(ChartKind.BAR, ChartData(("A", "B"), (Series("All", (-10, 30)),)))
    negative, positive = (
        [float(number) for number in re.findall(r"-?[\d.]+", path)]
        for path in marks(svg, TOKENS["chart-1"])
    )
    assert negative[0] + negative[2] == pytest.approx(positive[0], abs=0.02)
    assert positive[2] == pytest.approx(3 * negative[2], abs=0.05)
    assert EN.number(-10) in texts(svg)


def test_long_names_are_broken_and_kept_whole() -> None:
    data = ChartData((LONG, "Short"), (Series("All", (3, 5)),))
    for kind in (ChartKind.BAR, ChartKind.COLUMN, ChartKind.LINE):
        svg = chart(kind, data)
        lines = [text for text in texts(svg) if text in LONG and len(text) > 3]
        assert " ".join(lines) == LONG
        assert 2 <= len(lines) <= 4


def test_names_that_do_not_fit_below_columns_make_bars() -> None:
    names = tuple(f"Somewhereland {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    data = ChartData(names, (Series("All", tuple(range(26))),))
    svg = chart(ChartKind.COLUMN, data)
    assert texts(svg) == texts(chart(ChartKind.BAR, data))
    assert set(names) <= set(texts(svg))


def test_many_years_are_thinned_and_get_an_axis() -> None:
    years = tuple(str(year) for year in range(1961, 2022))
    svg = chart(ChartKind.COLUMN, ChartData(years, (Series("All", tuple(range(100, 161))),)))
    named = texts(svg)
    assert [name for name in named if name in years] == [str(y) for y in range(1970, 2021, 10)]
    assert {"0", "50", "100", "150"} <= set(named)
    assert "123" not in named
    assert len(marks(svg, TOKENS["chart-1"])) == 61


def line(*categories: str, values: tuple[float | None, ...] = ()) -> ChartData:
    values = values or tuple(range(len(categories)))
    return ChartData(categories, (Series("All", values),))


@pytest.mark.parametrize("locale", [EN, AR])
@pytest.mark.parametrize(
    ("categories", "shares"),
    [
        (("1990", "2000", "2020", "2021"), (0, 10 / 31, 30 / 31, 1)),
        (("2020", "2000", "2021", "1990"), (30 / 31, 10 / 31, 1, 0)),
        (("2020-01", "2020-04", "2021-01"), (0, 3 / 12, 1)),
        (("2020-01-01", "2020-07-01", "2023"), (0, 1 / 6, 1)),
        (("2010/11", "2018–19", "2020/2021"), (0, 8 / 10, 1)),
    ],
)
def test_lines_are_true_to_time(
    categories: tuple[str, ...], shares: tuple[float, ...], locale: Locale
) -> None:
    svg = chart(ChartKind.LINE, line(*categories), locale=locale)
    places = dict(zip(categories, shares, strict=True))
    first, last = (x_of(svg, min(categories)), x_of(svg, max(categories)))
    assert (first < last) is (locale is EN)
    shown = [name for name in categories if name in texts(svg)]
    assert len(shown) >= 2
    for name in shown:
        assert (x_of(svg, name) - first) / (last - first) == pytest.approx(places[name], abs=0.001)


def test_each_time_has_a_tick_and_names_keep_apart() -> None:
    categories = ("1990", "2000", "2018", "2019", "2020", "2021")
    svg = chart(ChartKind.LINE, line(*categories))
    shown = [name for name in categories if name in texts(svg)]
    assert shown[:2] == ["1990", "2000"]
    assert shown[-1] == "2021"
    assert all(x_of(svg, b) - x_of(svg, a) > 18 for a, b in pairwise(shown))
    ticks = [
        element for element in svg.iter(f"{SVG}line") if element.get("y2", "0") not in ("0", "-0")
    ]
    assert len(ticks) >= len(categories)


def test_a_line_of_even_steps_or_of_no_times_stays_as_it_is() -> None:
    for names in (("2019", "2020", "2021"), ("2019", "2020", "later"), ("2019", "2021", "Q1")):
        svg = chart(ChartKind.LINE, line(*names))
        first, second, third = (x_of(svg, name) for name in names)
        assert second - first == pytest.approx(third - second, abs=0.02)


def test_names_of_lines_that_end_close_are_moved_apart() -> None:
    series = tuple(Series(f"Number {n}", (1, 9 + n / 100)) for n in range(4))
    svg = chart(ChartKind.LINE, ChartData(("2020", "2021"), series))
    places = sorted(
        float(re.findall(r"-?[\d.]+", text.attrib["transform"])[1])
        for text in svg.iter(f"{SVG}text")
        if "Number" in (text.text or "")
    )
    assert len(places) == 4
    assert all(below - above >= 7.75 for above, below in pairwise(places))


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR, ChartKind.LINE])
def test_right_to_left_is_the_mirror_image(kind: ChartKind) -> None:
    data = ChartData(("first", "last"), (Series("one", (1, 2)), Series("two", (3, 4))))
    ltr, rtl = chart(kind, data, axis="axis"), chart(kind, data, axis="axis", locale=AR)
    assert view(ltr) == view(rtl)
    for words in ("first", "last", "axis"):
        assert x_of(rtl, words) == pytest.approx(view(ltr)[0] - x_of(ltr, words), abs=0.05)
    assert {t.get("direction") for t in ltr.iter(f"{SVG}text")} == {None}
    assert {t.get("direction") for t in rtl.iter(f"{SVG}text")} == {"rtl"}
    # Anchors are told from the start of the line, which is the right one.
    anchors = [
        {t.text: t.get("text-anchor") for t in svg.iter(f"{SVG}text")}["axis"] for svg in (ltr, rtl)
    ]
    assert anchors == ["start", "start"]


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR, ChartKind.LINE])
@pytest.mark.parametrize(
    "data",
    [
        ChartData((), ()),
        ChartData((), (Series("All", ()),)),
        ChartData(("A",), (Series("All", (None,)),)),
        ChartData(("A",), (Series("All", (0,)),)),
        ChartData(("Same", "Same"), (Series("All", (1, 2)),)),
        ChartData(("A", "B"), tuple(Series(name, (1, 2)) for name in "abcdefg")),
    ],
)
def test_poor_data_is_drawn(kind: ChartKind, data: ChartData) -> None:
    markup = ElementTree.tostring(chart(kind, data), encoding="unicode")
    assert not re.search("NaN|undefined|Infinity|null", markup)
    assert texts(chart(kind, data)).count("Same") == data.categories.count("Same")


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff", "\ue000"])
def test_odd_characters_do_no_harm(odd: str) -> None:
    # A control character makes vl_convert abort the whole process.
    text = f"a{odd}b <i>&amp; ]]>"
    data = ChartData((text, "B"), (Series(text, (1, 2)), Series("Two", (3, 4))))
    expected = text if odd == "\ue000" else text.replace(odd, "")
    svg = chart(ChartKind.BAR, data, axis=text, alt=text)
    assert texts(svg).count(expected) == 3
    assert svg[0].text == expected


@pytest.mark.parametrize("kind", [ChartKind.COLUMN, ChartKind.BAR, ChartKind.LINE])
def test_no_place_depends_on_a_font(kind: ChartKind) -> None:
    known, unknown = (
        ElementTree.tostring(chart(kind, SHARES, axis="Share", sans=sans), encoding="unicode")
        for sans in ("DejaVu Sans", "No Such Font 123")
    )
    assert known == unknown.replace("No Such Font 123", "DejaVu Sans")


def test_the_same_bytes_in_another_process_without_fonts() -> None:
    program = """
import sys
from reportgen.locales.locale import Locale
from reportgen.model.schema import ChartKind, Unit
from reportgen.pages.charts import ChartData, Series, draw_chart
tokens = dict(line.split("=", 1) for line in sys.argv[1].splitlines())
data = ChartData(("North", "South"), (Series("First", (12.5, None)), Series("Second", (60, 70))))
for kind in (ChartKind.LINE, ChartKind.BAR):
    drawing = draw_chart(kind, data, unit=Unit.PERCENT, axis="Share", alt="It", tokens=tokens,
                         locale=Locale("en", "en"), width=118)
sys.stdout.buffer.write(drawing.encode())
"""
    argument = "\n".join(f"{name}={value}" for name, value in TOKENS.items())
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program, argument],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | odd,
            capture_output=True,
            check=True,
        ).stdout
        for odd in ({}, {"HOME": "/nowhere", "FONTCONFIG_FILE": "/nowhere/fonts.conf", "LANG": "C"})
    ]
    assert outputs[0] == outputs[1] != b""


def test_vega_is_loaded_only_to_draw() -> None:
    program = (
        "import sys, reportgen.pages.charts, reportgen.pages.worldmap\n"
        "sys.exit('vl_convert' in sys.modules)"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], env=env, check=True)


def square(west: float, south: float, size: float) -> list[list[float]]:
    """Give the outline of a country, clockwise as the atlas has them."""
    east, north = west + size, south + size
    return [[west, south], [west, north], [east, north], [east, south], [west, south]]


@pytest.fixture
def atlas(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A world of three countries: two large ones that touch, and a tiny one."""
    places = {
        "XA": square(0, 0, 20),
        "XB": square(20, 0, 20),
        "XC": square(60, 10, 0.2),
    }
    # The border that the large ones share is one arc, walked backwards by the second.
    west, east = places["XA"], places["XB"]
    arcs = [
        [west[2], west[3]],
        [west[3], west[0], west[1], west[2]],
        [east[1], east[2], east[3], east[0]],
        places["XC"],
    ]
    rings = {"XA": [0, 1], "XB": [~0, 2], "XC": [3]}
    topology: dict[str, Any] = {
        "type": "Topology",
        "arcs": arcs,
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "id": code, "arcs": [ring]} for code, ring in rings.items()
                ],
            }
        },
    }
    monkeypatch.setattr(worldmap, "topology", lambda: topology)
    worldmap._drawn.cache_clear()
    yield
    worldmap._drawn.cache_clear()


def world(*codes: str, dots: tuple[Dot, ...] = (), alt: str = "Where") -> ElementTree.Element:
    markup = draw_map(frozenset(codes), dots, alt=alt, tokens=TOKENS, width=118)
    return ElementTree.fromstring(markup)


@pytest.mark.usefixtures("atlas")
def test_members_are_filled() -> None:
    svg = world("XA")
    assert len(marks(svg, TOKENS["map-member"])) == 1
    assert len(marks(svg, TOKENS["map-land"])) == 2
    borders = [p for p in svg.iter(f"{SVG}path") if p.get("stroke") == TOKENS["map-border"]]
    assert [path.get("stroke-width") for path in borders] == ["0.25"]
    colors = {e.get(name) for e in svg.iter() for name in ("fill", "stroke")} - {None, "none"}
    assert colors <= set(TOKENS.values())


@pytest.mark.usefixtures("atlas")
def test_a_tiny_member_has_a_dot() -> None:
    assert not [path for path in marks(world("XA"), TOKENS["map-member"]) if "A" in path]
    dots = [path for path in marks(world("XA", "XC"), TOKENS["map-member"]) if "A" in path]
    assert len(dots) == 1


@pytest.mark.usefixtures("atlas")
def test_places_have_dots_with_a_ring() -> None:
    svg = world("XA", dots=(Dot(30.27, -97.74), Dot(-34.6, -58.38)))
    dots = [p for p in svg.iter(f"{SVG}path") if p.get("fill") == TOKENS["map-dot"]]
    places = [
        [float(number) for number in re.findall(r"-?[\d.]+", dot.attrib["transform"])]
        for dot in dots
    ]
    assert {dot.get("stroke") for dot in dots} == {TOKENS["paper"]}
    # The first is further west and north.
    assert places[0][0] < places[1][0]
    assert places[0][1] < places[1][1]


@pytest.mark.usefixtures("atlas")
def test_each_map_has_its_own_title() -> None:
    assert world("XA", alt="One & all")[0].text == "One & all"
    assert world("XA", alt="Two")[0].text == "Two"
    names = {name for element in world("XA").iter() for name in element.attrib}
    assert not names & {"id", "class", "role", "clip-path"}


def test_the_whole_world_is_light_enough_for_a_page() -> None:
    markup = draw_map(frozenset(), (), alt="World", tokens=TOKENS, width=158)
    assert 100_000 < len(markup) < 350_000
    width, height = view(ElementTree.fromstring(markup))
    assert 2 < width / height < 2.4
