"""The only window on the disk: a project's files, and nothing outside of it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import fnmatch
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

from reportgen.source.limits import MAX_FILE_BYTES

MARKER = PurePosixPath("content/report.yaml")
"""The file that makes a folder a project."""


class ProjectNotFoundError(Exception):
    """No folder here or above holds ``content/report.yaml``."""


class OutsideProjectError(Exception):
    """A path leads out of the project."""


class NotTakenError(Exception):
    """A snapshot can't tell of a path, as it doesn't lie in one of the folders that it has."""


@dataclass(frozen=True)
class Project:
    """A report's folder. Paths given to its methods are relative to it, with forward slashes."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Project:
        """Give the project at `start` or in the nearest folder above it.

        Raises:
            ProjectNotFoundError: there is none.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise ProjectNotFoundError(f"no {MARKER} in {start} or in a folder above it")

    def resolve(self, path: PurePosixPath | str) -> Path:
        """Give the real place of `path`, links followed.

        Raises:
            OSError: links lead to each other.
            OutsideProjectError: it lies outside of the project.
        """
        try:
            real = (self.root / path).resolve()
        except RuntimeError:  # links that lead to each other, before Python 3.13
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None
        if not real.is_relative_to(self.root.resolve()):
            raise OutsideProjectError(str(path))
        return real

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes of a file.

        Raises:
            OSError: it is missing or can't be read, is not a regular file, or is too large.
            OutsideProjectError: it lies outside of the project.
        """
        return read_regular_file(self.resolve(path))

    def is_file(self, path: PurePosixPath | str) -> bool:
        """Tell whether `path` is a file of the project."""
        try:
            return self.resolve(path).is_file()
        except (OutsideProjectError, OSError, ValueError):
            return False

    def glob(self, folder: str, pattern: str) -> tuple[PurePosixPath, ...]:
        """Give the files of one folder that match `pattern`, in the order of their names."""
        found = (self.root / folder).glob(pattern)
        names = sorted(p.name for p in found if p.is_file() and not p.name.startswith("."))
        return tuple(PurePosixPath(folder) / name for name in names)

    def walk(self, folder: str, ending: str) -> tuple[PurePosixPath, ...]:
        """Give the files in a folder and those below it whose names end so, in order."""
        top = self.root / folder
        found = (p.relative_to(self.root) for p in top.rglob(f"*{ending}") if p.is_file())
        return tuple(sorted(PurePosixPath(path.as_posix()) for path in found))

    def digest(self, *folders: str) -> str:
        """Give the SHA-256, as hex, of all files in some folders: of their places and their bytes.

        Hidden files don't count: they are an editor's or a system's.

        Raises:
            OSError: a file can't be read.
            OutsideProjectError: a link leads out of the project.
        """
        digest = hashlib.sha256()
        for folder in folders:
            for path in self.walk(folder, ""):
                if any(part.startswith(".") for part in path.parts):
                    continue
                data = self.read(path)
                digest.update(f"{path}\0{len(data)}\0".encode())
                digest.update(data)
        return digest.hexdigest()

    def folders(self, folder: str) -> tuple[str, ...]:
        """Give the names of the folders in a folder, in order."""
        top = self.root / folder
        return tuple(sorted(p.name for p in top.iterdir() if p.is_dir())) if top.is_dir() else ()


