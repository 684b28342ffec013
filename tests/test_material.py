"""Pictures, fonts and profiles are read whole, and a damaged one is told where it is named."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from functools import cache
from pathlib import Path, PurePosixPath

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from reportgen.build.start import start_project
from reportgen.project import Project
from reportgen.source import pictures
from reportgen.source.fonts import UnusableFontError, check_font
from reportgen.source.icc import read_printer_profile
from reportgen.source.limits import MAX_DRAWING_DEPTH, MAX_FONT_BYTES
from reportgen.source.pictures import UnusablePictureError, check_picture
from tests.conftest import ROOT, Workspace, encoded
from tests.test_inks import PROFILE

FONT = (ROOT / "styles/fonts/SourceSerif4-It.otf.woff2").read_bytes()
PLACE = (
    "content/sections/introduction.md:17:1: error[unusable-picture]: the image 'content/images/a"
)


def names(value: str | bytes) -> str:
    """Name a case by what is told of it."""
    return value if isinstance(value, str) else ""


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def drawing(body: str) -> bytes:
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {namespaces} width="9" height="9">{body}</svg>'.encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_says(width: int, height: int) -> bytes:
    """Give a PNG of few bytes that says how large it is."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pieces = (b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*piece) for piece in pieces)


def doubling(times: int) -> str:
    """Give a drawing of few elements that draws 2 to the power of `times` of them."""
    groups = (
        f'<g id="a{n}"><use href="#a{n + 1}"/><use xlink:href="#a{n + 1}"/></g>'
        for n in range(times)
    )
    return f'{"".join(groups)}<path id="a{times}"/><use href="#a0"/>'


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        *((mode, "PNG") for mode in ("RGB", "L", "RGBA", "P", "1")),
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("P", "GIF"),
        ("RGB", "WEBP"),
    ],
)
def test_a_whole_picture_is_taken_and_half_of_it_is_not(mode: str, form: str) -> None:
    whole = encoded(mode, form)
    check_picture(whole)
    with pytest.raises(UnusablePictureError, match="damaged"):
        check_picture(half(whole))


def test_a_picture_in_ink_is_taken() -> None:
    check_picture(encoded("CMYK", "JPEG"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (half(encoded("RGB", "PNG")), "is damaged (Truncated File Read); export it again, or copy"),
        (half(encoded("RGB", "JPEG")), "is damaged (image file is truncated ("),
        (
            encoded("I;16", "PNG"),
            "stores its colours in a form that isn't shown right everywhere (I;16); export it with",
        ),
        (png_that_says(65535, 65535), "has more than 70 million pixels; scale it down"),
        (b"%PDF-1.7", "is not a picture in PNG, JPEG, GIF, WebP or SVG, or is damaged; export it"),
        (encoded("RGB", "TIFF"), "is not a picture in PNG, JPEG, GIF, WebP or SVG, or is damaged;"),
        (drawing("<path"), "can't be read as SVG (not well-formed (invalid token): line 1,"),
        (b"<html/>", "is not a drawing in SVG; export it as SVG, PNG or JPEG"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "declares entities of its own; export it as"),
        (drawing(doubling(40)), "draws more than 100,000 elements; simplify it, or export it"),
        (drawing("<a/>" * 100_001), "draws more than 100,000 elements; simplify it, or export it"),
        (
            drawing(f'<a style="{"url(#a)" * 100_001}"/>'),
            "has more than 100,000 references; simplify it, or export it as PNG",
        ),
        (drawing('<g id="a"><use href="#a"/></g>'), "has elements that draw each other without"),
        (drawing("<g>" * 3000 + "</g>" * 3000), f"nests elements more than {MAX_DRAWING_DEPTH}"),
        (drawing('<image href="b.png"/>'), "needs another file or address ('b.png'); export it"),
        (drawing('<a style="fill: url(http://x.example/)"/>'), "needs another file or address ('"),
        (drawing("<style>a { fill: url(x.svg) }</style>"), "needs another file or address ('x.svg"),
        (
            drawing('<image href="data:image/png;base64,iVBORw0KGgo="/>'),
            "has a picture in it that is",
        ),
        (
            drawing('<linearGradient spreadMethod="repeat" x2="1e-12"/>'),
            "has a gradient that repeats, which may take very long to draw; draw it without",
        ),
    ],
    ids=names,
)
def test_a_picture_that_can_not_be_shown_is_told_where_it_is_named(
    workspace: Workspace, data: bytes, message: str
) -> None:
    workspace.edit("content/images/a", data)
    workspace.append("content/sections/introduction.md", "\n![A bank](images/a)\n")
    told, counted = workspace.check().splitlines()
    assert told.startswith(f"{PLACE}' {message}")
    assert counted == "content: 1 error, no warnings"


def test_the_pictures_of_a_drawing_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = encoded("RGB", "PNG")
    width, height = check_picture(picture) or (0, 0)
    image = f'<image href="data:image/png;base64,{base64.b64encode(picture).decode()}"/>'
    monkeypatch.setattr(pictures, "MAX_PICTURE_PIXELS", 2 * width * height)
    check_picture(drawing(image * 2))
    with pytest.raises(UnusablePictureError, match="has pictures of more than"):
        check_picture(drawing(image * 3))


