"""`reportgen build --mark-changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic, Severity, Span

if TYPE_CHECKING:
    from reportgen.model.report import Marks


def marks(project: Project, since: str) -> tuple[Marks | None, tuple[Diagnostic, ...]]:
    """Give the marks of what has changed in a report, or what keeps it from having them.

    Raises:
        click.BadParameter: there is no such day or revision.
    """
    # Imported here: a build without marks doesn't wait for it.
    from reportgen.comparison.marks import marks_since
    from reportgen.comparison.revisions import RevisionError
    from reportgen.comparison.sides import BrokenSideError
    from reportgen.model.load import load_report

    loaded = load_report(project)
    if loaded.report is None:
        return None, loaded.diagnostics
    try:
        return marks_since(project, loaded.report, since), ()
    except (RevisionError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint="'--mark-changes'") from None
    except BrokenSideError as error:
        click.echo(f"the content of {error} has errors:", err=True)
        return None, error.diagnostics
    except OSError as error:
        span = Span(str(error.filename or "the temporary folder"))
        reason = f"the old revision can't be written there ({error.strerror or error})"
        hint = "make room, or set TMPDIR to a folder that may be written to"
        return None, (Diagnostic(Severity.ERROR, "not-written", span, reason, hint),)
