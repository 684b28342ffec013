"""The glossary: terms of the source and their approved terms, by locale."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from polib import POFile

from reportgen.locales.catalog import LOCALES, catalog_path
from reportgen.locales.pofile import line_of, translated
from reportgen.locales.settings import GlossaryFile
from reportgen.model.validate import validate
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import plain_text
from reportgen.source.yaml import read_yaml

GLOSSARY = LOCALES / "glossary.yaml"


@dataclass(frozen=True, eq=False)
class Term:
    """A term of the source; `approved` are the terms that a translation may have for it."""

    source: str
    approved: Mapping[str, tuple[str, ...]]


def read_glossary(project: Project, diagnostics: Diagnostics) -> tuple[Term, ...]:
    """Read the glossary of a project, if it has one; longer terms come first."""
    path = PurePosixPath(GLOSSARY)
    document = read_yaml(project, path, diagnostics) if project.is_file(path) else None
    file = validate(GlossaryFile, document, diagnostics) if document else None
    if file is None:
        return ()
    terms = (
        Term(source, {tag: (v,) if isinstance(v, str) else v for tag, v in by_tag.items()})
        for source, by_tag in file.root.items()
    )
    return tuple(sorted(terms, key=lambda term: (-len(term.source), term.source)))


def check_terms(
    catalog: POFile, tag: str, terms: tuple[Term, ...], diagnostics: Diagnostics
) -> None:
    """Warn of each translation that has none of the approved terms for a term of its source."""
    path = str(catalog_path(tag))
    known = _Terms(term for term in terms if tag in term.approved)
    for message in translated(catalog) if known else ():
        if message.msgid_plural:
            continue
        translation = plain_text(message.msgstr).casefold()
        for term in known.within(plain_text(message.msgid)):
            if not any(word.casefold() in translation for word in term.approved[tag]):
                approved = " or ".join(f"'{word}'" for word in term.approved[tag])
                diagnostics.warning(
                    "glossary",
                    Span(path, line_of(message)),
                    f"the source has '{term.source}', the translation has not {approved}",
                    f"use the approved term, or add this one to {GLOSSARY}",
                )


class _Terms:
    """Finds terms in texts, by the words that they begin with: the time doesn't grow with terms."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms = {term.source.casefold(): term for term in terms}
        self._lengths: dict[str, list[int]] = defaultdict(list)
        """Of the terms that begin with a word: the longest stands first."""
        for length, name in sorted(((len(name), name) for name in self._terms), reverse=True):
            if (first := _WORD.match(name)) and length not in self._lengths[first[0]][-1:]:
                self._lengths[first[0]].append(length)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def within(self, text: str) -> tuple[Term, ...]:
        """Return the terms in a text, each once. What a longer term covers is not found again."""
        text = text.casefold()
        found: dict[Term, None] = {}
        at = 0
        while word := _WORD.search(text, at):
            at = word.end()
            for length in self._lengths_of(word[0]):
                name = text[word.start() : word.start() + length]
                end = _END.match(text, word.start() + length)
                if end and (term := self._terms.get(name)):
                    found[term] = None
                    at = end.end()
                    break
        return tuple(found)

    def _lengths_of(self, word: str) -> Iterator[int]:
        """Return how long the terms are that may begin with a word, or with its plural."""
        for first in dict.fromkeys((word, word.removesuffix("s"), word.removesuffix("es"))):
            yield from self._lengths.get(first, ())


_WORD = re.compile(r"\w+")

_END = re.compile(r"(?:s|es)?(?!\w)")
"""What may stand behind a term."""
