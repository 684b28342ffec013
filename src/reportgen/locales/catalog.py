"""Catalogs: a locale's translations in a gettext PO file, read, checked, merged and written.

Reading and writing are Babel's. What a catalog must keep beyond the form of PO files is checked
here: a translation has the links, the emphasis and the placeholders of its source, because an
edition that lost one of them would be wrong in a way that no reader of that language can see.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po

from reportgen.locales.locale import cldr_locale
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import marks
from reportgen.source.text import read_text

LOCALES = PurePosixPath("locales")
TEMPLATE = LOCALES / "messages.pot"
WIDTH = 79
"""The width that PO editors and gettext's own tools wrap at."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
_CHARSET = re.compile(r"Content-Type:.*charset=([\w-]+)", re.IGNORECASE)


def folder_name(tag: str) -> str:
    """Give the name of a locale's folder, as gettext spells locales: `pt-BR` is `pt_BR`."""
    return tag.replace("-", "_")


def catalog_path(tag: str) -> PurePosixPath:
    """Give the place of a locale's catalog."""
    return LOCALES / folder_name(tag) / "LC_MESSAGES" / "messages.po"


def catalog_tags(project: Project) -> tuple[str, ...]:
    """Give the locales that have a catalog, by name."""
    tags = (name.replace("_", "-") for name in project.folders(str(LOCALES)))
    return tuple(tag for tag in tags if project.is_file(catalog_path(tag)))


def read_catalog(project: Project, tag: str, diagnostics: Diagnostics) -> Catalog | None:
    """Read and check the catalog of a locale, or give nothing and all that is wrong in it."""
    path = catalog_path(tag)
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_catalog(text, tag, path, diagnostics)


def parse_catalog(
    text: str, tag: str, path: PurePosixPath, diagnostics: Diagnostics
) -> Catalog | None:
    """Parse the text of a PO file; see `read_catalog`."""
    before = len(diagnostics)
    charset = _CHARSET.search(text)
    if charset and charset[1].casefold() not in ("utf-8", "utf8", "charset"):
        diagnostics.error(
            "po-encoding",
            Span(str(path), text[: charset.start()].count("\n") + 1),
            f"the header says that the file is encoded in {charset[1]}",
            "have your editor save it as UTF-8, which sets the header too",
        )
        return None
    try:
        catalog = read_po(
            io.BytesIO(text.encode()), locale=str(cldr_locale(tag)), abort_invalid=True
        )
    except PoFileError as error:
        diagnostics.error(
            "po-syntax",
            Span(str(path), error.lineno + 1),
            f"this is not a line of a PO file ({error})",
            "check the quotation marks around it, and that msgid stands before msgstr",
        )
        return None
    except ValueError as error:
        diagnostics.error(
            "po-syntax",
            Span(str(path)),
            f"this is not a PO file that can be read ({error})",
            "open it in a PO editor and save it again",
        )
        return None
    _check_plurals(catalog, tag, path, diagnostics)
    for message in translated(catalog):
        _check_marks(message, Span(str(path), message.lineno or 1), diagnostics)
    return None if len(diagnostics) > before else catalog


def translated(catalog: Catalog) -> Iterator[Message]:
    """Give the messages that an edition uses: translated, not fuzzy, not the header."""
    return (m for m in catalog if m.id and not m.fuzzy and all(_forms(m.string)))


def _forms(text: object) -> tuple[str, ...]:
    """Give the forms of a message or of its translation: one, or as many as it has plurals."""
    if isinstance(text, (tuple, list)):
        return tuple(str(form or "") for form in text)
    return (str(text or ""),)


def _check_plurals(
    catalog: Catalog, tag: str, path: PurePosixPath, diagnostics: Diagnostics
) -> None:
    plural = get_plural(str(cldr_locale(tag)))
    wanted = plural.num_plurals
    if catalog.num_plurals != wanted:
        found = catalog.num_plurals
        diagnostics.error(
            "po-plural",
            Span(str(path)),
            f"the header has nplurals={found}, but '{tag}' has {wanted} plural forms",
            f"write Plural-Forms: {plural}",
        )
    for message in catalog:
        if isinstance(message.id, tuple) and message.string:
            number = len(_forms(message.string))
            if number != wanted:
                diagnostics.error(
                    "po-plural",
                    Span(str(path), message.lineno or 1),
                    f"the message has {number} plural forms, '{tag}' has {wanted}",
                    f"give it msgstr[0] to msgstr[{wanted - 1}]",
                )


def _check_marks(message: Message, span: Span, diagnostics: Diagnostics) -> None:
    """Note what a translation lost of its source, or has beyond it."""
    find = marks if message.context else lambda text: Counter(_PLACEHOLDER.findall(text))
    sources = _forms(message.id)
    for index, translation in enumerate(_forms(message.string)):
        wanted, found = find(sources[min(index, len(sources) - 1)]), find(translation)
        for mark in sorted((wanted - found) | (found - wanted)):
            lost = found[mark] < wanted[mark]
            diagnostics.error(
                "lost-in-translation" if lost else "not-in-source",
                span,
                f"the translation has {mark} {_times(found[mark])}, the source"
                f" {_times(wanted[mark])}",
                "put it where the words stand that say the same" if lost else "take it away",
            )


def _times(number: int) -> str:
    return {0: "nowhere", 1: "once", 2: "twice"}.get(number, f"{number} times")


def merge(catalog: Catalog, template: Catalog) -> None:
    """Bring a catalog up to its template: what is new is empty or fuzzy, what is gone is kept."""
    catalog.update(template, update_header_comment=False, update_creation_date=False)


def write_catalog(catalog: Catalog) -> bytes:
    """Give the bytes of a catalog, always in the same form."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=WIDTH, include_previous=True)
    return buffer.getvalue()
