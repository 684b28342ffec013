"""Builds outputs: each locale in each edition becomes one file, or its problems are told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.exchange.dataset import dataset
from reportgen.locales.catalog import LOCALES, catalog_path, folder_name
from reportgen.locales.load import LocalizedReport, load_locale
from reportgen.model.report import Report
from reportgen.pages.parts import Part, parts_of
from reportgen.pages.render import PageRenderer
from reportgen.pages.tokens import read_tokens
from reportgen.pdf.editions import Edition
from reportgen.pdf.inks import ink_table
from reportgen.pdf.metadata import identify
from reportgen.pdf.press import Press, press_of
from reportgen.pdf.proof import spreads
from reportgen.pdf.write import write_pdf
from reportgen.preflight.preflight import preflight
from reportgen.preflight.result import Outcome, Preflight, Wanted
from reportgen.project import OutsideProjectError, Project, write_atomically
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span, has_errors
from reportgen.source.icc import NotAPrinterProfileError
from reportgen.typeset.layout import Layouter, Log, Paper
from reportgen.typeset.report import Pagination, typeset

TOKENS = ("styles/tokens.css", "styles/languages.css")


@dataclass(frozen=True)
class Output:
    """What became of one locale and edition.

    `path` is set if the file was written: it has passed its edition's preflight then. If it was
    not, the file that stood there before is untouched and `diagnostics` has the error.
    """

    locale: str
    edition: str
    path: Path | None
    pages: int
    size: int
    seconds: float
    preflight: Preflight | None
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
    proof: bool = False,
) -> Iterator[Output]:
    """Build each locale in each edition, and give each output as it is done.

    One that fails doesn't stop the others. `progress` is told each step in a few words. With
    `strict`, a locale with a text that is not translated fails. With `proof`, the pages of an
    edition on paper are written as spreads without marks, into a file of their own.
    """
    editions = tuple(editions)
    for tag in tags:
        localized = load_locale(project, report, tag)
        for edition in editions:
            yield _build_one(
                _Job(project, report, localized, edition, out, proof), progress, strict
            )


@dataclass(frozen=True)
class _Job:
    """An output to make: the report as its content has it, and in the locale; the edition."""

    project: Project
    source: Report
    localized: LocalizedReport
    edition: Edition
    out: Path
    proof: bool


@dataclass(frozen=True)
class _Made:
    """The bytes of a PDF that nobody has checked yet, and what the typesetter said of its pages."""

    data: bytes
    pages: int
    untranslated: int
    diagnostics: tuple[Diagnostic, ...]


def _build_one(job: _Job, progress: Callable[[str], None], strict: bool) -> Output:
    started = time.perf_counter()
    edition, localized = job.edition, job.localized
    tag, report = localized.locale.tag, localized.report
    failed = Output(tag, edition.name, None, 0, 0, 0.0, None, localized.diagnostics)
    if report is None:
        return failed
    proof = job.proof and edition.on_paper
    kind = f"{'-marked' if report.marks else ''}{'-proof' if proof else ''}"
    path = job.out / f"{report.slug}.{tag}.{edition.name}{kind}.pdf"

    def tell(step: str) -> None:
        progress(f"{path.name}: {step}")

    try:
        made = _make(job, report, tell)
    except DiagnosedError as error:
        return replace(failed, diagnostics=error.diagnostics)
    except Exception as error:  # noqa: BLE001 - one output's failure must not stop the others
        fault = _error(
            "internal",
            path.name,
            f"{type(error).__name__}: {error}",
            "this is a fault of reportgen or of its engine: report it with what you changed last",
        )
        return replace(failed, diagnostics=(fault,))
    tell(f"checking against {', '.join(edition.standards)}")
    checked = preflight(made.data, Wanted.of(report.print), edition.name)
    found = (
        *_told(checked, path.name),
        *(_not_translated(made.untranslated, tag) if strict else ()),
        *made.diagnostics,
    )
    data = made.data
    if not has_errors(found):
        if proof:
            data = spreads(data, right_to_left=localized.locale.direction == "rtl")
        found = (*_write(path, data), *found)
    return Output(
        tag,
        edition.name,
        None if has_errors(found) else path,
        made.pages,
        len(data),
        time.perf_counter() - started,
        checked,
        found,
        made.untranslated,
    )


def _make(job: _Job, report: Report, tell: Callable[[str], None]) -> _Made:
    """Make the PDF of one output.

    Raises:
        DiagnosedError: a template, a style sheet or a file that they name is missing or wrong.
    """
    project, edition, locale = job.project, job.edition, job.localized.locale
    tokens = _tokens(project, locale.tag)
    press = _press(project, report, tokens) if edition.on_paper else None
    parts = parts_of(report)
    paper = Paper(press.sheet.bleed) if press else None
    layouter = Layouter(project, edition.name, edition.variant, locale.direction, paper)
    renderer = PageRenderer(project, report, parts, locale, tokens)
    pagination = (
        Pagination(frozenset(report.print.recto), report.print.pages_multiple_of)
        if press
        else Pagination()
    )

    def laying_out(part: Part) -> None:
        where = f" ({parts.index(part) + 1} of {len(parts)})" if part in parts else ""
        tell(f"laying out {part.key}{where}")

    result = typeset(parts, renderer, layouter, pagination, laying_out)
    tell("writing")
    content = _content_hash(job)
    files = dataset(job.source, content) if edition.carries_data else ()
    with layouter.log:
        document = result.joined()
        data = write_pdf(document, identify(report, locale.tag, content), edition, press, files)
    return _Made(
        data,
        len(document.pages),
        len(job.localized.missing) + len(renderer.untranslated),
        (*_logged(layouter.log), *(() if result.settled else (_UNSETTLED,))),
    )


def _content_hash(job: _Job) -> str:
    """Give the SHA-256, as hex, of what an output is built from: content and translation.

    Raises:
        DiagnosedError: a file of these can't be read.
    """
    tag = job.localized.locale.tag
    translation = () if tag == job.source.language else (f"{LOCALES}/{folder_name(tag)}",)
    try:
        return job.project.digest("content", *translation)
    except (OSError, OutsideProjectError) as error:
        raise DiagnosedError(
            "unreadable-file",
            Span("content"),
            f"a file can't be read ({error})",
            "make it readable, or take it out; links must not lead out of the project",
        ) from None


def _press(project: Project, report: Report, tokens: Mapping[str, str]) -> Press:
    """Give what a report is printed with.

    Raises:
        DiagnosedError: the inks of the design are wrong, or the printer's profile is.
    """
    lines = project.read(TOKENS[0]).decode("utf-8").splitlines()

    def place_of(token: str) -> Span:
        for number, line in enumerate(lines, 1):
            if (at := line.find(f"--{token}:")) >= 0:
                return Span(TOKENS[0], number, at + 1)
        return Span(TOKENS[0])

    table, wrong = ink_table(tokens, place_of, report.print.ink_limit)
    if wrong:
        raise DiagnosedError.of(wrong)
    try:
        return press_of(report.print, project, table)
    except (OSError, OutsideProjectError, NotAPrinterProfileError) as error:
        message = f"the printer's profile can't be used ({error})"
        hint = "correct 'print' in content/report.yaml"
        raise DiagnosedError(
            "unusable-profile", Span("content/report.yaml"), message, hint
        ) from None


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


def _told(checked: Preflight, name: str) -> tuple[Diagnostic, ...]:
    """Give what a preflight found: what failed as errors, what is to be looked at as warnings."""
    hints = {
        Outcome.FAILED: "correct the template, style or content that makes it; nothing was written",
        Outcome.WARNED: "look at it, or put a better one in its place",
        Outcome.SKIPPED: "install what is missing, and build again",
    }
    return tuple(
        Diagnostic(
            Severity.ERROR if check.outcome is Outcome.FAILED else Severity.WARNING,
            "not-conformant" if check.outcome is Outcome.FAILED else "preflight",
            Span("templates"),
            f"{name}, {check.name}: " + (f"page {found.page}: " if found.page else "") + found.text,
            hints[check.outcome],
        )
        for check in checked.checks
        if check.outcome in hints
        for found in check.findings
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
