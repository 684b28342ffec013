"""The date that a file carries."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.model.report import Report


def build_date(report: Report) -> str:
    """Give the date that a file carries, in W3C's profile of ISO 8601.

    It is the one that `SOURCE_DATE_EPOCH` gives, or else the first moment of the report's month.

    Raises:
        ValueError: `SOURCE_DATE_EPOCH` is not a number of seconds.
    """
    moment = source_date()
    if moment is None:
        return f"{report.year:04}-{report.month:02}-01T00:00:00Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def source_date() -> datetime.datetime | None:
    """Give the moment that `SOURCE_DATE_EPOCH` names, in seconds since 1970, UTC, if it is set.

    Raises:
        ValueError: it is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not epoch:
        return None
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        message = f"SOURCE_DATE_EPOCH is '{epoch}', which is not a number of seconds"
        raise ValueError(message) from None
