"""What is built: a selection in one locale and edition, with what the command asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from reportgen.model.selection import EVERYTHING, Selection
from reportgen.pdf.editions import EDITIONS, Edition
from reportgen.preflight.result import Preflight
from reportgen.project import Answer, Question
from reportgen.source.diagnostics import Diagnostic

if TYPE_CHECKING:
    from reportgen.model.report import Marks


@dataclass(frozen=True)
class Job:
    """An output to make.

    `proof`: as spreads for the screen; its edition is on paper then. `selection`: of these records
    only; without one, it is the whole report. `marks`: with the records marked that are new or
    changed.
    """

    locale: str
    edition: str
    proof: bool = False
    marks: Marks | None = None
    selection: Selection = EVERYTHING

    @property
    def made_for(self) -> Edition:
        """The edition."""
        return EDITIONS[self.edition]

    @property
    def key(self) -> str:
        """What tells it from other jobs."""
        return json.dumps(asdict(self), sort_keys=True)

    def file_name(self, slug: str) -> str:
        """Give the name of its file."""
        return f"{slug}.{self.label}.pdf"

    @property
    def label(self) -> str:
        """What tells it from other jobs in a few words: selection, locale and edition."""
        kind = f"{'-marked' if self.marks else ''}{'-proof' if self.proof else ''}"
        named = (self.selection.name, self.locale, f"{self.edition}{kind}")
        return ".".join(filter(None, named))


@dataclass(frozen=True)
class Step:
    """A step of a job, in a few words, and the file or folder of the project that it works on."""

    text: str
    path: str


Progress = Callable[[Step], None]
"""Receives each step before it begins."""


@dataclass(frozen=True)
class Made:
    """What became of a job: a file that has passed its edition's preflight, or what is wrong.

    `data` is nothing if the job failed. `answers` is what the project was asked on the way:
    another project that answers the same makes the same.
    """

    job: Job
    name: str
    data: bytes | None
    pages: int
    untranslated: int
    """How many texts stand in the language of the content, as they have no translation."""
    preflight: Preflight | None
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    answers: Mapping[Question, Answer] = field(default_factory=dict)
