"""Colours of the screen in ink."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms
from tinycss2.color5 import parse_color

from reportgen.pdf.inks import Inks
from reportgen.source.diagnostics import Span
from reportgen.source.icc import NotAPrinterProfileError, read_printer_profile
from reportgen.source.ink import ink_table
from reportgen.source.tokens import read_tokens

PROFILE = (files("reportgen") / "profiles" / "FOGRA39L-coated.icc").read_bytes()
BRAND = {(31, 42, 85): (1.0, 0.85, 0.25, 0.4)}
screens = st.tuples(*[st.integers(0, 255)] * 3)


@cache
def inks(*, gray: bool = False) -> Inks:
    return Inks(PROFILE, BRAND, gray=gray)


def told(**tokens: str) -> list[str]:
    names = {name.replace("_", "-"): value for name, value in tokens.items()}
    return [str(d) for d in ink_table(names, lambda name: Span("t.css", len(name)), 300)[1]]


def test_a_token_has_the_ink_that_stands_beside_it() -> None:
    tokens = {"brand": "#1f2a55", "brand-cmyk": "device-cmyk(100% 85% 25% 40%)", "rule": "#ccc"}
    table, wrong = ink_table(tokens, Span, 300)
    assert (dict(table), wrong) == (BRAND, ())
    assert inks().ink((31, 42, 85)) == BRAND[31, 42, 85]


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (
            {"a_cmyk": "device-cmyk(0 0 0 1)"},
            "t.css:6:1: error[ink]: --a-cmyk is the ink of a colour that is not there; add --a: #…",
        ),
        (
            {"a": "#000", "a_cmyk": "#111"},
            (
                "t.css:6:1: error[ink]: --a-cmyk is '#111', which is not in ink;"
                " write device-cmyk(C M Y K), each in per cent"
            ),
        ),
        (
            {"a": "#000", "a_cmyk": "device-cmyk(90% 80% 80% 90%)"},
            (
                "t.css:6:1: error[ink]: --a-cmyk lays 340 % of ink;"
                " lower it to 300 %, or raise print.ink_limit in content/report.yaml"
            ),
        ),
        (
            {
                "a": "#000",
                "a_cmyk": "device-cmyk(0 0 0 1)",
                "bb": "black",
                "bb_cmyk": "device-cmyk(0 0 0 0.9)",
            },
            (
                "t.css:7:1: error[ink]: --bb-cmyk has other ink than another token of the same"
                " screen colour; give one of the two another screen colour, or both the same ink"
            ),
        ),
    ],
    ids=["no colour", "not ink", "too much", "two inks"],
)
def test_a_wrong_ink_is_told(tokens: dict[str, str], message: str) -> None:
    assert told(**tokens) == [message]


@given(screens)
def test_the_profile_lays_no_more_ink_than_its_paper_takes(screen: tuple[int, int, int]) -> None:
    assert sum(inks().ink(screen)) <= 3.0


@given(screens)
def test_in_grey_there_is_black_ink_alone(screen: tuple[int, int, int]) -> None:
    *others, black = inks(gray=True).ink(screen)
    assert not any(others)
    assert 0 <= black <= 1


def test_greys_keep_their_order() -> None:
    blacks = [inks(gray=True).ink((value, value, value))[3] for value in range(0, 256, 5)]
    assert blacks == sorted(blacks, reverse=True)
    assert blacks[0] >= 0.99
    assert blacks[-1] == 0


def test_a_colour_keeps_its_transparency() -> None:
    for gray in (False, True):
        for text in ("rgb(10 20 30 / 40%)", "device-cmyk(10% 20% 30% 0% / 40%)"):
            made = inks(gray=gray).color(parse_color(text))
            assert made.space == "device-cmyk"
            assert made.alpha == pytest.approx(0.4)


def test_white_is_paper_and_named_ink_is_kept() -> None:
    assert inks().ink((255, 255, 255)) == (0, 0, 0, 0)
    assert inks().color(parse_color("device-cmyk(0 0 0 1)")).coordinates == (0, 0, 0, 1)


@pytest.mark.parametrize(("gray", "mode"), [(False, "CMYK"), (True, "L")])
def test_a_picture_is_converted_as_colours_are(gray: bool, mode: str) -> None:
    picture = Image.new("RGB", (2, 2), (200, 40, 90))
    converted = inks(gray=gray).picture(picture)
    assert converted.mode == mode
    ink = inks(gray=gray).ink((200, 40, 90))
    pixel = tuple(converted.tobytes()[: 1 if gray else 4])
    expected = (1 - ink[3],) if gray else ink
    assert pixel == pytest.approx([value * 255 for value in expected], abs=2)


def test_a_profile_of_a_screen_is_refused() -> None:
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with pytest.raises(
        NotAPrinterProfileError, match="is a profile of RGB and of the class 'mntr'"
    ):
        read_printer_profile(screen)
    with pytest.raises(NotAPrinterProfileError, match="is not an ICC profile"):
        read_printer_profile(b"nothing")
    assert read_printer_profile(PROFILE).description == "FOGRA39L coated, 300 %"


def test_the_design_looks_on_paper_as_on_the_screen() -> None:
    """CIEDE2000 of each colour and its ink, as the profile says that it comes out.

    Black ink alone stands for all neutral colours: how near it comes is not asked.
    """
    from coloraide import Color

    tokens = read_tokens((Path(__file__).parents[1] / "styles/tokens.css").read_text("utf-8"))
    printed = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(PROFILE)),
        ImageCms.createProfile("sRGB"),
        "CMYK",
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    table, wrong = ink_table(tokens, Span, 300)
    assert not wrong
    assert len(table) > 20
    for screen, ink in table.items():
        if any(ink[:3]):
            pixel = Image.new("CMYK", (1, 1), tuple(round(value * 255) for value in ink))
            seen = ImageCms.applyTransform(pixel, printed)
            assert seen is not None
            meant, came = (
                Color("srgb", [value / 255 for value in rgb]) for rgb in (screen, seen.tobytes())
            )
            assert meant.delta_e(came, method="2000") < 4, (screen, ink)
