"""PO files read, merged and written: Babel's machinery, and what that would lose.

Babel 2.18 reads the previous text of a fuzzy message as a translator's comment, writes it so that
gettext refuses the file, forgets it at the next merge, drops the header fields of PO editors, and
takes a percent sign in prose for a placeholder. What is kept here stays through any number of
merges, and a file that nothing happened to stays the same to the byte.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from email import message_from_string
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileParser, generate_po, normalize

WIDTH = 79
"""The width that PO editors and gettext's own tools wrap at."""

_PREVIOUS_SIGN = re.compile(r"^\s*#\|")
_PREVIOUS = re.compile(r'\|\d+ *(msgctxt|msgid_plural|msgid)? *"((?:[^"\\]|\\.)*)"')
_FORMATS = ("python-format", "python-brace-format")
_GENERATOR = "Generated-By"

Key = tuple[str, str | None]


class PoCatalog(Catalog):
    """A catalog that keeps header fields which Babel doesn't know, in their order."""

    def __init__(self, locale: str | None = None) -> None:
        super().__init__(locale=locale, charset="utf-8", fuzzy=False)
        self._more: list[tuple[str, str]] = []

    def _get_headers(self) -> list[tuple[str, str]]:
        known = [(name, value) for name, value in super().mime_headers if name != _GENERATOR]
        fields = [*known, *self._more]
        # The last one ends its line, as all do in the files of gettext's own tools.
        return [*fields[:-1], (fields[-1][0], f"{fields[-1][1]}\n")]

    def _set_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        fields = list(headers)
        language = self.locale_identifier
        self._set_mime_headers(fields)
        if not self.locale_identifier:  # an empty field is no language
            self.locale = language
        known = {name.casefold() for name, _ in super().mime_headers} - {_GENERATOR.casefold()}
        known.add("language")
        self._more = [(name, value) for name, value in fields if name.casefold() not in known]

    mime_headers: Any = property(_get_headers, _set_headers)


def parse_po(text: str, locale: str) -> PoCatalog:
    """Read a PO file that `read_entries` found to be one.

    Raises:
        PoFileError, ValueError: a comment or the header is not as it must be.
    """
    catalog = PoCatalog(locale)
    # Numbered, as Babel takes the second of two lines that are the same for a mistake.
    lines = (
        _PREVIOUS_SIGN.sub(rf"#|{number} ", line)
        for number, line in enumerate(text.split("\n"))
        if not line.lstrip().startswith("#~|")
    )
    PoFileParser(catalog, abort_invalid=True).parse(lines)
    # The text is decoded already, and will be written as UTF-8.
    catalog.charset = "utf-8"
    for message in catalog:
        _take_previous(message)
    for message in catalog.obsolete.values():
        _take_previous(message)
    return catalog


def read_header(text: str) -> dict[str, str]:
    """Give the fields of a header by their names, which are the same in capitals or not."""
    return {name.casefold(): value for name, value in message_from_string(text).items()}


def _take_previous(message: Message) -> None:
    """Read the previous text from where Babel leaves it: the comments."""
    texts: dict[str, str] = {}
    comments, keyword = [], ""
    for comment in message.user_comments:
        if found := _PREVIOUS.fullmatch(comment):
            keyword = found[1] or keyword
            texts[keyword] = texts.get(keyword, "") + _unescape(found[2])
        else:
            comments.append(comment)
    message.user_comments = comments
    message.previous_id = [texts[k] for k in ("msgid", "msgid_plural") if texts.get(k)]


def _unescape(text: str) -> str:
    signs = {"n": "\n", "t": "\t"}
    return re.sub(r"\\(.)", lambda sign: signs.get(sign[1], sign[1]), text)


def _key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else message.id[0], message.context


def merge(catalog: Catalog, template: Catalog) -> None:
    """Bring a catalog up to its template: what is new is empty or fuzzy, what is gone is kept.

    What is gone and comes back has its translation again. What is gone and was fuzzy or empty is
    not kept: if it came back, nobody would know that it had never been right.
    """
    _revive(catalog, template)
    previous = {_key(m): m.previous_id for m in catalog if m.id and m.fuzzy and m.previous_id}
    catalog.update(template, update_header_comment=False, update_creation_date=False)
    for message in catalog:
        if message.id and message.fuzzy:
            # Changed once more before a translator saw it: the translation is of the oldest text.
            old = message.previous_id[0] if message.previous_id else _key(message)[0]
            older = [text for (text_id, _), text in previous.items() if text_id == old]
            message.previous_id = next(iter(older), message.previous_id)
    for key, message in list(catalog.obsolete.items()):
        if message.fuzzy or not any(message.string or ()):
            del catalog.obsolete[key]


def _revive(catalog: Catalog, template: Catalog) -> None:
    """Take out of what was gone what is there again."""
    there = {_key(message) for message in template if message.id}
    for key, message in list(catalog.obsolete.items()):
        if _key(message) in there:
            del catalog.obsolete[key]
            found = catalog.get(message.id, context=message.context)
            if found is None:
                catalog[message.id] = message
            elif not any(found.string or ()):
                found.string = message.string


def write_catalog(catalog: Catalog) -> bytes:
    """Give the bytes of a catalog, always in the same form."""
    for message in (*catalog, *catalog.obsolete.values()):
        if message.context:
            # A percent sign in prose is no placeholder, though it may look like one to gettext.
            message.flags.difference_update(_FORMATS)
    return "".join(_lines(catalog)).encode()


def _lines(catalog: Catalog) -> Iterator[str]:
    """Give what Babel writes, each message with its previous text, where there is one, above it."""
    messages = iter(catalog)
    begins = True
    for line in generate_po(catalog, width=WIDTH):
        if begins and line.startswith(("msgctxt ", "msgid ")):
            yield from _previous_lines(next(messages))
            begins = False
        elif line == "\n":
            begins = True
        yield line


def _previous_lines(message: Message) -> Iterator[str]:
    for keyword, text in zip(("msgid", "msgid_plural"), message.previous_id, strict=False):
        quoted = io.StringIO(f"{keyword} {normalize(text, prefix='#| ', width=WIDTH)}")
        yield "".join(f"{'' if line.startswith('#| ') else '#| '}{line}" for line in quoted) + "\n"
