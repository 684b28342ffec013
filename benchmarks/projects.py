"""Copies of a report to measure on: what is built and changed is never the report itself."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

import polib

from benchmarks.made import DESIGN, write_made
from reportgen.build.cache import CACHE
from reportgen.locales.catalog import LOCALES
from reportgen.model.load import load_report
from reportgen.model.schema import SectionsPart
from reportgen.project import Project

REPORTGEN = (sys.executable, "-m", "reportgen")


class NothingToChangeError(Exception):
    """The report has nothing of the kind that is to be changed."""


@dataclass(frozen=True)
class Copy:
    """A copy of a report, and a folder beside it for what is built of it."""

    root: Path
    out: Path

    @classmethod
    def of(cls, project: Project, folder: Path) -> Copy:
        """Copy a report into a new folder, without what was built of it."""
        for path in (*DESIGN, LOCALES):
            if (project.root / path).is_dir():
                shutil.copytree(project.root / path, folder / "report" / path)
        return cls(folder / "report", folder / "out")

    @classmethod
    def made(cls, project: Project, folder: Path, number: int) -> Copy:
        """Make a report with `number` records of another one; see `write_made`."""
        write_made(project, folder / "report", number)
        return cls(folder / "report", folder / "out")

    def command(self, *options: str) -> tuple[str, ...]:
        """Give the command that builds it."""
        where = ("--project", str(self.root), "--out", str(self.out))
        return (*REPORTGEN, "build", *where, *options)

    def forget(self) -> None:
        """Make the next build a cold one: nothing is kept of those before."""
        shutil.rmtree(self.root / CACHE, ignore_errors=True)
        shutil.rmtree(self.out, ignore_errors=True)


def change_record(copy: Copy) -> Callable[[], None]:
    """Give what changes a record's title, each time into another one.

    Raises:
        NothingToChangeError: no record's title stands in one line.
    """
    title = re.compile(r"^ +title: [A-Za-z][^\n]*$", re.MULTILINE)
    for path in sorted((copy.root / "content" / "commitments").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if found := title.search(text):
            return _writes(
                path, (f"{text[: found.end()]} {n}{text[found.end() :]}" for n in count(1))
            )
    raise NothingToChangeError("no record has its title in one line")


def change_translation(copy: Copy) -> Callable[[], None]:
    """Give what changes a translation, each time into another one, in one catalog.

    Raises:
        NothingToChangeError: there is no translation of a record's title.
    """
    for path in sorted((copy.root / LOCALES).glob("*/*/*.po")):
        catalog = polib.pofile(str(path))
        for entry in catalog.translated_entries():
            places = " ".join(place for place, _ in entry.occurrences)
            if "content/commitments/" in places and entry.msgstr.isprintable():
                return _translates(path, catalog, entry)
    raise NothingToChangeError("no record is translated")


def _translates(path: Path, catalog: polib.POFile, entry: polib.POEntry) -> Callable[[], None]:
    def texts() -> Iterator[str]:
        before = entry.msgstr
        for number in count(1):
            entry.msgstr = f"{before} {number}"
            yield str(catalog)

    return _writes(path, texts())


def change_word(copy: Copy) -> Callable[[], None]:
    """Give what changes a word of the report's first text, each time into another as long.

    Raises:
        NothingToChangeError: there is no text, or none of its paragraphs has a long word.
    """
    report = load_report(Project(copy.root)).report
    names = (
        [
            section
            for part in report.parts
            if isinstance(part, SectionsPart)
            for section in part.sections
        ]
        if report
        else []
    )
    paragraph = re.compile(r"^[A-Z][^\[\n]*?\b([a-z]{6,})\b", re.MULTILINE)
    for name in names[:1]:
        path = copy.root / "content" / "sections" / f"{name}.md"
        text = path.read_text(encoding="utf-8")
        start = text.find("\n---\n", 1) + 1
        if found := paragraph.search(text, start):
            end = found.end(1)
            letters = cycle("aeiou")
            return _writes(path, (f"{text[: end - 1]}{new}{text[end:]}" for new in letters))
    raise NothingToChangeError("the first text has no paragraph with a long word")


def _writes(path: Path, texts: Iterator[str]) -> Callable[[], None]:
    """Give what writes the next of some texts."""

    def write() -> None:
        path.write_text(next(texts), encoding="utf-8")

    return write
