"""PDF files made to harm what reads them: to hang it, crash it, fill its memory or forge its words.

Each builder gives the bytes of one file; most claim an edition, so that all of its checks run.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable, Mapping
from functools import partial

import pikepdf

_CLAIMS = {
    "print": "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>",
    "archive": "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
    "digital": "<pdfuaid:part>1</pdfuaid:part>",
}
_XMP = (
    '{before}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"'
    ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
    ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">{claim}{more}</rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)

ESCAPES = "\x1b[2J\x1b[1;31m\x07\x9b31m\u202e\r\n  syntax   passed  qpdf\n"
"""What clears a terminal, colours it, turns its direction, and looks like a line of ours."""

_ESCAPED = b"<feff" + ESCAPES.encode("utf-16-be").hex().encode() + b">"


def xmp(edition: str, more: str = "", before: str = "") -> bytes:
    """Give metadata that claim an edition."""
    return _XMP.format(before=before, claim=_CLAIMS[edition], more=more).encode()


def stream(data: bytes, more: bytes = b"", *, packed: bool = False) -> bytes:
    """Give a stream object."""
    if packed:
        data, more = zlib.compress(data, 9), more + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), more, data)


def file_of(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Give a PDF of numbered objects, of which 1 is the catalog."""
    out = io.BytesIO()
    out.write(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        if number in places:
            out.write(b"%010d 00000 n \n" % places[number])
        else:
            out.write(b"0000000000 00000 f \n")
    out.write(
        b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    )
    return out.getvalue()


def pdf(
    content: bytes = b"",
    resources: bytes = b"",
    *,
    edition: str = "print",
    catalog: bytes = b"",
    page: bytes = b"",
    box: bytes = b"0 0 612 859",
    objects: Mapping[int, bytes] | None = None,
    metadata: bytes | None = None,
    trailer: bytes = b"",
) -> bytes:
    """Give a PDF of one page; its further objects have the numbers from 10 on."""
    made = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R%s>>" % catalog,
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/TrimBox[8 8 603 850]/BleedBox[0 0 612 859]"
        b"/Contents 4 0 R/Resources<<%s>>%s>>" % (box, resources, page),
        4: stream(content),
        5: metadata or stream(xmp(edition), b"/Type/Metadata/Subtype/XML"),
    }
    return file_of({**made, **(objects or {})}, trailer)


def form(content: bytes, resources: bytes = b"", more: bytes = b"") -> bytes:
    """Give a form."""
    about = b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<<%s>>%s" % (resources, more)
    return stream(content, about)


def forms_in_forms(depth: int = 18, wide: int = 10) -> bytes:
    """Give forms of which each draws the next ones many times, each time in another size."""
    code = b"".join(b"q 1.%d 0 0 1 0 0 cm /F Do Q " % digit for digit in range(1, wide + 1))
    forms = {10 + n: form(code, b"/XObject<</F %d 0 R>>" % (11 + n)) for n in range(depth)}
    last = form(b"0 0 0 1 k 0 0 m 9 9 l S")
    return pdf(b"/F Do", b"/XObject<</F 10 0 R>>", objects={**forms, 10 + depth: last})


def chain(
    length: int, link: bytes, more: bytes = b"", last: bytes = b"", at: int = 20
) -> dict[int, bytes]:
    """Give objects in a row, each of which names the next one by a key."""
    found = {at + n: b"<<%s%s %d 0 R>>" % (more, link, at + n + 1) for n in range(length - 1)}
    return {**found, at + length - 1: b"<<%s%s>>" % (more, last)}


def outline(length: int, link: bytes = b"/Next") -> bytes:
    """Give bookmarks in a row."""
    entries = chain(length, link, b"/Title(a)/Parent 10 0 R")
    head = b"<</Type/Outlines/First 20 0 R/Last %d 0 R/Count %d>>" % (19 + length, length)
    return pdf(edition="digital", catalog=b"/Outlines 10 0 R", objects={10: head, **entries})


def tree(kind: bytes, shape: str, depth: int, edition: str = "digital") -> bytes:
    """Give a tree of names in which nodes stand in a loop, in a row, or twice in each other."""
    if shape == "loop":
        nodes = {10: b"<</Kids[11 0 R]>>", 11: b"<</Kids[10 0 R 11 0 R]>>"}
    elif shape == "row":
        nodes = {10 + n: b"<</Kids[%d 0 R]>>" % (11 + n) for n in range(depth)}
        nodes[10 + depth] = b"<</Names[(a)[3 0 R/Fit]]>>"
    else:
        nodes = {10 + n: b"<</Kids[%d 0 R %d 0 R]>>" % (11 + n, 11 + n) for n in range(depth)}
        nodes[10 + depth] = b"<</Names[(a)[3 0 R/Fit]]>>"
    page = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest(b)/Contents(c)/F 4>>]"
    return pdf(edition=edition, catalog=b"/Names<<%s 10 0 R>>" % kind, page=page, objects=nodes)


