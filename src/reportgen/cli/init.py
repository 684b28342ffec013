"""`reportgen init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from reportgen.build.start import FolderNotEmptyError, start_project
from reportgen.cli.options import fail_to_write


@click.command(short_help="Start a report in a new folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.pass_context
def init(context: click.Context, folder: Path) -> None:
    """Start a small working report in DIR, a new or empty folder."""
    try:
        files = start_project(folder)
    except FolderNotEmptyError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        fail_to_write(context, error, str(folder))
    click.echo(
        f"{folder}: a report of {len(files)} files."
        f" Next: cd {shlex.quote(str(folder))} && reportgen build"
    )
