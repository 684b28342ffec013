"""What was made before, and what it was made of: nothing is made twice.

The cache is a folder of the project that may be deleted at any time. `objects` has the bytes of
files by their SHA-256; `entries` says, for each thing that can be made, of what it was made lately
and what came out. Each file is replaced as a whole, so that two builds at once, or one that is
killed, leave nothing half written. What is read is checked against its SHA-256 and its form; what
is not whole is as good as not there.

The digests find damage; they don't tell who wrote the cache. A cache of somebody else may give a
wrong file under an output's name, but it can't have anything read or written elsewhere: links are
not followed, and no name or path that it has is used before it is checked.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar

from reportgen.build.decode import decode
from reportgen.project import (
    TEMPORARY,
    Answer,
    Project,
    Question,
    Recorder,
    changes,
    replace_file,
)
from reportgen.source.diagnostics import Diagnostic, Severity, Span, visible
from reportgen.source.limits import MAX_CACHED_BYTES
from reportgen.transaction import FOLDER

CACHE = FOLDER / "cache"

_STATES = 8
"""How many states of the project are remembered for one thing: an editor goes back and forth."""

_DAYS = 30
"""For how many days a thing is remembered that nobody asks for."""

_HOUR = 3600.0
_SWEEP = "swept"
_DIGEST = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


@dataclass(frozen=True)
class Recalled(Generic[T]):
    """What was made before of the very same; `data` is its bytes, if it has any."""

    value: T
    data: bytes | None


@dataclass(frozen=True)
class Forgotten:
    """Why it must be made: in words, the most telling first."""

    why: tuple[str, ...]


@dataclass(frozen=True)
class _MadeOf:
    """Of what a thing was made: the program, and what the project answered."""

    made_with: Mapping[str, str]
    answers: tuple[tuple[Question, Answer], ...]

    def __post_init__(self) -> None:
        if not all(len(question) > 1 for question, _ in self.answers):
            raise ValueError("a question has a subject")


@dataclass(frozen=True)
class _State:
    """A thing that was made; its value is checked when it is asked for."""

    made_of: _MadeOf
    value: Any
    digest: str | None

    @classmethod
    def read(cls, data: Any) -> _State:
        """Give a state as an entry has it.

        Raises:
            ValueError: it hasn't the form of one.
        """
        match data:
            case {"made_of": made_of, "value": value, "digest": None | str() as digest}:
                if digest is None or _DIGEST.fullmatch(digest):
                    return cls(decode(_MadeOf, made_of), value, digest)
        raise ValueError("not a state")


class Cache:
    """Remembers what was made of a project.

    Args:
        project: the project; it is asked each question once in the life of this object.
        made_with: what else things are made of, such as the program; see `fingerprint`.
    """

    def __init__(self, project: Project, made_with: Mapping[str, str]) -> None:
        self._asked = Recorder.of(project)
        self._made_with = dict(made_with)
        self._folder = _Folder(project.root, CACHE)
        self._objects = _Folder(project.root, CACHE / "objects")
        self._entries = _Folder(project.root, CACHE / "entries")

    def trouble(self) -> Diagnostic | None:
        """Tell why nothing can be kept, if that is so for a reason that doesn't go by itself."""
        for folder in (self._folder, self._objects, self._entries):
            try:
                folder.names()
            except FileNotFoundError:
                continue
            except OSError as error:
                is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
                reason = "a link or a file is in its place" if is_link else error.strerror
                return Diagnostic(
                    Severity.WARNING,
                    "no-cache",
                    Span(str(folder.path)),
                    f"the cache can't be used ({reason}); all is made anew",
                    "delete it: the next build makes a new one",
                )
        return None

    def recall(self, key: str, form: type[T]) -> Recalled[T] | Forgotten:
        """Give what was made before under a key, if it would come out the same now.

        What is kept in another form than that is as good as not there.
        """
        first: _State | None = None
        for state in self._states(key):
            first = first or state
            if state.made_of.made_with == self._made_with and not any(self._changed(state)):
                with contextlib.suppress(OSError, ValueError):
                    data = self._data(state.digest) if state.digest else None
                    return Recalled(decode(form, state.value), data)
        if first is None:
            return Forgotten(("it was not built before",))
        return Forgotten(tuple(self._reasons(first)) or ("its file is not kept any more",))

    def _data(self, digest: str) -> bytes:
        """Give the bytes of that SHA-256.

        Raises:
            OSError: they can't be read.
            ValueError: they are damaged.
        """
        data = self._objects.read(digest)
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("damaged")
        return data

    def remember(
        self, key: str, answers: Mapping[Question, Answer], value: Any, data: bytes | None = None
    ) -> None:
        """Keep what was made under a key, of a project that gave `answers`.

        A cache that can't be written is no reason to fail: the next build takes longer.

        Args:
            key: what `recall` is to find it by.
            answers: what the project answered on the way.
            value: what was made, as frozen data.
            data: the bytes of its file, if it has one.
        """
        made_of = _MadeOf(self._made_with, tuple(answers.items()))
        digest = None if data is None else hashlib.sha256(data).hexdigest()
        new = _State(made_of, asdict(value), digest)
        old = [state for state in self._states(key) if state.made_of != made_of]
        with contextlib.suppress(OSError):
            if data is not None and digest is not None:
                self._objects.write(digest, data)
            self._entries.write(_name(key), _as_entry((new, *old[: _STATES - 1])))

    def sweep(self) -> None:
        """Delete what nobody has asked for in a long time; at most once a day.

        Whatever hasn't the name of a file of the cache isn't its own, and stays.
        """
        with contextlib.suppress(OSError):
            if self._folder.age(_SWEEP) < 24 * _HOUR:
                return
        with contextlib.suppress(OSError):
            self._folder.write(_SWEEP, b"")
            needed = set()
            for name in filter(_is_ours, self._entries.names()):
                if self._entries.age(name) > (_DAYS * 24 if _DIGEST.fullmatch(name) else 1) * _HOUR:
                    self._entries.remove(name)
                else:
                    needed |= {state.digest for state in _states(self._entries, name)}
            for name in filter(_is_ours, self._objects.names()):
                # Another build may have written this one a moment ago, and its entry not yet.
                if name not in needed and self._objects.age(name) > _HOUR:
                    self._objects.remove(name)

    def _states(self, key: str) -> Iterator[_State]:
        name = _name(key)
        with contextlib.suppress(OSError):
            self._entries.touch(name)
        return _states(self._entries, name)

    def _changed(self, state: _State) -> Iterator[Question]:
        return changes(self._asked, dict(state.made_of.answers))

    def _reasons(self, state: _State) -> list[str]:
        reasons = [
            f"'{path[0]}' has changed" if method == "read" else f"files of '{path[0]}' came or went"
            for method, *path in self._changed(state)
        ]
        before = state.made_of.made_with
        reasons += [
            f"{name} is another one than before"
            for name, value in self._made_with.items()
            if before.get(name) != value
        ]
        return list(map(visible, dict.fromkeys(reasons)))


