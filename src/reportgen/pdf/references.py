"""References to a file's pages, made once.

pydyf 0.13 makes the references to all pages anew for each tag and each link: in a file of 800 pages
that is most of the time of writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf

from reportgen.typeset.replaced import replaced

_page_references: Any = pydyf.PDF.page_references


@contextmanager
def pages_referred_to_once() -> Iterator[None]:
    """Have pydyf make the references to pages again only if there are more pages, in this block."""
    made: dict[int, tuple[int, tuple[bytes, ...]]] = {}

    def references(pdf: Any) -> tuple[bytes, ...]:
        pages = len(pdf.pages["Kids"])
        known = made.get(id(pdf))
        if known is None or known[0] != pages:
            known = made[id(pdf)] = pages, _page_references.__get__(pdf)
        return known[1]

    with replaced(pydyf.PDF, page_references=property(references)):
        yield
