"""What a preflight looks for, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.model.schema import PrintRules


@dataclass(frozen=True)
class Wanted:
    """What a file on paper must keep.

    Lengths are in mm, `ink_limit` in per cent (the sum of the four inks in one place), `resolution`
    in pixels an inch, `thinnest` in points.
    """

    trim: tuple[float, float] = (210.0, 297.0)
    bleed: float = 3.0
    ink_limit: int = 300
    resolution: int = 300
    thinnest: float = 0.25
    pages_multiple_of: int = 1

    @classmethod
    def of(cls, rules: PrintRules) -> Wanted:
        """Give what a report says of its print edition."""
        return cls(
            bleed=rules.bleed,
            ink_limit=rules.ink_limit,
            pages_multiple_of=rules.pages_multiple_of,
        )


class Outcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong; `page` is counted from 1, and nothing if it is the whole file."""

    text: str
    page: int | None = None


@dataclass(frozen=True)
class Check:
    """One check's answer. `source` is the section of a standard, or the program that checks."""

    name: str
    source: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Preflight:
    """The answers of all checks of a file.

    `ink` is the share of each page that each ink covers, as ghostscript measures it, if it did.
    """

    edition: str
    checks: tuple[Check, ...]
    rules: Mapping[str, int] = field(default_factory=dict)
    """How many rules the validator checked, by standard."""

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.outcome is Outcome.FAILED)