def page_tree(shape: str, size: int = 100_000) -> bytes:
    """Give a file whose tree of pages is in a loop, deep, or larger than it looks."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 859]>>"
    base = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
        5: stream(xmp("print"), b"/Type/Metadata/Subtype/XML"),
    }
    kids = {
        "loop": {2: b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>", 3: page},
        "parents": {
            2: b"<</Type/Pages/Parent 6 0 R/Kids[3 0 R]/Count 1>>",
            3: page,
            6: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 1>>",
        },
        "deep": {
            2: b"<</Type/Pages/Kids[20 0 R]/Count 1>>",
            **{
                20 + n: b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent 2 0 R>>" % (21 + n)
                for n in range(size)
            },
            20 + size: page,
        },
        "twice": {
            2: b"<</Type/Pages/Kids[20 0 R]/Count 1>>",
            **{
                20 + n: b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (21 + n, 21 + n)
                for n in range(30)
            },
            50: page,
        },
        "many": {
            2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * size, size),
            3: page,
        },
        "none": {2: b"<</Type/Pages/Kids[]/Count 2147483647>>"},
        "no pages": {2: b"<</Type/Pages/Kids 7/Count(a)>>"},
        "numbers": {2: b"<</Type/Pages/Kids[1 (a) /b null 3 0 R]/Count -1>>", 3: b"(no page)"},
    }[shape]
    return file_of({**base, **kids})


def attachments(
    files: Mapping[bytes, bytes], *, edition: str = "archive", packed: bool = False
) -> bytes:
    """Give a PDF that carries files."""
    objects: dict[int, bytes] = {}
    names = b""
    for n, (name, data) in enumerate(files.items()):
        objects[20 + 2 * n] = stream(data, b"/Type/EmbeddedFile", packed=packed)
        objects[21 + 2 * n] = b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F %d 0 R>>>>" % (
            name,
            name,
            20 + 2 * n,
        )
        names += b"(%s) %d 0 R " % (name, 21 + 2 * n)
    objects[10] = b"<</Names[%s]>>" % names
    return pdf(edition=edition, catalog=b"/Names<</EmbeddedFiles 10 0 R>>", objects=objects)


_MANIFEST, _RECORDS = b"datapackage.json", b"commitments.json"


def carried(manifest: bytes, records: bytes = b"[]", **options: bool) -> bytes:
    """Give a PDF that carries data like an archive file."""
    return attachments({_MANIFEST: manifest, _RECORDS: records}, **options)  # type: ignore[arg-type]


def carried_escapes() -> bytes:
    """Give a file of the archive whose data would write on a terminal."""
    import hashlib

    record = {
        "id": ESCAPES,
        "member": ESCAPES,
        "member_name": ESCAPES,
        "country_code": "NZ",
        "region": ESCAPES,
        "pillar": "a",
        "year": 2020,
        "title": ESCAPES,
        "summary": ESCAPES,
    }
    records = json.dumps([record]).encode()
    package = {
        "name": ESCAPES,
        "title": ESCAPES,
        "version": ESCAPES,
        "created": "2020-01",
        "languages": [ESCAPES],
        "keywords": [ESCAPES],
        "resources": [
            {"path": _RECORDS.decode(), "hash": f"sha256:{hashlib.sha256(records).hexdigest()}"}
        ],
    }
    return carried(json.dumps(package).encode(), records)


def image(about: bytes, data: bytes = b"\0") -> bytes:
    """Give a page that shows a picture."""
    made = stream(data, b"/Type/XObject/Subtype/Image" + about)
    return pdf(b"/I Do", b"/XObject<</I 10 0 R>>", objects={10: made})


def space(value: bytes, objects: Mapping[int, bytes]) -> bytes:
    """Give a page that sets a colour space."""
    return pdf(b"/C cs 0 sc 0 0 9 9 re f", b"/ColorSpace<</C %s>>" % value, objects=objects)


def bomb(mega: int) -> bytes:
    """Give bytes that are packed twice and unpack to very many, without a checksum."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + block * mega + packer.flush()
    return zlib.compress(packed, 9)


