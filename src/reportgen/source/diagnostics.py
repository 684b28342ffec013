"""What is wrong, where, and what to do: problems as data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: an error stops the build, a warning doesn't."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Span:
    """A place in a file: path relative to the project, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Diagnostic:
    """One problem. `code` names its kind and stays the same from version to version."""

    severity: Severity
    code: str
    span: Span
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.span}: {self.severity}[{self.code}]: {self.message}; {self.hint}"


class Diagnostics:
    """Collects problems while files are read, so that all of them are told at once."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

    def error(self, code: str, span: Span, message: str, hint: str) -> None:
        """Note an error: what is wrong in `message`, what to do in `hint`."""
        self._found.append(Diagnostic(Severity.ERROR, code, span, message, hint))

    def warning(self, code: str, span: Span, message: str, hint: str) -> None:
        """Note a warning."""
        self._found.append(Diagnostic(Severity.WARNING, code, span, message, hint))

    def __len__(self) -> int:
        return len(self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Give them by file, line and column, each once."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda d: (d.span, d.code, d.message)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether there is an error among them."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Give a hint with the known name nearest to `name`, or else `otherwise`."""
    folded = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[near[0]]}'?" if near else otherwise


class DiagnosedError(Exception):
    """Work that can't go on; `diagnostic` says where and why, and what to do."""

    def __init__(self, code: str, span: Span, message: str, hint: str) -> None:
        self.diagnostic = Diagnostic(Severity.ERROR, code, span, message, hint)
        super().__init__(str(self.diagnostic))
