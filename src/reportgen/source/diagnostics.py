"""What is wrong, where, and what to do: problems as data."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from reportgen.source.limits import MAX_PROBLEMS, MAX_SUGGESTIONS

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Signs that no text of a report may have: controls (but for tab and line feed) and the like."""

UNPRINTABLE = re.compile(f"[\t\n{INVISIBLE.pattern[1:-1]}\u202a-\u202e\u2066-\u2069]")
"""Signs that would break a line of a terminal, colour it, or turn its direction."""


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
    """One problem. `code` names its kind and stays the same from version to version.

    `output` says in which file that was made, and on which page of it, what is wrong was seen.
    """

    severity: Severity
    code: str
    span: Span
    message: str
    hint: str
    output: str = ""

    def flat(self) -> dict[str, Any]:
        """Return it as JSON has it: severity, code, path, line, column, message and hint.

        Where it was seen in an output, that is told as well.
        """
        data = asdict(self)
        if not self.output:
            del data["output"]
        return {"severity": data["severity"], "code": data["code"], **data.pop("span"), **data}

    def __str__(self) -> str:
        return self.told()

    def told(self, more: int = 0) -> str:
        """Return it as a line; `more` is how many other places have the same problem."""
        output = f" ({self.output})" if self.output else ""
        places = f", and {more} more place{'' if more == 1 else 's'}" if more else ""
        label = f"{self.severity}[{self.code}]"
        return visible(f"{self.span}: {label}: {self.message}{output}{places}; {self.hint}")


def folded(diagnostics: Iterable[Diagnostic]) -> tuple[tuple[Diagnostic, int], ...]:
    """Return each problem once, with how many other places have the same; warnings come first.

    An error is another one at each place: there it is corrected.
    """
    groups: dict[object, list[Diagnostic]] = {}
    for one in dict.fromkeys(diagnostics):
        place = one.span if one.severity is Severity.ERROR else None
        key = (one.severity, one.code, one.message, one.hint, place)
        groups.setdefault(key, []).append(one)
    found = [(group[0], len(group) - 1) for group in groups.values()]
    return tuple(sorted(found, key=lambda one: one[0].severity is Severity.ERROR))


class Diagnostics:
    """Collects problems while files are read, so that all of them are told at once.

    Of a file with very many, the first ones are enough: a last one says that there are more.
    """

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._count: Counter[tuple[str, Severity]] = Counter()
        self._suggestions = 0

    def error(self, code: str, span: Span, message: str, hint: str) -> None:
        """Note an error: what is wrong in `message`, what to do in `hint`."""
        self._note(Severity.ERROR, code, span, message, hint)

    def warning(self, code: str, span: Span, message: str, hint: str) -> None:
        """Note a warning."""
        self._note(Severity.WARNING, code, span, message, hint)

    def did_you_mean(self, name: str, known: Collection[str], otherwise: str) -> str:
        """Give a hint as the function does, or `otherwise` when it was asked for very often."""
        self._suggestions += 1
        return (
            otherwise
            if self._suggestions > MAX_SUGGESTIONS
            else did_you_mean(name, known, otherwise)
        )

    def _note(self, severity: Severity, code: str, span: Span, message: str, hint: str) -> None:
        self._count[span.path, severity] += 1
        number = self._count[span.path, severity]
        if number == MAX_PROBLEMS + 1:
            code, hint = "too-many-problems", f"correct the first {MAX_PROBLEMS}, and check again"
            message = "from here on there are more problems in this file"
        if number <= MAX_PROBLEMS + 1:
            self._found.append(Diagnostic(severity, code, span, shortened(message), hint))

    def __len__(self) -> int:
        return self._count.total()

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Give them by file, line and column, each once."""
        return tuple(sorted(dict.fromkeys(self._found), key=lambda d: (d.span, d.code, d.message)))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Tell whether there is an error among them."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def nearest(name: str, known: Collection[str]) -> str | None:
    """Give the known name that `name` was probably meant to be.

    Among very many names one is always near, and to look takes long: none is given then.
    """
    if len(known) > _MANY or len(name) > _LONG:
        return None
    folded = {k.casefold(): k for k in known if len(k) <= _LONG}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Give a hint with the known name nearest to `name`, or else `otherwise`."""
    near = nearest(name, known)
    return otherwise if near is None else f"did you mean '{near}'?"


def listed(names: Collection[str]) -> str:
    """Give names as a hint lists them: in order, and how many more there are than can be read."""
    return _listed(frozenset(names))


@lru_cache(maxsize=32)
def _listed(names: frozenset[str]) -> str:
    ordered = sorted(names)
    more = len(ordered) - _FEW
    return ", ".join(ordered[:_FEW]) + (f" … ({more} more)" if more > 0 else "")


def visible(text: str) -> str:
    """Give `text` as one line that a terminal can show: an escape for each sign that it can't."""
    return UNPRINTABLE.sub(_escape, text)


_FEW = 12
_MANY = 500
_LONG = 80


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode-escape").decode("ascii")


def shortened(message: str) -> str:
    """Give a message with its middle left out if what it quotes is very long."""
    return message if len(message) <= 320 else f"{message[:200]} … {message[-80:]}"


class DiagnosedError(Exception):
    """Work that can't go on; `diagnostics` say where and why, and what to do."""

    def __init__(self, code: str, span: Span, message: str, hint: str) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = (
            Diagnostic(Severity.ERROR, code, span, shortened(message), hint),
        )
        super().__init__(str(self.diagnostics[0]))

    @classmethod
    def of(cls, diagnostics: tuple[Diagnostic, ...]) -> DiagnosedError:
        """Give the error of several diagnostics, of which there is at least one."""
        first = diagnostics[0]
        error = cls(first.code, first.span, first.message, first.hint)
        error.diagnostics = diagnostics
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        return DiagnosedError.of, (self.diagnostics,)
