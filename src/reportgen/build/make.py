"""One output made: a function of the project and of what is asked for, and of nothing else."""

from __future__ import annotations

import time
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial

from reportgen.build.composition import (
    compose,
    lay_out_parts,
    layouter_for,
    told_by_numbers,
    told_by_typesetter,
)
from reportgen.build.failure import failed
from reportgen.build.findings import told_by_preflight, told_by_reader, told_of_edges
from reportgen.build.job import Job, Made, Progress, Step
from reportgen.build.places import Places
from reportgen.build.survey import nothing_selected
from reportgen.exchange.dataset import dataset
from reportgen.locales.catalog import LOCALES, catalog_path, folder_name
from reportgen.locales.load import LocalizedReport, load_locale
from reportgen.model.brief import select
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pages.aside import Aside
from reportgen.pages.catalogue import selection_label
from reportgen.pages.figures import draw
from reportgen.pages.parts import Part
from reportgen.pages.render import TEMPLATES
from reportgen.pdf.metadata import identify
from reportgen.pdf.proof import spreads
from reportgen.pdf.write import Written, write_report
from reportgen.preflight.preflight import preflight
from reportgen.preflight.result import Wanted
from reportgen.preflight.words import misread
from reportgen.project import OutsideProjectError, Project, Recorder
from reportgen.source.diagnostics import (
    DiagnosedError,
    Span,
    has_errors,
)
from reportgen.source.styles import STYLES
from reportgen.source.tokens import TOKENS
from reportgen.typeset.layout import LaidOut, Log


def make(
    project: Project,
    job: Job,
    progress: Progress = lambda step: None,
    drawing: Executor | None = None,
    *,
    checked: bool = False,
) -> Made:
    """Make an output without writing it.

    Args:
        project: what it is made of.
        job: what to make.
        progress: receives each step before it begins.
        drawing: draws the figures meanwhile; without it, they are drawn here.
        checked: whether the style sheets are known to be right.

    Returns:
        The output, or the diagnostics that say why there is none.

    Raises:
        MemoryError: there is not enough memory.
    """
    started = time.perf_counter()
    recorder = Recorder.of(project)
    try:
        made = _make(recorder, job, progress, drawing, checked)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - one output's failure must not stop the others
        made = failed(job, error)
    seconds = time.perf_counter() - started
    return replace(made, seconds=seconds, answers=dict(recorder.answers))


def _make(
    project: Project, job: Job, progress: Progress, drawing: Executor | None, is_checked: bool
) -> Made:
    """Make an output.

    Raises:
        DiagnosedError: content, translation, template or style is missing or wrong.
    """
    progress(Step("reading the content", "content"))
    source = load_report(project)
    if source.report is None:
        return failed(job, DiagnosedError.of(source.diagnostics))
    # First selected, then translated: what is not printed needs no translation.
    report = select(replace(source.report, marks=job.marks), job.selection)
    if job.selection and not report.commitments:
        raise DiagnosedError.of((nothing_selected(job.selection),))
    progress(Step("reading the translation", _catalog(source.report, job.locale)))
    localized = load_locale(project, report, job.locale)
    if localized.report is None:
        return failed(job, DiagnosedError.of(localized.diagnostics))
    name = job.file_name(localized.report.slug)

    made, written, places = _typeset(
        project, job, report, localized, localized.report, progress, drawing, is_checked
    )
    told = f"checking against {', '.join(job.made_for.standards)}"
    progress(Step(told, str(TEMPLATES)))
    right_to_left = localized.locale.direction == "rtl"
    with ThreadPoolExecutor(1) as beside:
        # The reader lets other checks run beside it.
        wrong = beside.submit(misread, written.data, written.lines, right_to_left)
        checked = preflight(written.data, Wanted.of(localized.report.print), job.edition)
    found = (
        *told_by_preflight(checked, name, places),
        *told_by_reader(wrong.result(), name, places),
        *made.diagnostics,
    )
    data: bytes | None = written.data
    if has_errors(found):
        data = None
    elif job.proof:
        data = spreads(written.data, right_to_left=right_to_left)
    return replace(made, name=name, data=data, preflight=checked, diagnostics=found)


def _typeset(
    project: Project,
    job: Job,
    source: Report,
    localized: LocalizedReport,
    report: Report,
    progress: Progress,
    drawing: Executor | None,
    is_checked: bool,
) -> tuple[Made, Written, Places]:
    """Make the PDF of an output, which nobody has checked yet, and what finds places on its pages.

    Raises:
        DiagnosedError: a template, a style sheet or a file that they name is missing or wrong.
    """
    edition, locale = job.made_for, localized.locale
    aside = Aside(drawing) if drawing else None
    progress(Step("reading the design tokens", TOKENS[0]))
    composition = compose(project, report, locale, edition, aside or draw)
    press = composition.press
    # Made for the first part that is laid out: by then, the drawings of all are under way.
    layouter = cache(partial(layouter_for, project, locale, edition, press, checked=is_checked))

    def lay_out(html: str, first_page: int, part: Part) -> LaidOut:
        return layouter()(aside.placed(html) if aside else html, first_page, part)

    result = lay_out_parts(composition, lay_out, progress)
    progress(Step("writing the PDF", str(STYLES)))
    content = _content_hash(project, source, locale.tag)
    files = dataset(source, content) if edition.carries_data else ()
    label = selection_label(report, locale)
    identity = identify(report, locale.tag, content, label)
    places, log = Places(project, report, result), Log()
    with log:
        written = write_report(result, identity, edition, press, files)
    found = (
        *localized.diagnostics,
        *told_by_typesetter(places, layouter().messages, log.messages),
        *told_by_numbers(result),
        *told_of_edges(places),
    )
    untranslated = len(localized.missing) + len(composition.renderer.untranslated)
    made = Made(job, "", written.data, result.pages, untranslated, None, found, 0.0)
    return made, written, places


def _catalog(source: Report, tag: str) -> str:
    """Return the path of a locale's catalog; for the content's own language, of the content."""
    return "content" if tag == source.language else str(catalog_path(tag))


def _content_hash(project: Project, source: Report, tag: str) -> str:
    """Give the SHA-256, as hex, of what an output is built from: content and translation.

    Raises:
        DiagnosedError: a file of these can't be read.
    """
    translation = () if tag == source.language else (f"{LOCALES}/{folder_name(tag)}",)
    try:
        return project.digest("content", *translation)
    except (OSError, OutsideProjectError) as error:
        raise DiagnosedError(
            "unreadable-file",
            Span("content"),
            f"a file can't be read ({error})",
            "make it readable, or take it out; links must not lead out of the project",
        ) from None
