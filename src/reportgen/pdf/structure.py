"""The structure tree of a file, made what the HTML says (ISO 32000-1, 14.7 and 14.8).

WeasyPrint 70 makes an element of each box, so that its tree follows the pages. Here it is put right
before it is written:

- what a page repeats (running heads, folios) and what HTML hides (`aria-hidden`) is an artifact;
- what goes on in a new line or on a new page is one element, and one link annotation a page;
- an element without content is left out, and a link within a link is none;
- `lang`, `role="doc-toc"` and `<abbr title>` are said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import pydyf
import weasyprint.pdf.tags

from reportgen.typeset.replaced import replaced

_tags: Any = weasyprint.pdf.tags

_PAGINATION = "<</Type /Pagination>>"
_KEPT_EMPTY = {"TD", "TH", "Document"}
_REPEATED = {"THead", "TFoot"}


@dataclass(frozen=True)
class _Content:
    """A piece of a page's content."""

    page: int
    mcid: int


@dataclass(frozen=True)
class _Annotation:
    """An annotation of a page; `reference` is the object that refers to it from the tree."""

    page: int
    reference: Any
    annotation: Any


@dataclass(eq=False)
class _Element:
    """A structure element, and the HTML element that it is for, if there is one."""

    dictionary: Any
    page: int
    html: Any = None
    html_tag: str | None = None
    kids: list[_Kid] = field(default_factory=list)

    @property
    def role(self) -> str:
        """Its structure type (ISO 32000-1, 14.8.4)."""
        return str(self.dictionary["S"]).removeprefix("/")

    @role.setter
    def role(self, name: str) -> None:
        self.dictionary["S"] = f"/{name}"

    def elements(self) -> Iterator[_Element]:
        """Yield the elements in it, each before those in it."""
        for kid in self.kids:
            if isinstance(kid, _Element):
                yield kid
                yield from kid.elements()


_Kid = _Element | _Content | _Annotation


class Structure:
    """Which box each structure element was made for; collected while a file is written."""

    def __init__(self) -> None:
        self._boxes: dict[int, Any] = {}

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Collect the elements of the file that is written in this block."""
        build = _tags._build_box_tree  # noqa: SLF001 - there is no other way in

        def build_and_note(box: Any, *arguments: Any) -> Iterator[Any]:
            for element in build(box, *arguments):
                # The innermost call is the one that has made it.
                self._boxes.setdefault(element.number, box)
                yield element

        with replaced(_tags, _build_box_tree=build_and_note):
            yield

    def finish(self, pdf: Any) -> None:
        """Put the tree right, if there is one, before the objects of `pdf` are written."""
        if "StructTreeRoot" not in pdf.catalog:
            return
        root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
        pages = {reference: number for number, reference in enumerate(pdf.page_references)}
        document = self._read(pdf, root["K"][0], pages, 0)
        _hide(document)
        _join(document)
        _apply_html(document)
        _drop_empty(document)
        _merge_annotations(document, pdf)
        _write(document, pdf, root)

    def _read(self, pdf: Any, reference: bytes, pages: Mapping[bytes, int], page: int) -> _Element:
        dictionary = pdf.objects[_number(reference)]
        page = pages.get(dictionary.get("Pg"), page)
        box = self._boxes.get(dictionary.number)
        html, tag = (None, None) if box is None else (box.element, box.element_tag)
        element = _Element(dictionary, page, html, tag)
        for kid in dictionary["K"]:
            if isinstance(kid, int):
                element.kids.append(_Content(page, kid))
                continue
            found = pdf.objects[_number(kid)]
            if found["Type"] == "/OBJR":
                annotation = pdf.objects[_number(found["Obj"])]
                element.kids.append(_Annotation(page, found, annotation))
            else:
                element.kids.append(self._read(pdf, kid, pages, page))
        return element


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _hide(element: _Element) -> None:
    """Take what HTML hides from assistive technology out of the tree."""
    kept: list[_Kid] = []
    for kid in element.kids:
        if isinstance(kid, _Element):
            if kid.html is not None and kid.html.get("aria-hidden") == "true":
                continue
            _hide(kid)
        kept.append(kid)
    element.kids = kept


def _join(element: _Element) -> None:
    """Make one element of those side by side that were made for the same HTML element."""
    kids, element.kids = element.kids, []
    for kid in kids:
        last = element.kids[-1] if element.kids else None
        if isinstance(kid, _Element) and isinstance(last, _Element) and _goes_on(last, kid):
            heads = {id(head.html) for head in last.kids if _is_head(head)}
            last.kids += [k for k in kid.kids if not (_is_head(k) and id(k.html) in heads)]
        else:
            element.kids.append(kid)
    for kid in element.kids:
        if isinstance(kid, _Element):
            _join(kid)


def _goes_on(one: _Element, other: _Element) -> bool:
    return (
        one.html is not None
        and one.html is other.html
        and (one.html_tag, one.role) == (other.html_tag, other.role)
    )


def _is_head(kid: _Kid) -> TypeGuard[_Element]:
    """Tell whether it is a part of a table that comes again on each page."""
    return isinstance(kid, _Element) and kid.role in _REPEATED


def _apply_html(element: _Element, *, in_toc: bool = False, in_link: bool = False) -> None:
    """Say what HTML says by attributes, and make no link within a link."""
    html = element.html
    if html is not None:
        own = element.html_tag == html.tag
        if (language := html.get("lang")) and html.tag != "html":
            element.dictionary["Lang"] = pydyf.String(language)
        if own and html.tag == "abbr" and html.get("title"):
            element.role = "Span"
            element.dictionary["E"] = pydyf.String(html.get("title"))
        in_toc = in_toc or html.get("role") == "doc-toc"
    if in_toc and element.role in _IN_TOC:
        element.role = _IN_TOC[element.role]
    if element.role == "Link":
        if in_link or not any(isinstance(kid, _Annotation) for kid in element.kids):
            element.role = "Span"
        in_link = True
    for kid in element.kids:
        if isinstance(kid, _Element):
            _apply_html(kid, in_toc=in_toc, in_link=in_link)


_IN_TOC = {"L": "TOC", "LI": "TOCI", "LBody": "NonStruct"}


def _drop_empty(element: _Element) -> None:
    """Leave out elements without content, alternative text or replacement."""
    for kid in element.kids:
        if isinstance(kid, _Element):
            _drop_empty(kid)
    element.kids = [
        kid
        for kid in element.kids
        if not isinstance(kid, _Element)
        or kid.kids
        or kid.role in _KEPT_EMPTY
        or kid.dictionary.keys() & {"Alt", "ActualText"}
    ]


def _merge_annotations(document: _Element, pdf: Any) -> None:
    """Make one annotation of those that a link has on a page (ISO 32000-1, table 173)."""
    pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    for element in document.elements():
        by_page: defaultdict[int, list[_Annotation]] = defaultdict(list)
        for kid in element.kids:
            if isinstance(kid, _Annotation):
                by_page[kid.page].append(kid)
        for page, (first, *others) in by_page.items():
            if not others:
                continue
            boxes = [one.annotation["Rect"] for one in (first, *others)]
            left, bottom, right, top = zip(*boxes, strict=True)
            first.annotation["QuadPoints"] = pydyf.Array(n for box in boxes for n in _quad(*box))
            first.annotation["Rect"] = pydyf.Array(
                (min(*left, *right), min(*bottom, *top), max(*left, *right), max(*bottom, *top))
            )
            for one in others:
                pages[page]["Annots"].remove(one.annotation.reference)
                one.annotation.clear()
                one.reference.clear()
                element.kids.remove(one)


def _quad(x1: float, y1: float, x2: float, y2: float) -> tuple[float, ...]:
    """Return the corners of a line's box in the order in which viewers expect them."""
    left, right, bottom, top = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    return (left, top, right, top, left, bottom, right, bottom)


