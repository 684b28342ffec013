"""What is in the structure tree of a file, and what is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pytest

from reportgen.comparison.paper import as_pdf

PAGE = """<!doctype html><html lang="en"><head><title>T</title><style>
@page {{ size: 60mm 60mm; margin: 10mm; @top-left {{ content: "Head" }} }}
body {{ font: 10pt/12pt "Source Sans 3" }} p, table {{ margin: 0; orphans: 1; widows: 1 }} {css}
</style></head><body>{body}</body></html>"""

LINES = " ".join(["word"] * 120)


def opened(body: str, css: str = "") -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(as_pdf(PAGE.format(body=body, css=css))))


def kids(element: Any) -> list[Any]:
    found = element.get("/K", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in kids(element):
        if not isinstance(kid, int) and "/S" in kid:
            yield from elements(kid)


def document(pdf: pikepdf.Pdf) -> Any:
    return pdf.Root.StructTreeRoot.K[0]


def of_type(pdf: pikepdf.Pdf, name: str) -> list[Any]:
    return [one for one in elements(document(pdf)) if str(one.S) == f"/{name}"]


def pages_of(element: Any) -> set[tuple[int, int]]:
    found = set()
    for one in elements(element):
        for kid in kids(one):
            if isinstance(kid, int):
                found.add(one.Pg.objgen)
            elif kid.get("/Type") == "/MCR":
                found.add(kid.Pg.objgen)
    return found


def marked(page: pikepdf.Page) -> list[tuple[str, Any]]:
    """Return the tag and the properties of each piece of marked content."""
    content: Any = pikepdf.parse_content_stream(page)
    return [
        (str(operands[0]), operands[1] if len(operands) > 1 else None)
        for operands, operator in content
        if str(operator) in ("BDC", "BMC")
    ]


def outline(element: Any) -> Any:
    """Return the types of an element and of those in it, without spans of text."""
    below = [outline(kid) for kid in kids(element) if not isinstance(kid, int) and "/S" in kid]
    below = [one for one in below if one != "Span"]
    name = str(element.S).removeprefix("/")
    return {name: below} if below else name


def test_a_running_head_is_an_artifact() -> None:
    pdf = opened("<p>text</p>")
    tags = marked(pdf.pages[0])
    assert [given.Type for tag, given in tags if tag == "/Artifact" and given] == ["/Pagination"]
    mcids = [int(given.MCID) for tag, given in tags if given is not None and "/MCID" in given]
    assert len(mcids) == 1
    nums = pdf.Root.StructTreeRoot.ParentTree.Nums
    assert nums[1][mcids[0]].P.S == "/P"
    assert outline(document(pdf)) == {"Document": ["P"]}


def test_what_html_hides_is_an_artifact() -> None:
    pdf = opened('<p>text</p><aside aria-hidden="true"><p>the text again</p></aside>')
    assert outline(document(pdf)) == {"Document": ["P"]}
    assert len([tag for tag, given in marked(pdf.pages[0]) if tag == "/Artifact" and given]) == 2


def test_what_goes_on_over_a_page_is_one_element() -> None:
    pdf = opened(f"<section><p>{LINES}</p><ul><li>{LINES}</li></ul></section>")
    assert len(pdf.pages) > 2
    assert outline(document(pdf)) == {
        "Document": [{"Sect": ["P", {"L": [{"LI": ["Lbl", "LBody"]}]}]}]
    }
    assert len(pages_of(of_type(pdf, "P")[0])) > 1
    assert len(pages_of(of_type(pdf, "LBody")[0])) > 1


def test_elements_side_by_side_stay_two() -> None:
    pdf = opened("<p>one</p><p>two</p><div>a<p>b</p>c</div>")
    assert outline(document(pdf)) == {"Document": ["P", "P", {"Div": ["Div", "P", "Div"]}]}


def test_a_link_over_lines_has_one_annotation_a_page() -> None:
    text = " ".join(["linked"] * 12)
    pdf = opened(f'<p><a href="https://example.org/">{text}</a></p>')
    (link,) = of_type(pdf, "Link")
    (annotation,) = pdf.pages[0].Annots
    assert len(annotation.QuadPoints) > 8
    assert len(annotation.QuadPoints) % 8 == 0
    left, bottom, right, top = map(float, annotation.Rect)
    corners = [float(corner) for corner in list(annotation.QuadPoints)]
    across, up = corners[::2], corners[1::2]
    assert (min(left, right), max(left, right)) == (min(across), max(across))
    assert (min(bottom, top), max(bottom, top)) == (min(up), max(up))
    references = [kid for kid in kids(link) if not isinstance(kid, int) and "/Obj" in kid]
    assert [one.Obj.objgen for one in references] == [annotation.objgen]
    nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    parents = dict(zip(nums[::2], nums[1::2], strict=True))
    assert parents[annotation.StructParent].objgen == link.objgen


def test_a_link_over_pages_is_one_element_with_an_annotation_on_each() -> None:
    pdf = opened(f'<p><a href="https://example.org/">{LINES}</a></p>')
    (link,) = of_type(pdf, "Link")
    references = [kid for kid in kids(link) if not isinstance(kid, int) and "/Obj" in kid]
    assert len(references) == len(pdf.pages) == len(pages_of(link))


def test_there_is_no_link_in_a_link() -> None:
    pdf = opened('<p><a href="https://example.org/">text</a></p>', 'a::after { content: " ↗" }')
    assert len(of_type(pdf, "Link")) == 1


def test_an_empty_element_is_left_out() -> None:
    pdf = opened('<p><span class="flag"></span>text</p><div><div></div></div>')
    assert outline(document(pdf)) == {"Document": ["P"]}


def test_an_empty_cell_stays() -> None:
    pdf = opened("<table><tr><td>a</td><td></td></tr></table>")
    assert len(of_type(pdf, "TD")) == 2


def test_the_head_of_a_table_is_there_once() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(40))
    head = "<thead><tr><th>Number</th></tr></thead>"
    pdf = opened(f"<table>{head}<tbody>{rows}</tbody></table>")
    assert len(pdf.pages) > 2
    assert outline(of_type(pdf, "THead")[0]) == {"THead": [{"TR": ["TH"]}]}
    assert (len(of_type(pdf, "THead")), len(of_type(pdf, "TBody"))) == (1, 1)
    assert len(of_type(pdf, "TD")) == 40


def test_contents_are_tagged_as_such() -> None:
    pdf = opened('<ul role="doc-toc"><li>One<ul><li>Below</li></ul></li></ul><ul><li>x</li></ul>')
    assert (len(of_type(pdf, "TOC")), len(of_type(pdf, "TOCI"))) == (2, 2)
    assert len(of_type(pdf, "L")) == 1


def test_a_caption_stands_beside_its_figure() -> None:
    # Within a figure that has alternative text, a screen reader would pass over it.
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>A</title></svg>'
    pdf = opened(f"<figure>{drawing}<figcaption>Words</figcaption></figure>")
    assert outline(document(pdf)) == {
        "Document": [{"NonStruct": [{"NonStruct": ["Figure"]}, "Caption"]}]
    }


def test_languages_and_expansions_are_said() -> None:
    pdf = opened('<p lang="fr">un</p><p><abbr title="Open Government Partnership">OGP</abbr></p>')
    assert [str(one.Lang) for one in of_type(pdf, "P") if "/Lang" in one] == ["fr"]
    assert [str(one.E) for one in of_type(pdf, "Span") if "/E" in one] == [
        "Open Government Partnership"
    ]


@pytest.mark.parametrize("body", [f"<p>{LINES}</p>", '<p aria-hidden="true">x</p><p>y</p>'])
def test_another_engine_opens_each_page(body: str) -> None:
    pdf = pypdfium2.PdfDocument(as_pdf(PAGE.format(body=body, css="")))
    assert [page.get_size() for page in pdf] == [(pytest.approx(170.08, abs=0.1),) * 2] * len(pdf)
