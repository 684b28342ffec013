"""Catalogs: a locale's translations in a gettext PO file, read and checked.

What a catalog must keep beyond the form of PO files is checked here: a translation has the links,
the emphasis and the placeholders of its source, because an edition that lost one of them would be
wrong in a way that no reader of that language can see.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import gettext
import operator
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

import babel
from babel.messages.plurals import get_plural
from polib import POEntry, POFile

from reportgen.locales.locale import cldr_locale
from reportgen.locales.pofile import PoSyntaxError, line_of, parse_po, strings_of, translated
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError, Diagnostics, Span
from reportgen.source.limits import MAX_PLURAL_RULE_CHARS
from reportgen.source.markdown import marks, unknown_marks
from reportgen.source.text import over_limit, read_text

LOCALES = PurePosixPath("locales")
TEMPLATE = LOCALES / "messages.pot"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_CHARSET = re.compile(r"charset=([\w-]+)", re.IGNORECASE)
_PLURALS = re.compile(r"nplurals *= *(\d{1,2}) *; *plural *= *([^;]+)")


def folder_name(tag: str) -> str:
    """Give the name of a locale's folder, as gettext spells locales: `pt-BR` is `pt_BR`."""
    return tag.replace("-", "_")


def catalog_path(tag: str) -> PurePosixPath:
    """Give the place of a locale's catalog."""
    return LOCALES / folder_name(tag) / "LC_MESSAGES" / "messages.po"


def locale_folders(project: Project) -> tuple[str, ...]:
    """Return the names of the folders that locales have.

    Raises:
        DiagnosedError: the folder around them can't be read.
    """
    try:
        return project.folders(str(LOCALES))
    except OSError as error:
        raise DiagnosedError(
            "unreadable-file",
            Span(str(LOCALES)),
            f"the folder can't be read ({error.strerror or error})",
            "make sure that it may be read",
        ) from None


def catalog_tags(project: Project) -> tuple[str, ...]:
    """Return the locales that have a catalog, by name.

    Raises:
        DiagnosedError: the folder of the locales can't be read.
    """
    tags = (name.replace("_", "-") for name in locale_folders(project))
    return tuple(tag for tag in tags if project.is_file(catalog_path(tag)))


def read_catalog(project: Project, tag: str, diagnostics: Diagnostics) -> POFile | None:
    """Read and check the catalog of a locale, or give nothing and all that is wrong in it."""
    path = catalog_path(tag)
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_catalog(text, tag, path, diagnostics)


def parse_catalog(
    text: str, tag: str, path: PurePosixPath, diagnostics: Diagnostics
) -> POFile | None:
    """Parse the text of a PO file; see `read_catalog`."""
    before = len(diagnostics)
    try:
        language = cldr_locale(tag)
    except ValueError as error:
        hint = "name the folder after a language, such as fr or pt_BR"
        diagnostics.error("unknown-locale", Span(str(path)), str(error), hint)
        return None
    try:
        catalog = parse_po(text)
    except PoSyntaxError as error:
        diagnostics.error("po-syntax", Span(str(path), error.line), str(error), error.hint)
        return None
    _check_header(catalog, text.split("\n"), language, path, diagnostics)
    if len(diagnostics) == before:
        _check_plurals(catalog, tag, get_plural(str(language)).num_plurals, path, diagnostics)
    for entry in translated(catalog):
        span = Span(str(path), line_of(entry))
        texts = (entry.msgid, entry.msgid_plural, *strings_of(entry))
        if reason := next(filter(None, map(over_limit, texts)), None):
            diagnostics.error("over-limit", span, f"the message {reason[0]}", reason[1])
        else:
            _check_unknown_marks(entry, span, diagnostics)
            _check_marks(entry, span, diagnostics)
    return None if len(diagnostics) > before else catalog


