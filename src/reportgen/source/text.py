"""Files as text: UTF-8 or a problem with its place."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import PurePosixPath

from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import INVISIBLE, Diagnostics, Span


def read_text(project: Project, path: PurePosixPath, diagnostics: Diagnostics) -> str | None:
    """Give a file's text, or nothing and a diagnostic: missing, unreadable, not UTF-8.

    A byte order mark is dropped and line ends are made ``\\n``, as spreadsheets and other systems
    write both; text is brought to NFC, so that é is é however it was typed.
    """
    try:
        data = project.read(path)
    except OutsideProjectError:
        diagnostics.error(
            "outside-project",
            Span(str(path)),
            "the file lies outside of the project",
            "move it into the project's folder",
        )
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        diagnostics.error(
            "unreadable-file",
            Span(str(path)),
            f"the file can't be read ({reason})",
            "make sure that it is there and may be read",
        )
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = _with_line_feeds(data.decode())
    except UnicodeDecodeError as error:
        diagnostics.error(
            "invalid-utf8",
            _place(path, _with_line_feeds(data[: error.start].decode())),
            f"byte 0x{data[error.start]:02X} is not valid UTF-8",
            "save the file with the encoding UTF-8",
        )
        return None
    text = unicodedata.normalize("NFC", text)
    if found := INVISIBLE.search(text):
        diagnostics.error(
            "control-character",
            _place(path, text[: found.start()]),
            f"U+{ord(found[0]):04X} is a sign that can't be seen and has no place in a text",
            "delete it, or type what should stand there",
        )
        return None
    return text


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(path: PurePosixPath, before: str) -> Span:
    """Give the place of what stands behind `before`."""
    return Span(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
