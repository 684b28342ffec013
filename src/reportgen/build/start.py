"""A new report: a small one that works, in the layout that every report has."""

from __future__ import annotations

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path, PurePosixPath

from reportgen.editing.design import design_folder
from reportgen.editing.schemas import schema_comment, schema_files
from reportgen.project import write_atomically


class FolderNotEmptyError(Exception):
    """A report is started in an empty folder only, so that nothing is overwritten."""


def start_project(folder: Path) -> tuple[PurePosixPath, ...]:
    """Write a small report into `folder`, which is made if needed, and give its files.

    Raises:
        FolderNotEmptyError: there is something in the folder, or it is a file.
        OSError: it can't be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmptyError(f"{folder} is not an empty folder; give a new one")
    written: list[PurePosixPath] = []
    for path, source in _starter_files():
        comment = schema_comment(path)
        first = f"{comment}\n".encode() if comment else b""
        write_atomically(folder / path, first + source.read_bytes())
        written.append(path)
    for path, data in schema_files().items():
        write_atomically(folder / path, data)
        written.append(path)
    return tuple(written)


def _starter_files() -> list[tuple[PurePosixPath, Traversable]]:
    starter = files("reportgen") / "starter"
    design = design_folder()
    found: list[tuple[PurePosixPath, Traversable]] = []
    for origin, name in ((starter, "content"), (design, "templates"), (design, "styles")):
        _walk(origin / name, PurePosixPath(name), found)
    return found


def _walk(
    source: Traversable, path: PurePosixPath, found: list[tuple[PurePosixPath, Traversable]]
) -> None:
    for item in sorted(source.iterdir(), key=lambda i: i.name):
        if item.is_dir():
            _walk(item, path / item.name, found)
        elif not item.name.startswith("."):
            found.append((path / item.name, item))
