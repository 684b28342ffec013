"""`reportgen`: the commands, and what all of them share."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from keyword import iskeyword

import click

from reportgen import __version__
from reportgen.cli.options import project_option
from reportgen.cli.printing import print_text
from reportgen.source.diagnostics import DiagnosedError

COMMANDS = (
    "build",
    "check",
    "completion",
    "diff",
    "export",
    "fmt",
    "import",
    "init",
    "new",
    "preflight",
    "preview",
    "schema",
    "translate",
)
"""The commands: each is the function of its name in the module of its name."""


class _Commands(Mapping[str, click.Command]):
    """The commands, each loaded when it is asked for: none waits for what another one needs."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in COMMANDS:
            raise KeyError(name)
        attribute = f"{name}_" if iskeyword(name) else name
        command: click.Command = getattr(import_module(f"reportgen.cli.{attribute}"), attribute)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Main(click.Group):
    """Tells what a command can't go on with, whichever it is."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; if it can't go on, say where and why, and leave with 1."""
        try:
            return super().invoke(context)
        except DiagnosedError as error:
            print_text(error.diagnostics, err=True)
            context.exit(1)


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@project_option
@click.version_option(__version__, prog_name="reportgen", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, project: str | None) -> None:
    """Make a print-ready, accessible report from a folder of content, templates and styles.

    \b
    reportgen init my-report     start a report
    reportgen check              say what is wrong with the content
    reportgen preview            see the pages in the browser while you write
    reportgen build              make the PDF

    Exit codes: 0 fine, 1 problems found, 2 the command itself was wrong.
    """
    context.obj = project
    for stream in (sys.stdout, sys.stderr):
        # What an encoding has no sign for is escaped, such as a file's name that is not UTF-8.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


main.commands = _Commands()  # type: ignore[assignment]  # a group only reads them