def _write(document: _Element, pdf: Any, root: Any) -> None:
    """Write the tree into its objects, and what is outside of it as artifacts."""
    owners: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
    annotated: dict[int, bytes] = {}
    _write_element(document, pdf.page_references, owners, annotated)
    kept = {id(element.dictionary) for element in (document, *document.elements())}
    for made in pdf.objects:
        if (
            isinstance(made, pydyf.Dictionary)
            and made.get("Type") == "/StructElem"
            and id(made) not in kept
        ):
            # pydyf 0.13 counts objects that are free among those of an object stream.
            made.clear()
    parents = pdf.objects[_number(root["ParentTree"])]
    numbers = iter(parents["Nums"])
    entries: list[Any] = []
    for key, entry in zip(numbers, numbers, strict=True):
        if isinstance(entry, pydyf.Array):
            stream = pdf.objects[_number(pdf.objects[pdf.pages["Kids"][3 * key]]["Contents"])]
            _mark_artifacts(stream, owners[key])
            found = owners[key]
            entries += [
                key,
                pydyf.Array(found.get(n, "null") for n in range(max(found, default=-1) + 1)),
            ]
        elif key in annotated:
            entries += [key, annotated[key]]
    parents["Nums"] = pydyf.Array(entries)


def _write_element(
    element: _Element,
    pages: tuple[bytes, ...],
    owners: Mapping[int, dict[int, bytes]],
    annotated: dict[int, bytes],
) -> None:
    reference = element.dictionary.reference
    if not any(isinstance(kid, _Content) for kid in element.kids):
        # It says where content of the element itself stands, and what is in it says so by itself.
        element.dictionary.pop("Pg", None)
    kids = element.dictionary["K"] = pydyf.Array()
    for kid in element.kids:
        if isinstance(kid, _Element):
            kid.dictionary["P"] = reference
            kids.append(kid.dictionary.reference)
            _write_element(kid, pages, owners, annotated)
        elif isinstance(kid, _Annotation):
            annotated[kid.annotation["StructParent"]] = reference
            kids.append(kid.reference.reference)
        else:
            owners[kid.page][kid.mcid] = reference
            if kid.page == element.page:
                kids.append(kid.mcid)
            else:
                reference_to = {"Type": "/MCR", "Pg": pages[kid.page], "MCID": kid.mcid}
                kids.append(pydyf.Dictionary(reference_to))


def _mark_artifacts(stream: Any, owners: Mapping[int, bytes]) -> None:
    """Mark content that no element has as an artifact (ISO 32000-1, 14.8.2.2)."""
    operators = stream.stream
    for index, operator in enumerate(operators):
        if (
            operator == b"BDC"
            and isinstance(given := operators[index - 1], pydyf.Dictionary)
            and given.get("MCID", -1) not in owners
        ):
            operators[index - 2 : index] = ["/Artifact", _PAGINATION]
