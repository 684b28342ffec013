"""Builds outputs: each locale in each edition becomes one file, or its problems are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.locales.catalog import catalog_path
from reportgen.locales.load import LocalizedReport, load_locale
from reportgen.model.report import Report
from reportgen.pages.parts import Part, parts_of
from reportgen.pages.render import PageRenderer
from reportgen.pages.tokens import read_tokens
from reportgen.pdf.conformance import Conformance, check_conformance
from reportgen.pdf.editions import Edition
from reportgen.pdf.write import write_pdf
from reportgen.project import Project, write_atomically
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span, has_errors
from reportgen.typeset.layout import Layouter
from reportgen.typeset.report import typeset

TOKENS = ("styles/tokens.css", "styles/languages.css")


@dataclass(frozen=True)
class Output:
    """What became of one locale and edition.

    `path` is set if the file was written: it conforms to the edition's standard then. If it was
    not, the file that stood there before is untouched and `diagnostics` has the error.
    """

    locale: str
    edition: str
    path: Path | None
    pages: int
    size: int
    seconds: float
    conformance: Conformance | None
    diagnostics: tuple[Diagnostic, ...]
    untranslated: int = 0
    """How many texts stand in the language of the content, as they have no translation."""


def build(
    project: Project,
    report: Report,
    tags: Iterable[str],
    editions: Iterable[Edition],
    out: Path,
    progress: Callable[[str], None] = lambda step: None,
    *,
    strict: bool = False,
) -> Iterator[Output]:
    """Build each locale in each edition, and give each output as it is done.

    One that fails doesn't stop the others. `progress` is told each step in a few words. With
    `strict`, a locale with a text that is not translated fails.
    """
    editions = tuple(editions)
    for tag in tags:
        localized = load_locale(project, report, tag)
        for edition in editions:
            yield _build_one(project, localized, edition, out, progress, strict)


def _build_one(
    project: Project,
    localized: LocalizedReport,
    edition: Edition,
    out: Path,
    progress: Callable[[str], None],
    strict: bool,
) -> Output:
    started = time.perf_counter()
    locale, report = localized.locale, localized.report
    if report is None:
        return Output(locale.tag, edition.name, None, 0, 0, 0.0, None, localized.diagnostics)
    name = f"{report.slug}.{locale.tag}.{edition.name}.pdf"

    def output(
        diagnostics: tuple[Diagnostic, ...],
        *,
        path: Path | None = None,
        pages: int = 0,
        size: int = 0,
        conformance: Conformance | None = None,
    ) -> Output:
        seconds = time.perf_counter() - started
        return Output(
            locale.tag,
            edition.name,
            path,
            pages,
            size,
            seconds,
            conformance,
            diagnostics,
            untranslated,
        )

    parts = parts_of(report)
    untranslated = len(localized.missing)
    try:
        tokens = _tokens(project, locale.tag)
        layouter = Layouter(project, edition.name, edition.variant, locale.direction)
        renderer = PageRenderer(project, report, parts, locale, tokens)

        def laying_out(part: Part) -> None:
            progress(f"{name}: laying out {part.key} ({parts.index(part) + 1} of {len(parts)})")

        result = typeset(parts, renderer, layouter, laying_out)
        progress(f"{name}: writing")
        untranslated += len(renderer.untranslated)
        with layouter.log:
            document = result.joined()
            data = write_pdf(document, report, edition)
    except DiagnosedError as error:
        return output((error.diagnostic,))
    except Exception as error:  # noqa: BLE001 - one output's failure must not stop the others
        failure = Diagnostic(
            Severity.ERROR,
            "internal",
            Span(name),
            f"{type(error).__name__}: {error}",
            "this is a fault of reportgen or of its engine: report it with what you changed last",
        )
        return output((failure,))
    warnings = tuple(
        Diagnostic(
            severity, "typesetter", Span("styles"), message, "correct the style or the template"
        )
        for message, severity in layouter.log.messages.items()
    )
    if not result.settled:
        warnings += (
            Diagnostic(
                Severity.WARNING,
                "page-numbers",
                Span("templates/parts/contents.html.j2"),
                "the page numbers did not settle: some of those in the contents may be wrong",
                "keep the room that a page number takes the same, whatever the number is",
            ),
        )
    if strict and untranslated:
        failure = Diagnostic(
            Severity.ERROR,
            "not-translated",
            Span(str(catalog_path(locale.tag))),
            f"{untranslated} {'text has' if untranslated == 1 else 'texts have'} no translation",
            "translate what is empty or fuzzy; 'reportgen translate status' tells where",
        )
        return output((failure, *warnings), pages=len(document.pages))
    if has_errors(warnings):
        return output(warnings, pages=len(document.pages))
    progress(f"{name}: checking against {edition.standard}")
    conformance = check_conformance(data, edition)
    pages, size = len(document.pages), len(data)
    if not conformance.is_conformant:
        failures = tuple(
            Diagnostic(
                Severity.ERROR,
                "not-conformant",
                Span("templates"),
                f"{name} would break {edition.standard}: {failure}",
                "correct the template that makes it; the file was not written",
            )
            for failure in conformance.failures
        )
        return output((*failures, *warnings), pages=pages, size=size, conformance=conformance)
    path = out / name
    try:
        write_atomically(path, data)
    except OSError as error:
        failure = Diagnostic(
            Severity.ERROR,
            "not-written",
            Span(str(path)),
            f"the file can't be written ({error.strerror or error})",
            "make room, or allow writing into the folder",
        )
        return output((failure, *warnings), pages=pages, size=size, conformance=conformance)
    return output(warnings, path=path, pages=pages, size=size, conformance=conformance)


def _tokens(project: Project, tag: str) -> Mapping[str, str]:
    """Give the design tokens of a language, for what is drawn before the typesetter reads them."""
    try:
        css = "".join(project.read(path).decode("utf-8") for path in TOKENS)
    except (OSError, UnicodeDecodeError) as error:
        message = f"the design tokens can't be read ({getattr(error, 'strerror', None) or error})"
        raise DiagnosedError("missing-style", Span(TOKENS[0]), message, "add the file") from None
    return read_tokens(css, tag)
