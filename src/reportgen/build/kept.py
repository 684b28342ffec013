"""What became of a job as JSON, and back: the form in which it is kept between builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from reportgen.build.job import Job, Made
from reportgen.preflight.result import Check, Finding, Outcome, Preflight
from reportgen.source.diagnostics import Diagnostic, Severity, Span


def made_as_json(made: Made) -> dict[str, Any]:
    """Give what became of a job, but for the bytes of its file and for what it was made of."""
    checked = made.preflight
    return {
        "name": made.name,
        "pages": made.pages,
        "untranslated": made.untranslated,
        "seconds": made.seconds,
        "preflight": checked
        and {
            "edition": checked.edition,
            "checks": [asdict(check) for check in checked.checks],
            "rules": dict(checked.rules),
        },
        "diagnostics": diagnostics_as_json(made.diagnostics),
    }


def made_from_json(job: Job, value: Mapping[str, Any], data: bytes | None) -> Made:
    """Give what became of a job, from what `made_as_json` gave."""
    checked = value["preflight"]
    return Made(
        job,
        value["name"],
        data,
        value["pages"],
        value["untranslated"],
        Preflight(
            checked["edition"],
            tuple(
                Check(
                    check["name"],
                    check["source"],
                    Outcome(check["outcome"]),
                    tuple(Finding(**finding) for finding in check["findings"]),
                )
                for check in checked["checks"]
            ),
            checked["rules"],
        )
        if checked
        else None,
        diagnostics_from_json(value["diagnostics"]),
        value["seconds"],
    )


def diagnostics_as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Give diagnostics as JSON has them."""
    return [asdict(diagnostic) for diagnostic in diagnostics]


def diagnostics_from_json(values: Iterable[Mapping[str, Any]]) -> tuple[Diagnostic, ...]:
    """Give the diagnostics of `diagnostics_as_json`."""
    return tuple(
        Diagnostic(
            Severity(value["severity"]),
            value["code"],
            Span(**value["span"]),
            value["message"],
            value["hint"],
        )
        for value in values
    )