def revisions(count: int) -> bytes:
    """Give a file that was changed many times, each change after the one before."""
    data = pdf(edition="digital")
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    out = io.BytesIO(data)
    out.seek(0, io.SEEK_END)
    for _ in range(count):
        place = out.tell()
        out.write(b"xref\n0 0\ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\n" % start)
        out.write(b"startxref\n%d\n%%%%EOF\n" % place)
        start = place
    return out.getvalue()


def xref_loop() -> bytes:
    """Give a file whose table of objects names itself as the one before."""
    data = pdf()
    start = data.rsplit(b"startxref\n", 1)[1].split()[0]
    return data.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %s>>" % start)


def xref_stream(about: bytes, data: bytes) -> bytes:
    """Give a file that has a stream in place of a table of objects."""
    body = b"%PDF-1.6\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    start = len(body)
    body += b"7 0 obj\n%s\nendobj\n" % stream(data, b"/Type/XRef/Root 1 0 R" + about)
    return body + b"startxref\n%d\n%%%%EOF\n" % start


def object_streams_in_a_loop() -> bytes:
    """Give streams of objects that extend and hold each other."""
    inner = b"2 0 3 10 <</Kids 1>>(a)"
    about = b"/Type/ObjStm/N 2/First 9/Extends %d 0 R"
    body = pdf()
    start = body.rindex(b"xref\n0")
    rows = [(0, 0, 0), (2, 8, 0), (2, 8, 1), (2, 9, 0), (2, 7, 0), (2, 7, 1), (2, 6, 0), (2, 8, 0)]
    head = body[:start]
    places = {}
    for number, other in ((8, 9), (9, 8)):
        places[number] = len(head)
        head += b"%d 0 obj\n%s\nendobj\n" % (number, stream(inner, about % other))
    rows += [(1, places[8], 0), (1, places[9], 0)]
    table = b"".join(bytes([kind]) + a.to_bytes(4, "big") + bytes([b]) for kind, a, b in rows)
    place = len(head)
    about = b"/Type/XRef/W[1 4 1]/Size 10/Root 1 0 R"
    head += b"10 0 obj\n%s\nendobj\n" % stream(table, about)
    return head + b"startxref\n%d\n%%%%EOF\n" % place


def encrypted(user: str) -> bytes:
    """Give a file with a password."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as file:
        file.save(made, encryption=pikepdf.Encryption(user=user, owner="b"))
    return made.getvalue()


def type_3(glyph: bytes) -> bytes:
    """Give a font whose glyph is a program."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65"
        b"/LastChar 65/Widths[9]/Encoding<</Type/Encoding/Differences[65/a]>>"
        b"/CharProcs<</a 11 0 R>>/Resources<</Font<</F 10 0 R>>/XObject<</X 12 0 R>>>>>>"
    )
    resources = b"/Font<</F 10 0 R>>"
    objects = {10: font, 11: stream(glyph), 12: form(b"/F 9 Tf (A)Tj", resources)}
    return pdf(b"BT /F 9 Tf (A)Tj ET", resources, objects=objects)


def pattern(content: bytes, more: bytes = b"") -> bytes:
    """Give a tiling pattern that has itself and its neighbour as resources."""
    about = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9"
        b"/Resources<</Pattern<</P 10 0 R/R 11 0 R>>>>" + more
    )
    return stream(content, about)


def soft_masks() -> bytes:
    """Give graphics states whose masks are drawn with themselves."""
    group = b"/Group<</S/Transparency/CS/DeviceGray>>"
    state = b"<</Type/ExtGState/SMask<</S/Luminosity/G %d 0 R>>>>"
    resources = b"/ExtGState<</G 10 0 R/H 11 0 R>>"
    drawn = b"/G gs /H gs 2 0 0 2 0 0 cm /G gs 0 0 9 9 re f"
    objects = {
        10: state % 12,
        11: state % 13,
        12: form(drawn, resources, group),
        13: form(drawn, resources, group),
    }
    return pdf(b"/G gs 0 0 9 9 re f", resources, objects=objects)


def structure(shape: str, depth: int) -> bytes:
    """Give tags that stand in each other."""
    if shape == "loop":
        elements = {
            10: b"<</Type/StructTreeRoot/K 11 0 R>>",
            11: b"<</Type/StructElem/S/P/P 12 0 R/K[12 0 R 10 0 R 11 0 R]>>",
            12: b"<</Type/StructElem/S/P/P 11 0 R/K 11 0 R>>",
        }
    else:
        row = chain(depth, b"/K", b"/Type/StructElem/S/Sect")
        elements = {10: b"<</Type/StructTreeRoot/K 20 0 R>>", **row}
    catalog = b"/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R/Lang(en)"
    return pdf(edition="digital", catalog=catalog, objects=elements)