@dataclass(frozen=True)
class Overlay(Project):
    """A project as it would be with some of its files changed, without writing them.

    `changed` has what each of them would hold, or None if it would be gone.
    """

    changed: Mapping[PurePosixPath, bytes | None] = field(default_factory=dict)

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes that a file would have; see `Project.read`."""
        if PurePosixPath(path) not in self.changed:
            return super().read(path)
        data = self.changed[PurePosixPath(path)]
        if data is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return data

    def is_file(self, path: PurePosixPath | str) -> bool:
        """Tell whether `path` would be a file of the project."""
        if PurePosixPath(path) in self.changed:
            return self.changed[PurePosixPath(path)] is not None
        return super().is_file(path)

    def glob(self, folder: str, pattern: str) -> tuple[PurePosixPath, ...]:
        """Give the files that a folder would have; see `Project.glob`."""
        found = {path for path in super().glob(folder, pattern) if path not in self.changed}
        for path, data in self.changed.items():
            if data is not None and str(path.parent) == folder and path.match(pattern):
                found.add(path)
        return tuple(sorted(found, key=lambda path: path.name))


@dataclass(frozen=True)
class Link:
    """A link in a project's folder: the real place that it leads to, and what is there.

    The place is nothing if links lead to each other.
    """

    place: PurePosixPath | None
    is_file: bool
    is_folder: bool


@dataclass(frozen=True)
class Snapshot(Project):
    """What an output can be made of, in memory: it can be sent to where the folder is not.

    It answers as the folder did when it was taken, but raises `NotTakenError` when it is asked for
    what lies elsewhere in the project than in `TAKEN`. All places are real and absolute.
    """

    files: Mapping[PurePosixPath, bytes | int] = field(default_factory=dict, repr=False)
    """Each file's bytes, or the number (see `errno`) that says why it can't be read."""
    names: Mapping[PurePosixPath, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """What each folder has in it."""
    links: Mapping[PurePosixPath, Link] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, project: Project) -> Snapshot:
        """Take a snapshot of a project's folder."""
        files: dict[PurePosixPath, bytes | int] = {}
        names: dict[PurePosixPath, tuple[str, ...]] = {}
        links: dict[PurePosixPath, Link] = {}
        root = project.root.resolve()
        left = [root / folder for folder in TAKEN]
        while left:
            path = left.pop()
            place = PurePosixPath(path)
            if path.is_symlink():
                links[place] = _link(path)
            elif path.is_dir():
                names[place] = _names(path)
                left += (path / name for name in names[place])
            elif path.is_file():
                files[place] = _data(path)
        return cls(root, files, names, links)

    def resolve(self, path: PurePosixPath | str) -> Path:
        """Give the place that `path` had in the folder. It can't be opened where that is not.

        Raises:
            NotTakenError: the snapshot doesn't have that part of the project.
            OSError: links lead to each other.
            OutsideProjectError: it lies outside of the project.
        """
        place = self._follow(path)
        if not place.is_relative_to(self.root):
            raise OutsideProjectError(str(path))
        return Path(self._taken(place))

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes of a file; see `Project.read`. It may lie where nothing was taken."""
        place = PurePosixPath(self.resolve(path))
        data = self.files.get(place, errno.ENOENT)
        if isinstance(data, bytes):
            return data
        if place in self.names:
            data = errno.EISDIR
        elif any(parent in self.files for parent in place.parents):
            data = errno.ENOTDIR
        raise OSError(data, os.strerror(data), str(place))

    def is_file(self, path: PurePosixPath | str) -> bool:
        """Tell whether `path` is a file; see `Project.is_file`."""
        try:
            return PurePosixPath(self.resolve(path)) in self.files
        except (OutsideProjectError, OSError, ValueError):
            return False

    def glob(self, folder: str, pattern: str) -> tuple[PurePosixPath, ...]:
        """Give the files of one folder whose names match `pattern`; see `Project.glob`."""
        top = self._taken(self._follow(folder))
        return tuple(
            PurePosixPath(folder) / name
            for name in self.names.get(top, ())
            if fnmatch.fnmatchcase(name, pattern)
            and not name.startswith(".")
            and self._kind(top / name).is_file
        )

    def walk(self, folder: str, ending: str) -> tuple[PurePosixPath, ...]:
        """Give the files in a folder and those below it; see `Project.walk`."""
        top = self._taken(self._follow(folder))
        return tuple(sorted(self._below(top, PurePosixPath(folder), ending)))

    def folders(self, folder: str) -> tuple[str, ...]:
        """Give the folders in a folder; see `Project.folders`."""
        top = self._taken(self._follow(folder))
        return tuple(name for name in self.names.get(top, ()) if self._kind(top / name).is_folder)

    def _below(
        self, place: PurePosixPath, path: PurePosixPath, ending: str
    ) -> Iterator[PurePosixPath]:
        for name in self.names.get(place, ()):
            if place / name in self.names:
                yield from self._below(place / name, path / name, ending)
            elif name.endswith(ending) and self._kind(place / name).is_file:
                yield path / name

    def _kind(self, place: PurePosixPath) -> Link:
        """Give what is at a place; what is no link leads to itself."""
        itself = Link(place, place in self.files, place in self.names)
        return self.links.get(place, itself)

    def _follow(self, path: PurePosixPath | str) -> PurePosixPath:
        """Give the real place of `path`, as the system would find it.

        Raises:
            OSError: links lead to each other.
            ValueError: no file can be called so.
        """
        if b"\0" in os.fsencode(path):
            raise ValueError("embedded null byte")
        place, *parts = map(PurePosixPath, (self.root / path).parts)
        for part in parts:
            place = place.parent if part.name == ".." else place / part
            if place in self.links:
                target = self.links[place].place
                if target is None:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
                place = target
        return place

    def _taken(self, place: PurePosixPath) -> PurePosixPath:
        """Make sure that the snapshot has that part of the project, and give it."""
        if not any(place.is_relative_to(self.root / folder) for folder in TAKEN):
            there = place.relative_to(self.root) if place.is_relative_to(self.root) else place
            raise NotTakenError(str(there))
        return place


TAKEN = ("content", "locales", "styles", "templates")
"""The folders that an output is made of."""


def _link(path: Path) -> Link:
    try:
        real = path.resolve()
        real.is_file()
    except (OSError, RuntimeError):  # links that lead to each other
        return Link(None, is_file=False, is_folder=False)
    return Link(PurePosixPath(real), path.is_file(), path.is_dir())


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in folder.iterdir()))
    except OSError:
        return ()


def _data(path: Path) -> bytes | int:
    try:
        return read_regular_file(path)
    except OSError as error:
        return error.errno or errno.EIO


Question = tuple[str, ...]
"""What a project can be asked: the name of a method of `Recorder`, and its arguments."""

Answer = str | bool | tuple[str, ...]
"""What was answered: of a file that is read the SHA-256 of its bytes, or '' if it can't be read."""