class _Folder:
    """A folder of the cache. It is opened anew each time, and no link in it or on the way counts.

    All methods but `remove` raise `OSError` if there is a link, or what isn't a regular file.
    """

    def __init__(self, root: Path, path: PurePosixPath) -> None:
        self._root = root
        self.path = path

    def names(self) -> list[str]:
        """Give the names of what is in it."""
        with self._opened() as folder, os.scandir(folder) as found:
            return [entry.name for entry in found]

    def age(self, name: str) -> float:
        """Give how many seconds ago a file was written or touched."""
        with self._opened() as folder:
            return time.time() - os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime

    def touch(self, name: str) -> None:
        """Take note that a file was asked for."""
        with self._opened() as folder:
            os.utime(name, dir_fd=folder, follow_symlinks=False)

    def read(self, name: str) -> bytes:
        """Give the bytes of a file."""
        with self._opened() as folder:
            # Without O_NONBLOCK, a pipe would have to be waited for.
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            with os.fdopen(handle, "rb") as file:
                found = os.fstat(handle)
                if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_CACHED_BYTES:
                    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), name)
                return file.read(MAX_CACHED_BYTES)

    def write(self, name: str, data: bytes) -> None:
        """Replace a file, or write a new one; the folder is made if there is none."""
        with self._opened(make=True) as folder:
            replace_file(folder, name, data)

    def remove(self, name: str) -> None:
        """Remove a file; what is none stays."""
        with self._opened() as folder:
            if stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                os.unlink(name, dir_fd=folder)

    @contextlib.contextmanager
    def _opened(self, *, make: bool = False) -> Iterator[int]:
        handle = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in self.path.parts:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, dir_fd=handle)
                outer = handle
                handle = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=outer)
                os.close(outer)
            yield handle
        finally:
            os.close(handle)


def _is_ours(name: str) -> bool:
    """Tell whether a file of the cache has such a name, or one that is being written."""
    return bool(
        _DIGEST.fullmatch(name)
        or (TEMPORARY.fullmatch(name) and _DIGEST.fullmatch(name.split(".")[1]))
    )


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _states(folder: _Folder, name: str) -> Iterator[_State]:
    """Give the states that an entry has and that have their form; none if it isn't whole."""
    try:
        digest, _, text = folder.read(name).partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != digest:
            return
        states = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return
    for state in states if isinstance(states, list) else ():
        with contextlib.suppress(ValueError):
            yield _State.read(state)


def _as_entry(states: Iterable[_State]) -> bytes:
    text = json.dumps([asdict(state) for state in states]).encode()
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text
