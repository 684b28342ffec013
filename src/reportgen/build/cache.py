"""What was made before, and what it was made of: nothing is made twice.

The cache is a folder of the project that may be deleted at any time. `objects` has the bytes of
files by their SHA-256; `entries` says, for each thing that can be made, of what it was made lately
and what came out. Each file is replaced as a whole, so that two builds at once, or one that is
killed, leave nothing half written. What is read is checked against its SHA-256; what is not whole
is as good as not there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.project import (
    Answer,
    OutsideProjectError,
    Project,
    Question,
    Recorder,
    changes,
    write_atomically,
)
from reportgen.transaction import FOLDER

CACHE = FOLDER / "cache"

_STATES = 8
"""How many states of the project are remembered for one thing: an editor goes back and forth."""

_DAYS = 30
"""For how many days a thing is remembered that nobody asks for."""

_HOUR = 3600.0
_SWEEP = "swept"


@dataclass(frozen=True)
class Recalled:
    """What was made before of the very same; `data` is its bytes, if it has any."""

    value: dict[str, Any]
    data: bytes | None


@dataclass(frozen=True)
class Forgotten:
    """Why it must be made: in words, the most telling first."""

    why: tuple[str, ...]


class Cache:
    """Remembers what was made of a project.

    Args:
        project: the project; it is asked each question once in the life of this object.
        made_with: what else things are made of, such as the program; see `fingerprint`.
    """

    def __init__(self, project: Project, made_with: Mapping[str, str]) -> None:
        self._asked = Recorder.of(project)
        self._made_with = dict(made_with)
        try:
            self._folder: Path | None = project.resolve(CACHE)
        except (OSError, OutsideProjectError):
            self._folder = None

    def recall(self, key: str) -> Recalled | Forgotten:
        """Give what was made before under a key, if it would come out the same now."""
        states = self._states(key)
        for state in states:
            if state["with"] == self._made_with and not any(self._changed(state)):
                digest = state["digest"]
                data = self._data(digest) if digest else None
                if digest is None or data is not None:
                    return Recalled(state["value"], data)
        if not states:
            return Forgotten(("it was not built before",))
        return Forgotten(tuple(self._reasons(states[0])) or ("its file is not kept any more",))

    def _data(self, digest: str) -> bytes | None:
        """Give the bytes of that SHA-256, if they are there and whole."""
        if self._folder is None:
            return None
        try:
            data = (self._folder / "objects" / digest).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def remember(
        self,
        key: str,
        answers: Mapping[Question, Answer],
        value: Mapping[str, Any],
        data: bytes | None = None,
    ) -> None:
        """Keep what was made under a key, of a project that gave `answers`.

        A cache that can't be written is no reason to fail: the next build takes longer.
        """
        if self._folder is None:
            return
        digest = None if data is None else hashlib.sha256(data).hexdigest()
        state = {
            "with": self._made_with,
            "answers": [[list(question), answer] for question, answer in answers.items()],
            "value": dict(value),
            "digest": digest,
        }
        old = [s for s in self._states(key) if (s["with"], s["answers"]) != _made_of(state)]
        with contextlib.suppress(OSError):
            if data is not None and digest is not None:
                write_atomically(self._folder / "objects" / digest, data)
            _write_states(self._entry(self._folder, key), [state, *old[: _STATES - 1]])

    def sweep(self) -> None:
        """Delete what nobody has asked for in a long time; at most once a day."""
        if self._folder is None:
            return
        now = time.time()
        with contextlib.suppress(OSError):
            swept = self._folder / _SWEEP
            if swept.exists() and now - swept.stat().st_mtime < 24 * _HOUR:
                return
            write_atomically(swept, b"")
            needed = set()
            for entry in (self._folder / "entries").iterdir():
                if now - entry.stat().st_mtime > _DAYS * 24 * _HOUR:
                    entry.unlink(missing_ok=True)
                else:
                    needed |= {state["digest"] for state in _read_states(entry)}
            for path in (self._folder / "objects").iterdir():
                # Another build may have written this one a moment ago, and its entry not yet.
                if path.name not in needed and now - path.stat().st_mtime > _HOUR:
                    path.unlink(missing_ok=True)

    def _entry(self, folder: Path, key: str) -> Path:
        return folder / "entries" / f"{hashlib.sha256(key.encode()).hexdigest()}"

    def _states(self, key: str) -> list[dict[str, Any]]:
        if self._folder is None:
            return []
        entry = self._entry(self._folder, key)
        states = _read_states(entry)
        if states:
            with contextlib.suppress(OSError):
                entry.touch()
        return states

    def _changed(self, state: Mapping[str, Any]) -> list[Question]:
        answers = {
            tuple(question): tuple(answer) if isinstance(answer, list) else answer
            for question, answer in state["answers"]
        }
        return list(changes(self._asked, answers))

    def _reasons(self, state: Mapping[str, Any]) -> list[str]:
        reasons = [
            f"'{path[0]}' has changed" if method == "read" else f"files of '{path[0]}' came or went"
            for method, *path in self._changed(state)
        ]
        before = state["with"]
        reasons += [
            f"{name} is another one than before"
            for name, value in self._made_with.items()
            if before.get(name) != value
        ]
        return list(dict.fromkeys(reasons))


def _made_of(state: Mapping[str, Any]) -> tuple[Any, Any]:
    return state["with"], state["answers"]


def _read_states(entry: Path) -> list[dict[str, Any]]:
    """Give the states that an entry has; none if it isn't whole."""
    try:
        digest, _, text = entry.read_bytes().partition(b"\n")
    except OSError:
        return []
    if hashlib.sha256(text).hexdigest().encode() != digest:
        return []
    states: list[dict[str, Any]] = json.loads(text)
    return states


def _write_states(entry: Path, states: list[dict[str, Any]]) -> None:
    text = json.dumps(states).encode()
    write_atomically(entry, hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
