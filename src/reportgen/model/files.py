"""All content files, read and each validated by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from reportgen.model.schema import (
    CommitmentEntry,
    CommitmentsFile,
    Entries,
    FigureFile,
    ImportFile,
    LinksFile,
    MemberEntry,
    PillarEntry,
    RegionEntry,
    ReportFile,
    SectionFrontMatter,
    is_name,
)
from reportgen.model.validate import draft_of, form_of, validate
from reportgen.project import Project
from reportgen.source.csv import Table, read_table
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import Image, ItemList, MarkdownFile, read_markdown
from reportgen.source.prose import Prose, prose_in
from reportgen.source.yaml import Document, read_yaml

CONTENT = PurePosixPath("content")

FormType = TypeVar("FormType")
FormType_co = TypeVar("FormType_co", covariant=True)


@dataclass(frozen=True)
class Placed(Generic[FormType_co]):
    """A form and where it was read from."""

    form: FormType_co
    document: Document
    path: tuple[str | int, ...] = ()

    def span(self, *path: str | int) -> Span:
        """Give the place of one of its values."""
        return self.document.span(*self.path, *path)

    def key_span(self, *path: str | int) -> Span:
        """Give the place of its key, or of one of its keys."""
        return self.document.key_span(*self.path, *path)


@dataclass(frozen=True)
class PlacedSection:
    """A section's front matter and blocks."""

    front: Placed[SectionFrontMatter]
    file: MarkdownFile


@dataclass(frozen=True)
class PlacedProse:
    """A piece of prose, its place, and the lines of the file that it stands in.

    `end` is where it ends in the last of them.
    """

    text: Prose
    span: Span
    lines: tuple[str, ...]
    end: int

    def find(self, needle: str, nth: int = 0) -> Span | None:
        """Give the place where some words stand in one line of it for the nth time, from 0."""
        begin = self.span.column - 1
        last = self.span.line + len(self.lines) - 1
        for number, line in enumerate(self.lines, self.span.line):
            end = self.end if number == last else len(line)
            at = line.find(needle, begin, end)
            while at >= 0 and nth:
                nth -= 1
                at = line.find(needle, at + 1, end)
            if at >= 0:
                return Span(self.span.path, number, at + 1)
            begin = 0
        return None


@dataclass(frozen=True)
class ContentFiles:
    """All content files. What is wrong is in the diagnostics, and can't be used: see `draft_of`.

    So the rules between files are checked for all that is right, and all problems are told at once.
    `known` has the names that files and keys give, also of those which are left out: a mistake in
    an entry must not make every reference to it look wrong. It has nothing for a kind whose names
    could not be read.
    """

    report: Placed[ReportFile] | None
    links: Placed[LinksFile] | None
    imports: Placed[ImportFile] | None
    pillars: Mapping[str, Placed[PillarEntry]]
    regions: Mapping[str, Placed[RegionEntry]]
    members: Mapping[str, Placed[MemberEntry]]
    commitments: tuple[tuple[str, Placed[CommitmentEntry]], ...]
    sections: Mapping[str, PlacedSection]
    figures: Mapping[str, Placed[FigureFile]]
    tables: Mapping[str, Table]
    known: Mapping[str, frozenset[str] | None]

    def forms(self) -> tuple[Placed[Any], ...]:
        """Give all forms that have prose, in the order of files."""
        return (
            *((self.report,) if self.report else ()),
            *self.pillars.values(),
            *self.regions.values(),
            *self.members.values(),
            *(commitment for _, commitment in self.commitments),
            *self.figures.values(),
            *(section.front for section in self.sections.values()),
        )

    @cached_property
    def prose(self) -> tuple[PlacedProse, ...]:
        """All prose, in the order of files."""
        found = [
            PlacedProse(text, p.span(*path), *p.document.source(*p.path, *path))
            for p in self.forms()
            for path, text in prose_in(p.form)
        ]
        for section in self.sections.values():
            found += _prose_of(section)
        return tuple(found)

    def images(self) -> tuple[PlacedProse, ...]:
        """Return the paragraphs that are an image, as they were written."""
        return tuple(
            _placed(block.text, block.span, section)
            for section in self.sections.values()
            for block in section.file.blocks
            if isinstance(block, Image)
        )


def _prose_of(section: PlacedSection) -> Iterator[PlacedProse]:
    for block in section.file.blocks:
        if isinstance(block, ItemList):
            yield from (_placed(item.text, item.span, section) for item in block.items)
        elif isinstance(block, Image):
            yield _placed(block.title, block.span, section)
        else:
            yield _placed(block.text, block.span, section)


def _placed(text: str, span: Span, section: PlacedSection) -> PlacedProse:
    end = span.line + text.count("\n")
    lines = section.file.lines[span.line - 1 : end]
    return PlacedProse(Prose(text), span, lines, len(lines[-1]))


