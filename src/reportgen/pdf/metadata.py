"""Metadata: what a file says of itself, in XMP (ISO 16684-1) and in the Info dictionary alike.

PDF/A and PDF/X want the two to agree (ISO 32000-1, 14.3; ISO 15930-7), so that both are
written from one `Identity`. Properties that PDF/A doesn't know by itself are described in the file
(ISO 19005-3, 6.6.2.3).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

import weasyprint
from weasyprint.document import DocumentMetadata

from reportgen import __version__
from reportgen.model.report import Report
from reportgen.pdf.dates import build_date
from reportgen.pdf.editions import Edition
from reportgen.source.markdown import plain_text

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "cc": "http://creativecommons.org/ns#",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
for _prefix, _uri in NAMESPACES.items():
    register_namespace(_prefix, _uri)

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Identity:
    """What a file says of itself. `content` is the SHA-256 of what it was built from, as hex."""

    title: str
    authors: tuple[str, ...]
    publishers: tuple[str, ...]
    keywords: tuple[str, ...]
    language: str
    date: str
    version: str
    license_name: str
    license_url: str
    license_statement: str
    content: str


def identify(report: Report, language: str, content: str, selection: str = "") -> Identity:
    """Give what a file of a report says of itself.

    Args:
        report: the report in the file's language.
        language: that language's tag.
        content: the SHA-256, as hex, of what the file is built from.
        selection: what the file is a brief of, in words: it stands in the title, which no other
            brief has then.

    Raises:
        ValueError: `SOURCE_DATE_EPOCH` is not a number of seconds.
    """
    rights = report.imprint.license
    second = selection or plain_text(report.subtitle or "")
    return Identity(
        title=": ".join(filter(None, (plain_text(report.title), second))),
        authors=tuple(author.name for author in report.authors),
        publishers=tuple(publisher.name for publisher in report.publishers),
        keywords=tuple(plain_text(keyword) for keyword in report.keywords),
        language=language,
        date=build_date(report),
        version=report.version,
        license_name=rights.name,
        license_url=rights.url,
        license_statement=plain_text(rights.statement),
        content=content,
    )


class Metadata(DocumentMetadata):  # type: ignore[misc]
    """A file's metadata: WeasyPrint writes the Info dictionary from it, we write the XMP."""

    def __init__(self, identity: Identity, edition: Edition) -> None:
        super().__init__(
            title=identity.title,
            authors=list(identity.authors),
            keywords=list(identity.keywords),
            generator=f"reportgen {__version__}",
            created=identity.date,
            modified=identity.date,
            lang=identity.language,
        )
        self._identity = identity
        self._edition = edition

    def include_in_pdf(
        self, pdf: Any, variant: str, version: Any, conformance: Any, compress: bool
    ) -> None:
        """Add the XMP, never compressed: who looks for it must find it (ISO 19005-3, 6.6.2.1)."""
        super().include_in_pdf(pdf, variant, version, conformance, compress=False)

    def generate_rdf_metadata(self, variant: str, version: Any, conformance: Any) -> bytes:
        """Give the RDF of the XMP packet, without the packet around it."""
        return xmp(self._identity, self._edition)


