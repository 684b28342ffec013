"""PO files: polib reads and writes them; here is what a changed text takes from its old self."""

from __future__ import annotations

import copy
import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import polib

from reportgen.source.limits import MAX_MESSAGES, MAX_PO_LINES, MAX_TEXT_CHARS

WIDTH = 79
"""The width that PO editors and gettext's own tools wrap at."""

ALIKE = 0.5
"""How alike two texts of one place must be, of 1, for one to be the other's new form."""

_MAX_LENGTH = 2 * MAX_TEXT_CHARS
"""Length of a text as it is written, with its escapes, and of all comments of a message."""

Key = tuple[str | None, str]

_LINE = re.compile(
    r"(?:#~ *)?(?:(?:msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]\])?) *)?"
    r'"(?:[^"\\]|\\["\\abfnrtv])*"'
)
_BEGIN = re.compile(r"(?:#~ *)?msg|$")
_MSGID = re.compile(r"(?:#~ *)?msgid\b")
_ERROR_LINE = re.compile(r"\(line (\d+)\)")


class PoSyntaxError(Exception):
    """A line that no PO file has: where, what it is and what to do."""

    def __init__(self, line: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.line, self.hint = line, hint


def parse_po(text: str) -> polib.POFile:
    """Read the text of a PO file.

    Raises:
        PoSyntaxError: it is not one, or has a message twice.
    """
    lines = text.split("\n")
    if len(lines) > MAX_PO_LINES:
        what = f"the file has more than {MAX_PO_LINES} lines"
        raise PoSyntaxError(MAX_PO_LINES + 1, what, "take out what the report doesn't have")
    messages = length = 0
    # polib drops the last letter of a line that lacks its last quotation mark, and says nothing.
    for number, full in enumerate(lines, 1):
        stripped = full.strip()
        # polib puts a text or a comment together in the square of its length.
        length = len(stripped) + (0 if _BEGIN.match(stripped) else length)
        messages += _is_msgid(stripped)
        if length > _MAX_LENGTH:
            what = f"a message or its comments have more than {_MAX_LENGTH} signs"
            raise PoSyntaxError(number, what, "shorten it")
        if messages > MAX_MESSAGES:
            what = f"the file has more than {MAX_MESSAGES} messages"
            raise PoSyntaxError(number, what, "take out what the report doesn't have")
        is_text = stripped and (not stripped.startswith("#") or stripped.startswith('#~ "'))
        if is_text and not _LINE.fullmatch(stripped):
            hint = 'put each text between quotation marks, with \\" for one within it'
            raise PoSyntaxError(
                number, "this is not a line of a PO file", f"{hint} and \\\\ for a backslash"
            )
    try:
        # With a line feed behind it, a text is never taken for the name of a file.
        po = polib.pofile(f"{text}\n", encoding="utf-8", wrapwidth=WIDTH)
    except Exception as error:  # noqa: BLE001 - polib raises what it runs into
        found = _ERROR_LINE.search(str(error))
        line = int(found[1]) if found else 1
        raise PoSyntaxError(
            line,
            "a message is not whole, or its lines are out of order",
            "a message is msgctxt if it has one, msgid, msgid_plural if it has one, and msgstr",
        ) from None
    seen: dict[Key, int] = {}
    for entry in po:
        # polib counts from the first comment above a message; its words begin further down.
        entry.linenum = _msgid_line(lines, line_of(entry))
        if entry.obsolete:
            continue
        if key_of(entry) in seen:
            first = seen[key_of(entry)]
            raise PoSyntaxError(
                line_of(entry),
                f"the message stands in line {first} already",
                "keep the better translation, and delete the other message",
            )
        seen[key_of(entry)] = line_of(entry)
    return po


def _msgid_line(lines: list[str], start: int) -> int:
    numbers = range(start, len(lines) + 1)
    return next((n for n in numbers if _is_msgid(lines[n - 1])), start)


def _is_msgid(line: str) -> bool:
    return _MSGID.match(line) is not None


def write_po(po: polib.POFile) -> bytes:
    """Give the bytes of a PO file, always in the same form."""
    return f"{po}".rstrip("\n").encode() + b"\n"


def key_of(entry: polib.POEntry) -> Key:
    """Give what a message is found by: its context and its text."""
    return entry.msgctxt, entry.msgid


def line_of(entry: polib.POEntry) -> int:
    """Give the line that a message of a file begins at."""
    return entry.linenum or 1


def strings_of(entry: polib.POEntry) -> tuple[str, ...]:
    """Give the translation of a message: one, or one a plural form."""
    if entry.msgid_plural:
        return tuple(entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural))
    return (entry.msgstr,)


def translated(po: polib.POFile) -> Iterator[polib.POEntry]:
    """Give the messages that an edition uses: translated, not fuzzy, not gone."""
    return (entry for entry in po if entry.translated())


