"""All that is wrong with the translations of a project."""

from __future__ import annotations

from polib import POFile

from reportgen.locales.catalog import catalog_path, catalog_tags, read_catalog
from reportgen.locales.glossary import check_terms, read_glossary
from reportgen.locales.load import read_settings
from reportgen.locales.localize import localize
from reportgen.locales.pofile import line_of
from reportgen.locales.pseudo import PSEUDO
from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Diagnostics, Span
from reportgen.source.markdown import Paragraph, PullOut, plain_text


def check_locales(project: Project, report: Report | None) -> tuple[Diagnostic, ...]:
    """Check the catalog, the settings and the terms of each locale of a project.

    Without a report, as when the content has errors, what depends on it is left out.
    """
    diagnostics = Diagnostics()
    terms = read_glossary(project, diagnostics)
    try:
        tags = catalog_tags(project)
    except DiagnosedError as error:
        return error.diagnostics
    for tag in tags:
        read_settings(project, tag, diagnostics)
        catalog = read_catalog(project, tag, diagnostics)
        if catalog is None:
            continue
        check_terms(catalog, tag, terms, diagnostics)
        if report is None:
            continue
        localized = localize(report, catalog, tag)
        if localized.missing:
            diagnostics.warning(
                "not-translated",
                Span(str(catalog_path(tag))),
                f"texts of the content without a translation: {len(localized.missing)}"
                f" (they stand in the language '{report.language}' on the page)",
                "run 'reportgen translate update' and translate what is empty or fuzzy",
            )
        if tag not in PSEUDO:
            _check_pull_outs(localized.report, catalog, tag, diagnostics)
    return diagnostics.sorted()


def _check_pull_outs(report: Report, catalog: POFile, tag: str, diagnostics: Diagnostics) -> None:
    """Warn of a pull-out whose words don't stand in the translated section."""
    lines = {entry.msgstr: line_of(entry) for entry in catalog if entry.msgctxt}
    for section in report.sections:
        text = " ".join(
            plain_text(block.text) for block in section.blocks if isinstance(block, Paragraph)
        )
        for block in section.blocks:
            if isinstance(block, PullOut) and plain_text(block.text) not in text:
                diagnostics.warning(
                    "pull-out-differs",
                    Span(str(catalog_path(tag)), lines.get(block.text, 1)),
                    f"the translated pull-out '{block.text}' does not stand in the section"
                    f" '{section.name}'",
                    "repeat words of the translated paragraph exactly",
                )
