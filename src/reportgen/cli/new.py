"""`reportgen new`: a new entry or file, filled in as far as can be known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from reportgen.cli.options import fail_to_write, find_project, load_or_exit, project_option
from reportgen.cli.printing import print_text, summary
from reportgen.model.schema import ChartKind, Count
from reportgen.project import OutsideProjectError

if TYPE_CHECKING:
    from reportgen.editing.new import Made

Result = TypeVar("Result")

# The commands import the library when they run: Babel takes longer to load than a check takes.


@click.group(short_help="Make a new entry or file.")
def new() -> None:
    """Make a new entry or file, filled in as far as can be known.

    Where it says TODO: there is something for you to write; reportgen check tells all such places.
    """


@new.command(short_help="Add a record to a member's file.")
@project_option
@click.option(
    "--member", metavar="NAME", required=True, help="Whose it is: a key of content/members.yaml."
)
@click.option("--id", "id_", metavar="ID", help="Its id. Default: the next one that is free.")
@click.option("--year", type=int, help="Its year.")
@click.option("--pillar", metavar="NAME", help="Its pillar: a key of content/pillars.yaml.")
@click.pass_context
def commitment(
    context: click.Context,
    project: str | None,
    member: str,
    id_: str | None,
    year: int | None,
    pillar: str | None,
) -> None:
    """Add a commitment to the file of a member, which is made if there is none."""
    from reportgen.editing.new import new_commitment

    found = find_project(context, project)
    made = _try(
        context,
        lambda: new_commitment(found, member, id_=id_, year=year, pillar=pillar),
    )
    _tell(made, "fill in what says TODO: there")


@new.command(short_help="Add a country or a local member.")
@project_option
@click.argument("name")
@click.option("--code", help="ISO 3166: KE, or US-TX for a local member. Default: by the NAME.")
@click.option("--region", metavar="NAME", help="Its region: a key of content/regions.yaml.")
@click.option("--id-prefix", metavar="LETTERS", help="What the ids of its commitments begin with.")
@click.pass_context
def member(
    context: click.Context,
    project: str | None,
    name: str,
    code: str | None,
    region: str | None,
    id_prefix: str | None,
) -> None:
    """Add the member NAME, such as norway, to content/members.yaml."""
    from reportgen.editing.new import new_member

    found = find_project(context, project)
    made = _try(
        context,
        lambda: new_member(found, name, code=code, region=region, id_prefix=id_prefix),
    )
    _tell(made, f"look it over, then reportgen new commitment --member {name}")


@new.command(short_help="Make a section of running text.")
@project_option
@click.argument("name")
@click.pass_context
def section(context: click.Context, project: str | None, name: str) -> None:
    """Make the section NAME: content/sections/NAME.md."""
    from reportgen.editing.new import new_section

    found = find_project(context, project)
    made = _try(context, lambda: new_section(found, name))
    _tell(made, f"write it, and add {name} to a 'sections' part in content/report.yaml")


@new.command(short_help="Make a chart or a map.")
@project_option
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in ChartKind]),
    default=ChartKind.COLUMN.value,
    show_default=True,
    help="How it is drawn.",
)
@click.option(
    "--count",
    type=click.Choice([count.value for count in Count]),
    help="Count the records by this, in place of numbers in a CSV file.",
)
@click.pass_context
def figure(
    context: click.Context, project: str | None, name: str, kind: str, count: str | None
) -> None:
    """Make the figure NAME: content/figures/NAME.yaml, and NAME.csv for its numbers."""
    from reportgen.editing.new import new_figure

    found = find_project(context, project)
    made = _try(
        context,
        lambda: new_figure(found, name, ChartKind(kind), Count(count) if count else None),
    )
    for one in made[1:]:
        click.echo(f"{one.path}: {one.what}, a line for each row")
    _tell(made[0], f"fill it in, and add a paragraph ![](figure:{name}) to a section")


@new.command(short_help="Start the translation into a language.")
@project_option
@click.argument("name", metavar="LOCALE")
@click.pass_context
def locale(context: click.Context, project: str | None, name: str) -> None:
    """Start the translation into LOCALE, such as fr, pt-BR or zh-Hant.

    The same as reportgen translate init.
    """
    from reportgen.editing.new import Made
    from reportgen.locales.translate import LocaleExistsError, init_locale

    found, report = load_or_exit(context, project)
    try:
        path = init_locale(found, report, name)
    except (LocaleExistsError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    except (OSError, OutsideProjectError) as error:
        fail_to_write(context, error)
    _tell(Made(f"the catalog of {name}", path), f"translate it; reportgen build --locale {name}")


def _tell(made: Made, what_next: str) -> None:
    click.echo(f"{made.path}:{made.line}: {made.what}. Next: {what_next}")


def _try(context: click.Context, make: Callable[[], Result]) -> Result:
    """Make an entry, or leave with the reason why not."""
    from reportgen.editing.new import BrokenContentError, NewEntryError

    try:
        return make()
    except NewEntryError as error:
        raise click.UsageError(str(error)) from None
    except BrokenContentError as error:
        print_text(error.diagnostics, err=True)
        click.echo(f"content: {summary(error.diagnostics)}: nothing was done", err=True)
        context.exit(1)
    except (OSError, OutsideProjectError) as error:
        fail_to_write(context, error)
