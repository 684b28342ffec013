"""`reportgen build`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.marks import marked
from reportgen.cli.options import find_project, project_option
from reportgen.cli.printing import as_json, check_as_json, print_json, print_text, summary
from reportgen.model.load import load_report
from reportgen.pdf.editions import EDITIONS
from reportgen.source.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from reportgen.build.build import Output


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
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
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
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.option("--json", "as_json_", is_flag=True, help="Print the result as JSON, and no progress.")
@click.pass_context
def build(
    context: click.Context,
    project: str | None,
    locales: tuple[str, ...],
    all_locales: bool,
    editions: tuple[str, ...],
    out: Path | None,
    strict: bool,
    proof: bool,
    since: str | None,
    quiet: bool,
    as_json_: bool,
) -> None:
    """Make the PDF files: out/SLUG.LOCALE.EDITION.pdf.

    Content with an error builds nothing. A file is replaced only by one that passed its edition's
    preflight (reportgen preflight --help).
    """
    if proof and not any(EDITIONS[name].on_paper for name in editions):
        raise click.UsageError("--proof shows the print edition: add --edition print")
    found_project = find_project(context, project)
    loaded = load_report(found_project)
    report = loaded.report
    if report is None or (strict and loaded.diagnostics):
        _finish(context, loaded.diagnostics, (), quiet, as_json_)
        return
    if since is not None:
        report, found = marked(found_project, report, since)
        if found:
            _finish(context, found, (), quiet, as_json_)
            return
    progress = _Progress(quiet or as_json_)
    progress("loading the typesetter")
    # Imported here: it takes longer than all of `reportgen check`, whose help and whose messages
    # about bad content must not wait for it.
    from reportgen.build.build import build as build_outputs
    from reportgen.locales.load import locale_tags
    from reportgen.locales.pseudo import PSEUDO
    from reportgen.pdf.metadata import build_date

    try:
        build_date(report)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    known = locale_tags(found_project, report)
    for tag in locales:
        if tag not in known:
            raise click.BadParameter(
                f"'{tag}' is not a language of this report; it has {', '.join(known)}",
                context,
                param_hint="'--locale'",
            )
    # The pseudo-locales are no languages: they are built when they are asked for by name.
    languages = tuple(tag for tag in known if tag not in PSEUDO)
    tags = languages if all_locales else locales or (report.language,)
    outputs = []
    for output in build_outputs(
        found_project,
        report,
        tuple(dict.fromkeys(tags)),
        [EDITIONS[name] for name in dict.fromkeys(editions or ("digital",))],
        out or found_project.root / "out",
        progress,
        strict=strict,
        proof=proof,
    ):
        outputs.append(output)
        progress.clear()
        if not quiet and not as_json_ and output.path:
            click.echo(_line(output))
    _finish(context, loaded.diagnostics, tuple(outputs), quiet, as_json_)


def _finish(
    context: click.Context,
    diagnostics: tuple[Diagnostic, ...],
    outputs: tuple[Output, ...],
    quiet: bool,
    as_json_: bool,
) -> None:
    """Print what is to be said at the end, and leave with the exit code."""
    failed = not outputs or any(output.path is None for output in outputs)
    all_found = (*diagnostics, *(d for output in outputs for d in output.diagnostics))
    if as_json_:
        print_json(
            {
                "outputs": [_output_as_json(output) for output in outputs],
                "diagnostics": [as_json(diagnostic) for diagnostic in diagnostics],
            }
        )
    else:
        if failed:
            errors = [d for d in all_found if d.severity is Severity.ERROR]
            print_text(errors or all_found, err=True)
        elif not quiet:
            print_text((d for output in outputs for d in output.diagnostics), err=True)
        if failed:
            click.echo(
                f"{summary(all_found)}: nothing was written in place of what failed", err=True
            )
        elif diagnostics and not quiet:
            click.echo(f"content: {summary(diagnostics)} (reportgen check shows them)")
    context.exit(1 if failed else 0)


def _line(output: Output) -> str:
    checked = output.preflight
    told = (
        ", ".join((*EDITIONS[output.edition].standards, f"{len(checked.checks)} checks passed"))
        if checked
        else ""
    )
    missing = output.untranslated
    return (
        f"{_shown(output.path)}  {output.pages} pages  {output.size / 1000:,.0f} kB"
        f"  {output.seconds:.1f} s  {told}"
        + (f"  {missing} text{'' if missing == 1 else 's'} not translated" if missing else "")
    )


def _shown(path: Path | None) -> str:
    """Give a path as short as it can be read from the current folder."""
    if path is None:
        return ""
    resolved = path.resolve()
    return str(resolved.relative_to(Path.cwd()) if resolved.is_relative_to(Path.cwd()) else path)


def _output_as_json(output: Output) -> dict[str, Any]:
    checked = output.preflight
    return {
        "locale": output.locale,
        "edition": output.edition,
        "path": str(output.path) if output.path else None,
        "pages": output.pages,
        "size": output.size,
        "seconds": round(output.seconds, 3),
        "standards": list(EDITIONS[output.edition].standards),
        "rules": sum(checked.rules.values()) if checked else 0,
        "checks": [check_as_json(check) for check in checked.checks] if checked else [],
        "untranslated": output.untranslated,
        "conformant": bool(checked and not checked.failed),
        "diagnostics": [as_json(diagnostic) for diagnostic in output.diagnostics],
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
