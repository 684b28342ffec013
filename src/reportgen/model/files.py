"""All content files, read and each validated by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Generic, TypeVar

from pydantic import BaseModel

from reportgen.model.prose import Prose, prose_in
from reportgen.model.schema import (
    CommitmentEntry,
    CommitmentsFile,
    Entries,
    FigureFile,
    LinksFile,
    MemberEntry,
    PillarEntry,
    RegionEntry,
    ReportFile,
    SectionFrontMatter,
)
from reportgen.model.validate import validate
from reportgen.project import Project
from reportgen.source.csv import Table, read_table
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import Heading, ItemList, MarkdownFile, Paragraph, PullOut, read_markdown
from reportgen.source.yaml import Document, read_yaml

CONTENT = PurePosixPath("content")

FormType = TypeVar("FormType", bound=BaseModel)


@dataclass(frozen=True)
class Placed(Generic[FormType]):
    """A form and where it was read from."""

    form: FormType
    document: Document
    path: tuple[str | int, ...] = ()

    def span(self, *path: str | int) -> Span:
        """Give the place of one of its values."""
        return self.document.span(*self.path, *path)

    def find(self, needle: str, *path: str | int) -> Span:
        """Give the place of some words within one of its values."""
        return self.document.find(needle, *self.path, *path)


@dataclass(frozen=True)
class PlacedSection:
    """A section's front matter and blocks."""

    front: Placed[SectionFrontMatter]
    file: MarkdownFile


@dataclass(frozen=True)
class PlacedProse:
    """A piece of prose, wherever it comes from, and a way to find words in it."""

    text: Prose
    span: Span
    document: Document | None = None
    path: tuple[str | int, ...] = ()

    def find(self, needle: str) -> Span:
        """Give the place of some words within it."""
        if self.document:
            return self.document.find(needle, *self.path)
        at = self.text.find(needle)
        before = self.text[: max(at, 0)]
        column = len(before) - before.rfind("\n") if "\n" in before else self.span.column + len(before)
        return Span(self.span.path, self.span.line + before.count("\n"), column)


@dataclass(frozen=True)
class ContentFiles:
    """All content files. What is wrong with one leaves it out, and is in the diagnostics.

    `known` has the names that files and keys give, also of those which are left out: a mistake in
    an entry must not make every reference to it look wrong.
    """

    report: Placed[ReportFile] | None
    links: Placed[LinksFile] | None
    pillars: Mapping[str, Placed[PillarEntry]]
    regions: Mapping[str, Placed[RegionEntry]]
    members: Mapping[str, Placed[MemberEntry]]
    commitments: tuple[tuple[str, Placed[CommitmentEntry]], ...]
    sections: Mapping[str, PlacedSection]
    figures: Mapping[str, Placed[FigureFile]]
    tables: Mapping[str, Table]
    known: Mapping[str, frozenset[str]]

    def prose(self) -> tuple[PlacedProse, ...]:
        """Give all prose, in the order of files."""
        placed: list[Placed[BaseModel]] = [
            p
            for p in (
                self.report,
                *self.pillars.values(),
                *self.regions.values(),
                *self.members.values(),
                *(commitment for _, commitment in self.commitments),
                *self.figures.values(),
                *(section.front for section in self.sections.values()),
            )
            if p is not None
        ]
        found = [
            PlacedProse(text, p.span(*path), p.document, (*p.path, *path))
            for p in placed
            for path, text in prose_in(p.form)
        ]
        for section in self.sections.values():
            for block in section.file.blocks:
                if isinstance(block, (Paragraph, Heading, PullOut)):
                    found.append(PlacedProse(Prose(block.text), block.span))
                elif isinstance(block, ItemList):
                    found += [PlacedProse(Prose(item.text), item.span) for item in block.items]
        return tuple(found)


