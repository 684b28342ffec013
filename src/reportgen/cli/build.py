"""`reportgen build`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reportgen.build.build import Fate, Output
from reportgen.build.build import build as build_outputs
from reportgen.build.cache import Cache
from reportgen.build.cluster import cluster, is_installed
from reportgen.build.executors import cores, preload_engine
from reportgen.build.fingerprint import fingerprint
from reportgen.build.job import Job, Step
from reportgen.build.survey import nothing_selected, survey
from reportgen.cli.marks import marks
from reportgen.cli.options import (
    find_project,
    limits_options,
    outside_sources,
    project_option,
    refuse_unknown_locale,
)
from reportgen.cli.printing import (
    check_as_json,
    print_folded,
    print_json,
    print_text,
    summary,
)
from reportgen.cli.selecting import asked_selection, selecting_options
from reportgen.locales.pseudo import PSEUDO
from reportgen.model.selection import Selection
from reportgen.pdf.dates import source_date
from reportgen.pdf.editions import EDITIONS
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import (
    DiagnosedError,
    Diagnostic,
    Severity,
    Span,
    folded,
    has_errors,
)
from reportgen.worker import Limits, Workers


@click.command(short_help="Make the PDF files.")
@project_option
@click.option(
    "--locale",
    "locales",
    metavar="L",
    multiple=True,
    help="A language to build; may come again. Default: the content's.",
)
@click.option("--all-locales", is_flag=True, help="Build every language that there is.")
@click.option(
    "--edition",
    "editions",
    metavar="E",
    multiple=True,
    type=click.Choice(sorted(EDITIONS)),
    help=f"An edition to build ({', '.join(sorted(EDITIONS))}); may come again. Default: digital.",
)
@selecting_options
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    callback=outside_sources,
    help="Where the files go. Default: the project's out folder.",
)
@click.option(
    "--strict", is_flag=True, help="Build nothing that has a warning or a text without translation."
)
@click.option(
    "--proof",
    is_flag=True,
    help="Write the print edition as spreads for the screen, without bleed and marks.",
)
@click.option(
    "--mark-changes",
    "since",
    metavar="SINCE",
    help="Mark the records that are new or changed since a git revision, or since a day"
    " (YYYY-MM-DD), in files of their own: …-marked.pdf.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many files are made side by side. Default: as many as there are processors; a single"
    " file has its figures drawn beside it. With 1, one process after the other does the work.",
)
@click.option(
    "--cluster",
    "cluster_address",
    metavar="ADDRESS",
    help="Have the files made by the workers of a Dask cluster; the address is its scheduler's.",
)
@limits_options
@click.option("--force", is_flag=True, help="Make all files anew, also those that are up to date.")
@click.option("--explain", is_flag=True, help="Say of each file why it was made, or wasn't.")
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.option("--json", "as_json_", is_flag=True, help="Print the result as JSON, and no progress.")
@click.pass_context
def build(
    context: click.Context,
    project: str | None,
    locales: tuple[str, ...],
    all_locales: bool,
    editions: tuple[str, ...],
    select: tuple[str, ...],
    each: str | None,
    out: Path | None,
    strict: bool,
    proof: bool,
    since: str | None,
    jobs: int | None,
    cluster_address: str | None,
    limits: Limits,
    force: bool,
    explain: bool,
    quiet: bool,
    as_json_: bool,
) -> None:
    """Make the PDF files: out/SLUG.LOCALE.EDITION.pdf.

    With --select or --each, briefs of some of the records: out/SLUG.SELECTION.LOCALE.EDITION.pdf.

    What is up to date is left as it is. Content with an error builds nothing. A file is replaced
    only by one that passed its edition's preflight (reportgen preflight --help).
    """
    if proof and not any(EDITIONS[name].on_paper for name in editions):
        raise click.UsageError("--proof shows the print edition: add --edition print")
    if cluster_address is not None:
        _refuse_cluster(jobs)
    try:
        source_date()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    found_project = find_project(context, project)
    folder = out or _default_folder(context, found_project)
    cache = Cache(found_project, fingerprint())
    if not quiet and (trouble := cache.trouble()):
        print_text([trouble], err=True)
    seen = survey(found_project, None if force else cache)
    if not seen.languages or (strict and seen.diagnostics):
        _finish(context, seen.diagnostics, (), quiet, as_json_)
        return
    marked, wrong = marks(found_project, since) if since is not None else (None, ())
    if wrong:
        _finish(context, wrong, (), quiet, as_json_)
        return
    selection = asked_selection(context, seen, select)
    if (selection or each) and not seen.has(selection):
        found = (*seen.diagnostics, nothing_selected(selection))
        _finish(context, found, (), quiet, as_json_)
        return
    selections = seen.each(each, selection) if each else (selection,)
    progress = _Progress(quiet or as_json_)
    outputs = []
    jobs_asked = _jobs(context, seen.languages, locales, all_locales, editions, proof, selections)
    wanted = tuple(replace(job, marks=marked) for job in jobs_asked)
    built = build_outputs(
        found_project,
        wanted,
        folder,
        cache=cache,
        executor=_executor(found_project, cluster_address, jobs, limits, progress),
        drawing=limits
        if seen.figures and len(wanted) == 1 and _processors(cluster_address, jobs) > 1
        else None,
        # The survey has done so.
        checked=True,
        progress=progress,
        strict=strict,
        force=force,
    )
    wrong = seen.diagnostics
    try:
        for output in built:
            outputs.append(output)
            progress.clear()
            if not quiet and not as_json_ and output.path:
                click.echo(_line(output))
                if explain:
                    click.echo(_explained(output))
    except DiagnosedError as error:
        progress.clear()
        wrong = (*wrong, *error.diagnostics)
    outputs.sort(key=lambda output: wanted.index(output.job))
    _finish(context, wrong, tuple(outputs), quiet, as_json_)


def _default_folder(context: click.Context, project: Project) -> Path:
    """Return the project's own folder for files, or leave with 1 if that is a way out of it.

    The project may come from somebody else, who has no say in where files are written.
    """
    try:
        project.resolve(_OUT)
    except (OSError, OutsideProjectError):
        diagnostic = Diagnostic(
            Severity.ERROR,
            "outside-project",
            Span(_OUT),
            "the folder is a link that leads out of the project",
            "make a folder of it, or name the other one with --out",
        )
        print_text([diagnostic], err=True)
        context.exit(1)
    return project.root / _OUT


_OUT = "out"


def _refuse_cluster(jobs: int | None) -> None:
    """Make sure that `--cluster` can be had.

    Raises:
        click.UsageError: it can't.
    """
    if not is_installed():
        raise click.UsageError("--cluster needs Dask: pip install 'reportgen[cluster]'")
    if jobs is not None:
        raise click.UsageError("--jobs is for this machine: a cluster has as many as its workers")


def _executor(
    project: Project,
    address: str | None,
    jobs: int | None,
    limits: Limits,
    progress: Callable[[str], None],
) -> Callable[[int], Executor]:
    """Return what makes an executor for a number of outputs."""
    if address is not None:
        return lambda outputs: cluster(address, project)

    def tell(step: Step) -> None:
        progress(step.text)

    def workers(outputs: int) -> Executor:
        preload_engine()
        # Steps of outputs that are made side by side would take turns on one line.
        return Workers(
            min(jobs or cores(), outputs), limits, tell if outputs == 1 else lambda step: None
        )

    return workers


def _processors(address: str | None, jobs: int | None) -> int:
    """Return how many processes of this machine may work."""
    return 1 if address is not None else jobs or cores()


def _jobs(
    context: click.Context,
    known: tuple[str, ...],
    locales: tuple[str, ...],
    all_locales: bool,
    editions: tuple[str, ...],
    proof: bool,
    selections: tuple[Selection, ...],
) -> tuple[Job, ...]:
    """Give what the options ask for, each once."""
    for tag in locales:
        refuse_unknown_locale(context, tag, known)
    # The pseudo-locales are no languages: they are built when they are asked for by name.
    languages = tuple(tag for tag in known if tag not in PSEUDO)
    tags = languages if all_locales else locales or known[:1]
    return tuple(
        Job(tag, edition, proof and EDITIONS[edition].on_paper, selection=selection)
        for selection in selections
        for tag in dict.fromkeys(tags)
        for edition in dict.fromkeys(editions or ("digital",))
    )


def _finish(
    context: click.Context,
    diagnostics: tuple[Diagnostic, ...],
    outputs: tuple[Output, ...],
    quiet: bool,
    as_json_: bool,
) -> None:
    """Print what is to be said at the end, and leave with the exit code."""
    failed = (
        not outputs or has_errors(diagnostics) or any(output.path is None for output in outputs)
    )
    all_found = (*diagnostics, *(d for output in outputs for d in output.diagnostics))
    if as_json_:
        print_json(
            {
                "outputs": [_output_as_json(output) for output in outputs],
                "diagnostics": [diagnostic.flat() for diagnostic in diagnostics],
            }
        )
    else:
        told = folded(all_found if failed else (d for o in outputs for d in o.diagnostics))
        print_folded(told, err=True)
        if failed:
            problems = summary(diagnostic for diagnostic, _ in told)
            click.echo(f"{problems}: nothing was written in place of what failed", err=True)
        elif diagnostics and not quiet:
            click.echo(f"content: {summary(diagnostics)} (reportgen check shows them)")
    context.exit(1 if failed else 0)


def _line(output: Output) -> str:
    checked = output.preflight
    told = (
        ", ".join((*output.job.made_for.standards, f"{len(checked.checks)} checks passed"))
        if checked
        else ""
    )
    took = "up to date" if output.fate is Fate.CURRENT else f"{output.seconds:.1f} s"
    if output.fate is Fate.RESTORED:
        took = "kept from before"
    missing = output.untranslated
    return (
        f"{_shown(output.path)}  {output.pages} pages  {output.size / 1000:,.0f} kB"
        f"  {took}  {told}"
        + (f"  {missing} text{'' if missing == 1 else 's'} not translated" if missing else "")
    )


def _explained(output: Output) -> str:
    """Give in words why a file was made or wasn't."""
    if output.fate is Fate.CURRENT:
        return "  nothing that it is made of has changed"
    first, more = output.why[:_MOST_REASONS], len(output.why) - _MOST_REASONS
    said = "; ".join(first) + (f"; and {more} more" if more > 0 else "")
    done = "written again from what was kept" if output.fate is Fate.RESTORED else "made"
    return f"  {done}: {said}"


