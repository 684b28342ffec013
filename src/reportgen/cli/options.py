"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reportgen.project import Project, ProjectNotFoundError

project_option: Any = click.option(
    "--project",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="The report's folder. Default: the folder at or above the current one that holds"
    " content/report.yaml.",
)


def find_project(context: click.Context, project: str | None) -> Project:
    """Give the project that a command works on: `--project` after or before its name, or around.

    Raises:
        click.UsageError: there is none.
    """
    given = project or context.obj
    start = Path(given or ".")
    try:
        found = Project.find(start)
    except ProjectNotFoundError as error:
        raise click.UsageError(f"{error}; give --project DIR, or start a report: reportgen init DIR") from None
    if given and found.root != start.resolve():
        raise click.UsageError(
            f"{start} holds no content/report.yaml; the report around it is {found.root}"
        )
    return found
