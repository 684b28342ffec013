"""Builds outputs: each locale in each edition becomes one file, or its problems are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from reportgen.typeset.layout import Layouter, Log
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


@dataclass(frozen=True)
class _Made:
    """The bytes of a PDF that nobody has checked yet, and what the typesetter said of its pages."""

    data: bytes
    pages: int
    untranslated: int
    diagnostics: tuple[Diagnostic, ...]


def _build_one(
    project: Project,
    localized: LocalizedReport,
    edition: Edition,
    out: Path,
    progress: Callable[[str], None],
    strict: bool,
) -> Output:
    started = time.perf_counter()
    tag, report = localized.locale.tag, localized.report
    failed = Output(tag, edition.name, None, 0, 0, 0.0, None, localized.diagnostics)
    if report is None:
        return failed
    path = out / f"{report.slug}.{tag}.{edition.name}.pdf"

    def tell(step: str) -> None:
        progress(f"{path.name}: {step}")

    try:
        made = _make(project, report, localized, edition, tell)
    except DiagnosedError as error:
        return replace(failed, diagnostics=(error.diagnostic,))
    except Exception as error:  # noqa: BLE001 - one output's failure must not stop the others
        fault = _error(
            "internal",
            path.name,
            f"{type(error).__name__}: {error}",
            "this is a fault of reportgen or of its engine: report it with what you changed last",
        )
        return replace(failed, diagnostics=(fault,))
    tell(f"checking against {edition.standard}")
    conformance = check_conformance(made.data, edition)
    found = (
        *_broken_rules(conformance, path.name),
        *(_not_translated(made.untranslated, tag) if strict else ()),
        *made.diagnostics,
    )
    if not has_errors(found):
        found = (*_write(path, made.data), *found)
    return Output(
        tag,
        edition.name,
        None if has_errors(found) else path,
        made.pages,
        len(made.data),
        time.perf_counter() - started,
        conformance,
        found,
        made.untranslated,
    )


def _make(
    project: Project,
    report: Report,
    localized: LocalizedReport,
    edition: Edition,
    tell: Callable[[str], None],
) -> _Made:
    """Make the PDF of one output.

    Raises:
        DiagnosedError: a template, a style sheet or a file that they name is missing or wrong.
    """
    parts = parts_of(report)
    locale = localized.locale
    layouter = Layouter(project, edition.name, edition.variant, locale.direction)
    renderer = PageRenderer(project, report, parts, locale, _tokens(project, locale.tag))

    def laying_out(part: Part) -> None:
        tell(f"laying out {part.key} ({parts.index(part) + 1} of {len(parts)})")

    result = typeset(parts, renderer, layouter, laying_out)
    tell("writing")
    with layouter.log:
        document = result.joined()
        data = write_pdf(document, report, edition)
    return _Made(
        data,
        len(document.pages),
        len(localized.missing) + len(renderer.untranslated),
        (*_logged(layouter.log), *(() if result.settled else (_UNSETTLED,))),
    )


_UNSETTLED = Diagnostic(
    Severity.WARNING,
    "page-numbers",
    Span("templates/parts/contents.html.j2"),
    "the page numbers did not settle: some of those in the contents may be wrong",
    "keep the room that a page number takes the same, whatever the number is",
)


def _error(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, Span(path), message, hint)


def _logged(log: Log) -> tuple[Diagnostic, ...]:
    hint = "correct the style or the template"
    return tuple(
        Diagnostic(severity, "typesetter", Span("styles"), message, hint)
        for message, severity in log.messages.items()
    )


def _not_translated(number: int, tag: str) -> tuple[Diagnostic, ...]:
    if not number:
        return ()
    message = f"{number} {'text has' if number == 1 else 'texts have'} no translation"
    hint = "translate what is empty or fuzzy; 'reportgen translate status' tells where"
    return (_error("not-translated", str(catalog_path(tag)), message, hint),)


def _broken_rules(conformance: Conformance, name: str) -> tuple[Diagnostic, ...]:
    hint = "correct the template that makes it; the file was not written"
    return tuple(
        _error(
            "not-conformant",
            "templates",
            f"{name} would break {conformance.standard}: {failure}",
            hint,
        )
        for failure in conformance.failures
    )


def _write(path: Path, data: bytes) -> tuple[Diagnostic, ...]:
    try:
        write_atomically(path, data)
    except OSError as error:
        message = f"the file can't be written ({error.strerror or error})"
        hint = "make room, or allow writing into the folder"
        return (_error("not-written", str(path), message, hint),)
    return ()


def _tokens(project: Project, tag: str) -> Mapping[str, str]:
    """Give the design tokens of a language, for what is drawn before the typesetter reads them."""
    try:
        css = "".join(project.read(path).decode("utf-8") for path in TOKENS)
    except (OSError, UnicodeDecodeError) as error:
        message = f"the design tokens can't be read ({getattr(error, 'strerror', None) or error})"
        raise DiagnosedError("missing-style", Span(TOKENS[0]), message, "add the file") from None
    return read_tokens(css, tag)