_MOST_REASONS = 5


def _shown(path: Path | None) -> str:
    """Give a path as short as it can be read from the current folder."""
    if path is None:
        return ""
    resolved = path.resolve()
    return str(resolved.relative_to(Path.cwd()) if resolved.is_relative_to(Path.cwd()) else path)


def _output_as_json(output: Output) -> dict[str, Any]:
    checked = output.preflight
    return {
        "locale": output.job.locale,
        "edition": output.job.edition,
        "selection": output.job.selection.asked,
        "fate": str(output.fate),
        "why": list(output.why),
        "path": str(output.path) if output.path else None,
        "pages": output.pages,
        "size": output.size,
        "seconds": round(output.seconds, 3),
        "standards": list(output.job.made_for.standards),
        "rules": sum(checked.rules.values()) if checked else 0,
        "checks": [check_as_json(check) for check in checked.checks] if checked else [],
        "untranslated": output.untranslated,
        "conformant": bool(checked and not checked.failed),
        "diagnostics": [diagnostic.flat() for diagnostic in output.diagnostics],
    }


class _Progress:
    """Shows the current step on a terminal in one line that goes away; elsewhere shows nothing."""

    def __init__(self, silent: bool) -> None:
        self._shown = sys.stderr.isatty() and not silent

    def __call__(self, step: str) -> None:
        if self._shown:
            click.echo(f"\r\x1b[2K{step}", nl=False, err=True)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[2K", nl=False, err=True)
