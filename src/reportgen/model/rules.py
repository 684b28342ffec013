"""What content must keep beyond the form of each file: the rules between files."""

from __future__ import annotations

import re
from itertools import chain

from babel import Locale as Cldr

from reportgen import atlas
from reportgen.model.files import CONTENT, ContentFiles
from reportgen.model.schema import (
    ChartKind,
    LinkStatus,
    MemberEntry,
    PillarPart,
    SectionsPart,
)
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostics, Span, did_you_mean
from reportgen.source.markdown import Image, Paragraph, PullOut, inlines, plain_text

FIGURE = "figure:"
"""What the source of an image begins with when it places a figure."""

TARGETS = ("commitment", "member", "pillar", "section", "figure")
"""The kinds of thing in the report that a link can lead to, as ``kind:name``."""

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of the CLDR that are not a country's (ISO 3166-1)."""


def check_rules(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note all that is wrong between the content files of a project."""
    _check_members(files, diagnostics)
    _check_commitments(files, diagnostics)
    _check_parts(files, diagnostics)
    _check_prose(files, diagnostics)
    _check_sections(project, files, diagnostics)
    _check_figures(files, diagnostics)
    _check_links(files, diagnostics)


def id_prefix(member: MemberEntry) -> str:
    """Give what the ids of a member's commitments begin with."""
    return member.id_prefix or member.code


def _unknown(
    kind: str, name: str, span: Span, files: ContentFiles, diagnostics: Diagnostics
) -> bool:
    """Tell whether there is no such thing, and note it."""
    known = files.known[kind]
    if name in known:
        return False
    diagnostics.error(
        f"unknown-{kind}",
        span,
        f"there is no {kind} '{name}'",
        did_you_mean(name, known, f"add it, or use one of {', '.join(sorted(known)) or 'none yet'}"),
    )
    return True


def _check_members(files: ContentFiles, diagnostics: Diagnostics) -> None:
    countries = Cldr("en").territories
    prefixes: dict[str, str] = {}
    for name, member in files.members.items():
        form = member.form
        _unknown("region", form.region, member.span("region"), files, diagnostics)
        country = form.code[:2]
        if country not in countries or country in _NOT_COUNTRIES:
            diagnostics.error(
                "unknown-country",
                member.span("code"),
                f"'{country}' is not the code of a country (ISO 3166-1)",
                "look the two-letter code up",
            )
        if ("-" in form.code) is (form.parent is None) or (form.parent or country) != country:
            diagnostics.error(
                "member-kind",
                member.span("code"),
                f"the code '{form.code}' does not fit the parent '{form.parent}'"
                if form.parent
                else f"the code '{form.code}' is a subdivision's, but the member has no parent",
                "a country has a code such as NZ and no parent; a local member NZ-AUK and parent NZ",
            )
        if form.parent is not None and form.id_prefix is None:
            diagnostics.error(
                "missing-key",
                member.span(),
                f"the local member '{name}' has no 'id_prefix'",
                "say what the ids of its commitments begin with",
            )
            continue
        other = prefixes.setdefault(id_prefix(form), name)
        if other != name:
            diagnostics.error(
                "duplicate-prefix",
                member.span("id_prefix"),
                f"the ids of '{name}' begin with '{id_prefix(form)}', as those of '{other}' do",
                "give one of the two an 'id_prefix' of its own",
            )


def _check_commitments(files: ContentFiles, diagnostics: Diagnostics) -> None:
    rules = files.report.form.commitments if files.report else None
    seen: dict[str, Span] = {}
    told: set[Span] = set()
    for member_id, commitment in files.commitments:
        form, span = commitment.form, commitment.span("id")
        if first := seen.get(form.id):
            diagnostics.error(
                "duplicate-id",
                span,
                f"the id '{form.id}' stands here a second time (first at {first})",
                "give each commitment an id of its own",
            )
        seen.setdefault(form.id, span)
        member_span = commitment.document.span("member")
        if member_span not in told:
            told.add(member_span)
            _unknown("member", member_id, member_span, files, diagnostics)
        _unknown("pillar", form.pillar, commitment.span("pillar"), files, diagnostics)
        if rules is None:
            continue
        if member := files.members.get(member_id):
            _check_id(form.id, id_prefix(member.form), rules.id_form, span, member_id, files, diagnostics)
        first_year, last_year = rules.years
        if not first_year <= form.year <= last_year:
            diagnostics.error(
                "year-out-of-range",
                commitment.span("year"),
                f"the year {form.year} is not between {first_year} and {last_year}",
                "correct it, or widen commitments.years in content/report.yaml",
            )


def _check_id(
    found: str,
    prefix: str,
    form: str,
    span: Span,
    member_id: str,
    files: ContentFiles,
    diagnostics: Diagnostics,
) -> None:
    expected = form.replace("{prefix}", prefix)

    def pattern(start: str) -> str:
        return re.escape(start) + re.escape(form.removeprefix("{prefix}")).replace("0", "[0-9]")

    if re.fullmatch(pattern(prefix), found):
        return
    owner = next(
        (
            name
            for name, member in files.members.items()
            if re.fullmatch(pattern(id_prefix(member.form)), found)
        ),
        None,
    )
    if owner:
        diagnostics.error(
            "id-of-other-member",
            span,
            f"the id '{found}' is of the member '{owner}', but the file is of '{member_id}'",
            f"move the record to '{owner}.yaml', or correct the id",
        )
    else:
        diagnostics.error(
            "id-form",
            span,
            f"the id '{found}' has not the form of an id of '{member_id}'",
            f"write it as {expected}, with a digit for each 0",
        )


def _check_parts(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.report is None:
        return
    seen: set[tuple[str, str]] = set()
    for index, part in enumerate(files.report.form.parts):
        if isinstance(part, SectionsPart):
            named = [
                ("section", name, ("parts", index, "sections", place))
                for place, name in enumerate(part.sections)
            ]
        elif isinstance(part, PillarPart):
            named = [("pillar", part.pillar, ("parts", index, "pillar"))]
        else:
            named = [("part", part, ("parts", index))]
        for kind, name, path in named:
            span = files.report.span(*path)
            if kind != "part":
                _unknown(kind, name, span, files, diagnostics)
            if (kind, name) in seen:
                diagnostics.error(
                    "duplicate-part",
                    span,
                    f"the {kind} '{name}' stands among the parts a second time",
                    "delete one of the two",
                )
            seen.add((kind, name))
    for name, section in files.sections.items():
        if ("section", name) not in seen:
            diagnostics.warning(
                "unused-section",
                section.front.span(),
                f"the section '{name}' is not among the parts of the report",
                f"add it to a 'sections' list of parts in {CONTENT}/report.yaml, or delete the file",
            )
    for name, pillar in files.pillars.items():
        if ("pillar", name) not in seen:
            diagnostics.warning(
                "unused-pillar",
                pillar.span(),
                f"the pillar '{name}' is not among the parts: its commitments are not printed",
                f"add 'pillar: {name}' to parts in {CONTENT}/report.yaml",
            )


def _check_prose(files: ContentFiles, diagnostics: Diagnostics) -> None:
    for prose in files.prose():
        for inline in inlines(prose.text):
            span = prose.find(f"]({inline.target}" if inline.kind != "html" else inline.target)
            if inline.kind == "html":
                diagnostics.error(
                    "raw-html",
                    span,
                    f"'{inline.target}' is HTML, which has no form in a report",
                    "write it as Markdown; for the sign itself write '\\<'",
                )
            elif inline.kind == "image":
                diagnostics.error(
                    "image-in-text",
                    span,
                    "an image stands within a text",
                    "give it a paragraph of its own",
                )
            else:
                _check_target(inline.target, span, files, diagnostics)


def _check_target(target: str, span: Span, files: ContentFiles, diagnostics: Diagnostics) -> None:
    if re.match(r"(?:https?://|mailto:)[^\s]+$", target):
        return
    kind, colon, name = target.partition(":")
    if colon and kind in TARGETS:
        _unknown(kind, name, span, files, diagnostics)
    elif colon or not target:
        diagnostics.error(
            "invalid-link",
            span,
            f"'{target}' is not a link that a report may have",
            "use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
        )
    else:
        _unknown("link", target, span, files, diagnostics)


def _check_sections(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    placed: dict[str, Span] = {}
    for section in files.sections.values():
        text = " ".join(
            plain_text(block.text) for block in section.file.blocks if isinstance(block, Paragraph)
        )
        for block in section.file.blocks:
            if isinstance(block, Image) and block.source.startswith(FIGURE):
                name = block.source.removeprefix(FIGURE)
                _unknown("figure", name, block.span, files, diagnostics)
                if first := placed.get(name):
                    diagnostics.error(
                        "duplicate-figure",
                        block.span,
                        f"the figure '{name}' is placed a second time (first at {first})",
                        f"link to it instead: [see the figure](figure:{name})",
                    )
                placed.setdefault(name, block.span)
            elif isinstance(block, Image):
                _check_image(project, block, diagnostics)
            elif isinstance(block, PullOut) and _folded(block.text) not in _folded(text):
                diagnostics.error(
                    "pull-out-differs",
                    block.span,
                    "the words of this pull-out don't stand in the section's text",
                    "repeat words of a paragraph of this section exactly",
                )
    for name, figure in files.figures.items():
        if name not in placed:
            diagnostics.warning(
                "unused-figure",
                figure.span(),
                f"the figure '{name}' is not placed in a section",
                f"add a paragraph ![](figure:{name}) to a section, or delete the file",
            )


def _folded(text: str) -> str:
    return " ".join(plain_text(text).split())


def _check_image(project: Project, image: Image, diagnostics: Diagnostics) -> None:
    path = CONTENT / image.source
    try:
        project.resolve(path)
    except (OutsideProjectError, ValueError, OSError):
        diagnostics.error(
            "outside-project",
            image.span,
            f"the image '{image.source}' lies outside of the project",
            "put the file into content/images and write images/NAME",
        )
        return
    if ":" in image.source or not project.is_file(path):
        diagnostics.error(
            "missing-image",
            image.span,
            f"there is no image '{path}' in the project",
            "put the file into content/images and write images/NAME",
        )
    if not image.alt.strip():
        diagnostics.error(
            "missing-alt",
            image.span,
            f"the image '{image.source}' has no alternative text",
            "say between the square brackets what it shows, for a reader who can't see it",
        )


def _check_figures(files: ContentFiles, diagnostics: Diagnostics) -> None:
    for name, table in files.tables.items():
        if not table.rows:
            diagnostics.warning(
                "data-missing",
                Span(str(table.path), 2),
                f"the numbers of the figure '{name}' are to be supplied",
                f"fill in this file ({', '.join(table.columns)}); the page shows a panel until then",
            )
    if any(figure.form.kind is ChartKind.MAP for figure in files.figures.values()):
        mapped = atlas.codes()
        for name, member in files.members.items():
            if member.form.code not in mapped and member.form.location is None:
                diagnostics.warning(
                    "not-on-map",
                    member.span(),
                    f"the map has no area for the member '{name}'",
                    "add its 'location: [latitude, longitude]', so that it gets a dot",
                )


def _check_links(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.links is None:
        return
    template = files.links.form.commitment
    if template is not None and (
        "{id}" not in template or set(re.findall(r"\{(.*?)\}", template)) - {"member", "id"}
    ):
        diagnostics.error(
            "invalid-value",
            files.links.span("commitment"),
            "the address of a commitment needs {id}, may have {member}, and nothing else in braces",
            "write it such as https://example.org/{member}/{id}/",
        )
    used = set(
        chain.from_iterable((i.target for i in inlines(p.text)) for p in files.prose())
    )
    for name, link in files.links.form.links.items():
        span = files.links.document.key_span("links", name)
        if link.status is LinkStatus.UNKNOWN:
            diagnostics.warning(
                "unknown-target",
                span,
                f"the target of the link '{name}' is not known: it is text on the page",
                "add its 'url' and the status 'original' or 'found'",
            )
        if name not in used:
            diagnostics.warning(
                "unused-link",
                span,
                f"no text uses the link '{name}'",
                f"write [text]({name}) in a section, or delete the entry",
            )
