"""A report of any size, made of a real one: its records, again and again, under new ids."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from reportgen.model.load import load_report
from reportgen.model.report import Commitment, Report
from reportgen.project import Project

DESIGN = ("content", "styles", "templates")
"""The folders of a report without its translations."""

SEED = 20211201
"""What chance begins with, so that each time the same report is made."""

MOST = 50_000
"""How many records there are ids for."""

_DIGITS = 4
"""How many digits an id has: that is the real report's form."""


class NotMadeError(Exception):
    """A report of that size can't be made of this one."""


def write_made(project: Project, folder: Path, number: int) -> None:
    """Write a project with `number` records into a new folder: content and design, no translations.

    The records of a report stand there first. After them come copies of records drawn by chance,
    each with the next free id of its member, until there are enough. Chance is the same each time.

    Raises:
        NotMadeError: the project's own content is wrong, or has more records than are wanted,
            or there are too few ids.
    """
    report = load_report(project).report
    if report is None:
        raise NotMadeError("the content has an error: see reportgen check")
    records = _records(report, number)
    for name in DESIGN:
        shutil.copytree(project.root / name, folder / name)
    commitments = folder / "content" / "commitments"
    for path in commitments.glob("*.yaml"):
        path.unlink()
    for member in report.members:
        own = [record for record in records if record.member is member]
        if own:
            (commitments / f"{member.id}.yaml").write_text(_yaml(own), encoding="utf-8")


def _records(report: Report, number: int) -> list[Commitment]:
    if number < len(report.commitments):
        raise NotMadeError(
            f"the report has {len(report.commitments)} records: {number} are too few to be made"
        )
    if number > MOST:
        raise NotMadeError(f"{number} records are more than the {MOST} that there are ids for")
    chance = random.Random(SEED)
    records = list(report.commitments)
    # Ids count up behind the greatest one of their prefix, and begin anew where digits run out.
    taken = {record.id for record in records}
    last = Counter[str]()
    for record in records:
        prefix, digits = record.id[:-_DIGITS], record.id[-_DIGITS:]
        last[prefix] = max(last[prefix], int(digits))
    for _ in range(number - len(records)):
        source = chance.choice(report.commitments)
        prefix = source.id[:-_DIGITS]
        new = source.id
        while new in taken:
            last[prefix] = (last[prefix] + 1) % 10**_DIGITS
            new = f"{prefix}{last[prefix]:0{_DIGITS}}"
        taken.add(new)
        records.append(replace(source, id=new))
    return records


def _yaml(records: Iterable[Commitment]) -> str:
    """Give the file of one member's records. A text in JSON is one in YAML too."""
    first, *_ = records = list(records)
    lines = [f"member: {first.member.id}", "commitments:"]
    for record in records:
        lines += [
            f"  - id: {_quoted(record.id)}",
            f"    year: {record.year}",
            f"    pillar: {record.pillar.id}",
            f"    title: {_quoted(record.title)}",
            f"    summary: {_quoted(record.summary)}",
        ]
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