def xmp(identity: Identity, edition: Edition) -> bytes:
    """Give the metadata of a file as RDF/XML, in UTF-8."""
    rdf = Element(_name("rdf:RDF"))
    description = SubElement(rdf, _name("rdf:Description"), {_name("rdf:about"): ""})

    def text(name: str, value: str) -> None:
        SubElement(description, _name(name)).text = value

    def listed(name: str, kind: str, values: Iterable[str]) -> None:
        values = tuple(values)
        if values:
            container = SubElement(SubElement(description, _name(name)), _name(f"rdf:{kind}"))
            for value in values:
                SubElement(container, _name("rdf:li")).text = value

    def alternative(name: str, value: str) -> None:
        container = SubElement(SubElement(description, _name(name)), _name("rdf:Alt"))
        for language in ("x-default", identity.language):
            SubElement(container, _name("rdf:li"), {_LANGUAGE: language}).text = value

    alternative("dc:title", identity.title)
    listed("dc:creator", "Seq", identity.authors)
    listed("dc:publisher", "Bag", identity.publishers)
    listed("dc:subject", "Bag", identity.keywords)
    listed("dc:language", "Bag", (identity.language,))
    listed("dc:date", "Seq", (identity.date,))
    text("dc:format", "application/pdf")
    # What the file was made from, by its content: two files of the same content have the same.
    text("dc:source", f"sha256:{identity.content}")
    alternative("dc:rights", identity.license_name)
    text("xmpRights:Marked", "True")
    text("xmpRights:WebStatement", identity.license_url)
    alternative("xmpRights:UsageTerms", identity.license_statement)
    license_ = SubElement(description, _name("cc:license"))
    license_.set(_name("rdf:resource"), identity.license_url)
    text("pdf:Producer", f"WeasyPrint {weasyprint.__version__}")
    if identity.keywords:
        text("pdf:Keywords", ", ".join(identity.keywords))
    text("xmp:CreatorTool", f"reportgen {__version__}")
    for moment in ("Create", "Modify", "Metadata"):
        text(f"xmp:{moment}Date", identity.date)
    name = f"{identity.title} {identity.language} {edition.name}"
    text("xmpMM:DocumentID", f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}")
    instance = f"{name} {identity.version} {identity.content}"
    text("xmpMM:InstanceID", f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, instance)}")
    text("xmpMM:VersionID", identity.version)
    text("xmpMM:RenditionClass", "default")
    schemas: list[Element] = [_schema(*_CC)]
    if "PDF/A-3a" in edition.standards:
        text("pdfaid:part", "3")
        text("pdfaid:conformance", "A")
    if "PDF/UA-1" in edition.standards:
        text("pdfuaid:part", "1")
        schemas.append(_schema(*_UA))
    if "PDF/X-4" in edition.standards:
        text("pdfxid:GTS_PDFXVersion", "PDF/X-4")
        text("pdf:Trapped", "False")
    if "PDF/A-3a" in edition.standards:
        bag = SubElement(SubElement(description, _name("pdfaExtension:schemas")), _name("rdf:Bag"))
        bag.extend(schemas)
    data: bytes = tostring(rdf, encoding="utf-8")
    return data


_UA = (
    "PDF/UA identification",
    "pdfuaid",
    {"part": ("Integer", "internal", "The part of ISO 14289 that the file keeps")},
)
_CC = (
    "Creative Commons rights",
    "cc",
    {"license": ("URL", "external", "The address of the licence")},
)


def _schema(name: str, prefix: str, properties: Mapping[str, tuple[str, str, str]]) -> Element:
    """Describe properties that PDF/A doesn't know by itself (ISO 19005-3, 6.6.2.3.3)."""
    nested = {_name("rdf:parseType"): "Resource"}
    item = Element(_name("rdf:li"), nested)
    SubElement(item, _name("pdfaSchema:schema")).text = name
    SubElement(item, _name("pdfaSchema:namespaceURI")).text = NAMESPACES[prefix]
    SubElement(item, _name("pdfaSchema:prefix")).text = prefix
    listed = SubElement(SubElement(item, _name("pdfaSchema:property")), _name("rdf:Seq"))
    for key, (kind, category, meaning) in properties.items():
        described = SubElement(listed, _name("rdf:li"), nested)
        SubElement(described, _name("pdfaProperty:name")).text = key
        SubElement(described, _name("pdfaProperty:valueType")).text = kind
        SubElement(described, _name("pdfaProperty:category")).text = category
        SubElement(described, _name("pdfaProperty:description")).text = meaning
    return item


def _name(qualified: str) -> str:
    prefix, _, local = qualified.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
