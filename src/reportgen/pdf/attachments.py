"""Attachments: the report's data within the PDF, as associated files (ISO 19005-3, 6.8)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from weasyprint import Attachment

from reportgen.exchange.dataset import MANIFEST, DataFile


def attachments(files: Iterable[DataFile], date: str) -> list[Attachment]:
    """Give files as WeasyPrint attaches them.

    Each has a relationship to the document (ISO 32000-2, 7.11.3): data for what was counted and
    charted, a supplement for the manifest. Its media type follows from its name. They come in the
    order of their names, which the tree of names must have (ISO 32000-1, 7.9.6).

    Args:
        files: the files.
        date: when they were made, in ISO 8601 with a time zone.
    """
    moment = datetime.datetime.fromisoformat(date)
    return [
        Attachment(
            string=file.data,
            name=file.name,
            description=file.description,
            created=moment,
            modified=moment,
            relationship="Supplement" if file.name == MANIFEST else "Data",
        )
        for file in sorted(files, key=lambda file: file.name)
    ]
