"""Diagnostics and outputs as text, JSON and annotations of a code host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reportgen.source.diagnostics import UNPRINTABLE, Diagnostic, Severity, visible

if TYPE_CHECKING:
    from reportgen.preflight.result import Check

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def print_text(diagnostics: Iterable[Diagnostic], *, err: bool = False) -> None:
    """Print a line for each, in colour where the terminal has it."""
    for diagnostic in diagnostics:
        _print_line(diagnostic, 0, err=err)


def print_folded(diagnostics: Iterable[tuple[Diagnostic, int]], *, err: bool = False) -> None:
    """Print a line for each that says how many other places have the same problem."""
    for diagnostic, more in diagnostics:
        _print_line(diagnostic, more, err=err)


def _print_line(diagnostic: Diagnostic, more: int, *, err: bool) -> None:
    label = f"{diagnostic.severity}[{diagnostic.code}]"
    styled = click.style(label, fg=_COLORS[diagnostic.severity], bold=True)
    click.echo(diagnostic.told(more).replace(label, styled, 1), err=err)


def print_github(diagnostics: Iterable[Diagnostic]) -> None:
    """Print workflow commands, which GitHub shows beside the lines of a change."""

    def escape(text: str, more: str = "") -> str:
        for sign in "%\r\n" + more:
            text = text.replace(sign, f"%{ord(sign):02X}")
        return visible(text)

    for d in diagnostics:
        place = f"file={escape(d.span.path, ':,')},line={d.span.line},col={d.span.column}"
        title = escape(d.code, ":,")
        click.echo(f"::{d.severity} {place},title={title}::{escape(f'{d.message}; {d.hint}')}")


def print_json(value: object, *, in_a_line: bool = False) -> None:
    """Print a value as JSON, for other programs: in UTF-8, whatever the terminal's encoding is."""
    click.echo(json_text(value, in_a_line=in_a_line).encode("utf-8", "backslashreplace"), nl=False)


def json_text(value: object, *, in_a_line: bool = False) -> str:
    """Give a value as the text of a JSON file, with an escape for what a terminal can't show."""
    text = json.dumps(value, ensure_ascii=False, indent=None if in_a_line else 2)
    # Outside of strings, which have no line feed as it is, there are only printable signs.
    return "\n".join(UNPRINTABLE.sub(_escaped, line) for line in text.split("\n")) + "\n"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def check_as_json(check: Check) -> dict[str, Any]:
    """Give a preflight's check as what JSON has: name, source, outcome, findings."""
    return asdict(check)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Give how many errors and warnings there are, in words."""
    severities = [diagnostic.severity for diagnostic in diagnostics]

    def told(severity: Severity) -> str:
        number = severities.count(severity)
        return f"{number or 'no'} {severity}{'' if number == 1 else 's'}"

    return f"{told(Severity.ERROR)}, {told(Severity.WARNING)}"