def read_content(project: Project, diagnostics: Diagnostics) -> ContentFiles:
    """Read and validate every content file of a project."""
    report, _ = _file(project, "report.yaml", ReportFile, diagnostics)
    links, link_document = _file(project, "links.yaml", LinksFile, diagnostics)
    imports = read_imports(project, diagnostics)
    pillars, known_pillars = _entries(project, "pillars.yaml", PillarEntry, diagnostics)
    regions, known_regions = _entries(project, "regions.yaml", RegionEntry, diagnostics)
    members, known_members = _entries(project, "members.yaml", MemberEntry, diagnostics)
    commitments: list[tuple[str, Placed[CommitmentEntry]]] = []
    known_ids: set[str] | None = set()
    for path in project.glob("content/commitments", "*.yaml"):
        document = read_yaml(project, path, diagnostics, lenient=True)
        if document is None:
            known_ids = None
            continue
        if document.refused:
            known_ids = None
        commitments += _commitments(document, known_members, diagnostics)
        if known_ids is not None:
            known_ids |= {str(document.at(*key)) for key in document.values if key[-1:] == ("id",)}
    sections: dict[str, PlacedSection] = {}
    section_paths = project.glob("content/sections", "*.md")
    for path in section_paths:
        if (file := read_markdown(project, path, diagnostics, lenient=True)) and (
            # The blocks are checked, whatever stands before them.
            front := _form(SectionFrontMatter, file.front_matter, diagnostics)
            or draft_of(SectionFrontMatter, {})
        ):
            sections[path.stem] = PlacedSection(Placed(front, file.front_matter), file)
    figures: dict[str, Placed[FigureFile]] = {}
    tables: dict[str, Table] = {}
    figure_paths = project.glob("content/figures", "*.yaml")
    for path in figure_paths:
        document = read_yaml(project, path, diagnostics, lenient=True)
        figure = _form(FigureFile, document, diagnostics) if document else None
        if document is None or figure is None:
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
        imports,
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
            "commitment": None if known_ids is None else frozenset(known_ids),
            "link": _link_names(link_document),
        },
    )


def read_imports(project: Project, diagnostics: Diagnostics) -> Placed[ImportFile] | None:
    """Read the file that says how tables are imported, which a report need not have."""
    if not project.is_file(CONTENT / "import.yaml"):
        return None
    return _file(project, "import.yaml", ImportFile, diagnostics)[0]


def _names(value: object) -> frozenset[str] | None:
    """Give the keys of a mapping; if one is not a name, which is told, they are not known."""
    return frozenset(value) if isinstance(value, dict) and all(map(is_name, value)) else None


def _link_names(document: Document | None) -> frozenset[str] | None:
    if document is None or document.refused or not isinstance(document.value or {}, dict):
        return None
    return _names((document.value or {}).get("links", {}))


def _file(
    project: Project, name: str, form: type[FormType], diagnostics: Diagnostics
) -> tuple[Placed[FormType] | None, Document | None]:
    document = read_yaml(project, CONTENT / name, diagnostics, lenient=True)
    validated = _form(form, document, diagnostics) if document else None
    return Placed(validated, document) if document and validated else None, document


def _form(
    form: type[FormType], document: Document, diagnostics: Diagnostics, *path: str | int
) -> FormType | None:
    """Return the value at `path` of a document as a form, or what is right of it."""
    made = validate(form, document, diagnostics, *path)
    return draft_of(form, document.at(*path)) if made is None else made


def _entries(
    project: Project, name: str, form: type[FormType], diagnostics: Diagnostics
) -> tuple[dict[str, Placed[FormType]], frozenset[str] | None]:
    """Read a file that maps names to entries; one bad entry leaves the others."""
    document = read_yaml(project, CONTENT / name, diagnostics, lenient=True)
    if document is None:
        return {}, None
    validate(Entries, document, diagnostics)
    data = document.value if isinstance(document.value, dict) else {}
    entries = {
        key: Placed(entry, document, (key,))
        for key, value in data.items()
        if isinstance(value, dict) and (entry := _form(form, document, diagnostics, key))
    }
    # Of a file with errors it isn't known what all its keys were to be.
    names = None if document.refused else _names({} if document.value is None else document.value)
    return {key: entry for key, entry in entries.items() if is_name(key)}, names


def _commitments(
    document: Document, known_members: frozenset[str] | None, diagnostics: Diagnostics
) -> list[tuple[str, Placed[CommitmentEntry]]]:
    """Give the records of a member's file; one bad record leaves the others."""
    validate(CommitmentsFile, document, diagnostics)
    data = document.value if isinstance(document.value, dict) else {}
    member, records = data.get("member"), data.get("commitments")
    if not isinstance(member, str) or not isinstance(records, list):
        return []
    is_known = known_members is None or member in known_members
    if member != document.path.stem and is_known:
        diagnostics.error(
            "file-name",
            document.span("member"),
            f"the member is '{member}', but the file is '{document.path.name}'",
            f"rename the file to '{member}.yaml', or correct the member",
        )
    return [
        (member, Placed(entry, document, ("commitments", index)))
        for index, record in enumerate(records)
        if (entry := form_of(CommitmentEntry, record) or draft_of(CommitmentEntry, record))
    ]
