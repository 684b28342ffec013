"""`reportgen diff --pages`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli.options import fail_on, write_out
from reportgen.cli.printing import print_json
from reportgen.source.diagnostics import Diagnostics, Span, visible

if TYPE_CHECKING:
    from reportgen.comparison.page_images import PageChange


def compare_pages(
    context: click.Context,
    old: str,
    new: str | None,
    form: str,
    out: Path | None,
    *,
    exit_code: bool,
) -> None:
    """Print which pages of two PDF files differ, and write an overlay of these."""
    from reportgen.comparison.overlay import overlay
    from reportgen.comparison.page_images import Pages, UnreadablePagesError
    from reportgen.comparison.page_images import compare_pages as compare
    from reportgen.comparison.paper import as_pdf

    if new is None:
        raise click.UsageError("--pages compares two PDF files: give OLD and NEW")
    if form not in ("text", "json"):
        raise click.UsageError("--pages prints text or json; --out FILE is a PDF")
    name = old
    try:
        before = Pages(Path(old).read_bytes())
        name = new
        after = Pages(Path(new).read_bytes())
        name = f"{old} or {new}"
        changes = compare(before, after)
        made = None
        if out and changes:
            names = (Path(old).name, Path(new).name)
            names = names if names[0] != names[1] else (old, new)
            drawn = overlay(before, after, changes, names)
            made = as_pdf(drawn.html, drawn.pictures)
    except (OSError, ValueError, UnreadablePagesError) as error:
        diagnostics = Diagnostics()
        diagnostics.error(
            "unreadable-pdf",
            Span(name),
            f"the file's pages can't be compared: {getattr(error, 'strerror', None) or error}",
            "give a PDF file that viewers open",
        )
        fail_on(context, f"in {visible(name)}", diagnostics.sorted(), form)
    written = out if out and made else None
    if written and made:
        write_out(context, written, made)
    if form == "json":
        print_json(
            {
                "old": {"name": old, "pages": before.count},
                "new": {"name": new, "pages": after.count},
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
