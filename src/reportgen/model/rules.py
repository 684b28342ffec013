"""What content must keep beyond the form of each file: the rules between files."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from urllib.parse import unquote, urlsplit

from babel import Locale as Cldr
from babel import UnknownLocaleError

from reportgen import atlas
from reportgen.model.files import CONTENT, ContentFiles, PlacedProse, is_file
from reportgen.model.schema import (
    ChartKind,
    LinkStatus,
    MemberEntry,
    PillarPart,
    SectionsPart,
)
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostics, Span, did_you_mean, listed
from reportgen.source.markdown import (
    Block,
    Heading,
    Image,
    Inline,
    Paragraph,
    PullOut,
    inlines,
    plain_text,
)

FIGURE = "figure:"
"""What the source of an image begins with when it places a figure."""

TARGETS = ("commitment", "member", "pillar", "section", "figure")
"""The kinds of thing in the report that a link can lead to, as ``kind:name``."""

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of the CLDR that are not a country's (ISO 3166-1)."""


def check_rules(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note all that is wrong between the content files of a project."""
    _check_language(files, diagnostics)
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


def _check_known(
    kind: str, name: str, span: Span, files: ContentFiles, diagnostics: Diagnostics
) -> None:
    """Note it if there is no such thing; if the names could not be read, that is told already."""
    known = files.known[kind]
    if known is None or name in known:
        return
    diagnostics.error(
        f"unknown-{kind}",
        span,
        f"there is no {kind} '{name}'",
        did_you_mean(name, known, f"add it, or use one of {listed(known)}" if known else "add it"),
    )


def _check_language(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.report is None:
        return
    language = files.report.form.language
    try:
        Cldr.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        diagnostics.error(
            "unknown-language",
            files.report.span("language"),
            f"'{language}' is not a language whose rules are known (CLDR)",
            "write a language tag, such as en or pt-BR",
        )


def _check_members(files: ContentFiles, diagnostics: Diagnostics) -> None:
    countries = Cldr("en").territories
    prefixes: dict[str, str] = {}
    for name, member in files.members.items():
        form = member.form
        _check_known("region", form.region, member.span("region"), files, diagnostics)
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
                "a country has a code such as NZ and no parent; a local member has NZ-AUK and NZ",
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
    seen: dict[str, Span] = {}
    for member_id, commitment in files.commitments:
        _check_known("member", member_id, commitment.document.span("member"), files, diagnostics)
        form, span = commitment.form, commitment.span("id")
        _check_known("pillar", form.pillar, commitment.span("pillar"), files, diagnostics)
        if files.report:
            first_year, last_year = files.report.form.commitments.years
            if not first_year <= form.year <= last_year:
                diagnostics.error(
                    "year-out-of-range",
                    commitment.span("year"),
                    f"the year {form.year} is not between {first_year} and {last_year}",
                    "correct it, or widen commitments.years in content/report.yaml",
                )
        if not _check_id(form.id, member_id, span, files, diagnostics):
            # An id that is not this member's is one mistake, and not a second use of another's too.
            continue
        if first := seen.get(form.id):
            diagnostics.error(
                "duplicate-id",
                span,
                f"the id '{form.id}' stands here a second time (first at {first})",
                "give each commitment an id of its own",
            )
        seen.setdefault(form.id, span)


def _check_id(
    found: str, member_id: str, span: Span, files: ContentFiles, diagnostics: Diagnostics
) -> bool:
    """Tell whether an id is one of its member, as far as that is known."""
    member = files.members.get(member_id)
    if files.report is None or member is None:
        return True
    form = files.report.form.commitments.id_form

    def fits(member: MemberEntry) -> bool:
        digits = re.escape(form.removeprefix("{prefix}")).replace("0", "[0-9]")
        return re.fullmatch(re.escape(id_prefix(member)) + digits, found) is not None

    if fits(member.form):
        return True
    if owner := next((name for name, other in files.members.items() if fits(other.form)), None):
        diagnostics.error(
            "id-of-other-member",
            span,
            f"the id '{found}' is of the member '{owner}', but the file is of '{member_id}'",
            f"move the record to '{owner}.yaml', or correct the id",
        )
    else:
        expected = form.replace("{prefix}", id_prefix(member.form))
        diagnostics.error(
            "id-form",
            span,
            f"the id '{found}' has not the form of an id of '{member_id}'",
            f"write it as {expected}, with a digit for each 0",
        )
    return False


def _check_parts(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.report is None:
        return
    seen: set[tuple[str, str]] = set()
    named: list[tuple[str, str, tuple[str | int, ...]]]
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
                _check_known(kind, name, span, files, diagnostics)
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
                f"add it to a 'sections' part in {CONTENT}/report.yaml, or delete the file",
            )
    for name, pillar in files.pillars.items():
        if ("pillar", name) not in seen:
            diagnostics.warning(
                "unused-pillar",
                pillar.key_span(),
                f"the pillar '{name}' is not among the parts: its commitments are not printed",
                f"add 'pillar: {name}' to parts in {CONTENT}/report.yaml",
            )


def _check_prose(files: ContentFiles, diagnostics: Diagnostics) -> None:
    for prose in files.prose():
        before: Counter[Inline] = Counter()
        for inline in inlines(prose.text):
            span = _place_of(inline, prose, before[inline])
            before[inline] += 1
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


def _place_of(inline: Inline, prose: PlacedProse, nth: int) -> Span:
    """Give the place of the nth such inline in a piece of prose, or the place of the prose."""
    needles = [inline.target]
    if inline.kind != "html":
        # CommonMark writes a target as a browser needs it; the file has it as it was typed.
        targets = (inline.target, unquote(inline.target))
        needles = [f"{start}{target}" for start in ("](", "](<", "<") for target in targets]
    return next(filter(None, (prose.find(needle, nth) for needle in needles)), prose.span)


def _check_target(target: str, span: Span, files: ContentFiles, diagnostics: Diagnostics) -> None:
    if re.match(r"(?:https?://|mailto:)[^\s]+$", target):
        return
    kind, colon, name = target.partition(":")
    if colon and kind in TARGETS:
        _check_known(kind, name, span, files, diagnostics)
    elif colon or not target:
        diagnostics.error(
            "invalid-link",
            span,
            f"'{target}' is not a link that a report may have",
            "use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
        )
    else:
        _check_known("link", target, span, files, diagnostics)


def _check_sections(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    placed: dict[str, Span] = {}
    for section in files.sections.values():
        _check_headings(section.file.blocks, diagnostics)
        text = " ".join(
            plain_text(block.text) for block in section.file.blocks if isinstance(block, Paragraph)
        )
        for block in section.file.blocks:
            if isinstance(block, Image) and block.source.startswith(FIGURE):
                name = block.source.removeprefix(FIGURE)
                _check_known("figure", name, block.span, files, diagnostics)
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
        if name not in placed and files.complete:
            diagnostics.warning(
                "unused-figure",
                figure.span(),
                f"the figure '{name}' is not placed in a section",
                f"add a paragraph ![](figure:{name}) to a section, or delete the file",
            )


def _check_headings(blocks: tuple[Block, ...], diagnostics: Diagnostics) -> None:
    """Note a heading that skips a level, which a reader who hears the page would look for."""
    level = 1
    for block in blocks:
        if not isinstance(block, Heading):
            continue
        if block.level > level + 1:
            diagnostics.error(
                "heading-level",
                block.span,
                "a heading of level 3 has none of level 2 above it",
                "write '##' for it, or put one of level 2 above it",
            )
        level = block.level


def _folded(text: str) -> str:
    return " ".join(plain_text(text).split())


def _check_image(project: Project, image: Image, diagnostics: Diagnostics) -> None:
    # The typesetter takes the source for an address.
    path = CONTENT / unquote(urlsplit(image.source).path)
    try:
        project.resolve(path)
        is_there = ":" not in image.source and is_file(project, path)
    except OutsideProjectError:
        diagnostics.error(
            "outside-project",
            image.span,
            f"the image '{image.source}' lies outside of the project",
            "put the file into content/images and write images/NAME",
        )
        is_there = True
    except (OSError, RuntimeError, ValueError):
        is_there = False
    if not is_there:
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
                f"fill this file in ({', '.join(table.columns)}); the page has a panel until then",
            )
    if any(figure.form.kind is ChartKind.MAP for figure in files.figures.values()):
        mapped = atlas.codes()
        for name, member in files.members.items():
            if member.form.code not in mapped and member.form.location is None:
                diagnostics.warning(
                    "not-on-map",
                    member.key_span(),
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
    used = set(chain.from_iterable((i.target for i in inlines(p.text)) for p in files.prose()))
    for name, link in files.links.form.links.items():
        span = files.links.document.key_span("links", name)
        if link.status is LinkStatus.UNKNOWN:
            diagnostics.warning(
                "unknown-target",
                span,
                f"the target of the link '{name}' is not known: it is text on the page",
                "add its 'url' and the status 'original' or 'found'",
            )
        if name not in used and files.complete:
            diagnostics.warning(
                "unused-link",
                span,
                f"no text uses the link '{name}'",
                f"write [text]({name}) in a section, or delete the entry",
            )
