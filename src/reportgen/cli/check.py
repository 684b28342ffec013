"""`reportgen check`."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import Literal

import click

from reportgen.cli.options import find_project, project_option
from reportgen.cli.printing import print_github, print_json, print_text, summary
from reportgen.model.design import check_design
from reportgen.model.load import load_report
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic, has_errors
from reportgen.source.styles import check_styles

Form = Literal["text", "json", "github"]


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
@click.option("--watch", is_flag=True, help="Check again at each save, until Ctrl-C.")
@click.pass_context
def check(
    context: click.Context,
    project: str | None,
    form: Form,
    strict: bool,
    watch: bool,
) -> None:
    """Say all that is wrong with content, styles and translations: file, line, column, what to do.

    Nothing is built and nothing is written. With --watch, a terminal is cleared before each check,
    and --format json prints a line for each.
    """
    found_project = find_project(context, project)
    if watch:
        _watch(found_project, form)
        return
    found = _check(found_project)
    _print(found, form)
    context.exit(1 if has_errors(found) or (strict and found) else 0)


def _check(project: Project) -> tuple[Diagnostic, ...]:
    loaded = load_report(project)
    found = loaded.diagnostics + check_styles(project) + check_design(project, loaded.files)
    if not _has_locales(project):
        return found
    # Imported here: most checks of content alone don't wait for Babel's readers.
    from reportgen.locales.check import check_locales

    return found + check_locales(project, loaded.report)


def _has_locales(project: Project) -> bool:
    try:
        return bool(project.folders("locales"))
    except OSError:  # who checks them tells why they can't be read
        return True


def _watch(project: Project, form: Form) -> None:
    from reportgen.editing.watch import saves

    # Ctrl-C is how a watch ends: it is no failure.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        for _ in saves(project):
            found = _check(project)
            click.clear()  # of a terminal only
            _print(found, form, in_a_line=True)
            if sys.stdout.isatty():
                click.echo("Checked again at each save; Ctrl-C ends.", err=True)


def _print(found: tuple[Diagnostic, ...], form: Form, *, in_a_line: bool = False) -> None:
    if form == "json":
        print_json([diagnostic.flat() for diagnostic in found], in_a_line=in_a_line)
    elif form == "github":
        print_github(found)
    else:
        print_text(found)
        click.echo(f"content: {summary(found)}")
