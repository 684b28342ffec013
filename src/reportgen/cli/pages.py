"""`reportgen diff --pages`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli.options import fail_on, write_out
from reportgen.cli.printing import print_json
from reportgen.source.diagnostics import Diagnostics, Span, visible
from reportgen.worker import Limits, WorkerError, call

if TYPE_CHECKING:
    from reportgen.comparison.page_images import PageChange


def compare_pages(
    context: click.Context,
    old: str,
    new: str | None,
    form: str,
    out: Path | None,
    limits: Limits,
    *,
    exit_code: bool,
) -> None:
    """Print which pages of two PDF files differ, and write an overlay of these."""
    from reportgen.comparison.overlay import compare_files
    from reportgen.comparison.page_images import UnreadablePagesError

    if new is None:
        raise click.UsageError("--pages compares two PDF files: give OLD and NEW")
    if form not in ("text", "json"):
        raise click.UsageError("--pages prints text or json; --out FILE is a PDF")
    try:
        compared = call(compare_files, old, new, out is not None, limits=limits)
    except (UnreadablePagesError, WorkerError) as error:
        file = error.file if isinstance(error, UnreadablePagesError) else error.step or old
        diagnostics = Diagnostics()
        diagnostics.error(
            "unreadable-pdf",
            Span(file),
            f"the file's pages can't be compared: {error}",
            "give a PDF file that viewers open",
        )
        fail_on(context, f"in {visible(file)}", diagnostics.sorted(), form)
    changes, written = compared.changes, None
    if out and compared.overlay:
        write_out(context, out, compared.overlay)
        written = out
    if form == "json":
        print_json(
            {
                "old": {"name": old, "pages": compared.old},
                "new": {"name": new, "pages": compared.new},
                "pages": [asdict(change) for change in changes],
                "overlay": str(written) if written else None,
            }
        )
    else:
        _print(changes, written)
    context.exit(1 if exit_code and changes else 0)


def _print(changes: tuple[PageChange, ...], written: Path | None) -> None:
    from reportgen.comparison.overlay import heading

    for change in changes:
        click.echo(heading(change).removesuffix("."))
    if not changes:
        click.echo("no page differs")
    if written:
        click.echo(f"written: {visible(str(written))}")
