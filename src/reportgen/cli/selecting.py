"""The options that say of which records outputs are built."""

from __future__ import annotations

import click

from reportgen.build.survey import Survey
from reportgen.cli.options import Command
from reportgen.model.selection import KEYS, Selection
from reportgen.source.diagnostics import did_you_mean, listed


def selecting_options(command: Command) -> Command:
    """Give a command the options `--select` and `--each`."""
    select = click.option(
        "--select",
        "select",
        metavar="KEY=VALUE",
        multiple=True,
        help=f"Only the records of a {', '.join(KEYS[:-1])} or {KEYS[-1]}, such as year=2024; may"
        " come again: different keys narrow it down, the same key adds.",
    )
    each = click.option(
        "--each",
        metavar="KEY",
        type=click.Choice(KEYS),
        help=f"A file for each {', '.join(KEYS[:-1])} or {KEYS[-1]} that has records.",
    )
    return select(each(command))


def asked_selection(context: click.Context, seen: Survey, select: tuple[str, ...]) -> Selection:
    """Give the selection that the option asks for.

    Raises:
        click.BadParameter: a key or a value is not known.
    """
    return Selection.of(_pair(context, seen, text) for text in select)


def _pair(context: click.Context, seen: Survey, text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    if key not in KEYS:
        hint = did_you_mean(key, KEYS, f"write one of {', '.join(KEYS)}")
        raise _wrong(context, f"'{key}' is nothing that records are selected by; {hint}")
    known = seen.known[key]
    if value not in known:
        hint = did_you_mean(value, known, f"it has {listed(known)}")
        raise _wrong(context, f"'{value}' is not a {key} of this report; {hint}")
    return key, value


def _wrong(context: click.Context, message: str) -> click.BadParameter:
    return click.BadParameter(message, context, param_hint="'--select'")
