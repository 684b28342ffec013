"""`reportgen export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from reportgen.cli.options import find_project, outside_sources, project_option, write_out
from reportgen.cli.printing import print_text, summary
from reportgen.model.load import load_report
from reportgen.model.report import Report

# The commands import the library when they run: no other command waits for it.

Form = Literal["csv", "xlsx", "json"]


@click.group(short_help="Give the data to other programs.")
def export() -> None:
    """Give the report's records or a figure's numbers to other programs.

    What is given is what `reportgen import` takes: nothing is lost on the way out and back.
    """


_form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx", "json"]),
    default="csv",
    show_default=True,
    help="The form of the table.",
)
_out_option = click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=outside_sources,
    help="The file to write. Default: print it.",
)


@export.command(short_help="Give all records.")
@project_option
@_form_option
@_out_option
@click.pass_context
def commitments(context: click.Context, project: str | None, form: Form, out: Path | None) -> None:
    """Give all records, a row each.

    For Excel and the like take xlsx: they often take the letters of a CSV file for others.
    """
    from reportgen.exchange import export as tables

    report = _load(context, project)
    made: str | bytes
    if form == "csv":
        made = tables.commitments_csv(report)
    elif form == "json":
        made = tables.commitments_json(report)
    else:
        made = tables.commitments_xlsx(report)
    _give(context, made, out)


@export.command(short_help="Give a figure's numbers.")
@click.argument("figure_id", metavar="ID")
@project_option
@_form_option
@_out_option
@click.pass_context
def figure(
    context: click.Context, project: str | None, figure_id: str, form: Form, out: Path | None
) -> None:
    """Give the numbers of the figure ID, which its CSV file has."""
    from reportgen.exchange import export as tables
    from reportgen.exchange.figures import NoDataError, table_of

    try:
        table = table_of(_load(context, project), figure_id)
    except NoDataError as error:
        raise click.UsageError(str(error)) from None
    made: str | bytes
    if form == "csv":
        made = tables.figure_csv(table)
    elif form == "json":
        made = tables.figure_json(table)
    else:
        made = tables.figure_xlsx(table)
    _give(context, made, out)


def _load(context: click.Context, project: str | None) -> Report:
    loaded = load_report(find_project(context, project))
    if loaded.report is None:
        print_text(loaded.diagnostics, err=True)
        click.echo(f"content: {summary(loaded.diagnostics)}: nothing was exported", err=True)
        context.exit(1)
    return loaded.report


def _give(context: click.Context, made: str | bytes, out: Path | None) -> None:
    data = made.encode() if isinstance(made, str) else made
    if out is None:
        if isinstance(made, bytes) and sys.stdout.isatty():
            raise click.UsageError("an XLSX file can't be shown on a terminal; give --out FILE")
        click.echo(data, nl=False)
        return
    write_out(context, out, data)
