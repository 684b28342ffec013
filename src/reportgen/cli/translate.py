"""`reportgen translate`: what translators do."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from reportgen.cli.options import fail_to_write, load_or_exit, project_option
from reportgen.cli.printing import print_json, print_text
from reportgen.project import OutsideProjectError
from reportgen.source.diagnostics import has_errors

if TYPE_CHECKING:
    from reportgen.locales.status import Progress
    from reportgen.locales.translate import Updated
    from reportgen.project import Project

# The commands import the library when they run: Babel takes longer to load than a check takes.


@click.group(short_help="Make and merge translations, and tell how far they are.")
def translate() -> None:
    """Make and merge translations, and tell how far they are.

    A locale's translations are in locales/LOCALE/LC_MESSAGES/messages.po, for Poedit, Weblate,
    OmegaT and every other editor of gettext files.
    """


@translate.command(short_help="Start the translation into a language.")
@project_option
@click.argument("locale")
@click.pass_context
def init(context: click.Context, project: str | None, locale: str) -> None:
    """Write an empty catalog for LOCALE, such as fr, pt-BR or zh-Hant."""
    from reportgen.locales.translate import LocaleExistsError, init_locale

    found, report = load_or_exit(context, project)
    try:
        with _writing(context):
            path = init_locale(found, report, locale)
    except (LocaleExistsError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"{path}: to be translated; build it with: reportgen build --locale {locale}")


@translate.command(short_help="Write the template of all messages.")
@project_option
@click.pass_context
def extract(context: click.Context, project: str | None) -> None:
    """Write locales/messages.pot, the template of all messages."""
    from reportgen.locales.catalog import TEMPLATE
    from reportgen.locales.translate import extract_messages

    found, report = load_or_exit(context, project)
    with _writing(context):
        template = extract_messages(found, report)
    click.echo(f"{TEMPLATE}: {len(template)} messages")


@translate.command(short_help="Merge new and changed texts into the catalogs.")
@project_option
@click.argument("locales", nargs=-1)
@click.pass_context
def update(context: click.Context, project: str | None, locales: tuple[str, ...]) -> None:
    """Merge new and changed texts into the catalogs of LOCALES, or of all.

    The old translation of a changed text stays as a fuzzy one, which no edition uses until a
    translator has looked at it.
    """
    from reportgen.locales.translate import update_locales

    found, report = load_or_exit(context, project)
    with _writing(context):
        told = update_locales(found, report, _known(found, locales))
    _print(context, told)


@translate.command("status", short_help="Tell how far each translation is.")
@project_option
@click.argument("locales", nargs=-1)
@click.option("--json", "json_", is_flag=True, help="Print JSON, for other programs.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 if less of a language is translated.",
)
@click.pass_context
def status_(
    context: click.Context,
    project: str | None,
    locales: tuple[str, ...],
    json_: bool,
    fail_under: float | None,
) -> None:
    """Tell how many messages of LOCALES, or of all, are translated, fuzzy or missing."""
    from reportgen.locales.translate import locale_status

    found, report = load_or_exit(context, project)
    told = locale_status(found, report, _known(found, locales))
    _print(context, told, parts=True, json_=json_, fail_under=fail_under)


@translate.command(short_help="Write the pseudo-locales, which show what doesn't fit.")
@project_option
@click.pass_context
def pseudo(context: click.Context, project: str | None) -> None:
    """Write en-XA, longer and with accents, and ar-XB, mirrored: for looking, not for reading.

    What stands on a page without brackets never went through a catalog.
    """
    from reportgen.locales.translate import write_pseudo

    found, report = load_or_exit(context, project)
    with _writing(context):
        paths = write_pseudo(found, report)
    for path in paths:
        click.echo(str(path))


@contextlib.contextmanager
def _writing(context: click.Context) -> Iterator[None]:
    """Say which file can't be written, and why, and leave with 1."""
    try:
        yield
    except (OSError, OutsideProjectError) as error:
        fail_to_write(context, error)


def _known(project: Project, locales: tuple[str, ...]) -> tuple[str, ...]:
    from reportgen.locales.catalog import catalog_tags
    from reportgen.locales.pseudo import PSEUDO

    known = catalog_tags(project)
    for tag in locales:
        if tag not in known:
            have = ", ".join(known) or "none yet"
            raise click.UsageError(f"there is no catalog of '{tag}'; there are: {have}")
    return locales or tuple(tag for tag in known if tag not in PSEUDO)


_ROW = "{:<24} {:>10} {:>6} {:>8} {:>12} {:>6}"


def _print(
    context: click.Context,
    told: tuple[Updated, ...],
    *,
    parts: bool = False,
    json_: bool = False,
    fail_under: float | None = None,
) -> None:
    """Print a table, what is wrong, and leave with the exit code."""
    problems = [diagnostic for one in told for diagnostic in one.diagnostics]
    statuses = [one.status for one in told if one.status]
    low = fail_under is not None and any(s.whole.percent < fail_under for s in statuses)
    if json_:
        print_json(
            {
                "locales": {
                    s.locale: {
                        **_as_json(s.whole),
                        "parts": {name: _as_json(p) for name, p in s.parts.items()},
                    }
                    for s in statuses
                },
                "diagnostics": [problem.flat() for problem in problems],
            }
        )
    else:
        if statuses:
            head = ("", "translated", "fuzzy", "missing", "words to go", "%")
            click.echo(click.style(_ROW.format(*head), bold=True))
        for one in statuses:
            click.echo(_row(one.locale, one.whole))
            if parts:
                for name, progress in one.parts.items():
                    click.echo(_row(f"  {name}", progress))
        if not told:
            click.echo("no translations yet; reportgen translate init LOCALE starts one")
        print_text(problems, err=True)
    context.exit(1 if low or has_errors(problems) else 0)


def _row(name: str, progress: Progress) -> str:
    # Cut, not rounded: 100 % is said of what is complete only.
    return _ROW.format(
        name,
        progress.translated,
        progress.fuzzy,
        progress.missing,
        progress.words_to_go,
        int(progress.percent),
    )


def _as_json(progress: Progress) -> dict[str, float]:
    return {
        "translated": progress.translated,
        "fuzzy": progress.fuzzy,
        "missing": progress.missing,
        "words_to_go": progress.words_to_go,
        "percent": round(progress.percent, 2),
    }