@dataclass(frozen=True)
class Recorder(Project):
    """A project that remembers what it was asked and what it answered.

    It answers the same until the end, whatever is saved meanwhile: so all that is made of it fits
    together, and is to be made again only if one of the answers has changed.
    """

    project: Project
    answers: dict[Question, Answer] = field(default_factory=dict, compare=False)
    _kept: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, project: Project) -> Recorder:
        """Give a recorder of a project that has been asked nothing yet."""
        return cls(project.root, project)

    def resolve(self, path: PurePosixPath | str) -> Path:
        """Give the real place of a path; see that of `Project`."""
        return self.project.resolve(path)

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes of a file; see `Project.read`."""
        name = str(path)
        if name not in self._kept:
            self.answers["read", name] = ""
            data = self.project.read(path)
            self.answers["read", name] = hashlib.sha256(data).hexdigest()
            self._kept[name] = data
        return self._kept[name]

    def is_file(self, path: PurePosixPath | str) -> bool:
        """Tell whether `path` is a file; see `Project.is_file`."""
        return bool(self._answer("is_file", str(path), ask=lambda: self.project.is_file(path)))

    def glob(self, folder: str, pattern: str) -> tuple[PurePosixPath, ...]:
        """Give the files of one folder; see `Project.glob`."""
        return self._paths("glob", folder, pattern, ask=lambda: self.project.glob(folder, pattern))

    def walk(self, folder: str, ending: str) -> tuple[PurePosixPath, ...]:
        """Give the files in a folder and below; see `Project.walk`."""
        return self._paths("walk", folder, ending, ask=lambda: self.project.walk(folder, ending))

    def folders(self, folder: str) -> tuple[str, ...]:
        """Give the folders in a folder; see `Project.folders`."""
        found = self._answer("folders", folder, ask=lambda: self.project.folders(folder))
        return found if isinstance(found, tuple) else ()

    def ask(self, question: Question) -> Answer | None:
        """Give the answer to a question; none to what isn't one that a project is asked."""
        if not _is_asked(question):
            return None
        method, *arguments = question
        with contextlib.suppress(OSError, OutsideProjectError, ValueError):
            getattr(self, method)(*arguments)
        return self.answers.get(question)

    def is_current(self) -> bool:
        """Tell whether the project would still answer the same to all that it was asked."""
        return not any(changes(Recorder.of(self.project), self.answers))

    def _paths(
        self, *question: str, ask: Callable[[], tuple[PurePosixPath, ...]]
    ) -> tuple[PurePosixPath, ...]:
        found = self._answer(*question, ask=lambda: tuple(map(str, ask())))
        return tuple(map(PurePosixPath, found)) if isinstance(found, tuple) else ()

    def _answer(self, *question: str, ask: Callable[[], Answer]) -> Answer:
        if question not in self.answers:
            self.answers[question] = ask()
        return self.answers[question]


