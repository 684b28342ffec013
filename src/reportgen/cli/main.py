"""`reportgen`: the commands, and what all of them share."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from reportgen import __version__
from reportgen.cli.options import project_option
from reportgen.cli.printing import print_text
from reportgen.source.diagnostics import DiagnosedError, Diagnostic, Severity, Span

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


class _Main(click.Group):
    """Tells what a command can't go on with, whichever it is: also what the machine refuses."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; if it can't go on, say where and why, and leave with 1."""
        try:
            return super().invoke(context)
        except DiagnosedError as error:
            print_text(error.diagnostics, err=True)
            context.exit(1)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command; see `click.Command.main`."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if not extra.get("standalone_mode", True):
                raise
            what = "not-written" if error.filename is None else "unreadable-file"
            diagnostic = Diagnostic(
                Severity.ERROR,
                what,
                Span(str(error.filename or "standard output")),
                error.strerror or str(error),
                "make sure that there is room, and that it may be read and written",
            )
            with contextlib.suppress(OSError):  # standard error may be on the same full device
                print_text([diagnostic], err=True)
            _forget_output()
            sys.exit(1)


def _forget_output() -> None:
    """Keep the interpreter from writing at its end what couldn't be written before."""
    with contextlib.suppress(OSError, ValueError):
        handle = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(handle, stream.fileno())


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
