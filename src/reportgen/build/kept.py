"""What is kept of an output between builds, beside the bytes of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportgen.build.job import Job, Made
from reportgen.preflight.result import Preflight
from reportgen.source.diagnostics import Diagnostic

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kept:
    """What became of a job, but for its file and for what it was made of.

    The name of the file is not kept: it follows from the job and the report's slug.

    Raises:
        ValueError: no report has such a slug.
    """

    slug: str
    pages: int
    untranslated: int
    preflight: Preflight | None
    diagnostics: tuple[Diagnostic, ...]
    seconds: float

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise ValueError(f"'{self.slug}' is not a slug")

    @classmethod
    def of(cls, made: Made) -> Kept:
        """Give what is to be kept of an output that was made."""
        return cls(
            made.name.removesuffix(made.job.file_name("")),
            made.pages,
            made.untranslated,
            made.preflight,
            made.diagnostics,
            made.seconds,
        )

    def made(self, job: Job, data: bytes | None) -> Made:
        """Give the output of a job again, with the bytes of its file."""
        return Made(
            job,
            job.file_name(self.slug),
            data,
            self.pages,
            self.untranslated,
            self.preflight,
            self.diagnostics,
            self.seconds,
        )
