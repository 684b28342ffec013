"""Pages of a PDF as pictures, drawn by PDFium, the engine that browsers show PDF with."""

from __future__ import annotations

import pypdfium2
from PIL.Image import Image

PIXELS_PER_POINT = 96 / 72
"""CSS pixels in a point (CSS Values 4, 6.2)."""


def draw_page(data: bytes, index: int = 0, scale: float = 1) -> Image:
    """Draw a page of a PDF.

    Args:
        data: the file.
        index: which page, from 0.
        scale: device pixels per CSS pixel.
    """
    with pypdfium2.PdfDocument(data) as document:
        page = document[index]
        image: Image = page.render(scale=scale * PIXELS_PER_POINT).to_pil()
        return image
