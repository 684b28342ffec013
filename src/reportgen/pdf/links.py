"""Links as PDF/UA wants them: one annotation a link, described in words, and printed.

WeasyPrint 70 makes an annotation of each box within a link, describes it by its target's name, and
leaves the print flag out.
"""

from __future__ import annotations

from typing import Any

import pydyf
from weasyprint.document import Document

PRINT_FLAG = 4
"""The flag of an annotation that is printed (ISO 32000-1, 12.5.3, table 165, bit 3)."""


def keep_outermost_links(document: Document) -> None:
    """Drop the links of boxes that only stand within a link; a link over two lines stays two."""
    for page in document.pages:
        page.links = [link for link in page.links if link[3].link]


def describe_links(document: Document, pdf: Any) -> None:
    """Set the description of each link annotation to the link's words (ISO 14289-1, 7.18.5).

    This is a finisher of WeasyPrint's: it is called before the objects of `pdf` are written.
    """
    for page in document.pages:
        for _, target, _, box in page.links:
            annotation = getattr(box, "link_annotation", None)
            if annotation is not None:
                words = " ".join("".join(box.element.itertext()).split())
                annotation["Contents"] = pydyf.String(words or target)
                annotation["F"] = PRINT_FLAG
