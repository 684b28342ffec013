"""`reportgen build --mark-changes`."""

from __future__ import annotations

import click

from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic, Severity, Span


def marked(project: Project, report: Report, since: str) -> tuple[Report, tuple[Diagnostic, ...]]:
    """Give a report with its changes marked, or with what keeps it from that.

    Raises:
        click.UsageError: there is no such day or revision.
    """
    # Imported here: a build without marks doesn't wait for it.
    from reportgen.comparison.marks import marked_since
    from reportgen.comparison.revisions import RevisionError
    from reportgen.comparison.sides import BrokenSideError

    try:
        return marked_since(project, report, since), ()
    except (RevisionError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint="'--mark-changes'") from None
    except BrokenSideError as error:
        click.echo(f"the content of {error} has errors:", err=True)
        return report, error.diagnostics
    except OSError as error:
        span = Span(str(error.filename or "the temporary folder"))
        reason = f"the old revision can't be written there ({error.strerror or error})"
        hint = "make room, or set TMPDIR to a folder that may be written to"
        return report, (Diagnostic(Severity.ERROR, "not-written", span, reason, hint),)
