"""Translations that a change makes stale: what a translator has to do next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from polib import POFile

from reportgen.locales.catalog import catalog_path, catalog_tags
from reportgen.locales.extract import project_template
from reportgen.locales.pofile import key_of, merge, parse_po, strings_of
from reportgen.locales.pseudo import PSEUDO
from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.text import read_text


class Lack(StrEnum):
    """What a translation lacks.

    `MISSING`: there is none. `FUZZY`: the catalog has one of the old words, marked as such.
    `OUTDATED`: the catalog has one of the old words, and `reportgen translate update` would mark
    it.
    """

    MISSING = "missing"
    FUZZY = "fuzzy"
    OUTDATED = "outdated"


@dataclass(frozen=True)
class Stale:
    """A text of the new state whose translation is not one of it.

    `context` is the name of its place, and empty for a word of the templates; `old` are the words
    that the translation is of, if it is known.
    """

    locale: str
    context: str
    text: str
    old: str | None
    lack: Lack


def stale_translations(
    old: tuple[Project, Report], new: tuple[Project, Report]
) -> tuple[Stale, ...]:
    """Give the texts that the new state has and the old one hadn't, where they lack a translation.

    Both projects' catalogs can be read as PO files.
    """
    template = project_template(*new)
    before = {key_of(message) for message in project_template(*old)}
    fresh = {key_of(message) for message in template} - before
    project, report = new
    return tuple(
        stale
        for tag in catalog_tags(project)
        if tag not in PSEUDO and tag != report.language
        for stale in _of_locale(project, tag, template, fresh)
    )


def _of_locale(
    project: Project, tag: str, template: POFile, fresh: set[tuple[str | None, str]]
) -> Iterator[Stale]:
    text = read_text(project, catalog_path(tag), Diagnostics())
    if text is None:
        return
    catalog = parse_po(text)
    was_there = {key_of(message) for message in catalog if not message.obsolete}
    # What an update would make of the catalog is what it lacks.
    merge(catalog, template)
    for message in catalog:
        if message.obsolete or key_of(message) not in fresh:
            continue
        has_words = any(strings_of(message))
        if has_words and not message.fuzzy and all(strings_of(message)):
            continue
        is_there = key_of(message) in was_there
        lack = Lack.MISSING if not has_words else Lack.FUZZY if is_there else Lack.OUTDATED
        yield Stale(tag, message.msgctxt or "", message.msgid, message.previous_msgid or None, lack)
