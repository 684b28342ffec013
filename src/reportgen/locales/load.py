"""The locales of a project: which there are, and each with its report in its language."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from polib import POFile

from reportgen.locales.catalog import LOCALES, catalog_tags, folder_name, read_catalog
from reportgen.locales.locale import Locale
from reportgen.locales.localize import localize
from reportgen.locales.settings import LocaleFile, Review
from reportgen.model.report import Report
from reportgen.model.validate import validate
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic, Diagnostics
from reportgen.source.prose import Prose
from reportgen.source.yaml import read_yaml


@dataclass(frozen=True)
class LocalizedReport:
    """A report in a locale, if its catalog has no error.

    `missing` are the words of the content that are not translated and stand there in the source's
    language.
    """

    locale: Locale
    report: Report | None
    missing: tuple[Prose, ...]
    diagnostics: tuple[Diagnostic, ...]


def locale_tags(project: Project, report: Report) -> tuple[str, ...]:
    """Give the locales that a report can be built in: its own language first."""
    return (report.language, *(t for t in catalog_tags(project) if t != report.language))


def load_locale(project: Project, report: Report, tag: str) -> LocalizedReport:
    """Give a report in one of its locales."""
    if tag == report.language:
        return LocalizedReport(Locale(tag, report.language), report, (), ())
    diagnostics = Diagnostics()
    settings = read_settings(project, tag, diagnostics)
    catalog = read_catalog(project, tag, diagnostics)
    if catalog is None or settings is None:
        return LocalizedReport(Locale(tag, report.language), None, (), diagnostics.sorted())
    locale = Locale(tag, report.language, _translations(catalog), settings.review is Review.DRAFT)
    localized = localize(report, catalog, tag)
    return LocalizedReport(locale, localized.report, localized.missing, diagnostics.sorted())


def settings_path(tag: str) -> PurePosixPath:
    """Give the place of a locale's settings."""
    return LOCALES / folder_name(tag) / "locale.yaml"


def read_settings(project: Project, tag: str, diagnostics: Diagnostics) -> LocaleFile | None:
    """Read what is known of a locale's translation; without a file it is a draft."""
    path = settings_path(tag)
    if not project.is_file(path):
        return LocaleFile()
    document = read_yaml(project, path, diagnostics)
    return validate(LocaleFile, document, diagnostics) if document else None


class _Catalog(gettext.GNUTranslations):
    """Translations that give an empty text for what is missing, so that it can be marked."""

    _catalog: dict[str | tuple[str, int], str]
    plural: Callable[[int], int]

    def gettext(self, message: str) -> str:
        return str(self._catalog.get(message, ""))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return str(self._catalog.get((msgid1, self.plural(n)), ""))


def _translations(catalog: POFile) -> gettext.GNUTranslations:
    # Its text is read as UTF-8, also where the header doesn't say so.
    catalog.metadata["Content-Type"] = "text/plain; charset=utf-8"
    return _Catalog(io.BytesIO(catalog.to_binary()))