def read_content(project: Project, diagnostics: Diagnostics) -> ContentFiles:
    """Read and validate every content file of a project."""
    report = _file(project, "report.yaml", ReportFile, diagnostics)
    links = _file(project, "links.yaml", LinksFile, diagnostics)
    pillars, known_pillars = _entries(project, "pillars.yaml", PillarEntry, diagnostics)
    regions, known_regions = _entries(project, "regions.yaml", RegionEntry, diagnostics)
    members, known_members = _entries(project, "members.yaml", MemberEntry, diagnostics)
    commitments: list[tuple[str, Placed[CommitmentEntry]]] = []
    known_ids: set[str] = set()
    for path in project.glob("content/commitments", "*.yaml"):
        if document := read_yaml(project, path, diagnostics):
            commitments += _commitments(document, diagnostics)
            known_ids |= {
                str(document.at(*key)) for key in document.values if key[-1:] == ("id",)
            }
    sections: dict[str, PlacedSection] = {}
    section_paths = project.glob("content/sections", "*.md")
    for path in section_paths:
        if (file := read_markdown(project, path, diagnostics)) and (
            front := validate(SectionFrontMatter, file.front_matter, diagnostics)
        ):
            sections[path.stem] = PlacedSection(Placed(front, file.front_matter), file)
    figures: dict[str, Placed[FigureFile]] = {}
    tables: dict[str, Table] = {}
    figure_paths = project.glob("content/figures", "*.yaml")
    for path in figure_paths:
        if not (document := read_yaml(project, path, diagnostics)):
            continue
        if not (figure := validate(FigureFile, document, diagnostics)):
            continue
        figures[path.stem] = Placed(figure, document)
        if figure.data is not None:
            source = path.parent / figure.data
            if not project.is_file(source):
                diagnostics.error(
                    "missing-file",
                    document.span("data"),
                    f"there is no file '{source}' in the project",
                    "put the CSV file beside this one, or correct its name",
                )
            elif table := read_table(project, source, diagnostics):
                tables[path.stem] = table
    return ContentFiles(
        report,
        links,
        pillars,
        regions,
        members,
        tuple(commitments),
        sections,
        figures,
        tables,
        {
            "pillar": known_pillars,
            "region": known_regions,
            "member": known_members,
            "section": frozenset(path.stem for path in section_paths),
            "figure": frozenset(path.stem for path in figure_paths),
            "commitment": frozenset(known_ids),
            "link": _keys(links.document.value.get("links") if links else None),
        },
    )


def _keys(value: object) -> frozenset[str]:
    return frozenset(value) if isinstance(value, dict) else frozenset()


def _file(
    project: Project, name: str, form: type[FormType], diagnostics: Diagnostics
) -> Placed[FormType] | None:
    document = read_yaml(project, CONTENT / name, diagnostics)
    validated = validate(form, document, diagnostics) if document else None
    return Placed(validated, document) if document and validated else None


def _entries(
    project: Project, name: str, form: type[FormType], diagnostics: Diagnostics
) -> tuple[dict[str, Placed[FormType]], frozenset[str]]:
    """Read a file that maps names to entries; one bad entry leaves the others."""
    document = read_yaml(project, CONTENT / name, diagnostics)
    if document is None or validate(Entries, document, diagnostics) is None:
        return {}, _keys(document.value if document else None)
    entries = {
        key: Placed(entry, document, (key,))
        for key in document.value or {}
        if (entry := validate(form, document, diagnostics, key))
    }
    return entries, _keys(document.value)


def _commitments(
    document: Document, diagnostics: Diagnostics
) -> list[tuple[str, Placed[CommitmentEntry]]]:
    file = validate(CommitmentsFile, document, diagnostics)
    if file is None:
        return []
    if file.member != document.path.stem:
        diagnostics.error(
            "file-name",
            document.span("member"),
            f"the member is '{file.member}', but the file is '{document.path.name}'",
            f"rename the file to '{file.member}.yaml', or correct the member",
        )
    return [
        (file.member, Placed(entry, document, ("commitments", index)))
        for index, entry in enumerate(file.commitments)
    ]