def _is_asked(question: Question) -> bool:
    """Tell whether a question is one that a project is asked: it may come from elsewhere."""
    match question:
        case ("read" | "is_file", _):
            return True  # links are followed, and what lies outside is refused
        case ("folders", folder) | ("glob" | "walk", folder, _):
            parts = (*PurePosixPath(folder).parts, *question[2:])
            return not any(part == ".." or "/" in part for part in parts)
    return False


def changes(asked: Recorder, answers: Mapping[Question, Answer]) -> Iterator[Question]:
    """Give the questions to which a project answers otherwise than when `answers` were recorded."""
    return (question for question, answer in answers.items() if asked.ask(question) != answer)


def read_regular_file(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """Give the bytes of a regular file; a FIFO or a device is refused rather than waited for.

    Args:
        path: where it is.
        most: how many bytes it may have.

    Raises:
        OSError: it is missing or can't be read, is not a regular file, or is too large.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise _not_regular(path) from None
        raise
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(status.st_mode):
            raise _not_regular(path)
        if status.st_size > most:
            raise OSError(errno.EFBIG, over_size(status.st_size, most), str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def _not_regular(path: Path) -> OSError:
    return OSError(errno.EINVAL, "is not a regular file", str(path))


def over_size(size: int, limit: int) -> str:
    """Say in megabytes that a file has more bytes than are read."""
    return f"has {size / 1e6:.1f} MB; at most {limit / 1e6:g} MB are read"


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, so that a reader finds the old bytes or the new ones.

    A link at `path` itself is replaced, not followed.

    Raises:
        OSError: the folder can't be made, or the file can't be written; the old one is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(path.parent.absolute())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        replace_file(folder, path.name, data)
    finally:
        os.close(folder)


def replace_file(folder: int, name: str, data: bytes) -> None:
    """Do what `write_atomically` does, in a folder that is open: no link can lead elsewhere.

    Raises:
        OSError: the file can't be written; the old one is untouched.
    """
    handle, temporary = _temporary_file(folder, name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}\.reportgen")
"""The names of files that are being written."""


def _temporary_file(folder: int, name: str) -> tuple[int, str]:
    """Make a file to write in, and lock it: one that isn't locked was left by a killed program."""
    while True:
        temporary = f".{name}.{os.urandom(4).hex()}.reportgen"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=folder)
        with contextlib.suppress(OSError):  # not every file system has locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, temporary
        os.close(handle)  # another program removed it before it was locked


@cache
def _remove_abandoned(folder: Path) -> None:
    """Remove what killed programs left in a folder: once, as listing it each time takes long."""
    for path in folder.glob(".*.reportgen"):
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if TEMPORARY.fullmatch(path.name) and stat.S_ISREG(os.fstat(handle).st_mode):
                    path.unlink()
            finally:
                os.close(handle)
