"""Folders for temporary files, of which none is left for good when a program is killed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path

_PREFIX = "reportgen-worker-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")

_MARKER = ".reportgen-worker"
"""A file that only such a folder has, with `_MARK` in it."""

_MARK = b"Temporary files of reportgen. The folder is removed when its program has ended.\n"

_MAX_PATH_BYTES = 50
"""Length of the path below which a folder is made: that of a socket in it has at most 104 bytes."""


class TemporaryFolder:
    """A folder for the temporary files of a process, which may be killed before it removes them.

    It is locked while its maker lives. What a killed program left has no lock, and is removed when
    another program makes a folder in the same place.
    """

    def __init__(self) -> None:
        place = tempfile.gettempdir()
        if len(os.fsencode(place)) > _MAX_PATH_BYTES and os.access("/tmp", os.W_OK):  # noqa: S108
            place = "/tmp"  # noqa: S108 - the folder's name is random, and it is private
        _sweep(place)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        self._lock = os.open(self.path, os.O_RDONLY)
        with contextlib.suppress(OSError):  # not every file system has locks
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Last: without it, nobody else removes the folder.
        (self.path / _MARKER).write_bytes(_MARK)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def remove_abandoned(folder: Path) -> None:
    """Remove a temporary folder whose maker has ended; anything else stays.

    A folder is taken for one only if it is no link, has the name, the marker and the owner that
    `TemporaryFolder` gives to it, and nobody holds its lock.
    """
    if not _NAME.fullmatch(folder.name):
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_uid == os.getuid() and _is_marked(handle):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)


def _is_marked(folder: int) -> bool:
    marker = os.open(_MARKER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        return stat.S_ISREG(os.fstat(marker).st_mode) and os.read(marker, 999) == _MARK
    finally:
        os.close(marker)


@cache
def _sweep(place: str) -> None:
    """Remove the abandoned folders of a place: once, as listing all takes long."""
    for path in Path(place).glob(f"{_PREFIX}*"):
        remove_abandoned(path)
