"""The pages of an edition as the bytes of a PDF."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from weasyprint.css import ColorProfile
from weasyprint.document import Document

from reportgen.exchange.dataset import DataFile
from reportgen.pdf.attachments import attachments
from reportgen.pdf.characters import Characters, Line
from reportgen.pdf.direction import say_direction
from reportgen.pdf.drawings import drawn_once
from reportgen.pdf.editions import Edition
from reportgen.pdf.links import describe_links, keep_outermost_links
from reportgen.pdf.metadata import Identity, Metadata
from reportgen.pdf.paths import paths_in_one_go
from reportgen.pdf.pictures import forbid_interpolation
from reportgen.pdf.press import Press
from reportgen.pdf.recolor import drawn_in, pictures_in_ink
from reportgen.pdf.references import pages_referred_to_once
from reportgen.pdf.sheet import add_sheet, drop_links, name_condition
from reportgen.pdf.streams import operators_at_once, packed, with_clear_ends
from reportgen.pdf.structure import Structure
from reportgen.source.diagnostics import DiagnosedError, Span
from reportgen.typeset.layout import FAILURES, said_in_a_line
from reportgen.typeset.lean import lean
from reportgen.typeset.report import Typeset

THINNEST_LINE = 0.25
"""What a line is at least on paper, in points: a thinner one breaks up in print."""


@dataclass(frozen=True)
class Written:
    """The bytes of a PDF, and the text that was drawn on its pages, in this order."""

    data: bytes
    lines: tuple[Line, ...]


def write_report(
    report: Typeset,
    identity: Identity,
    edition: Edition,
    press: Press | None = None,
    files: Iterable[DataFile] = (),
) -> Written:
    """Write a report's PDF; see `write_pdf`.

    Raises:
        DiagnosedError: the engine can't draw a part.
    """
    try:
        return write_pdf(report.joined(), identity, edition, press, files)
    except MemoryError:
        raise
    except FAILURES as error:
        # Which part it is can only be seen from each by itself.
        draw = partial(write_pdf, identity=identity, edition=edition, press=press)
        for _, laid_out in report.parts:
            try:
                draw(laid_out.document)
            except MemoryError:
                raise
            except FAILURES as found:
                raise laid_out.fault(found, draw) from error
        message = f"the parts can't be written into a file ({said_in_a_line(error)})"
        hint = "take back what was changed last in the templates and styles"
        raise DiagnosedError("layout-failed", Span("templates"), message, hint) from error


def write_pdf(
    document: Document,
    identity: Identity,
    edition: Edition,
    press: Press | None = None,
    files: Iterable[DataFile] = (),
) -> Written:
    """Write a PDF; the same pages and the same identity give the same bytes.

    Args:
        document: the pages.
        identity: what the file says of itself.
        edition: which edition it is.
        press: what it is printed with, for an edition on paper.
        files: the data that it carries.
    """
    if press:
        drop_links(document)
        _use_profile(document, press)
    keep_outermost_links(document)
    structure = Structure()
    document.metadata = Metadata(identity, edition)
    document.metadata.attachments = attachments(files, identity.date)
    characters = Characters()

    def finish(finished: Document, pdf: Any) -> None:
        describe_links(finished, pdf)
        structure.finish(pdf)
        characters.add_twins(pdf)
        say_direction(identity.language, pdf)
        if edition.variant.startswith("pdf/a"):
            forbid_interpolation(pdf)
        if press:
            add_sheet(finished, pdf, press.sheet)
            name_condition(pdf, press.sheet)

    in_ink = drawn_in(press.inks, THINNEST_LINE) if press else nullcontext()
    with (
        lean(),
        drawn_once(),
        paths_in_one_go(),
        operators_at_once(),
        packed(),
        pages_referred_to_once(),
        structure.collected(),
        characters.told(),
        in_ink,
    ):
        data: bytes = document.write_pdf(
            pdf_variant=edition.variant,
            pdf_identifier=_identifier(identity, edition),
            finisher=finish,
        )
    data = pictures_in_ink(data, press.inks) if press else data
    return Written(with_clear_ends(data), tuple(characters.lines))


class _Profile(ColorProfile):  # type: ignore[misc]
    """A profile that is embedded as it is: littleCMS would write it anew, nearly twice as large."""

    name = ""
    """What it calls itself, which need not be text; the file has the printing condition's name."""

    def __init__(self, data: bytes) -> None:
        inks = ("c", "m", "y", "k")
        super().__init__(io.BytesIO(data), "", "relative-colorimetric", inks)
        self._data = data

    @property
    def content(self) -> bytes:
        """The profile's bytes."""
        return self._data


def _use_profile(document: Document, press: Press) -> None:
    """Have WeasyPrint embed the printer's profile as the output intent, and blend in CMYK."""
    document.color_profiles["device-cmyk"] = _Profile(press.inks.profile)


def _identifier(identity: Identity, edition: Edition) -> bytes:
    """Give the part of the file's identifier that its versions share (ISO 32000-1, 14.4)."""
    name = f"{identity.title} {identity.language} {edition.name}"
    return hashlib.sha256(name.encode()).hexdigest()[:32].encode()
