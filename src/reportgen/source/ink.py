"""Ink: what each colour of the design tokens is printed in, and whether it looks the same.

A colour of the design tokens has its ink value beside it (`--brand` and `--brand-cmyk`). To change
one of them and to forget the other is easy: so both are compared, as a profile says that they look.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from tinycss2.color5 import parse_color

from reportgen.source.diagnostics import Diagnostic, Diagnostics, Span

IN_INK = "-cmyk"
"""What the name of a token ends in that says how another token is printed."""

Ink = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black, each from 0 to 1."""

Screen = tuple[int, int, int]
"""Red, green and blue of sRGB, each from 0 to 255."""


def ink_table(
    tokens: Mapping[str, str], place_of: Callable[[str], Span], limit: int
) -> tuple[Mapping[Screen, Ink], tuple[Diagnostic, ...]]:
    """Give the ink of each screen colour that the tokens name, and what is wrong with them.

    Args:
        tokens: the design tokens, without their two hyphens.
        place_of: gives the place of a token, for the diagnostics.
        limit: the most ink in one place, in per cent.
    """
    table: dict[Screen, Ink] = {}
    found = Diagnostics()

    for name, value in tokens.items():
        if not name.endswith(IN_INK):
            continue
        wrong = partial(found.error, "ink", place_of(name))
        named = f"--{name}"
        screen_name = name.removesuffix(IN_INK)
        screen, ink = parse_color(tokens.get(screen_name, "")), parse_color(value)
        if getattr(screen, "space", None) != "srgb":
            wrong(f"{named} is the ink of a colour that is not there", f"add --{screen_name}: #…")
        elif getattr(ink, "space", None) != "device-cmyk":
            hint = "write device-cmyk(C M Y K), each in per cent"
            wrong(f"{named} is '{value}', which is not in ink", hint)
        else:
            cyan, magenta, yellow, black = ink.coordinates
            value_of, key = (cyan, magenta, yellow, black), screen_of(screen)
            total = round(sum(value_of) * 100)
            if total > limit:
                hint = f"lower it to {limit} %, or raise print.ink_limit in content/report.yaml"
                wrong(f"{named} lays {total} % of ink", hint)
            if table.setdefault(key, value_of) != value_of:
                hint = "give one of the two another screen colour, or both the same ink"
                wrong(f"{named} has other ink than another token of the same screen colour", hint)
    return MappingProxyType(table), found.sorted()


def screen_of(color: Any) -> Screen:
    """Return a colour of CSS as red, green and blue."""
    red, green, blue = (
        min(max(round(value * 255), 0), 255) for value in color.to("srgb").coordinates
    )
    return red, green, blue


Lab = tuple[float, float, float]
"""A colour of CIELAB, seen in the light of D50: lightness, red or green, yellow or blue."""

MOST_DIFFERENCE = 6.0
"""How far a colour may be from its ink, in CIEDE2000: more than that is seen side by side."""

_NEUTRAL = 25.0
"""The chroma below which black ink alone may stand for a colour, as text needs it."""


def check_inks(
    tokens: Mapping[str, str], place_of: Callable[[str], Span], profile: bytes
) -> tuple[Diagnostic, ...]:
    """Return a warning for each ink value that looks other than its colour of the screen.

    A colour that can't be printed is compared with the nearest that can.

    Args:
        tokens: the design tokens, without their two hyphens.
        place_of: gives the place of a token, for the diagnostics.
        profile: the bytes of the ICC profile that is printed with.
    """
    named: dict[str, tuple[Screen, Ink]] = {}
    for name, value in tokens.items():
        screen, ink = (parse_color(tokens.get(name.removesuffix(IN_INK), "")), parse_color(value))
        spaces = [getattr(color, "space", None) for color in (screen, ink)]
        if name.endswith(IN_INK) and spaces == ["srgb", "device-cmyk"]:
            cyan, magenta, yellow, black = ink.coordinates
            named[name] = screen_of(screen), (cyan, magenta, yellow, black)
    found = Diagnostics()
    press = _Press(profile)
    for (name, (screen, ink)), seen in zip(
        named.items(), press.seen([ink for _, ink in named.values()]), strict=True
    ):
        wanted = lab_of(screen)
        is_black = ink[3] > 0 and not any(ink[:3]) and math.hypot(*wanted[1:]) < _NEUTRAL
        if is_black or difference(wanted, seen) <= MOST_DIFFERENCE:
            continue
        best = press.nearest(screen)
        (reachable,) = press.seen([best])
        if difference(reachable, seen) <= MOST_DIFFERENCE:
            continue
        written = " ".join(f"{value:.0%}" for value in best)
        found.warning(
            "ink-differs",
            place_of(name),
            f"--{name} does not look as --{name.removesuffix(IN_INK)} does"
            f" (CIEDE2000 {difference(wanted, seen):.0f}; at most {MOST_DIFFERENCE:.0f} is alike)",
            f"change it along with its colour of the screen: device-cmyk({written}) is nearest",
        )
    return found.sorted()