def test_a_picture_is_read_once_however_often_it_is_named(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    whole = Project.read

    def counted(project: Project, path: PurePosixPath | str) -> bytes:
        read.append(str(path))
        return whole(project, path)

    monkeypatch.setattr(Project, "read", counted)
    workspace.edit("content/images/a", b"%PDF-1.7")
    workspace.edit("content/images/b", encoded("RGB", "PNG"))
    workspace.append("content/sections/introduction.md", "\n![A bank](images/a)\n" * 3)
    workspace.edit("styles/a.css", "p { background: url(../content/images/b) }\n" * 3)
    assert workspace.check().count("unusable-picture") == 3
    assert read.count("content/images/a") == read.count("content/images/b") == 1


def test_a_drawing_with_links_and_parts_that_come_again_is_taken() -> None:
    body = '<a xlink:href="https://example.org"><path id="p" fill="url(#g)"/></a><use href="#p"/>'
    check_picture(drawing(f'<radialGradient id="g" spreadMethod="pad"/>{body}{doubling(8)}'))


def test_that_a_picture_is_damaged_is_told_whatever_the_typesetter_makes_up_for() -> None:
    import weasyprint.images  # noqa: F401 - it has Pillow take what is cut short
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    with pytest.raises(UnusablePictureError):
        check_picture(half(encoded("RGB", "JPEG")))
    assert ImageFile.LOAD_TRUNCATED_IMAGES is before


@cache
def as_form(font: bytes, flavor: str | None) -> bytes:
    opened, made = TTFont(io.BytesIO(font)), io.BytesIO()
    opened.flavor = flavor
    opened.save(made)
    return made.getvalue()


def font_that_says(size: int) -> bytes:
    """Give a WOFF file of one table that says how large it is unpacked."""
    table = zlib.compress(b"\0" * 100)
    entry = struct.pack(">4s4I", b"glyf", 64, len(table), size, 0)
    length = 64 + len(table)
    return struct.pack(">4s4sIHH", b"wOFF", b"OTTO", length, 1, 0) + b"\0" * 28 + entry + table


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
@pytest.mark.parametrize("part", [0.001, 0.3, 0.9, 0.99])
def test_a_font_is_read_to_its_end(flavor: str | None, part: float) -> None:
    whole = as_form(FONT, flavor)
    check_font(whole)
    with pytest.raises(UnusableFontError):
        check_font(whole[: round(len(whole) * part)])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is not a font, or a damaged one ("),
        (half(FONT), f"is damaged: it has {len(FONT) // 2:,} bytes of {len(FONT):,};"),
        (font_that_says(MAX_FONT_BYTES + 1), "is larger than 64 MB when unpacked;"),
        (font_that_says(99), "is damaged: a table has another size than it says;"),
        (font_that_says(100), "has no table 'cmap';"),
        (
            FONT[:200] + bytes(100) + FONT[300:],
            "is not a font, or a damaged one (",
        ),
    ],
    ids=names,
)
def test_a_damaged_font_is_told_where_the_style_sheet_names_it(
    workspace: Workspace, data: bytes, message: str
) -> None:
    workspace.edit("styles/fonts/a.woff2", data)
    rule = '@font-face {\n  font-family: "A";\n  src: url("fonts/a.woff2") format("woff2")\n}\n'
    workspace.edit("styles/fonts.css", rule)
    told, _ = workspace.check().splitlines()
    place = "styles/fonts.css:3:8: error[unusable-font]: 'fonts/a.woff2' "
    assert told.startswith(place + message)
    assert told.endswith("; download the font again, or take the rule out")


def test_a_build_refuses_a_damaged_font(workspace: Workspace) -> None:
    workspace.edit("styles/fonts/a.woff2", half(FONT))
    workspace.edit("styles/a.css", '@font-face { font-family: "A"; src: url(fonts/a.woff2) }')
    result = workspace.run("build")
    assert result.exit_code == 1
    assert result.stderr.startswith("styles/a.css:1:37: error[unusable-font]: 'fonts/a.woff2' is")


def profile(edit: bytes) -> bytes:
    """Give the toolkit's profile with another description."""
    at = PROFILE.index(b"FOGRA39L")
    return PROFILE[:at] + edit + PROFILE[at + len(edit) :]


def test_a_profile_need_not_describe_itself_in_text() -> None:
    assert read_printer_profile(profile(b"FOGRA\xe9\x80")).description == ""


def without_tables(data: bytes) -> bytes:
    """Give a profile whose tables of colours are of no kind that is known."""
    for tag in (b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2"):
        place = data.index(tag, 128)
        offset = int.from_bytes(data[place + 4 : place + 8], "big")
        data = data[:offset] + b"zzzz" + data[offset + 4 :]
    return data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (half(PROFILE), f"is damaged: it has {len(PROFILE) // 2:,} bytes of {len(PROFILE):,};"),
        (PROFILE[:100], "is not an ICC profile;"),
        (
            without_tables(PROFILE),
            "is a damaged ICC profile: colours can't be converted with it; ask the printer for",
        ),
    ],
    ids=names,
)
def test_a_damaged_profile_is_told_where_it_is_named(
    workspace: Workspace, data: bytes, message: str
) -> None:
    workspace.edit("content/press.icc", data)
    workspace.edit(
        "content/report.yaml", ("\nparts:\n", "\nprint:\n  profile: press.icc\nparts:\n")
    )
    told, _ = workspace.check().splitlines()
    assert told.startswith("content/report.yaml:")
    assert f":12: error[unusable-profile]: 'content/press.icc' {message}" in told


@pytest.mark.slow
def test_a_report_is_printed_with_a_profile_that_does_not_describe_itself(tmp_path: Path) -> None:
    start_project(tmp_path / "report")
    report = Workspace(tmp_path / "report")
    report.edit("content/press.icc", profile(b"FOGRA\xe9\x80"))
    report.edit("content/report.yaml", ("\nparts:\n", "\nprint:\n  profile: press.icc\nparts:\n"))
    assert report.run("build", "--edition", "print").exit_code == 0
    (path,) = (report.root / "out").glob("*.print.pdf")
    with pikepdf.open(path) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "press.icc"
