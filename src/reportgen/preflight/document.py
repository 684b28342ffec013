"""What a file is made of: boxes, fonts, tags, links, attachments, output intent."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pikepdf

from reportgen.exchange.dataset import MANIFEST
from reportgen.pdf.reading import embedded_bytes, embedded_files, name_tree, page_annotations
from reportgen.preflight.result import Finding, Wanted
from reportgen.source.icc import NotAPrinterProfileError, read_printer_profile
from reportgen.source.limits import MAX_ATTACHMENT_BYTES

POINTS_PER_MM = 72 / 25.4
TOLERANCE = 0.01
"""How exact boxes are, in mm."""

PRINT_FLAG = 4
RELATIONSHIPS = ("/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified")
SCHEMES = ("http", "https", "mailto")
NEEDED = ("commitments.csv", "commitments.json", MANIFEST)

Box = tuple[float, float, float, float]


def boxes_on_paper(pdf: pikepdf.Pdf, wanted: Wanted) -> Iterator[Finding]:
    """Each page has the wanted trim and bleed, within its sheet (ISO 15930-7)."""
    for number, page in enumerate(pdf.pages, 1):
        trim, bleed, media = (_box(page, name) for name in ("TrimBox", "BleedBox", "MediaBox"))
        if trim is None or bleed is None or media is None:
            yield Finding("TrimBox, BleedBox or MediaBox is missing", number)
            continue
        size = (trim[2] - trim[0], trim[3] - trim[1])
        if any(abs(a - b) > TOLERANCE for a, b in zip(size, wanted.trim, strict=True)):
            yield Finding(f"the trim is {size[0]:.2f} × {size[1]:.2f} mm", number)
        around = (trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3])
        if any(abs(side - wanted.bleed) > TOLERANCE for side in around):
            sides = ", ".join(f"{side:.2f}" for side in around)
            yield Finding(f"the bleed is {sides} mm, not {wanted.bleed:g}", number)
        if not _within(bleed, media):
            yield Finding("the BleedBox reaches out of the MediaBox", number)
        crop = _box(page, "CropBox")
        if crop is not None and not _within(bleed, crop):
            yield Finding("the CropBox cuts the bleed off", number)


def boxes_on_screen(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Nothing is around a page: it is shown as it is cut."""
    for number, page in enumerate(pdf.pages, 1):
        trim, media = _box(page, "TrimBox"), _box(page, "MediaBox")
        if trim is not None and media is not None and not (_within(media, trim)):
            yield Finding("the page is larger than its trim", number)


def page_count(pdf: pikepdf.Pdf, wanted: Wanted) -> Iterator[Finding]:
    """There are as many pages as the printer can fold."""
    if (count := len(pdf.pages)) % wanted.pages_multiple_of:
        yield Finding(f"{count} pages are no multiple of {wanted.pages_multiple_of}")


