"""The toolkit doesn't name what the report in this repository is about.

A report on anything else is made with it unchanged: what is this report's own stands in `content`,
and from there this test takes its names, so that a new region or member is looked for too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
import yaml

import reportgen

ROOT = Path(__file__).parents[1]
PACKAGE = Path(reportgen.__file__).parent

SUBJECT = ("justice", "opengov", "open government", "pathfinder")
"""What the report is about, and who makes it: also as a part of a word."""

ALLOWED = re.compile(r"(?<=\.)resolve(?=\()|(?<=def )resolve(?=\()")
"""A pillar of the report has the id `resolve`, and so has the method of a path in Python."""


def names() -> set[str]:
    """Give the ids and titles of pillars, and the names of regions and members."""
    found = {"OGP"}
    for file, key in (("pillars", "title"), ("regions", "name"), ("members", "name")):
        entries = yaml.safe_load((ROOT / "content" / f"{file}.yaml").read_text("utf-8"))
        found |= {entry[key] for entry in entries.values()}
        found |= set(entries) if file == "pillars" else set()
    return found


def forbidden() -> re.Pattern[str]:
    words = "|".join(re.escape(name) for name in sorted(names(), key=len, reverse=True))
    return re.compile(rf"{'|'.join(SUBJECT)}|(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def texts() -> Iterator[tuple[PurePosixPath, str]]:
    """Give the path of each file of the toolkit, and its text."""
    for path in sorted(PACKAGE.rglob("*")):
        # Bytecode is what Python makes of the files that are looked at; a profile has no words.
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".icc":
            yield PurePosixPath(path.relative_to(PACKAGE.parent)), path.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(names()))
def test_each_name_would_be_seen(name: str) -> None:
    assert forbidden().search(f"({name.upper()}).")


def test_no_file_of_the_toolkit_names_the_subject() -> None:
    pattern = forbidden()
    found = []
    for path, text in texts():
        found += [str(path)] if pattern.search(str(path)) else []
        for number, line in enumerate(text.split("\n"), 1):
            for match in pattern.finditer(ALLOWED.sub("", line)):
                found.append(f"{path}:{number}: {match[0]}")
    assert found == []
