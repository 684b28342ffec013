"""The pages of an edition as the bytes of a PDF."""

from __future__ import annotations

import datetime
import hashlib
import os
from typing import Any

from weasyprint.document import Document, DocumentMetadata

from reportgen import __version__
from reportgen.model.report import Report
from reportgen.pdf.editions import Edition
from reportgen.pdf.languages import keep_languages, say_direction
from reportgen.pdf.links import describe_links, keep_outermost_links
from reportgen.source.markdown import plain_text


def write_pdf(document: Document, report: Report, edition: Edition) -> bytes:
    """Give the bytes of a PDF with the report's metadata; the same pages give the same bytes.

    The file's date is the one that `SOURCE_DATE_EPOCH` gives (seconds since 1970, UTC), or else
    the first day of the report's month.

    Raises:
        ValueError: `SOURCE_DATE_EPOCH` is not a number of seconds.
    """
    keep_outermost_links(document)
    keep_languages()
    document.metadata = _metadata(report, document)

    def finish(finished: Document, pdf: Any) -> None:
        describe_links(finished, pdf)
        say_direction(report.language, pdf)

    pdf: bytes = document.write_pdf(
        pdf_variant=edition.variant,
        pdf_identifier=_identifier(report, edition, document),
        finisher=finish,
    )
    return pdf


def build_date(report: Report) -> str:
    """Give the date that a file carries, in W3C's profile of ISO 8601; see `write_pdf`."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return f"{report.year:04}-{report.month:02}-01"
    try:
        moment = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is '{epoch}', which is not a number of seconds"
        raise ValueError(message) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def full_title(report: Report) -> str:
    """Give title and subtitle as one line."""
    return ": ".join(plain_text(text) for text in (report.title, report.subtitle) if text)


def _metadata(report: Report, document: Document) -> DocumentMetadata:
    date = build_date(report)
    return DocumentMetadata(
        title=full_title(report),
        authors=[author.name for author in report.authors],
        keywords=[plain_text(keyword) for keyword in report.keywords],
        generator=f"reportgen {__version__}",
        created=date,
        modified=date,
        lang=document.metadata.lang,
    )


def _identifier(report: Report, edition: Edition, document: Document) -> bytes:
    """Give the part of the file's identifier that its versions share (ISO 32000-1, 14.4)."""
    name = f"{report.slug} {document.metadata.lang} {edition.name}"
    return hashlib.sha256(name.encode()).hexdigest()[:32].encode()
