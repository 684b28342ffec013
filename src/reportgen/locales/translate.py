"""What translators' commands do: make, merge and fill the catalogs of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from babel.messages.plurals import get_plural
from polib import POFile

from reportgen.locales.catalog import TEMPLATE, catalog_path, folder_name, read_catalog
from reportgen.locales.extract import project_template
from reportgen.locales.load import settings_path
from reportgen.locales.locale import cldr_locale
from reportgen.locales.pofile import WIDTH, merge, write_po
from reportgen.locales.pseudo import PSEUDO, fill
from reportgen.locales.status import Status, status
from reportgen.model.report import Report
from reportgen.project import Project, write_atomically
from reportgen.source.diagnostics import Diagnostic, Diagnostics

SETTINGS = b"""\
# yaml-language-server: $schema=../../.schemas/locale.schema.json
# Whether a native speaker has approved the translation: draft or reviewed.
review: draft
"""


class LocaleExistsError(Exception):
    """A locale is made anew only once; after that it is updated. The content's own needs none."""


@dataclass(frozen=True)
class Updated:
    """What became of a locale's catalog; it is written only if there is no error."""

    locale: str
    status: Status | None
    diagnostics: tuple[Diagnostic, ...]


def extract_messages(project: Project, report: Report) -> POFile:
    """Write the template of all messages, `locales/messages.pot`, and give it.

    Raises:
        DiagnosedError: a template of the project can't be read, or isn't one.
        OSError: it can't be written.
        OutsideProjectError: it would lie outside of the project.
    """
    template = project_template(project, report)
    _write(project, TEMPLATE, write_po(template))
    return template


def init_locale(project: Project, report: Report, tag: str) -> PurePosixPath:
    """Write an empty catalog of a locale, with what goes with it, and give its place.

    Raises:
        LocaleExistsError: there is one already.
        ValueError: the tag is not a language's.
        DiagnosedError: a template of the project can't be read, or isn't one.
        OSError: it can't be written.
        OutsideProjectError: it would lie outside of the project.
    """
    cldr_locale(tag)
    if tag == report.language:
        raise LocaleExistsError(f"'{tag}' is the language of the content: nothing to translate")
    path = catalog_path(tag)
    if project.is_file(path):
        raise LocaleExistsError(f"{path} is there already; reportgen translate update merges it")
    _write(project, path, write_po(_new_catalog(project, report, tag)))
    _write(project, settings_path(tag), SETTINGS)
    return path


def update_locales(project: Project, report: Report, tags: Iterable[str]) -> tuple[Updated, ...]:
    """Merge the messages that there are now into the catalogs of locales.

    A changed text gets its old translation as a fuzzy one, which no edition uses.
    """
    template = extract_messages(project, report)

    def update(tag: str, catalog: POFile) -> None:
        merge(catalog, template)
        _write(project, catalog_path(tag), write_po(catalog))

    return tuple(_status(project, tag, template, update) for tag in tags)


def locale_status(project: Project, report: Report, tags: Iterable[str]) -> tuple[Updated, ...]:
    """Tell how far the translations of locales are; nothing is written.

    Raises:
        DiagnosedError: a template can't be read, or isn't one.
    """
    template = project_template(project, report)
    return tuple(_status(project, tag, template, lambda *_: None) for tag in tags)


def _status(
    project: Project, tag: str, template: POFile, change: Callable[[str, POFile], None]
) -> Updated:
    """Tell how far a locale's translation is once its catalog, if it has no error, is changed."""
    diagnostics = Diagnostics()
    catalog = read_catalog(project, tag, diagnostics)
    if catalog is None:
        return Updated(tag, None, diagnostics.sorted())
    change(tag, catalog)
    return Updated(tag, status(tag, catalog, template), diagnostics.sorted())


def write_pseudo(project: Project, report: Report) -> tuple[PurePosixPath, ...]:
    """Write the catalogs of the pseudo-locales, and give their places.

    Raises:
        DiagnosedError: a template of the project can't be read, or isn't one.
        OSError: one can't be written.
        OutsideProjectError: one would lie outside of the project.
    """
    paths = []
    for tag in PSEUDO:
        catalog = _new_catalog(project, report, tag)
        fill(catalog)
        paths.append(catalog_path(tag))
        _write(project, paths[-1], write_po(catalog))
    return tuple(paths)


def _new_catalog(project: Project, report: Report, tag: str) -> POFile:
    template = project_template(project, report)
    language = cldr_locale(tag)
    plural = get_plural(str(language))
    catalog = POFile(wrapwidth=WIDTH)
    catalog.header = f"Texts of {report.slug} in {language.get_display_name('en')}."
    catalog.metadata = {
        **template.metadata,
        "PO-Revision-Date": template.metadata["POT-Creation-Date"],
        "Last-Translator": "nobody yet <>",
        "Language-Team": f"{language.get_display_name('en')} <>",
        "Language": folder_name(tag),
        "Plural-Forms": f"{plural};".replace(";;", ";"),
    }
    merge(catalog, template)
    for message in catalog:
        if message.msgid_plural:
            message.msgstr_plural = dict.fromkeys(range(plural.num_plurals), "")
    return catalog


def _write(project: Project, path: PurePosixPath, data: bytes) -> None:
    if not project.is_file(path) or project.read(path) != data:
        write_atomically(project.resolve(path), data)
