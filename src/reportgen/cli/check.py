"""`reportgen check`."""

from __future__ import annotations

from typing import Literal

import click

from reportgen.cli.options import find_project, project_option
from reportgen.cli.printing import as_json, print_github, print_json, print_text, summary
from reportgen.model.load import load_report
from reportgen.source.diagnostics import has_errors


@click.command(short_help="Say all that is wrong with the content.")
@project_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are printed.",
)
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.pass_context
def check(
    context: click.Context,
    project: str | None,
    form: Literal["text", "json", "github"],
    strict: bool,
) -> None:
    """Say all that is wrong with content and translations: file, line, column, what to do.

    Nothing is built and nothing is written.
    """
    found_project = find_project(context, project)
    loaded = load_report(found_project)
    found = loaded.diagnostics
    if loaded.report is not None and found_project.folders("locales"):
        # Imported here: most checks of content alone don't wait for Babel's readers.
        from reportgen.locales.check import check_locales

        found += check_locales(found_project, loaded.report)
    if form == "json":
        print_json([as_json(diagnostic) for diagnostic in found])
    elif form == "github":
        print_github(found)
    else:
        print_text(found)
        click.echo(f"content: {summary(found)}")
    context.exit(1 if has_errors(found) or (strict and found) else 0)
