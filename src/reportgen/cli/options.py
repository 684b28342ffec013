"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from reportgen.project import Project, ProjectNotFoundError

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


def find_project(context: click.Context, project: str | None) -> Project:
    """Give the project that a command works on: `--project` after or before its name, or around.

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
    return found
