"""Revisions of a project that git keeps: found, and their files taken out into a folder.

git is asked for objects only (``rev-parse``, ``ls-tree``, ``cat-file``): nothing of the repository
runs, no filter and no hook, nothing is fetched, and neither its index nor its work tree changes.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reportgen.comparison.snapshot import FOLDERS
from reportgen.project import MARKER, Project

_LINK, _SUBMODULE = "120000", "160000"


class RevisionError(Exception):
    """A revision can't be had; the message says why and what to do."""


class UnknownRevisionError(RevisionError):
    """The repository has no such revision."""


@dataclass(frozen=True)
class Revision:
    """A commit: its name in full, and the day that it was made, as ``YYYY-MM-DD``."""

    name: str
    commit: str
    date: str


def find_revision(project: Project, name: str) -> Revision:
    """Give the commit that a name stands for, such as a tag, a branch or ``HEAD~3``.

    Raises:
        RevisionError: git is missing, the project is in no repository, or it has no such revision.
    """
    _git(project.root, "rev-parse", "--git-dir")
    try:
        # Behind --end-of-options a name that begins with '-' is a name.
        asked = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        commit = _git(project.root, "rev-parse", *asked).decode().strip()
    except (RevisionError, ValueError):
        raise UnknownRevisionError(f"there is no revision '{name}'{_shallow(project)}") from None
    return Revision(name, commit, _date(project, commit))


def last_before(project: Project, day: str) -> Revision:
    """Give the last commit before a day (``YYYY-MM-DD``) began, on the way that led to HEAD.

    Raises:
        RevisionError: git is missing, the project is in no repository, or it has no such commit.
    """
    _git(project.root, "rev-parse", "--git-dir")
    asked = ("-1", f"--before={day}T00:00:00", "--end-of-options", "HEAD")
    try:
        commit = _git(project.root, "rev-list", *asked).decode().strip()
    except RevisionError:
        commit = ""
    if not commit:
        raise UnknownRevisionError(f"there is no commit before {day}{_shallow(project)}")
    return Revision(day, commit, _date(project, commit))


def take_out(project: Project, revision: Revision, folder: Path) -> Project:
    """Write the project's files as a revision has them into an empty folder.

    Only the folders that a report is made of are written, or all files if there are links in these.

    Raises:
        RevisionError: the revision has no report there, or an object is missing.
        OSError: a file can't be written.
    """
    prefix = _git(project.root, "rev-parse", "--show-prefix").decode().removesuffix("\n")
    tree = f"{revision.commit}:{prefix}"
    what = f"the revision '{revision.name}' ({revision.commit[:7]})"
    try:
        listing = _git(project.root, "ls-tree", "-r", "-z", "--full-tree", tree)
    except RevisionError:
        raise RevisionError(f"{what} has no folder '{prefix}'") from None
    entries = [entry for entry in _entries(listing) if entry.mode != _SUBMODULE]
    if not any(entry.path == MARKER for entry in entries):
        raise RevisionError(f"{what} has no {prefix}{MARKER}")
    own = [entry for entry in entries if entry.path.parts[0] in FOLDERS]
    if not any(entry.mode == _LINK for entry in own):
        entries = own
    _write(folder, entries, _objects(project, [entry.object for entry in entries]))
    return Project(folder)


@dataclass(frozen=True)
class _Entry:
    mode: str
    object: str
    path: PurePosixPath


def _entries(listing: bytes) -> Iterator[_Entry]:
    """Give the files of a tree; git itself writes no other names, but a tree may have any."""
    for line in filter(None, listing.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, _, digest = about.decode().split()
        path = PurePosixPath(os.fsdecode(name))
        if path.is_absolute() or any(part in ("..", ".git") for part in path.parts):
            raise RevisionError(f"the revision has a file called '{path}'")
        yield _Entry(mode, digest, path)


def _write(folder: Path, entries: list[_Entry], objects: list[bytes]) -> None:
    """Write files first and links last: so nothing is written through a link.

    Links stay links: what leads out of the folder is refused when it is read.

    Raises:
        RevisionError: a link leads to no name, or something lies below one.
    """
    links = {str(entry.path).casefold() for entry in entries if entry.mode == _LINK}
    for entry in entries:
        if any(str(parent).casefold() in links for parent in entry.path.parents):
            raise RevisionError(f"the revision has a file below a link: '{entry.path}'")
    both = sorted(zip(entries, objects, strict=True), key=lambda one: one[0].mode == _LINK)
    for entry, data in both:
        place = folder / entry.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == _LINK:
            try:
                place.symlink_to(os.fsdecode(data))
            except (OSError, ValueError):  # as its target has no name, or one with a NUL
                raise RevisionError(
                    f"the revision has a link that leads to no name: '{entry.path}'"
                ) from None
        else:
            place.write_bytes(data)


def _objects(project: Project, names: list[str]) -> list[bytes]:
    asked = "".join(f"{name}\n" for name in names).encode()
    output = _git(project.root, "cat-file", "--batch", data=asked)
    found, at = [], 0
    for name in names:
        end = output.index(b"\n", at)
        head = output[at:end].split()
        if len(head) != 3:
            raise RevisionError(f"the repository lacks the object {name}; fetch it: git fetch")
        size = int(head[2])
        found.append(output[end + 1 : end + 1 + size])
        at = end + size + 2
    return found


def _date(project: Project, commit: str) -> str:
    asked = ("--no-patch", "--no-show-signature", "--format=%cs", commit)
    return _git(project.root, "show", *asked).decode().strip()


def _shallow(project: Project) -> str:
    answer = _git(project.root, "rev-parse", "--is-shallow-repository").strip()
    hint = "; this copy of the repository has only its last commits: git fetch --unshallow"
    return hint if answer == b"true" else ""


def _git(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """Give what git prints.

    Raises:
        RevisionError: there is no git, or it says no.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if name not in _OTHERS},
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every name is guarded
            command, cwd=folder, env=environment, input=data, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise RevisionError("old revisions are read with git, which is not installed") from None
    except ValueError as error:  # a NUL within an argument
        raise RevisionError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        if "not a git repository" in said:
            raise RevisionError(f"the report's folder {folder} is in no git repository")
        raise RevisionError(f"git says: {said.removeprefix('fatal: ') or 'no'}")
    return done.stdout


_OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE")
"""What a hook that calls us may have set, and what would be another repository."""
