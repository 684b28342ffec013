"""`reportgen diff`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reportgen.cli.options import (
    fail_on,
    fail_to_write,
    find_project,
    limits_options,
    outside_sources,
    project_option,
    write_out,
)
from reportgen.cli.printing import json_text
from reportgen.project import Project
from reportgen.worker import Limits

if TYPE_CHECKING:
    from reportgen.comparison.sides import Comparison

# What compares is imported when the command runs: no other command waits for it.

Form = Literal["text", "json", "html", "pdf"]


@click.command(short_help="Tell what has changed.")
@project_option
@click.argument("old")
@click.argument("new", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "pdf"]),
    default="text",
    show_default=True,
    help="The form of the answer.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=outside_sources,
    help="The file to write. Default: print it.",
)
@click.option(
    "--pages",
    is_flag=True,
    help="Compare the pages of two PDF files as pictures; --out FILE shows those that differ.",
)
@click.option("--exit-code", is_flag=True, help="Leave with 1 if there is a difference.")
@limits_options
@click.pass_context
def diff(
    context: click.Context,
    project: str | None,
    old: str,
    new: str | None,
    form: Form,
    out: Path | None,
    pages: bool,
    exit_code: bool,
    limits: Limits,
) -> None:
    """Tell what has changed from OLD to NEW: words, numbers, settings, translations, design.

    Each is the folder of a report, a PDF file of the edition 'archive', or a git revision of this
    report, such as HEAD~1 or a tag. Without NEW it is this report as it is now.

    A name that begins with '-' stands behind '--'.
    """
    _refuse_to_overwrite(out, old, new)
    if pages:
        from reportgen.cli.pages import compare_pages

        compare_pages(context, old, new, form, out, limits, exit_code=exit_code)
        return
    if form == "pdf" and out is None:
        raise click.UsageError("a PDF file can't be shown on a terminal; give --out FILE")
    compared = _compare(context, project, old, new, form, limits)
    _give(context, compared, form, out)
    context.exit(1 if exit_code and compared.changes else 0)


def _compare(
    context: click.Context,
    project: str | None,
    old: str,
    new: str | None,
    form: Form,
    limits: Limits,
) -> Comparison:
    from reportgen.comparison.revisions import RevisionError
    from reportgen.comparison.sides import (
        BrokenSideError,
        UnknownSideError,
        compare_states,
        opened,
    )

    current = _current(context, project)
    try:
        with ExitStack() as stack:
            states = [stack.enter_context(opened(name, current, limits)) for name in (old, new)]
            return compare_states(*states)
    except (UnknownSideError, RevisionError) as error:
        raise click.UsageError(str(error)) from None
    except BrokenSideError as error:
        fail_on(context, f"in {error}", error.diagnostics, form)
    except OSError as error:
        fail_to_write(context, error)


def _current(context: click.Context, project: str | None) -> Project | None:
    """Give the report that revisions are of; two folders or files can be compared without one."""
    if project or context.obj:
        return find_project(context, project)
    try:
        return find_project(context, None)
    except click.UsageError:
        return None


def _refuse_to_overwrite(out: Path | None, *inputs: str | None) -> None:
    for name in inputs:
        if out and name and _is_same(out, Path(name)):
            raise click.UsageError(f"--out {out} would overwrite what is compared")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except (OSError, RuntimeError, ValueError):  # one of them is no file
        return False


def _give(context: click.Context, compared: Comparison, form: Form, out: Path | None) -> None:
    from reportgen.cli import changes

    made: str | bytes
    if form == "text":
        made = changes.as_text(compared)
        made = made if out is None else click.unstyle(made)
    elif form == "json":
        made = json_text(changes.as_json(compared))
    elif form == "html":
        from reportgen.comparison.page import as_html

        made = as_html(compared)
    else:
        from reportgen.comparison.page import as_html
        from reportgen.comparison.paper import as_pdf

        made = as_pdf(as_html(compared))
    give(context, made, out, form)


def give(context: click.Context, made: str | bytes, out: Path | None, form: Form) -> None:
    """Write what was made, or print it; text in the terminal's encoding, all else in UTF-8."""
    data = made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")
    if out is None:
        click.echo(made if form == "text" else data, nl=False)
        return
    write_out(context, out, data)
