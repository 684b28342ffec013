"""The glossary: terms of the source and their approved terms, by locale."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    by_name = {term.source.casefold(): term for term in terms if tag in term.approved}
    if not by_name:
        return
    # Longer terms stand first: an alternative that fits is taken, and no other is tried.
    names = "|".join(re.escape(term.source) for term in by_name.values())
    pattern = re.compile(rf"\b({names})(?:s|es)?\b", re.IGNORECASE)
    for message in translated(catalog):
        if message.msgid_plural:
            continue
        translation = plain_text(message.msgstr).casefold()
        for term in _terms_in(plain_text(message.msgid), by_name, pattern):
            if not any(word.casefold() in translation for word in term.approved[tag]):
                approved = " or ".join(f"'{word}'" for word in term.approved[tag])
                diagnostics.warning(
                    "glossary",
                    Span(path, line_of(message)),
                    f"the source has '{term.source}', the translation has not {approved}",
                    f"use the approved term, or add this one to {GLOSSARY}",
                )


def _terms_in(text: str, terms: Mapping[str, Term], pattern: re.Pattern[str]) -> tuple[Term, ...]:
    """Give the terms in a text, each once. What a longer term covers is not found again."""
    found = (terms[match[1].casefold()] for match in pattern.finditer(text))
    return tuple(dict.fromkeys(found))
