"""Proofs: the pages of a print edition as spreads for the screen, without bleed and marks."""

from __future__ import annotations

import io

import pikepdf

from reportgen.pdf.sheet import POINTS_PER_MM

SPREAD = (297.0, 210.0)
"""A spread's width and height in mm: two A4 pages, each at 71 %, fill a screen."""


def spreads(data: bytes, *, right_to_left: bool) -> bytes:
    """Give the pages of a PDF side by side, as the opened booklet shows them.

    The first page stands alone on the recto's side. A page is shown as it is cut. The printing
    condition stays, so that a viewer shows the inks as they will look.

    Args:
        data: a file of the print edition.
        right_to_left: whether its pages are turned to the right.
    """
    width, height = (length * POINTS_PER_MM for length in SPREAD)
    halves = (
        pikepdf.Rectangle(0, 0, width / 2, height),
        pikepdf.Rectangle(width / 2, 0, width, height),
    )
    verso, recto = reversed(halves) if right_to_left else halves
    with pikepdf.open(io.BytesIO(data)) as pdf, pikepdf.new() as proof:
        for pages in _spreads(list(pdf.pages)):
            sheet = proof.add_blank_page(page_size=(width, height))
            for page, half in zip(pages, (verso, recto), strict=True):
                if page is not None:
                    sheet.add_overlay(page, half)
        if "/OutputIntents" in pdf.Root:
            proof.Root.OutputIntents = proof.copy_foreign(pdf.make_indirect(pdf.Root.OutputIntents))
        proof.Root.Lang = pikepdf.String(str(pdf.Root.get("/Lang", "")))
        with (
            pdf.open_metadata() as original,
            proof.open_metadata(set_pikepdf_as_editor=False) as copied,
        ):
            for name in ("dc:title", "dc:creator", "dc:source", "xmp:CreateDate"):
                if name in original:
                    copied[name] = original[name]
        written = io.BytesIO()
        proof.save(written, deterministic_id=True)
        return written.getvalue()


def _spreads(pages: list[pikepdf.Page]) -> list[tuple[pikepdf.Page | None, ...]]:
    """Give verso and recto of each spread; the first verso and the last recto may be missing."""
    sides: list[pikepdf.Page | None] = [None, *pages]
    if len(sides) % 2:
        sides.append(None)
    return [tuple(sides[at : at + 2]) for at in range(0, len(sides), 2)]
