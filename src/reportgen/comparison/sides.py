"""The two sides of a comparison: what an argument names, opened; and both compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reportgen.comparison.compare import Change, compare
from reportgen.comparison.pdf_data import UNTOLD, data_snapshot, named, read_data
from reportgen.comparison.revisions import (
    Revision,
    UnknownRevisionError,
    find_revision,
    take_out,
)
from reportgen.comparison.snapshot import Snapshot, snapshot_of
from reportgen.comparison.stale import Stale, stale_translations
from reportgen.exchange.dataset import dataset
from reportgen.model.files import read_content
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pdf.reading import UnreadablePdfError
from reportgen.project import MARKER, Project
from reportgen.source.diagnostics import Diagnostic, Diagnostics, Span, has_errors
from reportgen.worker import DEFAULT_LIMITS, Limits, WorkerError, call


class Source(StrEnum):
    """What a side of a comparison is."""

    WORK = "working tree"
    FOLDER = "folder"
    REVISION = "revision"
    PDF = "pdf"


class UnknownSideError(Exception):
    """An argument names nothing that can be compared; the message says what it may be."""


class BrokenSideError(Exception):
    """A side can't be compared; `diagnostics` say why."""

    def __init__(self, side: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(side)
        self.diagnostics = diagnostics


@dataclass(frozen=True)
class Side:
    """A side of a comparison: what it is, and what it was called.

    `commit` and `date` (``YYYY-MM-DD``) are set for a revision.
    """

    source: Source
    name: str
    commit: str | None = None
    date: str | None = None

    def __str__(self) -> str:
        if self.source is Source.REVISION and self.commit:
            return f"{self.name} ({self.commit[:7]}, {self.date})"
        return "the working tree" if self.source is Source.WORK else self.name


@dataclass(frozen=True)
class ProjectState:
    """A side that has a project, whose report has no error."""

    side: Side
    project: Project
    report: Report


@dataclass(frozen=True)
class DataState:
    """A side that is a PDF: the data files that it carries, by name."""

    side: Side
    files: Mapping[str, bytes]


State = ProjectState | DataState


@dataclass(frozen=True)
class Comparison:
    """What has changed from an old state to a new one.

    `language` is the language of the new state's content. `untold` says what can't be compared, a
    sentence each.
    """

    old: Side
    new: Side
    language: str
    changes: tuple[Change, ...]
    stale: tuple[Stale, ...]
    untold: tuple[str, ...]


@contextmanager
def opened(
    argument: str | None, current: Project | None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[State]:
    """Give what an argument names, for as long as it is needed.

    It is, in this order: the folder of a report; a PDF file; a git revision of the current report.
    Without an argument it is the current report as it stands on the disk. A PDF file is read in a
    process of its own, within `limits`.

    Raises:
        UnknownSideError: it is none of them.
        BrokenSideError: it is, and its content has errors, or its data can't be read.
        RevisionError: git can't say, or can't give the revision's files.
        OSError: a revision's files can't be written into a temporary folder.
    """
    if argument == "":
        raise UnknownSideError("'' names nothing; leave NEW out, or name a folder, PDF or revision")
    place = Path(argument or ".")
    if argument is not None and _is_file(place / MARKER):
        yield _loaded(Side(Source.FOLDER, argument), Project(place.resolve()))
    elif argument is not None and place.suffix.lower() == ".pdf" and _is_file(place):
        yield _of_pdf(Side(Source.PDF, argument), place, limits)
    elif current is None:
        what = f"'{argument}' is neither a report's folder nor a PDF file" if argument else "NEW"
        raise UnknownSideError(
            f"{what}: it would be looked for in the current report, and none is here; give"
            " --project DIR"
        )
    elif argument is None:
        yield _loaded(Side(Source.WORK, "working tree"), current)
    else:
        try:
            revision = find_revision(current, argument)
        except UnknownRevisionError as error:
            raise UnknownSideError(
                f"'{argument}' is neither a folder with {MARKER} nor a PDF file, and {error}"
            ) from None
        with opened_revision(revision, current) as state:
            yield state


@contextmanager
def opened_revision(revision: Revision, current: Project) -> Iterator[ProjectState]:
    """Give a revision of a report, for as long as it is needed.

    Raises:
        BrokenSideError: its content has errors.
        RevisionError: git can't give its files.
        OSError: they can't be written into a temporary folder.
    """
    side = Side(Source.REVISION, revision.name, revision.commit, revision.date)
    with tempfile.TemporaryDirectory(prefix="reportgen-revision-") as folder:
        yield _loaded(side, take_out(current, revision, Path(folder).resolve()))


def _is_file(place: Path) -> bool:
    try:
        return place.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _loaded(side: Side, project: Project) -> ProjectState:
    loaded = load_report(project)
    if loaded.report is None:
        raise BrokenSideError(str(side), loaded.diagnostics)
    return ProjectState(side, project, loaded.report)


def _of_pdf(side: Side, place: Path, limits: Limits) -> DataState:
    try:
        files = call(read_data, place, limits=limits)
    except (OSError, UnreadablePdfError, WorkerError) as error:
        diagnostics = Diagnostics()
        reason = getattr(error, "strerror", None) or str(error)
        diagnostics.error(
            "unreadable-pdf",
            Span(side.name),
            f"the file's data can't be compared: {reason}",
            "give a PDF of the edition 'archive' that reportgen built",
        )
        raise BrokenSideError(side.name, diagnostics.sorted()) from None
    return DataState(side, files)


def compare_states(old: State, new: State) -> Comparison:
    """Compare two states, as far as what they have allows.

    Raises:
        BrokenSideError: a catalog or another file of one of them has errors.
    """
    stale: tuple[Stale, ...] = ()
    untold: tuple[str, ...] = ()
    if isinstance(old, ProjectState) and isinstance(new, ProjectState):
        before, after = _snapshot(old), _snapshot(new)
        stale = stale_translations((old.project, old.report), (new.project, new.report))
    else:
        before, after = data_snapshot(_data(old)), data_snapshot(_data(new))
        untold = (UNTOLD,)
    changes = compare(before, after)
    return Comparison(old.side, new.side, after.language, changes, stale, untold)


def _data(state: State) -> Mapping[str, bytes]:
    """Give the data that a PDF carries, or that the archive edition of a project would carry."""
    return state.files if isinstance(state, DataState) else named(dataset(state.report, ""))


def _snapshot(state: ProjectState) -> Snapshot:
    """Give the snapshot of a project.

    Raises:
        BrokenSideError: a file of its has errors.
    """
    diagnostics = Diagnostics()
    # The content has no error, or there would be no report; what is to be said is said by a check.
    files = read_content(state.project, Diagnostics())
    made = snapshot_of(state.project, files, state.report.language, diagnostics)
    if has_errors(found := diagnostics.sorted()):
        raise BrokenSideError(str(state.side), found)
    return made
