"""What a file is made with besides the project's files: programs, packages, the environment."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from reportgen import __version__

_PACKAGE = Path(__file__).parents[1]


def fingerprint() -> Mapping[str, str]:
    """Give what outputs depend on beside the project, each under words that say what it is."""
    return {
        "reportgen": f"{__version__} {_digest(_files(_PACKAGE))}",
        "the installed packages": _digest(_packages()),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "the system": f"{platform.system()} {platform.machine()}",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", ""),
        "ghostscript": shutil.which("gs") or "",
    }


def _files(folder: Path) -> Iterator[str]:
    """Give each file of the program with its size and its time: to read them all takes long."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            found = Path(where, name).stat()
            yield f"{where}/{name} {found.st_size} {found.st_mtime_ns}"


def _packages() -> Iterator[str]:
    """Give the installed packages with their versions: their folders' names have both."""
    for folder in filter(Path.is_dir, map(Path, sys.path)):
        yield from (path.name for path in folder.glob("*.dist-info"))


def _digest(lines: Iterator[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
