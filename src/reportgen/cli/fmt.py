"""`reportgen fmt`."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NoReturn

import click

from reportgen.cli.options import fail_to_write, find_project, project_option
from reportgen.cli.printing import print_text, summary
from reportgen.project import OutsideProjectError
from reportgen.source.diagnostics import Diagnostic, Diagnostics, Severity, Span, visible
from reportgen.source.limits import MAX_COMPARED_LINES
from reportgen.transaction import ChangedMeanwhileError

if TYPE_CHECKING:
    from reportgen.editing.formatting import Formatted
    from reportgen.project import Project


@click.command(short_help="Write content files in one style.")
@project_option
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file isn't in style.")
@click.option("--diff", is_flag=True, help="Print what would change, and else as --check.")
@click.pass_context
def fmt(
    context: click.Context, project: str | None, files: tuple[Path, ...], check: bool, diff: bool
) -> None:
    """Write YAML files and sections in one style: FILES and folders, or all of the report.

    Comments stay, and what a file says stays as it is. A file that has an error is told, and left
    alone. If a file is saved while the command runs, nothing is written.
    """
    from reportgen.editing.formatting import format_file, style_paths, write_formatted

    found_project = find_project(context, project)
    known = style_paths(found_project)
    paths = _chosen(found_project, known, files) if files else known
    diagnostics = Diagnostics()
    results = [format_file(found_project, path, diagnostics) for path in paths]
    to_change = [found for found in results if found and not found.is_in_style]
    if not diff and not check:
        try:
            write_formatted(found_project, to_change)
        except ChangedMeanwhileError as error:
            _fail_as_changed(context, str(error))
        except (OSError, OutsideProjectError) as error:
            fail_to_write(context, error)
    for found in to_change:
        if diff:
            click.echo("".join(_diff(found)), nl=False)
        else:
            state = "not in style" if check else "written in style"
            click.echo(f"{visible(str(found.path))}: {state}")
    problems = diagnostics.sorted()
    print_text(problems, err=True)
    if problems:
        click.echo(f"{summary(problems)}: such a file is left as it is", err=True)
    else:
        verb = "not in style" if check or diff else "written"
        click.echo(f"{_count(len(paths))} looked at, {len(to_change)} {verb}", err=diff)
    context.exit(1 if problems or (to_change and (check or diff)) else 0)


def _fail_as_changed(context: click.Context, path: str) -> NoReturn:
    """Say which file was saved since it was read, and leave with 1."""
    diagnostic = Diagnostic(
        Severity.ERROR,
        "changed-meanwhile",
        Span(path),
        "the file was saved while the command ran, so nothing was written",
        "run the command again",
    )
    print_text([diagnostic], err=True)
    context.exit(1)


def _count(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def _chosen(
    project: Project, known: Iterable[PurePosixPath], files: tuple[Path, ...]
) -> tuple[PurePosixPath, ...]:
    """Give the known files among those that are named, or that are in a folder that is named."""
    places = {path: (project.root / path).resolve() for path in known}
    chosen: dict[PurePosixPath, None] = {}
    for file in files:
        place = file.resolve()
        within = [p for p, real in places.items() if real == place or place in real.parents]
        if not within:
            raise click.UsageError(
                f"'{file}' is not a YAML file or a section of the report in {project.root}"
            )
        chosen.update(dict.fromkeys(within))
    return tuple(chosen)


def _diff(found: Formatted) -> Iterable[str]:
    before = found.before.decode("utf-8", "replace").splitlines(keepends=True)
    after = found.after.decode().splitlines(keepends=True)
    is_long = max(len(before), len(after)) > MAX_COMPARED_LINES
    hunks = _one_hunk if is_long else difflib.unified_diff
    for line in hunks(before, after, f"a/{found.path}", f"b/{found.path}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _one_hunk(before: Sequence[str], after: Sequence[str], old: str, new: str) -> Iterator[str]:
    """Return a unified diff that has all that changed in one hunk.

    To find many changes one by one takes the square of the number of lines.
    """
    head = _same(before, after)
    tail = _same(before[head:][::-1], after[head:][::-1])
    start, end = max(head - _CONTEXT, 0), min(tail, _CONTEXT)
    gone, come = before[head : len(before) - tail], after[head : len(after) - tail]
    lines = head - start + end
    yield f"--- {old}\n"
    yield f"+++ {new}\n"
    yield f"@@ -{start + 1},{lines + len(gone)} +{start + 1},{lines + len(come)} @@\n"
    yield from (f" {line}" for line in before[start:head])
    yield from (f"-{line}" for line in gone)
    yield from (f"+{line}" for line in come)
    yield from (f" {line}" for line in before[len(before) - tail :][:end])


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common from their beginnings on."""
    return sum(1 for _ in takewhile(bool, map(operator.eq, one, other)))


_CONTEXT = 3
"""How many lines stand around a change."""
