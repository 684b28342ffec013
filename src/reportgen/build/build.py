"""Builds outputs: what has changed is made anew, what has not is left as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path

from reportgen.build.cache import Cache, Forgotten, Recalled
from reportgen.build.executors import drawing_executor, drawing_worker
from reportgen.build.failure import failed
from reportgen.build.job import Job, Made
from reportgen.build.kept import Kept
from reportgen.preflight.result import Preflight
from reportgen.project import Project, write_atomically
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span, has_errors
from reportgen.worker import Limits, tell


class Fate(StrEnum):
    """What was done for an output."""

    MADE = "made"
    """It was made, and its file written."""
    CURRENT = "current"
    """Its file is there and is what would be made now: nothing was done."""
    RESTORED = "restored"
    """It was made before, and its file was missing or another one: it was written again."""
    FAILED = "failed"
    """Something is wrong: the file that stood there before is untouched."""


@dataclass(frozen=True)
class Output:
    """What became of one job. `path` is set unless it failed: `diagnostics` has the error then.

    `why` says in words why it was made, as far as that is known. `seconds` is how long that took.
    """

    job: Job
    fate: Fate
    why: tuple[str, ...]
    path: Path | None
    pages: int
    size: int
    seconds: float
    preflight: Preflight | None
    diagnostics: tuple[Diagnostic, ...]
    untranslated: int


def build(
    project: Project,
    jobs: Iterable[Job],
    out: Path,
    *,
    cache: Cache | None = None,
    executor: Callable[[int], Executor | None] = lambda outputs: None,
    drawing: Limits | None = None,
    checked: bool = False,
    progress: Callable[[str], None] = lambda step: None,
    strict: bool = False,
    force: bool = False,
) -> Iterator[Output]:
    """Build jobs, and give each output as it is done: first those for which there is nothing to do.

    One that fails doesn't stop the others.

    Args:
        project: what they are built from.
        jobs: what to build, each once.
        out: the folder of the files.
        cache: what was built before; without it, all is made anew.
        executor: gives what makes a number of outputs side by side, or nothing: then they are made
            in this process, one after the other. It is asked only if there is something to make.
        drawing: the limits of a second process, which draws figures while pages are laid out;
            without them, there is none.
        checked: whether the style sheets are known to be right.
        progress: is told each step in a few words.
        strict: a job with a text that is not translated fails.
        force: all is made anew, and kept for the next time.

    Raises:
        DiagnosedError: the executor can't be had.
    """
    deliver = _Delivery(out, strict)
    stale: dict[Job, tuple[str, ...]] = {}
    for job in jobs:
        found = Forgotten(("it was asked for",))
        if cache and not force:
            recalled = cache.recall(job.key, Kept)
            if isinstance(recalled, Recalled):
                yield deliver(recalled.value.made(job, recalled.data), (), kept=True)
                continue
            found = recalled
        stale[job] = found.why
    for made in _made(project, tuple(stale), executor, drawing, progress, checked):
        if cache and made.data is not None:
            cache.remember(made.job.key, made.answers, Kept.of(made), made.data)
        yield deliver(made, stale[made.job], kept=False)
    if cache:
        cache.sweep()


def _made(
    project: Project,
    jobs: tuple[Job, ...],
    executor: Callable[[int], Executor | None],
    drawing: Limits | None,
    progress: Callable[[str], None],
    checked: bool,
) -> Iterator[Made]:
    """Make jobs, and give each as it is done."""
    if not jobs:
        return
    worker = drawing_worker(drawing) if drawing else None
    connection = worker.start() if worker else None
    pool = executor(len(jobs))
    progress("loading the typesetter")
    try:
        if pool is None:
            for job in jobs:
                yield _make(project, job, connection, checked)
            return
        waiting = {
            pool.submit(_make, project, job, connection, checked): job
            for job in _longest_first(jobs)
        }
        for number, future in enumerate(as_completed(waiting), 1):
            progress(f"{number} of {len(jobs)} made")
            try:
                yield future.result()
            except CancelledError:
                yield failed(waiting[future], _gone(waiting[future]))
            except Exception as error:  # noqa: BLE001 - a worker was killed, or can't be reached
                yield failed(waiting[future], error)
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
        if worker:
            worker.kill()


def _make(project: Project, job: Job, connection: Connection | None, checked: bool) -> Made:
    """Make a job; the figures are drawn by the process that `connection` leads to, if there is one.

    The engine is loaded here, where it is needed: in a worker, if there is one.
    """
    from reportgen.build.make import make

    if connection is None:
        return make(project, job, tell, checked=checked)
    drawing = drawing_executor(connection)
    try:
        return make(project, job, tell, drawing, checked=checked)
    finally:
        drawing.shutdown(wait=False, cancel_futures=True)


def _gone(job: Job) -> DiagnosedError:
    return DiagnosedError(
        "cluster",
        Span(job.label),
        "the scheduler that had it made has gone",
        "build again when it is there, or without --cluster",
    )


def _longest_first(jobs: tuple[Job, ...]) -> list[Job]:
    """Give jobs in an order in which no long one is left for the end, when all others are done."""
    return sorted(jobs, key=lambda job: not job.made_for.on_paper)


@dataclass(frozen=True)
class _Delivery:
    """Brings what was made into its folder."""

    out: Path
    strict: bool

    def __call__(self, made: Made, why: tuple[str, ...], *, kept: bool) -> Output:
        found = (
            *(_not_translated(made.untranslated, made.job.locale) if self.strict else ()),
            *made.diagnostics,
        )
        path, fate = self.out / made.name, Fate.RESTORED if kept else Fate.MADE
        data = made.data
        if data is None or has_errors(found):
            fate = Fate.FAILED
        elif kept and _holds(path, data):
            fate = Fate.CURRENT
        else:
            wrong = _write(path, data)
            found, fate = (*wrong, *found), Fate.FAILED if wrong else fate
        return Output(
            made.job,
            fate,
            why or ((f"'{path.name}' was missing or changed",) if fate is Fate.RESTORED else ()),
            None if fate is Fate.FAILED else path,
            made.pages,
            len(data or b""),
            made.seconds,
            made.preflight,
            found,
            made.untranslated,
        )


def _holds(path: Path, data: bytes) -> bool:
    """Tell whether a file holds these very bytes."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _not_translated(number: int, tag: str) -> tuple[Diagnostic, ...]:
    if not number:
        return ()
    from reportgen.locales.catalog import catalog_path

    message = f"{number} {'text has' if number == 1 else 'texts have'} no translation"
    hint = "translate what is empty or fuzzy; 'reportgen translate status' tells where"
    return (_error("not-translated", str(catalog_path(tag)), message, hint),)


def _write(path: Path, data: bytes) -> tuple[Diagnostic, ...]:
    try:
        write_atomically(path, data)
    except OSError as error:
        message = f"the file can't be written ({error.strerror or error})"
        hint = "make room, or allow writing into the folder"
        return (_error("not-written", str(path), message, hint),)
    return ()


def _error(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, Span(path), message, hint)
