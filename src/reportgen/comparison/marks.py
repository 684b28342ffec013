"""Which records are new or changed since another state of the report: what its pages mark."""

from __future__ import annotations

import datetime
import re

from reportgen.comparison.compare import Action, changed_commitments
from reportgen.comparison.revisions import find_revision, last_before
from reportgen.comparison.sides import opened_revision
from reportgen.model.report import Marks, Report
from reportgen.project import Project

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def marks_since(project: Project, report: Report, since: str) -> Marks:
    """Give the marks of what is new or changed in a report since a revision, or since a day.

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
    is_day = _DAY.fullmatch(since) and datetime.date.fromisoformat(since)
    revision = last_before(project, since) if is_day else find_revision(project, since)
    with opened_revision(revision, project) as old:
        found = changed_commitments(old.report, report)
    new, changed = (
        tuple(sorted(name for name, what in found.items() if what is action))
        for action in (Action.ADDED, Action.CHANGED)
    )
    return Marks(since if is_day else revision.date, new, changed)
