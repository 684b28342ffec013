"""Inks: each colour of the screen as what it is printed in.

A colour of the design tokens has its ink value beside it (`--brand` and `--brand-cmyk`). Any other
colour, such as those of flags, is converted by littleCMS from sRGB to the printer's ICC profile:
relative colorimetric with black point compensation, as is usual for drawings.
"""

from __future__ import annotations

import bisect
import io
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from PIL import Image, ImageCms
from tinycss2.color5 import Color

from reportgen.source.ink import Ink, Screen, screen_of


class Inks:
    """Converts colours and pictures to ink.

    Args:
        profile: the bytes of the printer's ICC profile.
        table: the ink of the screen colours that the design names.
        gray: whether all is printed in black ink alone.
    """

    def __init__(self, profile: bytes, table: Mapping[Screen, Ink], *, gray: bool = False) -> None:
        self.profile = profile
        self._gray = gray
        self._table = table
        self._srgb = ImageCms.createProfile("sRGB")
        self._lab = ImageCms.createProfile("LAB")
        self._printer = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        self._ink_of = lru_cache(maxsize=None)(self._convert)

    def color(self, color: Any) -> Any:
        """Give a colour of CSS in ink, as transparent as it is."""
        if color.space == "device-cmyk":
            ink: Ink = tuple(color.coordinates)
            return Color("device-cmyk", self._grayed(ink) if self._gray else ink, color.alpha)
        return Color("device-cmyk", self.ink(screen_of(color)), color.alpha)

    def ink(self, screen: Screen) -> Ink:
        """Give a screen colour in ink."""
        return self._ink_of(screen)

    def picture(self, picture: Image.Image) -> Image.Image:
        """Give a picture of the screen in ink: in mode CMYK, or L where only black is printed."""
        rgb = picture.convert("RGB")
        if not self._gray:
            return _applied(rgb, self._to_printer)
        lightness = _applied(rgb, self._to_lab)
        blacks = [255 - round(255 * self._black(value / 255)) for value in range(256)]
        return lightness.getchannel("L").point(blacks)

    def _convert(self, screen: Screen) -> Ink:
        ink = self._table.get(screen)
        if ink is None:
            pixel = Image.new("RGB", (1, 1), screen)
            if self._gray:
                lab = _applied(pixel, self._to_lab)
                return 0, 0, 0, self._black(_first(lab)[0] / 255)
            converted = _applied(pixel, self._to_printer)
            cyan, magenta, yellow, black = (round(value / 255, 3) for value in _first(converted))
            return cyan, magenta, yellow, black
        return self._grayed(ink) if self._gray else ink

    def _grayed(self, ink: Ink) -> Ink:
        """Give the black ink that looks as light as an ink value does."""
        pixel = Image.new("CMYK", (1, 1), tuple(round(value * 255) for value in ink))
        lab = _applied(pixel, self._from_printer)
        paper, darkest = self._ramp[0], self._ramp[-1]
        return 0, 0, 0, self._black((_first(lab)[0] - darkest) / (paper - darkest))

    def _black(self, lightness: float) -> float:
        """Give the black ink for a lightness from 0, the ink's own, to 1, the paper's."""
        paper, darkest = self._ramp[0], self._ramp[-1]
        wanted = darkest + lightness * (paper - darkest)
        rising = [-value for value in self._ramp]
        return min(bisect.bisect_left(rising, -wanted), 255) / 255

    @cached_property
    def _ramp(self) -> tuple[int, ...]:
        """The lightness of black ink from none to all of it, as the profile has it."""
        picture = Image.new("CMYK", (256, 1))
        for black in range(256):
            picture.putpixel((black, 0), (0, 0, 0, black))
        lab = _applied(picture, self._from_printer)
        return tuple(lab.getchannel("L").tobytes())

    @cached_property
    def _to_printer(self) -> ImageCms.ImageCmsTransform:
        return self._transform(self._srgb, "RGB", self._printer, "CMYK")

    @cached_property
    def _from_printer(self) -> ImageCms.ImageCmsTransform:
        return self._transform(self._printer, "CMYK", self._lab, "LAB")

    @cached_property
    def _to_lab(self) -> ImageCms.ImageCmsTransform:
        return self._transform(self._srgb, "RGB", self._lab, "LAB")

    @staticmethod
    def _transform(source: Any, read: str, target: Any, written: str) -> ImageCms.ImageCmsTransform:
        return ImageCms.buildTransform(
            source,
            target,
            read,
            written,
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )


def _applied(picture: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    made = ImageCms.applyTransform(picture, transform)
    if made is None:  # it is where the picture itself is changed, which is not asked for
        raise TypeError("littleCMS gave no picture")
    return made


def _first(picture: Image.Image) -> tuple[int, ...]:
    return tuple(picture.tobytes())