def fonts(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Every font is embedded, with a way back to characters (ISO 15930-7; 14289-1, 7.21)."""
    for font in _of_type(pdf, "/Font"):
        kind = str(font.get("/Subtype"))
        name = str(font.get("/BaseFont", "a font")).removeprefix("/")
        if kind in ("/Type0", "/Type3"):
            if kind == "/Type0" and "/ToUnicode" not in font:
                yield Finding(f"{name} has no way back to characters")
            continue
        descriptor = font.get("/FontDescriptor", {})
        if not any(f"/FontFile{n}" in descriptor for n in ("", "2", "3")):
            yield Finding(f"{name} is not embedded")


def output_intent(pdf: pikepdf.Pdf, kind: str) -> Iterator[Finding]:
    """The file says what it is made for (ISO 15930-7; ISO 19005-3, 6.2.3)."""
    intents = [i for i in pdf.Root.get("/OutputIntents", ()) if i.get("/S") == kind]
    if len(intents) != 1:
        yield Finding(f"there are {len(intents)} output intents {kind}")
        return
    intent = intents[0]
    if not str(intent.get("/OutputConditionIdentifier", "")):
        yield Finding("the output intent has no name")
    profile = intent.get("/DestOutputProfile")
    if not isinstance(profile, pikepdf.Stream):
        yield Finding("the output intent has no profile")
    elif kind == "/GTS_PDFX":
        try:
            read_printer_profile(profile.read_bytes())
        except NotAPrinterProfileError as error:
            yield Finding(f"its profile {error}")


def tags(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """The file is tagged, says its language, and its figures have words (ISO 14289-1, 7)."""
    root: Any = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield Finding("the file has no tags")
    if not str(root.get("/Lang", "")):
        yield Finding("the file doesn't say its language")
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield Finding("viewers show the file's name in place of its title")
    for element in _of_type(pdf, "/StructElem"):
        if element.get("/S") == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield Finding("a figure has no alternative text")


def links(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Each link is described, printed, and leads somewhere (ISO 14289-1, 7.18)."""
    names = _destinations(pdf)
    for number, found in enumerate(page_annotations(pdf), 1):
        for annotation in found:
            if annotation.get("/Subtype") != "/Link":
                continue
            words = str(annotation.get("/Contents", ""))
            if not words.strip():
                yield Finding("a link has no description", number)
            if not int(annotation.get("/F", 0)) & PRINT_FLAG:
                yield Finding(f"the link “{words}” is not printed", number)
            action: Any = annotation.get("/A", {})
            target = annotation.get("/Dest", action.get("/D"))
            address = action.get("/URI")
            if address is not None:
                if urlsplit(str(address)).scheme not in SCHEMES:
                    yield Finding(f"the link “{words}” leads to '{address}'", number)
            elif isinstance(target, pikepdf.String) and str(target) not in names:
                yield Finding(f"the link “{words}” leads to '{target}', which isn't there", number)
            elif target is None:
                yield Finding(f"the link “{words}” leads nowhere", number)


def nothing_live(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Nothing on a page can be clicked, and nothing runs (ISO 15930-7)."""
    for number, page in enumerate(pdf.pages, 1):
        if len(page.get("/Annots", ())):
            yield Finding("there are annotations on the page", number)
        if "/AA" in page:
            yield Finding("the page has an action", number)
    for key in ("/AA", "/AcroForm"):
        if key in pdf.Root:
            yield Finding(f"the file has {key}")
    if isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary):
        yield Finding("the file has an action that is run when it is opened")
    if "/JavaScript" in pdf.Root.get("/Names", {}):
        yield Finding("the file has a program in it")


def data(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """The data is attached as the manifest says, in relation to the file (ISO 19005-3, 6.8)."""
    attached = embedded_files(pdf)
    for name in NEEDED:
        if name not in attached:
            yield Finding(f"'{name}' is not attached")
    associated = [str(entry.get("/UF", "")) for entry in pdf.Root.get("/AF", ())]
    for name, spec in attached.items():
        if name not in associated:
            yield Finding(f"'{name}' is not associated with the file")
        if str(spec.get("/AFRelationship", "")) not in RELATIONSHIPS:
            yield Finding(f"'{name}' has no relationship to the file")
        if "/Subtype" not in spec.EF.F:
            yield Finding(f"'{name}' has no media type")
    if MANIFEST in attached:
        yield from _checksums(attached)


def no_data(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Nothing is attached."""
    for name in embedded_files(pdf):
        yield Finding(f"'{name}' is attached")


def _checksums(attached: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        listed = {
            str(resource["path"]): str(resource["hash"])
            for resource in json.loads(embedded_bytes(attached[MANIFEST]))["resources"]
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Finding(f"'{MANIFEST}' can't be read")
        return
    left = MAX_ATTACHMENT_BYTES
    for name, spec in attached.items():
        if name == MANIFEST:
            continue
        content = embedded_bytes(spec, left)
        left -= len(content)
        if name not in listed:
            yield Finding(f"'{MANIFEST}' doesn't name '{name}'")
        elif listed[name] != f"sha256:{hashlib.sha256(content).hexdigest()}":
            yield Finding(f"'{name}' is not what '{MANIFEST}' says")
    for name in listed.keys() - attached.keys():
        yield Finding(f"'{name}' is named by '{MANIFEST}', but not attached")


def _of_type(pdf: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == kind:
            yield entry


def _destinations(pdf: pikepdf.Pdf) -> Mapping[str, Any]:
    root: Any = pdf.Root
    return name_tree(root.get("/Names", {}).get("/Dests"))


def _box(page: pikepdf.Page, name: str) -> Box | None:
    """Give a box of a page in mm, from its lower left to its upper right corner.

    Raises:
        ValueError: it isn't made of four numbers.
    """
    box = page.obj.get(f"/{name}")
    if box is None:
        return None
    left, lower, right, upper = (float(value) / POINTS_PER_MM for value in box)
    if not all(map(math.isfinite, (left, lower, right, upper))):
        raise ValueError(f"{name} has a number without end")
    return left, lower, right, upper


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - TOLERANCE
        and inner[1] >= outer[1] - TOLERANCE
        and inner[2] <= outer[2] + TOLERANCE
        and inner[3] <= outer[3] + TOLERANCE
    )
