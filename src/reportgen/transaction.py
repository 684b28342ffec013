"""Several files of a project changed as one: all of them or none, whatever stops the program.

The new files are staged in a folder of the project, made durable, and committed by renaming the
folder; only then do they replace the old ones, each by a rename. What was staged only is thrown
away by the next `recover`, what was committed is brought to its end. A reader finds each file old
or new at any time, never half written.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.project import OutsideProjectError, Project

FOLDER = PurePosixPath(".reportgen")
"""The folder of a project that is there while files are changed."""

CHANGED_FOLDERS = ("content", "locales")
"""The folders that all changes lie in: a journal that came with a report can't lead elsewhere."""

_STAGED, _COMMITTED, _DONE = "staged", "committed", "done"
_JOURNAL = "journal.json"


class ChangedMeanwhileError(Exception):
    """A file is no longer what the change was made of; its path is the argument."""


@dataclass(frozen=True)
class Change:
    """A file as it is and as it shall be; None where there is no file."""

    path: PurePosixPath
    old: bytes | None
    new: bytes | None


def replace_files(project: Project, changes: Sequence[Change]) -> None:
    """Change files of a project, all of them or none.

    Raises:
        ChangedMeanwhileError: a file is not what its change says it is; nothing was changed.
        OSError: a file can't be written. If `is_pending` says so, the next `recover` brings the
            change to its end; else nothing was changed.
        OutsideProjectError: a path leads out of the folders that can be changed; nothing was.
    """
    targets = [_target(project, change.path) for change in changes]
    with _locked(project):
        _recover(project)
        try:
            _stage(project, changes, targets)
            # Compared last, as to stage takes a while: what is saved meanwhile is not lost.
            for change, target in zip(changes, targets, strict=True):
                if _read(target) != change.old:
                    raise ChangedMeanwhileError(str(change.path))
        except BaseException:
            _remove(project, _STAGED)
            raise
        folder = _folder(project)
        (folder / _STAGED).rename(folder / _COMMITTED)  # from here on the change is made
        _sync(folder)
        _finish(project)


def recover(project: Project) -> None:
    """Bring a change that was cut off to its end, or throw away what was not committed.

    Raises:
        ChangedMeanwhileError: a file was edited since, so that neither can be done.
        OSError: a file can't be written, or the journal can't be read.
    """
    if _folder(project).is_dir():
        with _locked(project):
            _recover(project)


def is_pending(project: Project) -> bool:
    """Tell whether a committed change waits for being brought to its end."""
    return (_folder(project) / _COMMITTED).is_dir()


def _folder(project: Project) -> Path:
    """Give the folder that is there while files are changed.

    Raises:
        OSError: it is a link, so that what is thrown away would be another folder's.
    """
    folder = project.root / FOLDER
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link", str(folder))
    return folder


def _target(project: Project, path: PurePosixPath) -> Path:
    """Give the file that a change is of: where a link leads, if it leads to such a file.

    Raises:
        OutsideProjectError: it doesn't lie in one of the folders that can be changed.
    """
    target = project.resolve(path)
    if not any(project.resolve(folder) in target.parents for folder in CHANGED_FOLDERS):
        raise OutsideProjectError(str(path))
    return target


@contextlib.contextmanager
def _locked(project: Project) -> Iterator[None]:
    """Hold the project's folder, so that two programs don't change its files at the same time."""
    handle = os.open(project.root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go by the system when the program ends
        yield
    finally:
        os.close(handle)


def _stage(project: Project, changes: Sequence[Change], targets: Sequence[Path]) -> None:
    staged = _folder(project) / _STAGED
    root = project.root.resolve()
    staged.mkdir(parents=True)
    journal = []
    for number, (change, target) in enumerate(zip(changes, targets, strict=True)):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.parent.stat().st_dev != staged.stat().st_dev:
            # A rename from one file system to another is not atomic.
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(change.path))
        if not os.access(target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(change.path))
        if change.new is not None:
            file = staged / str(number)
            _write(file, change.new)
            if change.old is not None:
                file.chmod(target.stat().st_mode & 0o777)
        journal.append(
            {
                "path": target.relative_to(root).as_posix(),
                "old": _digest(change.old),
                "new": _digest(change.new),
            }
        )
    _write(staged / _JOURNAL, json.dumps(journal).encode())
    _sync(staged)
    _sync(staged.parent)
    _sync(project.root)


def _recover(project: Project) -> None:
    if is_pending(project):
        _finish(project)
    for name in (_STAGED, _DONE):
        _remove(project, name)


def _finish(project: Project) -> None:
    """Put the committed files into their places; what is there already is passed over."""
    folder = _folder(project)
    committed = folder / _COMMITTED
    waiting = []
    for number, entry in enumerate(_journal(project, committed)):
        source = committed / str(number)
        is_there = source.is_file() and not source.is_symlink()
        if entry.new is not None and is_there and _digest(source.read_bytes()) != entry.new:
            raise _damaged(committed)
        if entry.new is None or is_there:
            waiting.append((entry, source))
    for entry, _ in waiting:
        if _digest(_read(entry.target)) not in (entry.old, entry.new):
            raise ChangedMeanwhileError(entry.path)
    for entry, source in waiting:
        if entry.new is None:
            entry.target.unlink(missing_ok=True)
        else:
            source.replace(entry.target)
    for parent in {entry.target.parent for entry, _ in waiting}:
        _sync(parent)
    committed.rename(folder / _DONE)
    _remove(project, _DONE)


@dataclass(frozen=True)
class _Entry:
    """A file of a journal: its place, and the SHA-256 of its bytes; None where there is no file."""

    path: str
    target: Path
    old: str | None
    new: str | None


def _journal(project: Project, folder: Path) -> tuple[_Entry, ...]:
    """Read what is to be done.

    Raises:
        OSError: it isn't what `_stage` wrote. A journal may have come with somebody's report.
    """
    path = folder / _JOURNAL
    try:
        entries = json.loads(b"" if path.is_symlink() else path.read_bytes())
    except (ValueError, RecursionError):
        raise _damaged(folder) from None
    if not isinstance(entries, list):
        raise _damaged(folder)
    return tuple(_entry(project, folder, entry) for entry in entries)


def _entry(project: Project, folder: Path, entry: object) -> _Entry:
    match entry:
        case {"path": str(path), "old": str() | None as old, "new": str() | None as new}:
            target = project.root.resolve() / path
            try:
                # The place itself: neither '..' nor a link leads to it.
                if _target(project, PurePosixPath(path)) == target:
                    return _Entry(path, target, old, new)
            except (OSError, OutsideProjectError, ValueError):
                pass
    raise _damaged(folder)


def _damaged(folder: Path) -> OSError:
    return OSError(errno.EINVAL, "the journal is damaged", str(folder / _JOURNAL))


def _remove(project: Project, name: str) -> None:
    folder = _folder(project)
    shutil.rmtree(folder / name, ignore_errors=True)
    with contextlib.suppress(OSError):  # something is in it, or it belongs to somebody else
        folder.rmdir()


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
