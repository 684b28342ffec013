"""`reportgen preview`."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from reportgen.build.executors import preload_engine
from reportgen.cli.options import (
    find_project,
    limits_options,
    project_option,
    refuse_unknown_locale,
)
from reportgen.model.load import load_report
from reportgen.pdf.editions import EDITIONS
from reportgen.preview.editors import EDITORS
from reportgen.project import Project

if TYPE_CHECKING:
    from reportgen.preview.remote import RemoteSession
    from reportgen.worker import Limits


@click.command(short_help="Show the pages in the browser, anew at each save.")
@project_option
@click.option("--locale", metavar="L", help="The language to begin with. Default: the content's.")
@click.option(
    "--edition",
    metavar="E",
    type=click.Choice(sorted(EDITIONS)),
    help=f"The edition to begin with ({', '.join(sorted(EDITIONS))}). Default: digital.",
)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port to listen at. Default: one that is free.",
)
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address only.")
@click.option(
    "--editor",
    type=click.Choice([*EDITORS]),
    default="vscode",
    envvar="REPORTGEN_EDITOR",
    show_default=True,
    show_envvar=True,
    help="Which editor opens a file at its line when its link is clicked.",
)
@limits_options
@click.pass_context
def preview(
    context: click.Context,
    project: str | None,
    locale: str | None,
    edition: str | None,
    port: int,
    no_browser: bool,
    editor: str,
    limits: Limits,
) -> None:
    """Show the pages in the browser, as they will be in the PDF, anew at each save.

    A mistake shows its message, and the last good pages stay. Only this machine's browser that
    opens the printed address can see them. Nothing is written. Ctrl-C ends.
    """
    found = find_project(context, project)
    preload_engine()
    if locale is not None:
        _check_locale(context, found, locale)
    # Imported here: the server's modules take longer than a command's help may.
    from reportgen.preview.server import Options, Preview, Server, address, listen

    try:
        listening = listen(port)
    except OSError as error:
        click.echo(
            f"port {port}: error[port-taken]: the preview can't listen there"
            f" ({error.strerror or error}); give another --port, or none to take a free one",
            err=True,
        )
        context.exit(1)
    options = Options(editor, secrets.token_urlsafe(), listening.getsockname()[1])
    begin = {"locale": locale, "edition": edition}
    there = address(options, **{key: value for key, value in begin.items() if value})
    click.echo(f"{there}  (Ctrl-C ends)")
    if not no_browser and click.launch(there) != 0:
        click.echo("No browser could be opened: open the address in one.", err=True)

    def open_engine() -> RemoteSession:
        from reportgen.preview.remote import RemoteSession

        return RemoteSession(found, limits)

    # The server ends at a signal, and raises it again then.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 0
    try:
        Server(Preview(found, open_engine, options)).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    _leave(code)


def _check_locale(context: click.Context, project: Project, locale: str) -> None:
    """Refuse a locale that the report hasn't; if it can't be read, the preview will say why."""
    report = load_report(project).report
    if report is None:
        return
    from reportgen.locales.load import locale_tags

    refuse_unknown_locale(context, locale, locale_tags(project, report))


def _leave(code: int) -> NoReturn:
    """Leave now, though pages may be under way: Python would wait for their thread.

    Nothing is lost by that: a preview writes nothing.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
