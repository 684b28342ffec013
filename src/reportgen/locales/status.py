"""How far translations are: messages and words, by locale and by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from polib import POEntry, POFile

from reportgen.locales.pofile import key_of, strings_of


@dataclass(frozen=True)
class Progress:
    """Numbers of messages, and of the words of those that are fuzzy or missing."""

    translated: int = 0
    fuzzy: int = 0
    missing: int = 0
    words_to_go: int = 0

    @property
    def percent(self) -> float:
        """How much is translated, of 100; nothing to translate is all of it."""
        total = self.translated + self.fuzzy + self.missing
        return 100 * self.translated / total if total else 100.0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.translated + other.translated,
            self.fuzzy + other.fuzzy,
            self.missing + other.missing,
            self.words_to_go + other.words_to_go,
        )


@dataclass(frozen=True)
class Status:
    """The progress of a locale, and of each part of the content in it."""

    locale: str
    parts: Mapping[str, Progress] = field(default_factory=dict)

    @property
    def whole(self) -> Progress:
        """The progress of all parts together."""
        return sum(self.parts.values(), Progress())


def part_of(message: POEntry) -> str:
    """Give the part that a message belongs to: a section, a kind of content, the interface."""
    if not message.msgctxt:
        return "interface"
    kind, _, name = message.msgctxt.partition(":")
    return f"section {name.partition(':')[0]}" if kind == "section" else kind


def status(tag: str, catalog: POFile, template: POFile) -> Status:
    """Compare a catalog with the messages that there are now."""
    parts: dict[str, Progress] = {}
    there = {key_of(entry): entry for entry in catalog if not entry.obsolete}
    for wanted in template:
        found = there.get(key_of(wanted))
        part = part_of(wanted)
        parts[part] = parts.get(part, Progress()) + _progress(wanted, found)
    return Status(tag, parts)


def _progress(wanted: POEntry, found: POEntry | None) -> Progress:
    words = sum(len(text.split()) for text in (wanted.msgid, wanted.msgid_plural))
    if found is None or not all(strings_of(found)):
        return Progress(missing=1, words_to_go=words)
    if found.fuzzy:
        return Progress(fuzzy=1, words_to_go=words)
    return Progress(translated=1)
