"""Fonts: whether a file is a whole one.

Each table is unpacked and compared with what the file says of it: in place of a damaged font, the
typesetter takes another one.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import Any

from reportgen.source.limits import MAX_FONT_BYTES

_PACKED = (b"wOFF", b"wOF2")
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "name")
_OUTLINES = ("glyf", "CFF ", "CFF2", "CBDT", "SVG ")


class UnusableFontError(ValueError):
    """A font is damaged, too large or no font; the message says which."""


_known: dict[bytes, UnusableFontError | None] = {}
"""What came of each font in this process, by its digest."""


def check_font(data: bytes) -> None:
    """Read all tables of a font.

    Raises:
        UnusableFontError: it is not whole.
    """
    key = hashlib.sha256(data).digest()
    if key not in _known:
        try:
            _check(data)
        except UnusableFontError as error:
            _known[key] = error
        else:
            _known[key] = None
    if found := _known[key]:
        raise UnusableFontError(str(found))


def _check(data: bytes) -> None:
    from fontTools.ttLib import TTFont

    try:
        if data[:4] in _PACKED:
            _check_packed(data)
        elif len(data) > MAX_FONT_BYTES:
            raise _too_large()
        # A packed font has no checksums, or those of another order of its tables.
        sums = 0 if data[:4] in _PACKED else 2
        font = TTFont(io.BytesIO(data), checkChecksums=sums, fontNumber=0, lazy=True)
        tables = {tag: font.reader[tag] for tag in font.reader.tables}
        missing = [tag for tag in _NEEDED if not tables.get(tag)]
        if missing or not any(tables.get(tag) for tag in _OUTLINES):
            raise UnusableFontError(f"has no table '{(missing or ['glyf'])[0]}'")
        if "glyf" in tables:
            _check_outlines(font, tables)
    except UnusableFontError:
        raise
    except Exception as error:  # noqa: BLE001 - a decoder may raise anything
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnusableFontError(f"is not a font, or a damaged one ({reason})") from None


def _check_packed(data: bytes) -> None:
    """Make sure that a WOFF or WOFF2 file ends where it says, and unpacks to no more than it says.

    Its header: https://www.w3.org/TR/WOFF2/#woff20Header
    """
    (length,) = struct.unpack_from(">I", data, 8)
    if length != len(data):
        raise UnusableFontError(f"is damaged: it has {len(data):,} bytes of {length:,}")
    unpacked = _unpacked_2(data) if data[:4] == b"wOF2" else _unpacked_1(data)
    if unpacked > MAX_FONT_BYTES:
        raise _too_large()


def _unpacked_1(data: bytes) -> int:
    """Give how large a WOFF file is unpacked."""
    (number,) = struct.unpack_from(">H", data, 12)
    total = 0
    for at in range(44, 44 + 20 * number, 20):
        _, offset, packed, size, _ = struct.unpack_from(">4s4I", data, at)
        total += size
        if total > MAX_FONT_BYTES:
            break
        if packed < size:
            content = data[offset : offset + packed]
            if len(zlib.decompressobj().decompress(content, size + 1)) != size:
                raise UnusableFontError("is damaged: a table has another size than it says")
    return total


def _unpacked_2(data: bytes) -> int:
    """Give how large a WOFF2 file is unpacked."""
    import brotli
    from fontTools.ttLib import woff2

    (number,) = struct.unpack_from(">H", data, 12)
    (packed,) = struct.unpack_from(">I", data, 20)
    file = io.BytesIO(data)
    file.seek(woff2.woff2DirectorySize)
    total = 0
    for _ in range(number):
        entry = woff2.WOFF2DirectoryEntry()
        entry.fromFile(file)
        total += entry.length
    if total > MAX_FONT_BYTES:
        return total
    start = file.tell()
    decoder, size = brotli.Decompressor(), 0
    chunk = data[start : start + packed]
    while size <= total and not decoder.is_finished():
        made = len(decoder.process(chunk, output_buffer_limit=1 << 22))
        if not made and not chunk:
            break
        size, chunk = size + made, b""
    if size != total or not decoder.is_finished():
        raise UnusableFontError("is damaged: its tables have another size than it says")
    return total


def _check_outlines(font: Any, tables: dict[str, bytes]) -> None:
    """Make sure that the outlines of all glyphs are there."""
    is_long = font["head"].indexToLocFormat
    size = 4 if is_long else 2
    places = tables.get("loca", b"")
    if len(places) < size * (font["maxp"].numGlyphs + 1):
        raise UnusableFontError("is damaged: it has fewer glyphs than it says")
    end = int.from_bytes(places[-size:], "big") * (1 if is_long else 2)
    if end > len(tables["glyf"]):
        raise UnusableFontError("is damaged: it ends within a glyph")


def _too_large() -> UnusableFontError:
    return UnusableFontError(f"is larger than {MAX_FONT_BYTES // 1_000_000} MB when unpacked")
