"""The vendored map of the world; where it comes from stands in this folder's README."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def topology() -> dict[str, Any]:
    """Give the world's countries as TopoJSON; the `id` of each is its ISO 3166-1 alpha-2 code."""
    data: dict[str, Any] = json.loads((files(__name__) / "world.topo.json").read_bytes())
    return data


def codes() -> frozenset[str]:
    """Give the codes of the countries that the map has an area for."""
    countries = topology()["objects"]["countries"]["geometries"]
    return frozenset(country["id"] for country in countries if country.get("id"))
