"""Streams that end where every reader sees it."""

from __future__ import annotations

import io
import zlib

import page
import pikepdf
import pydyf
import pytest
from pikepdf import Dictionary, Name, Stream
from weasyprint import HTML

from reportgen.pdf.streams import packed, with_clear_ends

ENDS = next(data for n in range(300) if zlib.compress(data := b"%" + b"a" * n).endswith(b"\r"))
"""A content stream that ends in a carriage return when it is compressed."""


def saved(pdf: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    pdf.save(file, static_id=True, compress_streams=False)
    return file.getvalue()


def made(code: bytes) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Metadata = Stream(pdf, b"<x/>", Type=Name.Metadata, Subtype=Name.XML)
        pdf.pages[0].obj.Contents = stream = Stream(pdf, b"")
        stream.write(zlib.compress(code), filter=Name.FlateDecode)
        predicted = Stream(pdf, b"", Type=Name.XObject)
        predicted.write(
            zlib.compress(code),
            filter=Name.FlateDecode,
            decode_parms=Dictionary(Predictor=1),
        )
        pdf.pages[0].obj.More = predicted
        return saved(pdf)


def test_a_stream_that_ends_in_a_carriage_return_is_written_in_ascii() -> None:
    data = with_clear_ends(made(ENDS))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        contents = pdf.pages[0].obj.Contents
        assert contents.Filter == [Name.ASCII85Decode, Name.FlateDecode]
        assert contents.read_raw_bytes().endswith(b"~>")
        assert contents.read_bytes() == pdf.pages[0].obj.More.read_bytes() == ENDS
        # XMP is found by programs that read no PDF: it is never compressed.
        assert "/Filter" not in pdf.Root.Metadata
    assert data == with_clear_ends(made(ENDS)) == with_clear_ends(data)


@pytest.mark.parametrize("code", [b"", b"q Q\n", b"% nothing\r"])
def test_another_file_stays_as_it_is(code: bytes) -> None:
    assert with_clear_ends(made(code)) == made(code)


def test_the_validator_would_refuse_it() -> None:
    """If this fails, the validator was mended, and streams.py can go."""
    rule = "PDFA3A-STREAM-LENGTH-001"

    def broken(data: bytes) -> bool:
        report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_A_3A)
        return any(failure.rule_id == rule for failure in report.failures)

    assert broken(made(ENDS))
    assert not broken(with_clear_ends(made(ENDS)))


def test_what_is_drawn_has_a_line_more_rather_than_an_unclear_end() -> None:
    """Else, all objects of the file would be written out, which makes it half as large again."""
    found = 0
    for number in range(2000):
        html = f"<!doctype html><html lang=en><title>x</title><p>{'x' * number}</p></html>"
        document = HTML(string=html).render()
        data = document.write_pdf(pdf_variant="pdf/ua-1")
        if with_clear_ends(data) != data:
            with packed():
                clear = document.write_pdf(pdf_variant="pdf/ua-1")
            found += with_clear_ends(clear) == clear != data
        if found:
            break
    assert found


def test_streams_are_packed_as_hard_as_it_is_worth() -> None:
    data = bytes(n * n % 251 for n in range(9000))
    with packed():
        stream = pydyf.Stream([data], compress=True).data
    assert zlib.compress(data, 6) in stream