def merge(po: polib.POFile, template: polib.POFile) -> None:
    """Bring a catalog up to its template.

    A text that changed has its old translation as a fuzzy one, with the old text beside it. What
    is gone is kept as obsolete if it had been translated, and used again when it comes back.
    """
    template = copy.deepcopy(template)  # each locale has its own
    old = {key_of(entry): entry for entry in sorted(po, key=lambda e: not e.obsolete)}
    wanted = {key_of(entry) for entry in template}
    unused = [e for e in po if e.obsolete and key_of(e) not in wanted]
    gone = _Gone(e for e in po if key_of(e) not in wanted and not e.obsolete and any(strings_of(e)))
    alone = _alone(template)
    merged: list[polib.POEntry] = []
    for message in template:
        found = old.get(key_of(message))
        if found is None:
            found = gone.take_nearest(message, is_alone=message.msgctxt in alone)
            if found is not None:
                _take(message, found, is_changed=True)
        else:
            _take(message, found, is_changed=found.msgid_plural != message.msgid_plural)
        merged.append(message)
    # A fuzzy translation that is gone is not kept: nobody would know that it was never right.
    kept = [e for e in gone.left() if not e.fuzzy]
    for entry in kept:
        entry.obsolete = True
        entry.occurrences, entry.comment = [], ""
    kept += unused
    po[:] = [*merged, *kept]


def _alone(template: Iterable[polib.POEntry]) -> set[str | None]:
    """Give the contexts that have one message: a text there is the new form of the text before."""
    count: dict[str | None, int] = {}
    for message in template:
        count[message.msgctxt] = count.get(message.msgctxt, 0) + 1
    return {context for context, times in count.items() if times == 1 and context is not None}


class _Gone:
    """Messages that are gone, by place and by text, until their translations are used."""

    def __init__(self, entries: Iterable[polib.POEntry]) -> None:
        self._entries = list(entries)
        self._at: dict[str | None, dict[str, polib.POEntry]] = defaultdict(dict)
        self._with: dict[str, dict[str | None, polib.POEntry]] = defaultdict(dict)
        for entry in self._entries:
            self._at[entry.msgctxt][entry.msgid] = self._with[entry.msgid][entry.msgctxt] = entry

    def take_nearest(self, message: polib.POEntry, *, is_alone: bool) -> polib.POEntry | None:
        """Return the message whose new form this may be, or nothing; it isn't returned again."""
        # Of a place with very many, the first ones: all would take the square of their number.
        same_place = islice(self._at[message.msgctxt].items(), _MOST_COMPARED)
        beginnings = {text[:_COMPARED_CHARS]: entry for text, entry in same_place}
        near = difflib.get_close_matches(
            message.msgid[:_COMPARED_CHARS], beginnings, n=1, cutoff=0.0 if is_alone else ALIKE
        )
        # Or the same words at another place, as when a record got another id.
        found = (
            beginnings[near[0]] if near else next(iter(self._with[message.msgid].values()), None)
        )
        if found is not None:
            del self._at[found.msgctxt][found.msgid], self._with[found.msgid][found.msgctxt]
        return found

    def left(self) -> list[polib.POEntry]:
        """Return the messages that weren't taken, in their order."""
        return [entry for entry in self._entries if entry.msgid in self._at[entry.msgctxt]]


_MOST_COMPARED = 100
"""With how many messages of its place a new one is compared."""

_COMPARED_CHARS = 1_000
"""How much of a text is compared, in characters."""


def _take(message: polib.POEntry, found: polib.POEntry, *, is_changed: bool) -> None:
    """Give a message of the template the translation of one of the catalog."""
    message.tcomment = found.tcomment
    message.flags += [flag for flag in found.flags if flag not in message.flags]
    if message.msgid_plural:
        filled = {} if not found.msgid_plural else found.msgstr_plural
        message.msgstr_plural = filled or dict.fromkeys(message.msgstr_plural, found.msgstr)
    else:
        message.msgstr = strings_of(found)[0]
    if found.fuzzy:  # else a translator has looked at it, and left the old text there
        message.previous_msgid = found.previous_msgid
        message.previous_msgid_plural = found.previous_msgid_plural or None
        message.previous_msgctxt = found.previous_msgctxt
    if is_changed and any(strings_of(message)):
        if not message.fuzzy:
            message.flags.append("fuzzy")
        # Changed once more before a translator saw it: the translation is of the oldest text.
        message.previous_msgid = message.previous_msgid or found.msgid
        message.previous_msgid_plural = message.previous_msgid_plural or found.msgid_plural or None
        if found.msgctxt != message.msgctxt:
            message.previous_msgctxt = message.previous_msgctxt or found.msgctxt
