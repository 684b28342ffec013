"""`reportgen preflight`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.options import limits_options
from reportgen.cli.printing import check_as_json, print_json, print_text
from reportgen.model.load import load_report
from reportgen.pdf.editions import EDITIONS
from reportgen.project import Project, ProjectNotFoundError
from reportgen.source.diagnostics import Diagnostic, Severity, Span, shortened, visible
from reportgen.worker import Limits, Worker, WorkerError, preload

if TYPE_CHECKING:
    from reportgen.preflight.result import Check, Preflight, Wanted

_COLORS = {"passed": "green", "warned": "yellow", "failed": "red", "skipped": "yellow"}
_MOST_PAGES = 12


@click.command(short_help="Check finished PDF files.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--edition",
    metavar="E",
    type=click.Choice(sorted(EDITIONS)),
    help="Check against this edition. Default: the one whose standards the file claims.",
)
@click.option(
    "--bleed", metavar="MM", type=click.FloatRange(0, 20), help="The bleed that the printer wants."
)
@click.option(
    "--ink-limit", metavar="N", type=click.IntRange(100, 400), help="The most ink, in per cent."
)
@click.option("--json", "as_json_", is_flag=True, help="Print the result as JSON.")
@limits_options
@click.pass_context
def preflight(
    context: click.Context,
    files: tuple[Path, ...],
    edition: str | None,
    bleed: float | None,
    ink_limit: int | None,
    as_json_: bool,
    limits: Limits,
) -> None:
    """Check PDF files against their edition, as a printer, an archive or a validator would.

    Bleed, ink and the number of pages are those that 'print' in content/report.yaml asks for, if
    the current folder is a report's. The exit code is 1 if a file fails.
    """
    preload(["reportgen.preflight.preflight"])
    wanted = _wanted(context)
    if bleed is not None:
        wanted = replace(wanted, bleed=bleed)
    if ink_limit is not None:
        wanted = replace(wanted, ink_limit=ink_limit)
    results: list[dict[str, Any]] = []
    failed = False
    worker = Worker(limits)
    context.call_on_close(worker.close)
    for path in files:
        result = _check(worker, path, wanted, edition)
        if isinstance(result, Diagnostic):
            failed = True
            results.append({"path": str(path), "diagnostics": [result.flat()]})
            if not as_json_:
                print_text((result,), err=True)
            continue
        failed |= bool(result.failed)
        results.append(_as_json(path, result))
        if not as_json_:
            _print(path, result)
    if as_json_:
        print_json({"files": results})
    context.exit(1 if failed else 0)


def _check(
    worker: Worker, path: Path, wanted: Wanted, edition: str | None
) -> Preflight | Diagnostic:
    """Give the answer for a file, or why it can't be checked."""
    from reportgen.pdf.reading import UnreadablePdfError
    from reportgen.preflight.preflight import UnknownEditionError, preflight_file

    try:
        return worker.call(preflight_file, path, wanted, edition)
    except UnknownEditionError as error:
        code, reason = "not-checked", str(error)
    except (OSError, UnreadablePdfError, WorkerError) as error:
        code, reason = "unreadable-pdf", getattr(error, "strerror", None) or str(error)
    return Diagnostic(
        Severity.ERROR,
        code,
        Span(str(path)),
        shortened(f"the file can't be checked: {reason}"),
        "give a PDF file that reportgen built",
    )


def _wanted(context: click.Context) -> Wanted:
    """Give what the report around the current folder asks for, or what is usual."""
    from reportgen.preflight.result import Wanted

    try:
        report = load_report(Project.find(Path(context.obj or "."))).report
    except (ProjectNotFoundError, OSError):
        report = None
    return Wanted.of(report.print) if report else Wanted()


def _print(path: Path, result: Preflight) -> None:
    click.echo(f"{visible(str(path))}: edition '{result.edition}'")
    width = max(len(check.name) for check in result.checks)
    for check in result.checks:
        outcome = click.style(f"{check.outcome:<7}", fg=_COLORS[check.outcome])
        click.echo(f"  {check.name:<{width}}  {outcome}  {_source(check, result)}")
        for text, pages in _by_text(check).items():
            click.echo(f"  {'':<{width}}    {text}{_on(pages)}")


def _source(check: Check, result: Preflight) -> str:
    rules = result.rules.get(check.name)
    return f"{check.source}: {rules} rules" if rules else check.source


def _by_text(check: Check) -> dict[str, list[int]]:
    """Give each text once, with the pages that it is about."""
    found: dict[str, list[int]] = {}
    for finding in check.findings:
        found.setdefault(finding.text, []).extend([finding.page] if finding.page else [])
    return found


def _on(pages: list[int]) -> str:
    if not pages:
        return ""
    shown = ", ".join(map(str, pages[:_MOST_PAGES]))
    more = f" and {len(pages) - _MOST_PAGES} more" if len(pages) > _MOST_PAGES else ""
    return f" (page{'' if len(pages) == 1 else 's'} {shown}{more})"


def _as_json(path: Path, result: Preflight) -> dict[str, Any]:
    return {
        "path": str(path),
        "edition": result.edition,
        "passed": not result.failed,
        "rules": dict(result.rules),
        "checks": [check_as_json(check) for check in result.checks],
    }
