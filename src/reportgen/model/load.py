"""From a project's content files to a report, or to all that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.model.files import ContentFiles, Placed, read_content
from reportgen.model.origins import name_prose, named_blocks, named_table
from reportgen.model.report import (
    Commitment,
    Figure,
    Link,
    Member,
    Pillar,
    Region,
    Report,
    Section,
)
from reportgen.model.rules import check_rules
from reportgen.model.schema import LinksFile, ReportFile
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic, Diagnostics, has_errors


@dataclass(frozen=True)
class Loaded:
    """A report, if there is no error among the diagnostics, and the files that it is made of."""

    report: Report | None
    diagnostics: tuple[Diagnostic, ...]
    files: ContentFiles


def load_report(project: Project) -> Loaded:
    """Read, validate and assemble the report of a project; bad content raises nothing."""
    diagnostics = Diagnostics()
    files = read_content(project, diagnostics)
    name_prose(files)
    check_rules(project, files, diagnostics)
    found = diagnostics.sorted()
    if has_errors(found) or files.report is None or files.links is None:
        return Loaded(None, found, files)
    return Loaded(_assemble(files, files.report, files.links), found, files)


def _assemble(
    files: ContentFiles, report_file: Placed[ReportFile], links_file: Placed[LinksFile]
) -> Report:
    form, links = report_file.form, links_file.form
    regions = {
        key: Region(key, number, entry.form.name)
        for number, (key, entry) in enumerate(files.regions.items(), 1)
    }
    pillars = {
        key: Pillar(key, number, entry.form.title, entry.form.points)
        for number, (key, entry) in enumerate(files.pillars.items(), 1)
    }
    members = {
        key: Member(
            key,
            entry.form.name,
            entry.form.code,
            entry.form.code[:2],
            entry.form.parent is not None,
            regions[entry.form.region],
            entry.form.location,
        )
        for key, entry in files.members.items()
    }

    def address(member_id: str, commitment_id: str) -> str | None:
        if links.commitment is None:
            return None
        slug = files.members[member_id].form.slug or member_id
        return links.commitment.replace("{member}", slug).replace("{id}", commitment_id)

    commitments = tuple(
        Commitment(
            entry.form.id,
            entry.form.year,
            members[member_id],
            pillars[entry.form.pillar],
            entry.form.title,
            entry.form.summary,
            address(member_id, entry.form.id),
        )
        for member_id, entry in files.commitments
    )
    figures = tuple(
        Figure(
            key,
            entry.form.title,
            entry.form.kind,
            entry.form.alt,
            entry.form.unit,
            entry.form.axis,
            entry.form.caption,
            entry.form.count,
            named_table(key, files.tables.get(key)),
        )
        for key, entry in files.figures.items()
    )
    sections = tuple(
        Section(
            key,
            section.front.form.title,
            section.front.form.editorial,
            section.front.form.setting,
            named_blocks(key, section.file.blocks),
        )
        for key, section in files.sections.items()
    )
    year, month = map(int, form.date.split("-"))
    return Report(
        slug=form.slug,
        language=form.language,
        title=form.title,
        subtitle=form.subtitle,
        year=year,
        month=month,
        version=form.version,
        keywords=form.keywords,
        authors=form.authors,
        publishers=form.publishers,
        imprint=form.imprint,
        closing=form.closing,
        print=form.print,
        group_by=form.commitments.group_by,
        order=form.commitments.order,
        parts=form.parts,
        brief=form.brief.parts if form.brief else form.parts,
        pillars=tuple(pillars.values()),
        regions=tuple(regions.values()),
        members=tuple(members.values()),
        commitments=commitments,
        sections=sections,
        figures=figures,
        links=tuple(Link(key, link.status, link.url) for key, link in links.links.items()),
    )
