# ruff: noqa: E501 - lists of what files are made of, a line as long as it takes
"""Damaged PDF files."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.fuzz.mutate import ODD_TEXTS, mutated, pick, times

_NOT_POSSIBLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, pikepdf.PdfError)


def damaged_pdf(rng: Random, pdfs: Mapping[str, bytes]) -> bytes:
    """Give a PDF with some of its objects changed, or some of its bytes."""
    if rng.random() < 0.35:
        name = rng.choices(("plain", "digital", "print"), (8, 2, 1))[0]
        return mutated(rng, pdfs[name], "pdf")
    name = rng.choices(("plain", "print"), (4, 1))[0]
    with pikepdf.open(io.BytesIO(pdfs[name])) as pdf:
        for _ in range(rng.choice((1, 1, 2, 4))):
            # A change before may have taken away what this one changes.
            with contextlib.suppress(*_NOT_POSSIBLE):
                rng.choice(_CHANGES)(rng, pdf)
        stream = io.BytesIO()
        pdf.save(stream, static_id=True, compress_streams=False, fix_metadata_version=False)
    data = stream.getvalue()
    return data if rng.random() < 0.9 else mutated(rng, data, "pdf")


def _objects(pdf: Any) -> list[Any]:
    return [found for found in pdf.objects if isinstance(found, (Dictionary, Stream, Array))]


def _value(rng: Random, pdf: Any) -> Any:
    kind = rng.randrange(9)
    if kind == 0:
        return rng.choice((0, -1, 1, 2**31, 2**63 - 1, 99_999))
    if kind == 1:
        return String(rng.choice(ODD_TEXTS))
    if kind == 2:
        return Name(
            "/" + pick(rng, "X", "DeviceCMYK", "Pattern", "Page", "Indexed", "FlateDecode", "Form")
        )
    if kind == 3:
        return Array([rng.choice((0, 1, -1, 10**9)) for _ in range(rng.choice((0, 1, 4, 300)))])
    if kind == 4:
        return Dictionary(Type=Name("/X"))
    if kind == 5:
        return rng.random() < 0.5
    return rng.choice(_objects(pdf))


def _change_value(rng: Random, pdf: Any) -> None:
    found = rng.choice(_objects(pdf))
    if isinstance(found, Array):
        if len(found):
            found[rng.randrange(len(found))] = _value(rng, pdf)
        return
    keys = sorted(set(found.keys()) - {"/Length"})
    if not keys:
        return
    key = rng.choice(keys)
    if rng.random() < 0.2:
        del found[key]
    else:
        found[key] = _value(rng, pdf)


def _change_content(rng: Random, pdf: Any) -> None:
    page = rng.choice(list(pdf.pages))
    code = pick(
        rng, "q ", "Q ", "BT (x) Tj ET ", "/X0 Do ", "1 0 0 RG ", "0.1 0.2 0.3 0.4 k ", "/P <</MCID 0>> BDC ",
        "EMC ", "1e30 0 0 1e30 0 0 cm ", "0 0 m 9 9 l S ", "/GS gs ", "/Cs cs 1 scn ", "/Sh sh ", "[1] 0 d ", "BI ID EI ",
        "(" * 50, "<<" * 50, "[" * 50, "/F 0 Tf ", "1 Tr ", "0 0 99999999 99999999 re f ", "\x1b[31m ", "W n ",
    )  # fmt: skip
    page.contents_add(code.encode("latin-1") * times(rng, 5_000), prepend=rng.random() < 0.5)


def _change_stream(rng: Random, pdf: Any) -> None:
    streams = [found for found in _objects(pdf) if isinstance(found, Stream)]
    found = rng.choice(streams)
    if rng.random() < 0.4:
        found.write(
            bytes(found.get_raw_stream_buffer()),
            filter=Name("/" + pick(rng, "FlateDecode", "LZWDecode", "ASCIIHexDecode", "DCTDecode", "Crypt", "RunLengthDecode")),
            decode_parms=Dictionary(Predictor=rng.choice((1, 2, 12, 15, 99)), Columns=rng.choice((0, 4, 10**8))),
        )  # fmt: skip
        return
    try:
        data = found.read_bytes()
    except pikepdf.PdfError:
        data = bytes(found.get_raw_stream_buffer())
    found.write(mutated(rng, data, "svg" if b"<" in data[:9] else "pdf"))


def _form(pdf: Any, code: bytes, **more: Any) -> Any:
    return pdf.make_indirect(
        Stream(pdf, code, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), **more)
    )


def _draw(pdf: Any, form: Any) -> None:
    page = pdf.pages[0]
    name = page.add_resource(form, Name.XObject, Name.Fuzz)
    page.contents_add(f"q {name} Do Q".encode())


def _forms_in_forms(rng: Random, pdf: Any) -> None:
    form = _form(pdf, b"0 0 1 1 re f")
    for _ in range(rng.choice((2, 12, 40, 900))):
        resources = Dictionary(XObject=Dictionary(A=form))
        form = _form(pdf, b"/A Do " * rng.choice((1, 2, 9)), Resources=resources)
    if rng.random() < 0.3:
        form.Resources.XObject.A = form
    _draw(pdf, form)


def _spaces_in_spaces(rng: Random, pdf: Any) -> None:
    space: Any = pdf.make_indirect(Array([Name.Indexed, Name.DeviceRGB, 0, String("abc")]))
    for _ in range(rng.choice((1, 9, 2_000))):
        base = Array(
            [Name(pick(rng, "/Indexed", "/Separation", "/Pattern", "/DeviceN")), Name.X, space]
        )
        space = pdf.make_indirect(base)
    if rng.random() < 0.4:
        space[len(space) - 1] = space
    resources = Dictionary(ColorSpace=Dictionary(A=space))
    _draw(pdf, _form(pdf, b"/A cs 1 scn 0 0 1 1 re f", Resources=resources))


def _chain(rng: Random, pdf: Any) -> None:
    """Put a long row of bookmarks, destinations, annotations or elements into the file."""
    number = times(rng, 3_000)
    kind = rng.randrange(4)
    if kind == 0:
        items = [pdf.make_indirect(Dictionary(Title=String("x"))) for _ in range(number)]
        for before, after in pairwise(items):
            before.Next, after.Prev = after, before
        pdf.Root.Outlines = Dictionary(First=items[0], Last=items[-1], Count=number)
    elif kind == 1:
        node = pdf.make_indirect(Dictionary(Names=Array([String("a"), Array([])])))
        for _ in range(number):
            node = pdf.make_indirect(Dictionary(Kids=Array([node] * rng.choice((1, 2)))))
        pdf.Root.Names = Dictionary(Dests=node, EmbeddedFiles=node)
    elif kind == 2:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1]))
        pdf.pages[0].Annots = Array([pdf.make_indirect(note)] * number)
    else:
        node = pdf.make_indirect(Dictionary(S=Name.P))
        for _ in range(number):
            node = pdf.make_indirect(
                Dictionary(S=Name.Div, K=Array([node] * rng.choice((1, 1, 2))))
            )
        pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=node)


def _metadata(rng: Random, pdf: Any) -> None:
    xmp = bytes(pdf.Root.Metadata.read_bytes())
    spoiled = pick(
        rng, "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>", "<x>" * times(rng, 9_000), "\x1b[2J",
        "&#27;", "<x a='" + "y" * times(rng) + "'/>", "\0", "<rdf:li>\x85\u2028</rdf:li>",
    ).encode()  # fmt: skip
    at = rng.randint(0, len(xmp))
    pdf.Root.Metadata.write(xmp[:at] + spoiled + xmp[at:])


def _attachment(rng: Random, pdf: Any) -> None:
    data = pick(
        rng, "[" * times(rng), '{"resources": [{"path": "../x", "hash": 1}]}', "\x1b[31m", "null"
    ).encode()
    name = pick(rng, "datapackage.json", "../x", "\x1b[31m", "a.csv")
    file = pikepdf.AttachedFileSpec(pdf, data, filename=name, mime_type="application/json")
    pdf.attachments[name or "x"] = file


_CHANGES: tuple[Callable[[Random, Any], None], ...] = (
    *(_change_value,) * 8, *(_change_content,) * 2, *(_change_stream,) * 3, _forms_in_forms,
    _spaces_in_spaces, _chain, _metadata, _attachment,
)  # fmt: skip
