"""Failed outputs: what an exception says of a job, as diagnostics."""

from __future__ import annotations

from reportgen.build.job import Job, Made, Step
from reportgen.project import TAKEN, NotTakenError
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span
from reportgen.worker import WorkerError

_HINTS = {
    "time-limit": "simplify what it works on, or raise the limit with --max-seconds",
    "memory-limit": "simplify what it works on, or raise the limit with --max-memory",
    "worker-died": "simplify what it works on, or give it more memory with --max-memory",
}


def failed(job: Job, error: BaseException) -> Made:
    """Convert an exception into a failed output.

    An exception that nobody foresaw becomes the diagnostic of a fault in reportgen.
    """
    return Made(job, "", None, 0, 0, None, _diagnostics(job, error), 0.0)


def _diagnostics(job: Job, error: BaseException) -> tuple[Diagnostic, ...]:
    if isinstance(error, DiagnosedError):
        return error.diagnostics
    if isinstance(error, WorkerError):
        return (limit_exceeded(job.label, error),)
    if isinstance(error, NotTakenError):
        diagnostic = Diagnostic(
            Severity.ERROR,
            "not-on-the-cluster",
            Span(str(error)),
            "the output is made of this file, which isn't sent to a cluster",
            f"put it into one of the folders {', '.join(TAKEN)}",
        )
        return (diagnostic,)
    return (fault(job.label, error),)


def limit_exceeded(what: str, error: WorkerError) -> Diagnostic:
    """Return the diagnostic of something that was not made within its limits."""
    step = error.step if isinstance(error.step, Step) else Step("starting", "content")
    message = f"{what} was not made: {error}, while {step.text}"
    return Diagnostic(Severity.ERROR, error.code, Span(step.path), message, _HINTS[error.code])


def fault(where: str, error: BaseException) -> Diagnostic:
    """Return the diagnostic of an exception that nobody foresaw."""
    return Diagnostic(
        Severity.ERROR,
        "internal",
        Span(where),
        f"{type(error).__name__}: {error}",
        "this is a fault of reportgen or of its engine: report it with what you changed last",
    )
