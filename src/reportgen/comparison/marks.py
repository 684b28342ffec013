"""A report with marks at the records that are new or changed since another state of it."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from reportgen.comparison.compare import Action, changed_commitments
from reportgen.comparison.revisions import find_revision, last_before
from reportgen.comparison.sides import opened_revision
from reportgen.model.report import Marks, Report
from reportgen.project import Project

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def marked_since(project: Project, report: Report, since: str) -> Report:
    """Give a report with marks at what is new or changed since a revision, or since a day.

    Args:
        project: the report's folder, within a git repository.
        report: the report that stands there.
        since: a day as ``YYYY-MM-DD``, which stands for the last commit before it began, or else a
            git revision.

    Raises:
        ValueError: it has the form of a day, and there is no such day.
        RevisionError: there is no such revision, or git can't give its files.
        BrokenSideError: the content of that revision has errors.
        OSError: the revision's files can't be written into a temporary folder.
    """
    day = datetime.date.fromisoformat(since) if _DAY.fullmatch(since) else None
    revision = last_before(project, since) if day else find_revision(project, since)
    with opened_revision(revision, project) as old:
        found = changed_commitments(old.report, report)
    ids = {action: frozenset(i for i, a in found.items() if a is action) for action in Action}
    since_day = day or datetime.date.fromisoformat(revision.date)
    return replace(report, marks=Marks(since_day, ids[Action.ADDED], ids[Action.CHANGED]))