def _check_header(
    catalog: POFile,
    lines: Sequence[str],
    language: babel.Locale,
    path: PurePosixPath,
    diagnostics: Diagnostics,
) -> None:
    """Note what is wrong in the header; of several things the first, as one may follow another."""
    plural = get_plural(str(language))
    fields = {name.casefold(): value for name, value in catalog.metadata.items()}
    if not fields:
        diagnostics.error(
            "po-header",
            Span(str(path)),
            "the file has no header: no message with an empty msgid",
            "open it in a PO editor and save it again",
        )
        return

    def error(code: str, field: str, message: str, hint: str) -> None:
        start = f'"{field}:'.casefold()
        found = (n for n, text in enumerate(lines, 1) if text.casefold().startswith(start))
        diagnostics.error(code, Span(str(path), next(found, 1)), message, hint)

    charset = _CHARSET.search(fields.get("content-type", ""))
    if charset and charset[1].casefold() not in ("utf-8", "utf8", "charset"):
        error(
            "po-encoding",
            "Content-Type",
            f"the header says that the file is encoded in {charset[1]}",
            "have your editor save it as UTF-8, which sets the header too",
        )
        return
    code = fields.get("language", "").replace("-", "_").partition("_")[0].casefold()
    if code and code != language.language:
        error(
            "po-header",
            "Language",
            f"the header says that this is '{fields['language']}', the folder '{path.parts[1]}'",
            "move the file to its folder, or correct the header",
        )
        return
    for field in ("POT-Creation-Date", "PO-Revision-Date"):
        value = fields.get(field.casefold(), "")
        if value and "YEAR" not in value and not _is_date(value):
            error(
                "po-header",
                field,
                f"'{value}' is no date as PO files have it",
                "write it as 2024-05-31 12:00+0000",
            )
            return
    rule = _PLURALS.search(fields.get("plural-forms", ""))
    wanted = plural.num_plurals
    if rule is None or int(rule[1]) != wanted:
        found = f"nplurals={rule[1]}" if rule else "no rule for plurals"
        error(
            "po-plural",
            "Plural-Forms",
            f"the header has {found}, but '{language.language}' has {wanted} plural forms",
            f"write Plural-Forms: {plural}",
        )
    elif not _is_rule(rule[2], wanted):
        error(
            "po-plural",
            "Plural-Forms",
            f"'plural={rule[2]}' does not give one of {wanted} forms for each number",
            f"write Plural-Forms: {plural}",
        )


def _is_date(value: str) -> bool:
    for form in ("%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M"):
        with contextlib.suppress(ValueError):
            datetime.datetime.strptime(value, form)  # noqa: DTZ007 - only whether it is one
            return True
    return False


def _is_rule(expression: str, forms: int) -> bool:
    """Tell whether a rule for plurals gives one of so many forms for any number."""
    if len(expression) > MAX_PLURAL_RULE_CHARS:
        return False
    try:
        rule = gettext.c2py(expression)
        return all(0 <= rule(number) < forms for number in (*range(1001), 10**6))
    except (ValueError, ArithmeticError, RecursionError):
        return False


def _check_plurals(
    catalog: POFile, tag: str, wanted: int, path: PurePosixPath, diagnostics: Diagnostics
) -> None:
    """Note each message that has fewer plural forms than the language, or more."""
    for entry in catalog:
        number = len(entry.msgstr_plural)
        if entry.msgid_plural and not entry.obsolete and number != wanted:
            forms = "1 plural form" if number == 1 else f"{number} plural forms"
            diagnostics.error(
                "po-plural",
                Span(str(path), line_of(entry)),
                f"the message has {forms}, '{tag}' has {wanted}",
                f"give it msgstr[0] to msgstr[{wanted - 1}]",
            )


def _check_marks(entry: POEntry, span: Span, diagnostics: Diagnostics) -> None:
    """Note what a translation lost of its source, or has beyond it."""
    find = marks if entry.msgctxt else _placeholders
    texts = (entry.msgid, entry.msgid_plural or entry.msgid)
    sources = [find(text) + _line_feeds(text) for text in texts]
    # A form of a plural may say ‘one’ in place of its number where the source does so too.
    least = functools.reduce(operator.and_, sources)
    most = functools.reduce(operator.or_, sources)
    for translation in strings_of(entry):
        found = find(translation) + _line_feeds(translation)
        for mark in sorted((least - found) | (found - most)):
            lost = found[mark] < least[mark]
            diagnostics.error(
                "lost-in-translation" if lost else "not-in-source",
                span,
                f"the translation has {mark} {_times(found[mark])}, the source"
                f" {_times((least if lost else most)[mark])}",
                "put it where the words stand that say the same" if lost else "take it away",
            )


def _check_unknown_marks(entry: POEntry, span: Span, diagnostics: Diagnostics) -> None:
    """Note the marks that mean nothing in a report; where the source has them, it is plain text."""
    if not entry.msgctxt or unknown_marks(entry.msgid):
        return
    for text in strings_of(entry):
        for mark in unknown_marks(text):
            # What was to be strong and is not is told as lost.
            if mark.text not in ("**", "__") or marks(text) == marks(entry.msgid):
                diagnostics.error("unsupported-markdown", span, mark.message, mark.hint)


def _placeholders(text: str) -> Counter[str]:
    """Count what stands for a value, and HTML, which the words of templates may have."""
    found = Counter(match[0] for match in _PLACEHOLDER.finditer(text))
    rest = _PLACEHOLDER.sub("", text)
    found.update(_TAG.findall(rest))
    if stray := rest.count("%"):
        found["a % that belongs to no placeholder"] = stray
    return found


def _line_feeds(text: str) -> Counter[str]:
    """Count what gettext's own check counts: line feeds at the beginning and at the end."""
    found = {"a line feed at its beginning": text[:1], "a line feed at its end": text[-1:]}
    return Counter(name for name, sign in found.items() if sign == "\n")


def _times(number: int) -> str:
    return {0: "nowhere", 1: "once", 2: "twice"}.get(number, f"{number} times")
