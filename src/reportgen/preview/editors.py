"""Links that open a file in an editor, at its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

EDITORS: Mapping[str, str] = MappingProxyType(
    {
        "vscode": "vscode://file{path}:{line}:{column}",
        "vscodium": "vscodium://file{path}:{line}:{column}",
        "cursor": "cursor://file{path}:{line}:{column}",
        "zed": "zed://file{path}:{line}:{column}",
        "idea": "idea://open?file={path}&line={line}",
        "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
        "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
        "none": "",
    }
)
"""The form of each editor's links; adding an editor is adding a row."""


def editor_link(editor: str, path: Path, line: int, column: int) -> str | None:
    """Give the link that opens an absolute path at a line and column, both counted from 1.

    It is None for the editor `none`.
    """
    # What would begin the next part of a link (& ? # :) is escaped like everything but letters.
    safe = quote(path.as_posix(), safe="/")
    return EDITORS[editor].format(path=safe, line=line, column=column) or None