def roles(length: int) -> bytes:
    """Give a map of roles in which each role stands for the next, and the last for the first."""
    entries = b"".join(b"/R%d/R%d" % (n, (n + 1) % length) for n in range(length))
    elements = {
        10: b"<</Type/StructTreeRoot/K 11 0 R/RoleMap<<%s>>>>" % entries,
        11: b"<</Type/StructElem/S/R0/P 10 0 R>>",
    }
    catalog = b"/MarkInfo<</Marked true>>/StructTreeRoot 10 0 R/Lang(en)"
    return pdf(edition="digital", catalog=catalog, objects=elements)


def shared_annotations(pages: int, annotations: int) -> bytes:
    """Give many pages that all have the same many annotations."""
    annotation = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]/F 4/Contents(a)>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (pages, b"".join(b"%d 0 R " % (20 + n) for n in range(pages))),
        5: stream(xmp("digital"), b"/Type/Metadata/Subtype/XML"),
        10: b"[%s]" % (b"11 0 R " * annotations),
        11: annotation,
    }
    for n in range(pages):
        objects[20 + n] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots 10 0 R>>"
    return file_of(objects)


def shared_contents(pages: int, operators: int) -> bytes:
    """Give many pages that all have the same long content."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (pages, b"".join(b"%d 0 R " % (20 + n) for n in range(pages))),
        5: stream(xmp("print"), b"/Type/Metadata/Subtype/XML"),
        10: stream(b"0 g " * operators, packed=True),
    }
    for n in range(pages):
        objects[20 + n] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 10 0 R>>"
    return file_of(objects)


def nested_descriptions(depth: int) -> bytes:
    """Give metadata whose descriptions stand in each other."""
    more = "<rdf:Description>" * depth + "</rdf:Description>" * depth
    return pdf(metadata=stream(xmp("print", more), b"/Type/Metadata"))


_ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
_FILE = '<!DOCTYPE a [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
_TITLE = "<dc:title>&j;</dc:title>"
_META = b"/Type/Metadata/Subtype/XML"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "forms in forms": forms_in_forms,
    "a form in itself": lambda: pdf(
        b"/F Do",
        b"/XObject<</F 10 0 R>>",
        objects={10: form(b"2 0 0 2 0 0 cm /F Do /F Do", b"/XObject<</F 10 0 R>>")},
    ),
    "two forms in each other": lambda: pdf(
        b"/F Do",
        b"/XObject<</F 10 0 R>>",
        objects={
            10: form(b"1.1 0 0 1 0 0 cm /F Do /F Do", b"/XObject<</F 11 0 R>>"),
            11: form(b"1.2 0 0 1 0 0 cm /F Do /F Do", b"/XObject<</F 10 0 R>>"),
        },
    ),
    "an outline of 20,000 in a row": partial(outline, 20_000),
    "an outline of 100,000 in a row": partial(outline, 100_000),
    "an outline 100,000 deep": partial(outline, 100_000, b"/First"),
    "an outline in a loop": lambda: pdf(
        edition="digital",
        catalog=b"/Outlines 10 0 R",
        objects={
            10: b"<</Type/Outlines/First 11 0 R/Last 11 0 R/Count 1>>",
            11: b"<</Title(a)/Parent 10 0 R/Next 11 0 R/First 10 0 R>>",
        },
    ),
    "actions in a row": lambda: pdf(
        edition="digital",
        catalog=b"/OpenAction 20 0 R",
        objects=chain(100_000, b"/Next", b"/Type/Action/S/GoTo/D[3 0 R/Fit]"),
    ),
    "articles in a row": lambda: pdf(
        edition="archive",
        catalog=b"/Threads[<</Type/Thread/F 20 0 R>>]",
        objects=chain(100_000, b"/N", b"/Type/Bead/P 3 0 R/R[0 0 9 9]"),
    ),
    "fields in a row": lambda: pdf(
        edition="archive",
        catalog=b"/AcroForm<</Fields[20 0 R]>>",
        objects={20 + n: b"<</FT/Tx/T(a)/Kids[%d 0 R]>>" % (21 + n) for n in range(100_000)},
    ),
    "references in a row": lambda: pdf(
        edition="archive",
        catalog=b"/Lang 20 0 R",
        objects={
            **{20 + n: b"%d 0 R" % (21 + n) for n in range(100_000)},
            100_020: b"(en)",
        },
    ),
    "a reference to itself": lambda: pdf(
        edition="digital", catalog=b"/Lang 20 0 R", objects={20: b"20 0 R"}
    ),
    "destinations twice in each other": partial(tree, b"/Dests", "twice", 40),
    "destinations in a loop": partial(tree, b"/Dests", "loop", 0),
    "destinations 100,000 deep": partial(tree, b"/Dests", "row", 100_000),
    "attachments twice in each other": partial(tree, b"/EmbeddedFiles", "twice", 40),
    "attachments in a loop": partial(tree, b"/EmbeddedFiles", "loop", 0, "archive"),
    "attachments 100,000 deep": partial(tree, b"/EmbeddedFiles", "row", 100_000, "archive"),
    "100,000 destinations": lambda: pdf(
        edition="digital",
        catalog=b"/Names<</Dests 10 0 R>>",
        objects={10: b"<</Names[%s]>>" % b"".join(b"(%06d) 4 0 R " % n for n in range(100_000))},
    ),
    "names that are none": lambda: pdf(
        edition="archive",
        catalog=b"/Names<</EmbeddedFiles 10 0 R/Dests(a)/JavaScript 7>>/Dests 3",
        objects={10: b"<</Names[1 2 3 (a)/b null]/Kids[7 (b) [1]]/Limits 3>>"},
    ),
    **{
        f"pages: {shape}": partial(page_tree, shape)
        for shape in (
            "loop",
            "parents",
            "deep",
            "twice",
            "many",
            "none",
            "no pages",
            "numbers",
        )
    },
    "tags in a loop": partial(structure, "loop", 0),
    "tags 100,000 deep": partial(structure, "row", 100_000),
    "roles in a loop": partial(roles, 10_000),
    "annotations of all pages": partial(shared_annotations, 2000, 20_000),
    "contents of all pages": partial(shared_contents, 2000, 20_000),
    "an annotation that draws itself": lambda: pdf(
        page=b"/Annots[10 0 R 10 0 R]",
        objects={
            10: b"<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]"
            b"/AP<</N 11 0 R/D<</a 11 0 R/b 10 0 R>>>>>>",
            11: form(b"2 0 0 2 0 0 cm /F Do", b"/XObject<</F 11 0 R>>"),
        },
    ),
    "colour spaces in a loop": partial(space, b"10 0 R", {10: b"[/Indexed 10 0 R 1 <0000>]"}),
    "colour spaces in two": partial(
        space, b"10 0 R", {10: b"[/Indexed 11 0 R 1 <00>]", 11: b"[/Indexed 10 0 R 1 <00>]"}
    ),
    "colour spaces by name": partial(space, b"/C", {}),
    "colour spaces in a row": partial(
        space,
        b"10 0 R",
        {
            **{10 + n: b"[/Indexed %d 0 R 1 <00>]" % (11 + n) for n in range(20_000)},
            20_010: b"/DeviceGray",
        },
    ),
    "a profile that is its own alternative": partial(
        space, b"[/ICCBased 10 0 R]", {10: stream(b"", b"/N 3/Alternate[/ICCBased 10 0 R]")}
    ),
    "a colour space that is nothing": partial(space, b"[/ICCBased]", {}),
    "a separation of itself": partial(
        space,
        b"10 0 R",
        {10: b"[/Separation/A 10 0 R 11 0 R]", 11: b"<</FunctionType 3/Functions[11 0 R]>>"},
    ),
    "deep JSON": lambda: carried(b"[" * 200_000 + b"]" * 200_000),
    "deep JSON in data": lambda: carried(b"{}", b"[" * 200_000),
    "a number of 5,000 digits in JSON": lambda: carried(b'{"resources": %s}' % (b"9" * 5000)),
    "JSON that is no object": lambda: carried(b"7"),
    "data that writes on the terminal": carried_escapes,
    "an attachment that is a bomb": lambda: carried(b" " * 300_000_000, packed=True),
    "a thousand attachments": lambda: attachments(
        {b"figure-%d.csv" % n: b"a,b\n" * 10_000 for n in range(1000)}, packed=True
    ),
    "names that lead elsewhere": lambda: attachments(
        {b"../../evil.csv": b"x", b"/etc/evil": b"x", b"figure-../../x.csv": b"x", b"a\0b": b"x"}
    ),
    "an attachment without a file": lambda: pdf(
        edition="archive",
        catalog=b"/Names<</EmbeddedFiles<</Names[(datapackage.json)<<>>(b) 7(c)<</EF 3>>]>>>>",
    ),
    "an attachment of itself": lambda: pdf(
        edition="archive",
        catalog=b"/Names<</EmbeddedFiles<</Names[(datapackage.json) 10 0 R]>>>>/AF 10 0 R",
        objects={10: b"<</Type/Filespec/EF<</F 10 0 R>>/UF(a)>>"},
    ),
    "a wrong predictor": lambda: pdf(
        edition="digital",
        objects={
            4: stream(zlib.compress(b"0 g"), b"/Filter/FlateDecode/DecodeParms<</Predictor 99>>")
        },
    ),
    "a wrong predictor in print": lambda: pdf(
        objects={
            4: stream(zlib.compress(b"0 g"), b"/Filter/FlateDecode/DecodeParms<</Predictor 99>>")
        },
    ),
    "a predictor of huge rows": lambda: pdf(
        objects={
            4: stream(
                zlib.compress(b"0 g"),
                b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647/Colors 32>>",
            )
        },
    ),
    "metadata with a wrong predictor": lambda: pdf(
        metadata=stream(
            zlib.compress(xmp("print")),
            _META + b"/Filter/FlateDecode/DecodeParms<</Predictor 99>>",
        )
    ),
    "filters in a loop": lambda: pdf(
        objects={4: stream(b"0 g", b"/Filter 10 0 R/DecodeParms 10 0 R"), 10: b"[10 0 R 10 0 R]"}
    ),
    "a thousand filters": lambda: pdf(
        objects={4: stream(b"0 g", b"/Filter[%s]" % (b"/ASCIIHexDecode" * 1000))}
    ),
    "LZW garbage": lambda: pdf(objects={4: stream(b"\xff" * 5000, b"/Filter/LZWDecode")}),
    "run lengths": lambda: pdf(
        objects={4: stream(b"\x81 " * 200_000 + b"\x80", b"/Filter/RunLengthDecode")}
    ),
    "a content that is a bomb": lambda: pdf(
        objects={4: stream(bomb(3000), b"/Filter[/FlateDecode/FlateDecode]")}
    ),
    "metadata that are a bomb": lambda: pdf(
        metadata=stream(bomb(2000), _META + b"/Filter[/FlateDecode/FlateDecode]")
    ),
    "a million operands": lambda: pdf(b"1 " * 1_000_000 + b"m"),
    "a million operators": lambda: pdf(b"0 g " * 1_000_000),
    "an array of a million": lambda: pdf(b"[%s] TJ" % (b"(a) " * 1_000_000)),
    "arrays in arrays": lambda: pdf(b"[" * 100_000 + b"] TJ"),
    "dictionaries in dictionaries": lambda: pdf(catalog=b"/A" + b"<</A" * 100_000),
    "a long text": lambda: pdf(b"BT (" + b"a" * 10_000_000 + b") Tj ET"),
    "deep q": lambda: pdf(b"q " * 500_000 + b"0 g 0 0 9 9 re f"),
    "many Q": lambda: pdf(b"Q " * 500_000),
    "matrices without end": lambda: pdf(
        b"9e9 0 0 9e9 0 0 cm 999999999 0 0 999999999 0 0 cm " * 200 + b"0 0 m 9 9 l S"
    ),
    "numbers that are none": lambda: pdf(
        b"NaN w Infinity w -Infinity 0 0 nan 0 0 cm 1e999 w --5 w 1.2.3 w +-.w 0 0 m 9 9 l S"
        b" " + b"9" * 5000 + b" w . w (a) w /N w [1] w << >> w w cm k Tf Do gs sh cs scn",
        box=b"NaN 0 Infinity 1e999",
    ),
    "numbers of 5,000 digits": lambda: pdf(
        b"1 0 0 1 0 0 cm %s 0 0 %s 0 0 cm 0 0 m 9 9 l S" % (b"9" * 5000, b"9" * 5000),
        box=b"0 0 %s %s" % (b"9" * 5000, b"9" * 400),
    ),
    "a huge page": lambda: pdf(box=b"-2147483648 -2147483648 2147483647 2147483647"),
    "a page of 14,400 points": lambda: pdf(box=b"0 0 14400 14400", page=b"/UserUnit 10"),
    "a huge unit": lambda: pdf(page=b"/UserUnit 999999999"),
    "a page inside out": lambda: pdf(box=b"612 859 0 0"),
    "a box of a million": lambda: pdf(box=b"0 " * 1_000_000),
    "a page turned by a text": lambda: pdf(page=b"/Rotate(a)"),
    "a font that draws itself": partial(type_3, b"9 0 d0 2 0 0 2 0 0 cm BT /F 9 Tf (A)Tj ET /X Do"),
    "a pattern in itself": lambda: pdf(
        b"/Pattern cs /P scn 0 0 9 9 re f",
        b"/Pattern<</P 10 0 R>>",
        objects={
            10: pattern(b"/Pattern cs /P scn /R scn 0 0 9 9 re f"),
            11: pattern(b"/Pattern cs /R scn /P scn 0 0 9 9 re f", b"/Matrix[2 0 0 2 0 0]"),
        },
    ),
    "a tiny pattern": lambda: pdf(
        b"/Pattern cs /P scn 0 0 600 800 re f",
        b"/Pattern<</P 10 0 R>>",
        objects={
            10: stream(
                b"0 0 1 1 re f",
                b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
                b"/XStep 0.00001/YStep 0.00001/Resources<<>>",
            )
        },
    ),
    "a shading of itself": lambda: pdf(
        b"/S sh",
        b"/Shading<</S 10 0 R>>",
        objects={
            10: b"<</ShadingType 2/ColorSpace[/Indexed 10 0 R 1<00>]/Coords[0 0 1 1]"
            b"/Function 11 0 R>>",
            11: b"<</FunctionType 3/Domain[0 1]/Functions[11 0 R 11 0 R]/Bounds[.5]"
            b"/Encode[0 1 0 1]>>",
        },
    ),
    "masks in a loop": soft_masks,
    "JBIG2 garbage": partial(
        image,
        b"/Width 9/Height 9/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode",
        b"\x97JB2\r\n\x1a\n" + b"\xff" * 500,
    ),
    "JPX garbage": partial(
        image, b"/Width 9/Height 9/Filter/JPXDecode", b"\0\0\0\x0cjP  \r\n\x87\n" + b"\xff" * 500
    ),
    "JPEG garbage": partial(
        image,
        b"/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
        b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
        + b"\0" * 99,
    ),
    "fax garbage": partial(
        image,
        b"/Width 65535/Height 65535/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"
        b"/DecodeParms<</K -1/Columns 2147483647/Rows 2147483647>>",
        b"\0" * 99,
    ),
    "a picture of 65,535 × 65,535": partial(
        image, b"/Width 65535/Height 65535/BitsPerComponent 8/ColorSpace/DeviceRGB"
    ),
    "a picture of no size": partial(image, b"/Width 0/Height -3/ColorSpace/DeviceGray"),
    "a picture that is its own mask": partial(
        image, b"/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 10 0 R"
    ),
    "an inline image without an end": lambda: pdf(
        b"BI /W 9 /H 9 /CS /RGB /BPC 8 ID " + b"\xff" * 99
    ),
    "inline images": lambda: pdf(b"BI /W 1 /H 1 /CS /C /BPC 8 ID \xff\nEI " * 20_000),
    "an inline image of nothing": lambda: pdf(
        b"BI /W /a /H (b) /CS [1 2] ID x EI BI ID EI EI ID BI"
    ),
    "metadata with entities": lambda: pdf(metadata=stream(xmp("print", _TITLE, _ENTITIES), _META)),
    "metadata that read a file": lambda: pdf(metadata=stream(xmp("print", _TITLE, _FILE), _META)),
    "metadata in metadata": partial(nested_descriptions, 100_000),
    "metadata that write on the terminal": lambda: pdf(
        edition="digital",
        metadata=stream(
            xmp(
                "digital",
                f"<dc:title>{ESCAPES.replace(chr(27), '').replace(chr(7), '')}</dc:title>",
            ),
            _META,
        ),
    ),
    "metadata in control characters": lambda: pdf(
        metadata=stream(xmp("print", "<dc:title>&#x9b;31m&#x202e;&#x85;&#10;a</dc:title>"), _META)
    ),
    "metadata of many attributes": lambda: pdf(
        metadata=stream(
            xmp("print", "<dc:title " + " ".join(f'a{n}="b"' for n in range(50_000)) + "/>"), _META
        )
    ),
    "metadata that are none": lambda: pdf(metadata=b"(a)"),
    "an Info that writes on the terminal": lambda: pdf(
        edition="digital",
        trailer=b"/Info<</Title %s/Author %s/ModDate %s/Trapped/a#1b[2J#0a>>"
        % (_ESCAPED, _ESCAPED, _ESCAPED),
    ),
    "an Info of itself": lambda: pdf(
        trailer=b"/Info 10 0 R", objects={10: b"<</Title 10 0 R/Author[10 0 R 10 0 R]>>"}
    ),
    "fonts that write on the terminal": lambda: pdf(
        b"BT /F 9 Tf (a)Tj ET",
        b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/A#1b[2J#0d#0a#c2#9b>>>>",
    ),
    "links that write on the terminal": lambda: pdf(
        edition="digital",
        page=b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents %s"
        b"/A<</S/URI/URI(x:\\033[2J\n)>>>>"
        b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(a)/Dest %s>>]" % (_ESCAPED, _ESCAPED),
    ),
    "colour spaces that write on the terminal": lambda: pdf(
        b"/a#1b[2J#0a cs [/b#1b[2J] cs", b"/ColorSpace<</a#1b[2J#0a[/c#1b[2J#0apassed]>>"
    ),
    "attachments that write on the terminal": lambda: attachments(
        {b"\\033[2J\\n  syntax  passed": b"x"}, edition="print"
    ),
    "a version that writes on the terminal": lambda: pdf().replace(b"%PDF-1.6", b"%PDF-\x1b[2J", 1),
    "programs": lambda: pdf(
        catalog=b"/Names<</JavaScript<</Names[(a) 10 0 R]>>>>/OpenAction 10 0 R/AA<</WC 10 0 R>>",
        objects={10: b"<</S/JavaScript/JS(while\\(true\\);)>>"},
    ),
    "a program to start": lambda: pdf(
        edition="digital",
        catalog=b"/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd)>>>>",
    ),
    "a PostScript object": lambda: pdf(
        b"/X Do",
        b"/XObject<</X 10 0 R>>",
        objects={10: stream(b"{} loop", b"/Type/XObject/Subtype/PS")},
    ),
    "an output intent of itself": lambda: pdf(
        catalog=b"/OutputIntents 10 0 R",
        objects={10: b"[10 0 R 11 0 R]", 11: b"<</S/GTS_PDFX/DestOutputProfile 11 0 R>>"},
    ),
    "a profile of garbage": lambda: pdf(
        catalog=b"/OutputIntents[<</S/GTS_PDFX/OutputConditionIdentifier(a)"
        b"/DestOutputProfile 10 0 R>>]",
        objects={10: stream(b"\0\0\0\x80lcms\x04\0\0\0prtrCMYKLab " + b"\xff" * 200, b"/N 4")},
    ),
    "object streams in a loop": object_streams_in_a_loop,
    "a table of objects in a loop": xref_loop,
    "a table of two thousand million objects": partial(
        xref_stream, b"/Size 2147483647/W[1 4 1]/Index[0 2147483647]", b"\0" * 12
    ),
    "a table of fields without end": partial(
        xref_stream, b"/Size 9/W[2147483647 2147483647 2147483647]", b"\0" * 12
    ),
    "a table of very many objects": lambda: pdf().replace(b"/Size 6", b"/Size 2147483646"),
    "two thousand revisions": partial(revisions, 2000),
    "encrypted": partial(encrypted, "a"),
    "encrypted without a password": partial(encrypted, ""),
    "encrypted with nonsense": lambda: pdf(
        trailer=b"/Encrypt<</Filter/Standard/V 5/R 6/O(a)/U(b)/P -1/Length 2147483647>>"
    ),
    "encrypted by itself": lambda: pdf(trailer=b"/Encrypt 10 0 R", objects={10: b"10 0 R"}),
    "a length that lies": lambda: pdf().replace(b"/Length 0", b"/Length 2147483647"),
    "a length of itself": lambda: pdf(objects={4: b"<</Length 4 0 R>>stream\n0 g\nendstream"}),
    "nothing but a head": lambda: b"%PDF-1.7\n",
    "nothing": lambda: b"",
    "no PDF": lambda: b"PK\3\4" + b"\0" * 5000,
    "half a file": lambda: (data := pdf(b"0 g " * 1000))[: len(data) // 2],
    "heads without end": lambda: b"%PDF-1.6\n" * 200_000,
    "objects without end": lambda: b"%PDF-1.6\n" + b"1 0 obj\n<<" * 100_000,
    "an empty catalog": lambda: file_of({1: b"<<>>"}),
    "a catalog that is a number": lambda: file_of({1: b"7"}),
}
"""Each hostile file's builder, by what it is."""
