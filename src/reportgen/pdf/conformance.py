"""Whether a file keeps its standard, as a validator says that we did not write."""

from __future__ import annotations

from dataclasses import dataclass

import page

from reportgen.pdf.editions import Edition


@dataclass(frozen=True)
class Conformance:
    """A validator's answer: `rules` that were checked, and what failed, a line each."""

    standard: str
    rules: int
    failures: tuple[str, ...]

    @property
    def is_conformant(self) -> bool:
        """Whether no rule failed."""
        return not self.failures


def check_conformance(data: bytes, edition: Edition) -> Conformance:
    """Have the bytes of a PDF checked against its edition's standard."""
    report = page.validate_pdf_bytes(data, profile=getattr(page.ValidationProfile, edition.profile))
    failures = tuple(f"{failure.rule_id}: {failure.message}" for failure in report.failures)
    return Conformance(edition.standard, report.rules.total, failures)
