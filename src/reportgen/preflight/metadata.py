"""Whether a file says of itself what it must, and the same in XMP and in the Info dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pikepdf

from reportgen.pdf.metadata import NAMESPACES
from reportgen.preflight.result import Finding
from reportgen.source.limits import MAX_XMP_BYTES

_RDF = f"{{{NAMESPACES['rdf']}}}"

REQUIRED = {
    "dc:title": "the title",
    "dc:creator": "an author",
    "dc:language": "the language",
    "dc:rights": "the licence",
    "xmpRights:Marked": "that rights are stated",
    "xmpRights:WebStatement": "the licence's address",
    "xmpRights:UsageTerms": "the licence's terms",
    "xmpMM:VersionID": "the version",
    "dc:source": "the content that it was built from",
}
"""What each file says of itself, as its readers need it."""

OF_PRINT = {
    "pdfxid:GTS_PDFXVersion": "the standard's name",
    "xmpMM:DocumentID": "the document's identifier",
    "xmpMM:VersionID": "the version",
    "xmpMM:RenditionClass": "the class of rendition",
    "xmp:CreateDate": "when it was made",
    "xmp:ModifyDate": "when it was changed",
    "xmp:MetadataDate": "when this was written",
    "pdf:Trapped": "whether it is trapped",
}
"""What PDF/X-4 asks for besides (ISO 15930-7)."""


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree of XML without a document type, which alone can define entities."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise ElementTree.ParseError(f"there is a document type {name}")


_CONTENT = re.compile(r"sha256:[0-9a-f]{64}")

_PAIRS = {
    "/Title": "dc:title",
    "/Author": "dc:creator",
    "/Keywords": "pdf:Keywords",
    "/Creator": "xmp:CreatorTool",
    "/Producer": "pdf:Producer",
    "/CreationDate": "xmp:CreateDate",
    "/ModDate": "xmp:ModifyDate",
    "/Trapped": "pdf:Trapped",
}
"""The entries of the Info dictionary and the properties that say the same."""


def read_xmp(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Give the properties of a file's XMP by name, such as ``dc:title``; lists joined by commas.

    What can't be read is left out: that the file has none is found by what misses it.
    """
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return {}
    try:
        data = stream.read_bytes()
        if len(data) > MAX_XMP_BYTES:
            return {}
        parser = ElementTree.XMLParser(target=_Builder())  # noqa: S314 - without entities
        tree = ElementTree.fromstring(data, parser)  # noqa: S314
    except (ElementTree.ParseError, pikepdf.PikepdfError, ValueError):
        return {}
    prefixes = {uri: prefix for prefix, uri in NAMESPACES.items()}
    found: dict[str, str] = {}
    # One element has all descriptions (ISO 16684-1, 7.4): those within a value are none.
    rdf = next(tree.iter(f"{_RDF}RDF"), tree)
    for description in rdf.iterfind(f"{_RDF}Description"):
        values = {element.tag: _value(element) for element in description}
        for tag, value in {**description.attrib, **values}.items():
            uri, _, local = tag.removeprefix("{").partition("}")
            if uri in prefixes:
                found.setdefault(f"{prefixes[uri]}:{local}", value)
    return found


def missing_properties(xmp: dict[str, str], required: dict[str, str]) -> Iterator[Finding]:
    """Find the properties that are not there or empty."""
    for name, meaning in required.items():
        if not xmp.get(name):
            yield Finding(f"{name} is missing: {meaning}")
    if (source := xmp.get("dc:source")) and not _CONTENT.fullmatch(source):
        yield Finding(f"dc:source is '{source}', not sha256: and 64 digits")


def disagreements(pdf: pikepdf.Pdf, xmp: dict[str, str]) -> Iterator[Finding]:
    """Find what the Info dictionary says otherwise than the XMP (ISO 32000-1, 14.3)."""
    info: Any = pdf.trailer.get("/Info", {})
    for key, name in _PAIRS.items():
        told = str(info.get(key, "")).removeprefix("/")
        meant = xmp.get(name, "")
        if key.endswith("Date"):
            told, meant = _digits(told), _digits(meant)
        if told != meant:
            yield Finding(f"{key} is '{told}', but {name} is '{meant}'")


def _value(element: ElementTree.Element) -> str:
    items: list[str] = [item.text or "" for item in element.iter(f"{_RDF}li")]
    if element.find(f"{_RDF}Alt") is not None:
        return items[0] if items else ""
    if items:
        return ", ".join(items)
    return element.text or element.get(f"{_RDF}resource") or ""


def _digits(date: str) -> str:
    return re.sub(r"\D", "", date).ljust(14, "0")[:14]
