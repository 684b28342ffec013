"""`reportgen schema`."""

from __future__ import annotations

import click

from reportgen.cli.options import fail_to_write, find_project, project_option
from reportgen.project import OutsideProjectError


@click.command(short_help="Write the JSON Schemas of the content files.")
@project_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if one is out of date.")
@click.pass_context
def schema(context: click.Context, project: str | None, check: bool) -> None:
    """Write the JSON Schemas of the content files: .schemas/NAME.schema.json.

    Editors that know YAML complete and check by them. They change with reportgen, not with the
    content: write them again after an upgrade.
    """
    from reportgen.editing.schemas import stale_schemas, write_schemas

    found = find_project(context, project)
    if check:
        stale = stale_schemas(found)
        for path in stale:
            click.echo(f"{path}: out of date; reportgen schema writes it")
        context.exit(1 if stale else 0)
    try:
        written = write_schemas(found)
    except (OSError, OutsideProjectError) as error:
        fail_to_write(context, error)
    for path in written:
        click.echo(f"{path}: written")
    if not written:
        click.echo("schemas: all are up to date")
