"""Pictures as PDF/A wants them."""

from __future__ import annotations

from typing import Any

import pydyf


def forbid_interpolation(pdf: Any) -> None:
    """Have viewers show the pixels of pictures as they are (ISO 19005-3, 6.2.8).

    WeasyPrint 70 asks them to smooth each picture, unless a style says otherwise. This is called
    before the objects of `pdf` are written.
    """
    for made in pdf.objects:
        if isinstance(made, pydyf.Stream):
            made.extra.pop("Interpolate", None)
