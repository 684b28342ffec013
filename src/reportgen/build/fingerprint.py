"""What a file is made with besides the project's files: programs, packages, the environment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
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


def equipment() -> Mapping[str, str]:
    """Give what an output depends on beside the project, by which other machines are compared.

    As `fingerprint`, but without what differs between two machines on which all is the same. It is
    found once for each process: what was loaded stays so, even if files are replaced meanwhile.
    """
    return dict(_equipment())


@cache
def _equipment() -> Mapping[str, str]:
    return {
        "reportgen": f"{__version__} {_digest(_contents(_PACKAGE))}",
        **{name: found.version for name, found in _needed("reportgen", {}).items()},
        "Python": platform.python_version(),
        "ghostscript": "installed" if shutil.which("gs") else "not installed",
    }


def _contents(folder: Path) -> Iterator[str]:
    """Give each module of the program with what is in it."""
    for path in folder.rglob("*.py"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield f"{path.relative_to(folder).as_posix()} {digest}"


def _needed(name: str, found: dict[str, Distribution]) -> Mapping[str, Distribution]:
    """Add to `found` the installed packages that one needs, and those that these need."""
    with contextlib.suppress(PackageNotFoundError):
        for line in distribution(name).requires or ():
            if other := _REQUIRED.match(line):
                wanted = re.sub(r"[-_.]+", "-", other[0]).lower()
                if wanted not in found and "extra" not in line.partition(";")[2]:
                    with contextlib.suppress(PackageNotFoundError):
                        found[wanted] = distribution(wanted)
                    _needed(wanted, found)
    return found


_REQUIRED = re.compile(r"[\w.-]+")
"""The name at the beginning of what a package says that it needs: `fonttools[woff]>=4.59`."""


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
