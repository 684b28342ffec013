"""`reportgen`: the commands, and what all of them share."""

from __future__ import annotations

import io
import sys

import click

from reportgen import __version__
from reportgen.cli.build import build
from reportgen.cli.check import check
from reportgen.cli.completion import completion
from reportgen.cli.diff import diff
from reportgen.cli.export import export
from reportgen.cli.fmt import fmt
from reportgen.cli.import_ import import_
from reportgen.cli.init import init
from reportgen.cli.new import new
from reportgen.cli.options import project_option
from reportgen.cli.preflight import preflight
from reportgen.cli.schema import schema
from reportgen.cli.translate import translate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@project_option
@click.version_option(__version__, prog_name="reportgen", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, project: str | None) -> None:
    """Make a print-ready, accessible report from a folder of content, templates and styles.

    \b
    reportgen init my-report     start a report
    reportgen check              say what is wrong with the content
    reportgen build              make the PDF

    Exit codes: 0 fine, 1 problems found, 2 the command itself was wrong.
    """
    context.obj = project
    for stream in (sys.stdout, sys.stderr):
        # What an encoding has no sign for is escaped, such as a file's name that is not UTF-8.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


for _command in (
    build,
    check,
    diff,
    fmt,
    import_,
    export,
    init,
    new,
    preflight,
    schema,
    translate,
    completion,
):
    main.add_command(_command)
