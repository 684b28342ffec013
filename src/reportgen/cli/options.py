"""Options that several commands have."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar, cast

import click

from reportgen.cli.printing import print_json, print_text, summary
from reportgen.project import (
    MARKER,
    TAKEN,
    OutsideProjectError,
    Project,
    ProjectNotFoundError,
    write_atomically,
)
from reportgen.source.diagnostics import Diagnostic, Severity, Span
from reportgen.transaction import FOLDER, ChangedMeanwhileError, is_pending, recover
from reportgen.worker import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from reportgen.model.report import Report

Command = TypeVar("Command", bound=Callable[..., Any])


def project_option(command: Command) -> Command:
    """Give a command the option `--project`."""
    return click.option(
        "--project",
        metavar="DIR",
        type=click.Path(file_okay=False),
        help="The report's folder. Default: the folder at or above the current one that holds"
        " content/report.yaml.",
    )(command)


class _Size(click.ParamType[int]):
    """A number of bytes, such as 512M or 4G, in powers of 1024."""

    name = "size"
    _UNITS: ClassVar = {"M": 1024**2, "G": 1024**3}

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        if isinstance(value, int):
            return value
        number, unit = str(value)[:-1], str(value)[-1:].upper()
        if (
            not (number.isascii() and number.isdigit() and int(number[:9]))
            or unit not in self._UNITS
        ):
            self.fail(f"'{value}' is not a size such as 512M or 4G", param, context)
        return int(number[:9]) * self._UNITS[unit]


def limits_options(command: Command) -> Command:
    """Give a command the options `--max-seconds` and `--max-memory`, as its argument `limits`."""

    @click.option(
        "--max-seconds",
        metavar="N",
        type=click.FloatRange(min=0, min_open=True),
        default=DEFAULT_LIMITS.seconds,
        show_default=True,
        envvar="REPORTGEN_MAX_SECONDS",
        show_envvar=True,
        help="How long the work on one file may take.",
    )
    @click.option(
        "--max-memory",
        metavar="SIZE",
        type=_Size(),
        default=f"{DEFAULT_LIMITS.memory_bytes // 1024**3}G",
        show_default=True,
        envvar="REPORTGEN_MAX_MEMORY",
        show_envvar=True,
        help="How much memory it may take, such as 512M or 4G (on Linux only).",
    )
    @functools.wraps(command)
    def limited(*args: Any, max_seconds: float, max_memory: int, **kwargs: Any) -> Any:
        return command(*args, limits=Limits(max_seconds, max_memory), **kwargs)

    return cast(Command, limited)


def find_project(context: click.Context, project: str | None) -> Project:
    """Give the project that a command works on: `--project` after or before its name, or around.

    A change of files that was cut off is brought to its end first; a command that can't do so ends.

    Raises:
        click.UsageError: there is none.
    """
    given = project or context.obj
    start = Path(given or ".")
    try:
        found = Project.find(start)
    except (ProjectNotFoundError, OSError, RuntimeError) as error:
        raise click.UsageError(
            f"{error}; give --project DIR, or start a report: reportgen init DIR"
        ) from None
    if given and found.root != start.resolve():
        raise click.UsageError(
            f"{start} holds no content/report.yaml; the report around it is {found.root}"
        )
    _finish_import(context, found)
    return found


def _finish_import(context: click.Context, project: Project) -> None:
    """Bring a change of files that was cut off to its end, or say what keeps it from there."""
    keep = f"or delete the folder {FOLDER} to keep all files as they are"
    what = "an import or fmt was cut off before it was done, and"
    code, span = "unfinished-import", Span(str(FOLDER))
    try:
        recover(project)
    except ChangedMeanwhileError as error:
        span, reason = Span(str(error)), f"{what} this file was edited since"
        hint = f"put the edit aside and run the command again, {keep}"
    except OSError as error:
        reason = f"{what} can't be brought to its end ({error.strerror or error})"
        hint = f"put that right and run the command again, {keep}"
        if not _is_unfinished(project):
            code, reason = "unusable-folder", f"the folder can't be used ({error.strerror})"
            hint = "make sure that it is a folder of yours, or delete it"
    else:
        return
    print_text([Diagnostic(Severity.ERROR, code, span, reason, hint)], err=True)
    context.exit(1)


def _is_unfinished(project: Project) -> bool:
    try:
        return is_pending(project)
    except OSError:
        return False


def load_or_exit(context: click.Context, project: str | None) -> tuple[Project, Report]:
    """Give the project and its report; if that has errors, tell them and leave with 1."""
    from reportgen.model.load import load_report

    found = find_project(context, project)
    loaded = load_report(found)
    if loaded.report is None:
        print_text(loaded.diagnostics, err=True)
        click.echo(f"content: {summary(loaded.diagnostics)}: nothing was done", err=True)
        context.exit(1)
    return found, loaded.report


def outside_sources(
    context: click.Context, parameter: click.Parameter, place: Path | None
) -> Path | None:
    """Make sure, as the callback of an option `--out`, that nothing is written onto a report.

    Raises:
        click.BadParameter: it lies in a folder that some report is made of.
    """
    for name in {place.absolute(), Path(os.path.realpath(place))} if place else ():
        real = Path(os.path.realpath(name.parent), name.name)
        for root in real.parents:
            inner = real.relative_to(root).parts[0]
            if inner in TAKEN and (root / MARKER).is_file():
                raise click.BadParameter(
                    f"{place} lies in {root / inner}, which a report is made of; choose another"
                    " place",
                    context,
                    parameter,
                )
    return place


def refuse_unknown_locale(context: click.Context, tag: str, known: tuple[str, ...]) -> None:
    """Make sure that `--locale` is one of the languages that a report has.

    Raises:
        click.BadParameter: it isn't.
    """
    if tag not in known:
        raise click.BadParameter(
            f"'{tag}' is not a language of this report; it has {', '.join(known)}",
            context,
            param_hint="'--locale'",
        )


def fail_on(
    context: click.Context, where: str, diagnostics: tuple[Diagnostic, ...], form: str
) -> NoReturn:
    """Say what is wrong with something that was to be compared, and leave with 1."""
    if form == "json":
        print_json({"diagnostics": [diagnostic.flat() for diagnostic in diagnostics]})
    else:
        print_text(diagnostics, err=True)
    click.echo(f"{where}: {summary(diagnostics)}: nothing was compared", err=True)
    context.exit(1)


def write_out(context: click.Context, out: Path, data: bytes) -> None:
    """Write the file that `--out` names, or say why that can't be done and leave with 1."""
    try:
        write_atomically(out, data)
    except OSError as error:
        fail_to_write(context, error, str(out))


def fail_to_write(
    context: click.Context, error: OSError | OutsideProjectError, path: str | None = None
) -> NoReturn:
    """Say which file can't be written, and why, and leave with 1."""
    if isinstance(error, OutsideProjectError):
        where, reason = str(error), "it would lie outside of the project"
        hint = "make sure that its folder is in the project"
    else:
        where, reason = path or error.filename or "the file", error.strerror or str(error)
        hint = "make sure that its folder may be written to, or choose another place"
    print_text([Diagnostic(Severity.ERROR, "not-written", Span(where), reason, hint)], err=True)
    context.exit(1)
