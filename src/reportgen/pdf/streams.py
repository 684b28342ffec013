r"""Streams whose length every reader finds the same.

PDF/A wants a stream's Length to agree with its bytes up to the end of line before `endstream`
(ISO 19005-3, 6.1.7.1). Where the last byte is itself a carriage return, it and the line feed after
it look like one end of line: a validator then counts one byte less. One compressed stream in 256
ends so, by chance: nearly each second file has one.

What is drawn, and what lists objects, ends otherwise with a line more. Other streams, such as
fonts, stay what they are and are written in ASCII.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import pydyf
import weasyprint.pdf.stream

from reportgen.typeset.replaced import replaced

_CARRIAGE_RETURN = b"\r"
_UNCLEAR = b"\r\nendstream"
_END = b"~>"
"""What ends data in ASCII base 85 (ISO 32000-1, 7.4.3)."""


_LEVEL = 6
"""How hard streams are packed (RFC 1950). The engine asks for 9, which takes a fifth of the time of
writing for a file 1 % smaller."""


@contextmanager
def packed() -> Iterator[None]:
    """Have pydyf pack streams as hard as it is worth, and each once, in this block.

    Those that may have a line more have a clear end.

    pydyf 0.13 packs each twice: for the file, and for the hash that identifies it.
    """
    data, write = pydyf.Stream.data, pydyf.PDF.write

    def write_once(pdf: Any, *args: Any, **options: Any) -> None:
        made: dict[int, bytes] = {}

        def once(stream: Any) -> bytes:
            if id(stream) not in made:
                while (packed := data.__get__(stream)).endswith(_UNCLEAR) and _has_lines(stream):
                    stream.stream.append(b"")
                made[id(stream)] = packed
            return made[id(stream)]

        with replaced(pydyf.Stream, data=property(once)):
            write(pdf, *args, **options)

    with replaced(pydyf, zlib=_Zlib), replaced(pydyf.PDF, write=write_once):
        yield


def _has_lines(stream: Any) -> bool:
    """Tell whether a stream may have an empty line at its end: operators, or objects."""
    drawn = isinstance(stream, weasyprint.pdf.stream.Stream)
    return drawn or bool(stream.extra.get("Type") == "/ObjStm")


@contextmanager
def operators_at_once() -> Iterator[None]:
    """Have pydyf ask first whether an item is what nearly all are, in this block."""
    to_bytes = pydyf._to_bytes  # noqa: SLF001 - there is no other way in

    def quickly(item: Any) -> Any:
        if type(item) is float:
            return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")
        return item if type(item) is bytes else to_bytes(item)

    with replaced(pydyf, _to_bytes=quickly):
        yield


class _Zlib:
    """`zlib` as far as pydyf uses it."""

    @staticmethod
    def compress(data: bytes) -> bytes:
        return zlib.compress(data, _LEVEL)

    @staticmethod
    def compressobj(level: int) -> Any:
        return zlib.compressobj(min(level, _LEVEL))


def with_clear_ends(data: bytes) -> bytes:
    """Give a PDF in which no stream ends in a carriage return: such a one is written in ASCII."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        unclear = [
            entry
            for entry in pdf.objects
            if isinstance(entry, pikepdf.Stream)
            and entry.read_raw_bytes().endswith(_CARRIAGE_RETURN)
        ]
        if not unclear:
            return data
        for stream in unclear:
            _write_in_ascii(stream)
        written = io.BytesIO()
        # Nothing is compressed anew, and no stream of objects made: it might end so again.
        pdf.save(
            written,
            compress_streams=False,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return written.getvalue()


def _write_in_ascii(stream: Any) -> None:
    filters = stream.get("/Filter", pikepdf.Array())
    parameters = stream.get("/DecodeParms")
    listed = filters if isinstance(filters, pikepdf.Array) else pikepdf.Array([filters])
    if parameters is not None and not isinstance(parameters, pikepdf.Array):
        parameters = pikepdf.Array([parameters])
    stream.write(
        base64.a85encode(stream.read_raw_bytes()) + _END,
        filter=pikepdf.Array([pikepdf.Name.ASCII85Decode, *listed]),
        decode_parms=None if parameters is None else pikepdf.Array([None, *parameters]),
    )