class _Press:
    """What inks look like on paper, by an ICC profile. Pillow is loaded for it."""

    def __init__(self, profile: bytes) -> None:
        from PIL import ImageCms

        self._printer = ImageCms.ImageCmsProfile(io.BytesIO(profile))

    def seen(self, inks: list[Ink]) -> list[Lab]:
        """Return how inks look, by the profile."""
        from PIL import Image, ImageCms

        values = bytes(round(255 * value) for ink in inks for value in ink)
        picture = Image.frombytes("CMYK", (len(inks), 1), values)
        lab = ImageCms.createProfile("LAB")
        data = self._converted(picture, self._printer, lab, "LAB")
        return [
            (data[at] * 100 / 255, _signed(data[at + 1]), _signed(data[at + 2]))
            for at in range(0, len(data), 3)
        ]

    def nearest(self, screen: Screen) -> Ink:
        """Return the ink that the profile has for a colour of the screen."""
        from PIL import Image, ImageCms

        picture = Image.new("RGB", (1, 1), screen)
        srgb = ImageCms.createProfile("sRGB")
        cyan, magenta, yellow, black = self._converted(picture, srgb, self._printer, "CMYK")
        return cyan / 255, magenta / 255, yellow / 255, black / 255

    @staticmethod
    def _converted(picture: Any, source: Any, target: Any, mode: str) -> bytes:
        from PIL import ImageCms

        # Not optimized: to make a table of all colours would take longer than these few.
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        transform = ImageCms.buildTransform(source, target, picture.mode, mode, intent, flags)
        made: Any = ImageCms.applyTransform(picture, transform)
        data: bytes = made.tobytes()
        return data


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte


def lab_of(screen: Screen) -> Lab:
    """Return a colour of sRGB in CIELAB (IEC 61966-2-1, adapted to D50 as in ICC profiles)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (byte / 255 for byte in screen)
    ]
    x, y, z = (
        _cube_root(sum(share * value for share, value in zip(row, linear, strict=True)) / white)
        for row, white in _TO_XYZ
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


_TO_XYZ = (
    ((0.4360747, 0.3850649, 0.1430804), 0.96422),
    ((0.2225045, 0.7168786, 0.0606169), 1.0),
    ((0.0139322, 0.0971045, 0.7141733), 0.82521),
)
"""Rows of the matrix from linear sRGB to XYZ of D50, each with the white's value."""


def _cube_root(value: float) -> float:
    return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def difference(one: Lab, other: Lab) -> float:
    """Return how different two colours look: CIEDE2000 (ISO/CIE 11664-6), 1 is just seen."""
    mean_chroma = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretched = 1.5 - 0.5 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    chromas, hues = [], []
    for _, a, b in (one, other):
        chromas.append(math.hypot(a * stretched, b))
        hues.append(math.degrees(math.atan2(b, a * stretched)) % 360)
    lightness = (one[0] + other[0]) / 2
    chroma = sum(chromas) / 2
    turn = hues[1] - hues[0]
    hue = sum(hues) / 2
    if not all(chromas):
        turn, hue = 0.0, sum(hues)
    elif abs(turn) > 180:
        turn += 360 if turn < 0 else -360
        hue += 180 if hue < 180 else -180
    weight = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    off = (lightness - 50) ** 2
    of_lightness = (other[0] - one[0]) / (1 + 0.015 * off / math.sqrt(20 + off))
    of_chroma = (chromas[1] - chromas[0]) / (1 + 0.045 * chroma)
    across = 2 * math.sqrt(chromas[0] * chromas[1]) * math.sin(math.radians(turn / 2))
    of_hue = across / (1 + 0.015 * chroma * weight)
    rotated = math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2)))
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(rotated)
    return math.sqrt(of_lightness**2 + of_chroma**2 + of_hue**2 + rotation * of_chroma * of_hue)
