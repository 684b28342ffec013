"""Files as text: UTF-8 or a problem with its place."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostics, Span


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
        reason = getattr(error, "strerror", None) or str(error)
        diagnostics.error(
            "unreadable-file",
            Span(str(path)),
            f"the file can't be read ({reason})",
            "make sure that it is there and may be read",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")) + 1
        diagnostics.error(
            "invalid-utf8",
            Span(str(path), line, column),
            f"byte 0x{data[error.start]:02X} is not valid UTF-8",
            "save the file with the encoding UTF-8",
        )
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, line_text in enumerate(text.split("\n"), 1):
        for place, character in enumerate(line_text, 1):
            if character < " " and character != "\t" or character in "\x7f\ufffe\uffff":
                diagnostics.error(
                    "control-character",
                    Span(str(path), number, place),
                    f"U+{ord(character):04X} is a control character",
                    "delete it",
                )
                return None
    return text
