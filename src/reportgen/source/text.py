"""Files as text: UTF-8 or a problem with its place."""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import islice
from pathlib import PurePosixPath

from reportgen.project import OutsideProjectError, Project, over_size
from reportgen.source.diagnostics import INVISIBLE, Diagnostics, Span
from reportgen.source.limits import (
    MAX_COMBINING_MARKS,
    MAX_CSV_BYTES,
    MAX_FILE_MARKS,
    MAX_MARKDOWN_BYTES,
    MAX_TEXT_BYTES,
    MAX_TEXT_CHARS,
    MAX_TEXT_MARKS,
    MAX_YAML_BYTES,
)

_NOT_LATIN = re.compile(f"[^\x00-\u02ff]{{{MAX_COMBINING_MARKS + 1},}}")
"""Where many combining marks in a row can stand: all of them are behind the Latin letters."""


_MAX_BYTES = {".csv": MAX_CSV_BYTES, ".md": MAX_MARKDOWN_BYTES, ".yaml": MAX_YAML_BYTES}

_MARKS = "[*_`<"


def read_text(project: Project, path: PurePosixPath, diagnostics: Diagnostics) -> str | None:
    """Give a file's text, or nothing and a diagnostic; see `read_bytes` and `decode_text`."""
    data = read_bytes(project, path, diagnostics)
    return None if data is None else decode_text(data, path, diagnostics)


def read_bytes(project: Project, path: PurePosixPath, diagnostics: Diagnostics) -> bytes | None:
    """Give a text file's bytes, or nothing and a diagnostic: missing, unreadable, too large."""
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
    limit = _MAX_BYTES.get(path.suffix, MAX_TEXT_BYTES)
    if len(data) > limit:
        diagnostics.error(
            "over-limit",
            Span(str(path)),
            f"the file {over_size(len(data), limit)}",
            "part it into several files, or take out what doesn't belong there",
        )
        return None
    return data


def decode_text(data: bytes, path: PurePosixPath, diagnostics: Diagnostics) -> str | None:
    """Give the text of a file's bytes, or nothing and a diagnostic: not UTF-8, a control character.

    A byte order mark is dropped and line ends are made ``\\n``, as spreadsheets and other systems
    write both; text is brought to NFC, so that é is é however it was typed.
    """
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
    # To bring marks into their order takes the square of their number.
    if (stacked := first_stacked(text)) is not None:
        diagnostics.error(
            "over-limit",
            _place(path, text[:stacked]),
            f"more than {MAX_COMBINING_MARKS} combining marks stand in a row",
            "delete them",
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
    if (marks := count_marks(text)) > MAX_FILE_MARKS:
        first = next(islice(re.finditer(f"[{re.escape(_MARKS)}]", text), MAX_FILE_MARKS, None))
        diagnostics.error(
            "over-limit",
            _place(path, text[: first.start()]),
            f"the file has {_told(marks, MAX_FILE_MARKS)}",
            "part it into several files, or take out what doesn't belong there",
        )
        return None
    return text


def count_marks(text: str) -> int:
    """Count the signs that may begin inline Markdown: to read it takes the square of them."""
    return sum(map(text.count, _MARKS))


def _told(marks: int, limit: int) -> str:
    return f"{marks} of the signs {' '.join(_MARKS)}; at most {limit} are read"


def over_limit(text: str) -> tuple[str, str] | None:
    """Say why a piece of inline Markdown can't be read, and what to do; or nothing if it can."""
    if len(text) > MAX_TEXT_CHARS:
        return (
            f"has {len(text)} signs; at most {MAX_TEXT_CHARS} are read",
            "shorten it, or part it into several",
        )
    if (marks := count_marks(text)) > MAX_TEXT_MARKS:
        return (
            f"has {_told(marks, MAX_TEXT_MARKS)}",
            "shorten it, or part it into several",
        )
    return None


def _with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def first_stacked(text: str) -> int | None:
    """Give the place of the first combining mark that has too many before it, or nothing."""
    for run in _NOT_LATIN.finditer(text):
        stacked = 0
        for place, sign in enumerate(run[0], run.start()):
            stacked = stacked + 1 if unicodedata.combining(sign) else 0
            if stacked > MAX_COMBINING_MARKS:
                return place
    return None


def _place(path: PurePosixPath, before: str) -> Span:
    """Give the place of what stands behind `before`."""
    return Span(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))
