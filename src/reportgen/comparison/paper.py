"""A page of the toolkit's own as an accessible PDF (PDF/UA-1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

from reportgen.editing.design import design_folder
from reportgen.pdf.links import describe_links, keep_outermost_links
from reportgen.pdf.structure import Structure
from reportgen.project import Project
from reportgen.typeset.fetcher import BASE, ProjectFetcher
from reportgen.typeset.layout import Log

PICTURE = "picture:"
"""What the address of a picture begins with that is made for the page."""


class _Fetcher(ProjectFetcher):
    """Fetches the toolkit's fonts and the pictures of the page: no other file, no web."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(Project(Path(str(design_folder()))))
        self._pictures = pictures

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Give the response for an address.

        Raises:
            FatalURLFetchingError: it is none of those.
        """
        if not url.startswith(PICTURE):
            return super().fetch(url, headers)
        name = url.removeprefix(PICTURE)
        if name not in self._pictures:
            raise FatalURLFetchingError(f"there is no picture '{name}'")
        return URLFetcherResponse(url, self._pictures[name], {"Content-Type": "image/png"})


def as_pdf(html: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Give HTML as a PDF; the same HTML gives the same bytes.

    Args:
        html: the page. It may name `picture:NAME`, and nothing else.
        pictures: PNG files by name.
    """
    fetcher = _Fetcher(pictures or {})
    fonts = FontConfiguration()
    structure = Structure()

    def finish(document: Document, pdf: Any) -> None:
        describe_links(document, pdf)
        structure.finish(pdf)

    with Log():
        styles = [CSS(url=f"{BASE}styles/fonts.css", url_fetcher=fetcher, font_config=fonts)]
        document = HTML(string=html, base_url=BASE, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=styles, pdf_variant="pdf/ua-1"
        )
        keep_outermost_links(document)
        identifier = hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:32].encode()
        with structure.collected():
            data: bytes = document.write_pdf(
                pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=finish
            )
    return data
