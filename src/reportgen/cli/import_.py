"""`reportgen import`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportgen.cli.options import find_project, project_option
from reportgen.cli.printing import print_json, print_text, summary
from reportgen.cli.words import compared_words
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostic, Severity, Span, has_errors, visible
from reportgen.source.limits import MAX_FILE_BYTES
from reportgen.transaction import Change, ChangedMeanwhileError, is_pending, replace_files

if TYPE_CHECKING:
    from reportgen.exchange.commitments import ChangedField, Plan, Record
    from reportgen.exchange.figures import FigurePlan


@click.group("import", short_help="Take data from a spreadsheet.")
def import_() -> None:
    """Take records or a figure's numbers from a spreadsheet: a CSV or XLSX file.

    What would change is shown first; --apply writes it. The files are changed all or none, and what
    the table doesn't have stays as it is, comments included.
    """


_file_argument = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
_apply_option = click.option("--apply", "apply_", is_flag=True, help="Write the changes.")
_prune_option = click.option("--prune", is_flag=True, help="Drop what the table doesn't have.")
_json_option = click.option("--json", "json_", is_flag=True, help="Print JSON, for other programs.")


@import_.command(short_help="Take records from a table.")
@project_option
@_file_argument
@_apply_option
@_prune_option
@_json_option
@click.pass_context
def commitments(
    context: click.Context, project: str | None, file: Path, apply_: bool, prune: bool, json_: bool
) -> None:
    """Show what the records of FILE would change in content/commitments, or do it.

    content/import.yaml says which column is what. A table that `reportgen export` wrote needs none.
    """
    from reportgen.exchange.commitments import plan_import

    found = find_project(context, project)
    result = plan_import(found, _read(context, file, json_), str(file), prune=prune)
    told, applied = _apply(found, result.changes, result.diagnostics, apply_)
    if json_:
        plan = None if result.plan is None else asdict(result.plan)
        _print_json(plan, result.changes, told, applied)
    else:
        if result.plan is not None:
            _print_plan(result.plan, prune)
        _finish(found, result.changes, told, applied)
    context.exit(1 if has_errors(told) else 0)


@import_.command(short_help="Take a figure's numbers from a table.")
@project_option
@click.argument("figure_id", metavar="ID")
@_file_argument
@_apply_option
@_prune_option
@_json_option
@click.pass_context
def figure(
    context: click.Context,
    project: str | None,
    figure_id: str,
    file: Path,
    apply_: bool,
    prune: bool,
    json_: bool,
) -> None:
    """Show what the numbers of FILE would change in the figure ID, or do it.

    FILE has the form of the figure's CSV file: names of rows in the first column, numbers in the
    others.
    """
    from reportgen.exchange.figures import NoDataError, plan_figure_import

    found = find_project(context, project)
    data = _read(context, file, json_)
    try:
        result = plan_figure_import(found, figure_id, data, str(file), prune=prune)
    except NoDataError as error:
        raise click.UsageError(str(error)) from None
    told, applied = _apply(found, result.changes, result.diagnostics, apply_)
    if json_:
        plan = None if result.plan is None else asdict(result.plan)
        _print_json(plan, result.changes, told, applied)
    else:
        if result.plan is not None:
            _print_figure_plan(result.plan, prune)
        _finish(found, result.changes, told, applied)
    context.exit(1 if has_errors(told) else 0)


def _read(context: click.Context, file: Path, json_: bool) -> bytes:
    try:
        with file.open("rb") as stream:  # a pipe is fine, but not one without an end
            return stream.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        diagnostic = Diagnostic(
            Severity.ERROR,
            "unreadable-file",
            Span(str(file)),
            f"the file can't be read ({getattr(error, 'strerror', None) or error})",
            "make sure that it is there and may be read",
        )
        if json_:
            _print_json(None, (), (diagnostic,), False)
        else:
            print_text([diagnostic], err=True)
        context.exit(1)


def _apply(
    project: Project,
    changes: Sequence[Change],
    diagnostics: tuple[Diagnostic, ...],
    wanted: bool,
) -> tuple[tuple[Diagnostic, ...], bool]:
    """Write the changes if that is wanted; give all that is to be told, and whether it was done."""
    if not wanted or has_errors(diagnostics):
        return diagnostics, False
    code = "not-written"
    try:
        if changes:
            replace_files(project, changes)
    except ChangedMeanwhileError as error:
        span, reason = Span(str(error)), "the file was edited while the import ran"
        hint = "run the command again"
    except OutsideProjectError as error:
        span, reason = Span(str(error)), "the file lies outside of the folder of the content"
        hint = "put the file itself in the place of the link"
    except OSError as error:
        span = Span(str(error.filename or "content"))
        reason = f"the files can't be written ({error.strerror or error})"
        hint = "put that right and run the command again"
        if is_pending(project):
            code, hint = "unfinished-import", "put that right: any command then completes it"
    else:
        return diagnostics, True
    return (*diagnostics, Diagnostic(Severity.ERROR, code, span, reason, hint)), False


def _print_json(
    plan: dict[str, Any] | None,
    changes: Sequence[Change],
    diagnostics: Sequence[Diagnostic],
    applied: bool,
) -> None:
    print_json(
        {
            "plan": plan,
            "files": [str(change.path) for change in changes],
            "applied": applied,
            "diagnostics": [diagnostic.flat() for diagnostic in diagnostics],
        }
    )


def _finish(
    project: Project,
    changes: Sequence[Change],
    diagnostics: Sequence[Diagnostic],
    applied: bool,
) -> None:
    """Print what is wrong, and what has become of the files."""
    print_text(diagnostics, err=True)
    if has_errors(diagnostics):
        is_cut_off = any(diagnostic.code == "unfinished-import" for diagnostic in diagnostics)
        what = "the import is not complete" if is_cut_off else "nothing was changed"
        click.echo(f"{summary(diagnostics)}: {what}", err=True)
    elif not changes:
        click.echo("nothing to change")
    elif applied:
        for change in changes:
            what = "deleted" if change.new is None else "added" if change.old is None else "changed"
            click.echo(f"{what}: {change.path}")
        from reportgen.locales.catalog import locale_folders

        if locale_folders(project):
            click.echo("next: reportgen translate update, which marks the changed texts")
    else:
        click.echo("nothing was changed yet: --apply writes it")


def _print_plan(plan: Plan, prune: bool) -> None:
    for record in plan.new:
        click.echo(_line("+", record.id, f"{_about(record)}, {record.year}: {record.title}"))
    for changed in plan.changed:
        click.echo(_line("~", changed.record.id, _about(changed.record)))
        for field in changed.fields:
            click.echo(f"    {field.name}: {_compared(field)}")
    for record in plan.gone:
        click.echo(_line("-", record.id, f"{_about(record)}: {record.title}{_fate(prune)}"))
    skipped = f", {plan.skipped} not in this report" if plan.skipped else ""
    click.echo(f"{_counts(plan)}{skipped} (read as '{plan.mapping}')")


def _print_figure_plan(plan: FigurePlan, prune: bool) -> None:
    for column in plan.new_columns:
        click.echo(_line("+", column, "column"))
    for name in plan.new:
        click.echo(_line("+", name, "row"))
    for row in plan.changed:
        click.echo(_line("~", row.name, "row"))
        for cell in row.cells:
            click.echo(f"    {visible(cell.column)}: {cell.old or '(gap)'} → {cell.new or '(gap)'}")
    for name in plan.gone:
        click.echo(_line("-", name, f"row{_fate(prune)}"))
    for column in plan.gone_columns:
        click.echo(_line("-", column, f"column{_fate(prune)}"))
    click.echo(_counts(plan))


_COLORS = {"+": "green", "~": "yellow", "-": "red"}


def _line(sign: str, name: str, about: str) -> str:
    return click.style(f"{sign} {visible(name)}", fg=_COLORS[sign]) + f"  {visible(about)}"


def _about(record: Record) -> str:
    return f"{record.member}, {record.pillar}"


def _fate(prune: bool) -> str:
    return "" if prune else "  (stays; --prune drops it)"


def _counts(plan: Plan | FigurePlan) -> str:
    return (
        f"{len(plan.new)} new, {len(plan.changed)} changed, {len(plan.unchanged)} unchanged,"
        f" {len(plan.gone)} gone"
    )


def _compared(field: ChangedField) -> str:
    """Give what has become of a value: of prose, the words that went and those that came."""
    if field.name in ("title", "summary"):
        return compared_words(str(field.old), str(field.new))
    return f"{visible(str(field.old))} → {field.new}"
