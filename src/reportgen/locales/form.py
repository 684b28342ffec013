"""The form of a PO file, looked at strictly before Babel reads it.

Babel takes a file as it comes: of a line whose last quotation mark is missing it drops the last
letter, of two translations of one message it takes one. An edition would have other words than its
catalog, and nobody be told. Here each such file is refused, at the line to be mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reportgen.source.diagnostics import Span


@dataclass
class Entry:
    """A message as it stands in the file. `line` is that of its `msgid`."""

    line: int
    obsolete: bool
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def forms(self) -> int:
        """How many translations it has room for."""
        return sum(keyword.startswith("msgstr") for keyword in self.texts)

    @property
    def key(self) -> tuple[str | None, str]:
        """What a message is found by."""
        return self.texts.get("msgctxt"), self.texts.get("msgid", "")


class FormError(Exception):
    """A line that no PO file has: where, what it is and what to do."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint

    def span(self, path: str) -> Span:
        """Give the place of the line in its file."""
        return Span(path, self.line)


_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)(?: +|$)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\nt])*)"')
_ESCAPE = re.compile(r'\\([^"\\nt])')
_UNESCAPED = {"n": "\n", "t": "\t"}

_START = ("msgctxt", "msgid")
_ORDER = "a message is msgctxt if it has one, msgid, msgid_plural if it has one, and msgstr"


def read_entries(text: str) -> tuple[Entry, ...]:
    """Give the messages of a PO file, without a look at what they say.

    Raises:
        FormError: the first line that is not as it must be.
    """
    entries = tuple(_entries(text))
    seen: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        if entry.obsolete:
            continue
        if entry.key in seen:
            raise FormError(
                entry.line,
                f"the message stands in line {seen[entry.key]} already",
                "keep the better translation, and delete the other message",
            )
        seen[entry.key] = entry.line
    return entries


def _entries(text: str) -> Iterator[Entry]:
    entry: Entry | None = None
    keyword = ""
    for number, full in enumerate(text.split("\n"), 1):
        line = full.strip(" \t")
        obsolete = line.startswith("#~") and not line.startswith("#~|")
        line = line.removeprefix("#~").strip(" \t") if obsolete else line
        if not line:
            continue
        if line.startswith("#"):
            # A comment belongs to the message that follows: the one before must be whole.
            if entry and not keyword.startswith(("msgstr", "msgctxt")):
                raise _unfinished(entry, keyword)
            if entry and keyword != "msgctxt":
                yield entry
                entry, keyword = None, ""
            continue
        found = _KEYWORD.match(line)
        if found is None:
            if entry is None or not line.startswith('"'):
                raise _strange(number, line)
            entry.texts[keyword] += _unquoted(line, number)
            continue
        wanted = _next(keyword)
        if found[1] not in wanted:
            if entry and not entry.forms:
                raise _unfinished(entry, keyword)
            raise FormError(
                number, f"'{found[1]}' stands where {' or '.join(wanted)} belongs", _ORDER
            )
        if found[1] in _START and keyword != "msgctxt":
            if entry:
                yield entry
            entry = Entry(number, obsolete)
        if entry is None:
            raise AssertionError("a message begins with the words that it may begin with")
        keyword = found[1]
        entry.line = number if keyword == "msgid" else entry.line
        entry.texts[keyword] = _unquoted(line[found.end() :], number)
    if entry:
        if not entry.forms:
            raise _unfinished(entry, keyword)
        yield entry


def _next(keyword: str) -> tuple[str, ...]:
    """Give the words that may begin the text after that of `keyword`."""
    if keyword.startswith("msgstr["):
        return (f"msgstr[{int(keyword[7:-1]) + 1}]", *_START)
    return {
        "msgctxt": ("msgid",),
        "msgid": ("msgid_plural", "msgstr"),
        "msgid_plural": ("msgstr[0]",),
    }.get(keyword, _START)


def _unfinished(entry: Entry, keyword: str) -> FormError:
    wanted = " or ".join(_next(keyword))
    return FormError(entry.line, f"the message is cut off: {wanted} should follow", _ORDER)


def _strange(number: int, line: str) -> FormError:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return FormError(
            number,
            "this is the mark of a merge that was not finished",
            "keep one of the two sides, and delete the three lines with marks",
        )
    if line.startswith("msg"):
        return FormError(
            number,
            f"'{line.split(maxsplit=1)[0].partition(chr(34))[0]}' is no keyword of a PO file",
            "write msgctxt, msgid, msgid_plural, msgstr or msgstr[0], a space, and the text",
        )
    return FormError(
        number,
        "this is not a line of a PO file",
        "put a text between quotation marks, below its msgid or msgstr; begin a comment with '# '",
    )


def _unquoted(quoted: str, number: int) -> str:
    found = _QUOTED.fullmatch(quoted)
    if found:
        return re.sub(r"\\(.)", lambda sign: _UNESCAPED.get(sign[1], sign[1]), found[1])
    if escape := _ESCAPE.search(re.sub(r'\\["\\nt]', "", quoted)):
        raise FormError(
            number, f"'{escape[0]}' is no sign of a PO file", "write \\\\ for a backslash"
        )
    raise FormError(
        number,
        "the text is not between two quotation marks",
        'write one at its beginning and one at its end, and \\" for one within it',
    )
