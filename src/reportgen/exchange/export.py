"""A report's data as other programs read it: its records as CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping

from reportgen.model.report import Commitment, Report

COLUMNS = (
    "id",
    "member",
    "member_name",
    "country_code",
    "region",
    "pillar",
    "year",
    "title",
    "summary",
    "url",
)
"""What a record has in a table, in order; programs may rely on it."""

_LIKE_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet program would take for a formula, or that is guarded."""


def commitments_csv(report: Report) -> str:
    """Give the records as CSV (RFC 4180): a head row, then a record a row, lines ended by CRLF.

    Title and summary are the content's own inline Markdown; a record without an address has an
    empty cell. A text that a spreadsheet program would run as a formula is guarded by an apostrophe
    in front; see `guarded`.
    """
    records = (
        tuple("" if value is None else value for value in _record(commitment).values())
        for commitment in report.commitments
    )
    return _csv((COLUMNS, *records))


def commitments_json(report: Report) -> str:
    """Give the records as JSON: a list of objects, with `COLUMNS` for keys.

    The year is a number, and `url` is null for a record without an address.
    """
    records = [dict(_record(commitment)) for commitment in report.commitments]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def guarded(text: str) -> str:
    """Give a text as a cell that no spreadsheet program runs: ``=1+1`` becomes ``'=1+1``.

    A text that begins so already gets one apostrophe more, so that `unguarded` gives each text back
    as it was.
    """
    return f"'{text}" if _LIKE_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Give the text of a cell that `guarded` made, and any other one as it is."""
    return text[1:] if text.startswith("'") and _LIKE_A_FORMULA.match(text) else text


def _record(commitment: Commitment) -> Mapping[str, str | int | None]:
    """Give what the columns have of a record."""
    member = commitment.member
    values = (
        commitment.id,
        member.id,
        str(member.name),
        member.country,
        member.region.id,
        commitment.pillar.id,
        commitment.year,
        str(commitment.title),
        str(commitment.summary),
        commitment.url,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _csv(rows: Iterable[Iterable[str | int]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(guarded(cell) if isinstance(cell, str) else cell for cell in row)
    return text.getvalue()
