"""The map of the members as inline SVG: Vega-Lite draws the vendored topology in equal areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from reportgen.atlas import topology
from reportgen.pages.charts import POINTS, draw_svg, legal, rounded
from reportgen.source.tokens import OF_MAPS

# How far the land reaches from the middle, in the units of the projection at scale 1.
_WEST = 2.57
_EAST = 2.69
_NORTH = 1.31
_SOUTH = 1.07
_TURN = -11
"""Degrees that the globe is turned by, so that the map's edges run through the sea."""

_SMALL = 1.1
"""Millimetres: a country that is less across than this gets a dot that is as wide."""
_DOT = 1.7
"""Millimetres: the dot of a place."""
_RING = 0.5
_DETAIL = 2
"""Tenths of a point: of a coast, only what is further apart than this is drawn."""


@dataclass(frozen=True)
class Dot:
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


def draw_map(
    codes: frozenset[str],
    dots: tuple[Dot, ...],
    *,
    alt: str,
    tokens: Mapping[str, str],
    width: float,
) -> str:
    """Draw the world, `width` mm wide, as an `<svg>` element whose title is `alt`.

    The countries of `codes` (ISO 3166-1 alpha-2) are filled, and those too small to be seen have a
    dot of the same colour; `dots` are places of their own. North is up and the west is at the left,
    whichever way the language runs.
    """
    look = tuple(tokens[name] for name in OF_MAPS)
    drawing = _drawn(codes, dots, look, width)
    return drawing.replace("<title />", f"<title>{escape(legal(alt))}</title>", 1)


@lru_cache(maxsize=8)
def _drawn(
    codes: frozenset[str], dots: tuple[Dot, ...], look: tuple[str, ...], width: float
) -> str:
    """Draw the map without a title: each edition has the same one, and it takes a while."""
    land, border, member_fill, dot_fill, paper = look
    points = width * POINTS
    scale = points / (_WEST + _EAST)
    world: dict[str, Any] = {"values": topology()}
    countries = {"type": "topojson", "feature": "countries"}
    borders = {"type": "topojson", "mesh": "countries", "filter": "interior"}
    member = {"filter": "indexof(members, datum.id) >= 0"}
    # The projection keeps areas: everywhere, a steradian is the square of the scale.
    small = {"filter": f"geoArea(null, datum) < {(_SMALL * POINTS / scale) ** 2}"}
    place = [
        {"calculate": f"geoCentroid(null, datum)[{index}]", "as": name}
        for index, name in enumerate(("longitude", "latitude"))
    ]
    at = {name: {"field": name, "type": "quantitative"} for name in ("longitude", "latitude")}
    layers = [
        {
            "mark": {"type": "geoshape", "stroke": None},
            "encoding": {
                "fill": {
                    "condition": {"test": member["filter"], "value": member_fill},
                    "value": land,
                }
            },
        },
        {
            "data": world | {"format": borders},
            "mark": {
                "type": "geoshape",
                "filled": False,
                "stroke": border,
                "strokeWidth": 0.25,
                "strokeJoin": "round",
            },
        },
        {
            "transform": [member, small, *place],
            "mark": _dot(_SMALL, member_fill),
            "encoding": at,
        },
        {
            "data": {"values": [{"latitude": d.latitude, "longitude": d.longitude} for d in dots]},
            "mark": _dot(_DOT, dot_fill) | {"stroke": paper, "strokeWidth": _RING},
            "encoding": at,
        },
    ]
    spec = {
        "data": world | {"format": countries},
        "width": points,
        "height": (_NORTH + _SOUTH) * scale,
        "padding": 0,
        "params": [{"name": "members", "value": sorted(codes)}],
        "projection": {
            "type": "equalEarth",
            "rotate": [_TURN, 0, 0],
            "scale": scale,
            "translate": [_WEST * scale, _NORTH * scale],
        },
        "layer": layers,
    }
    return draw_svg(spec, alt="", width=width, shorten=_shortened)


def _shortened(path: str) -> str:
    """Take from a path of straight lines what is too small to be seen in print.

    The result has tenths of a point and steps from point to point, a fifth of the length.
    """
    if "A" in path:
        return rounded(path)
    rings = []
    for ring in path.split("M")[1:]:
        kept: list[tuple[int, int]] = []
        last_x = last_y = float("inf")
        for point in ring.removesuffix("Z").split("L"):
            x_digits, _, y_digits = point.partition(",")
            x, y = round(float(x_digits) * 10), round(float(y_digits) * 10)
            if abs(x - last_x) > _DETAIL or abs(y - last_y) > _DETAIL:
                kept.append((x, y))
                last_x, last_y = x, y
        closed = ring.endswith("Z")
        if len(kept) > 1 + closed:
            steps = (f"{(x - a) / 10:g},{(y - b) / 10:g}" for (a, b), (x, y) in pairwise(kept))
            x, y = kept[0]
            rings.append(f"M{x / 10:g},{y / 10:g}l{' '.join(steps)}{'Z' * closed}")
    return "".join(rings)


def _dot(across: float, fill: str) -> dict[str, Any]:
    """Give the mark of a dot, `across` mm wide."""
    # Vega takes the area of a square around the circle.
    return {"type": "circle", "size": (across * POINTS) ** 2, "fill": fill, "opacity": 1}
