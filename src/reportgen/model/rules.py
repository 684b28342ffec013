"""What content must keep beyond the form of each file: the rules between files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from babel import Locale as Cldr
from babel import UnknownLocaleError

from reportgen import atlas
from reportgen.model.files import CONTENT, ContentFiles, Placed, PlacedProse
from reportgen.model.schema import (
    ChartKind,
    LinkStatus,
    MemberEntry,
    PillarPart,
    ReportFile,
    ReportPart,
    SectionsPart,
)
from reportgen.model.strays import check_strays
from reportgen.model.validate import read
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostics, Severity, Span, has_errors, listed
from reportgen.source.icc import NotAPrinterProfileError, read_printer_profile
from reportgen.source.markdown import (
    Block,
    Heading,
    Image,
    Inline,
    Paragraph,
    PullOut,
    inlines,
    plain_text,
    unknown_marks,
)
from reportgen.source.pictures import UnusablePictureError, check_picture

FIGURE = "figure:"
"""What the source of an image begins with when it places a figure."""

TARGETS = ("commitment", "member", "pillar", "section", "figure")
"""The kinds of thing in the report that a link can lead to, as ``kind:name``."""

_TO_DO = "TODO:"
"""What marks a place that somebody is still to fill in."""

TEXT_WIDTH_MM = 118
"""How wide a picture stands in the text."""

FINE_RESOLUTION = 300
"""Pixels an inch that a press can show; a preflight of the print edition asks for as many."""

MOST_USEFUL_PIXELS = 36_500_000
"""Pixels of an A4 page at 600 an inch: what a picture has beyond them only makes files large."""

_MAX_PLACES = 50
"""Bad links, images, tags and marks of one text whose own places are told; of others it is the
text's."""

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of the CLDR that are not a country's (ISO 3166-1)."""


def check_rules(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note all that is wrong between the content files of a project."""
    _check_language(files, diagnostics)
    _check_print(project, files, diagnostics)
    prefixes = _check_members(files, diagnostics)
    _check_commitments(files, prefixes, diagnostics)
    _check_parts(files, diagnostics)
    _check_prose(files, diagnostics)
    _check_sections(project, files, diagnostics)
    _check_figures(files, prefixes, diagnostics)
    _check_links(files, diagnostics)
    _check_imports(files, diagnostics)
    _check_to_dos(files, diagnostics)
    check_strays(project, files, diagnostics)
    # A mistake may be what keeps a thing from being used: so this is told when there is none.
    if not has_errors(diagnostics.sorted()):
        _check_unused(files, diagnostics)


def _check_known(
    kind: str, name: str | None, span: Span, files: ContentFiles, diagnostics: Diagnostics
) -> None:
    """Note it if there is no such thing; if names could not be read, that is told already."""
    known = files.known[kind]
    if name is None or known is None or name in known:
        return
    typed = unquote(name)
    otherwise = f"add it, or use one of {listed(known)}" if known else "add it"
    hint = diagnostics.did_you_mean(typed, known, otherwise)
    diagnostics.error(f"unknown-{kind}", span, f"there is no {kind} '{typed}'", hint)


def _check_language(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.report is None or (language := read(files.report.form.language)) is None:
        return
    try:
        Cldr.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        diagnostics.error(
            "unknown-language",
            files.report.span("language"),
            f"'{language}' is not a language whose rules are known (CLDR)",
            "write a language tag, such as en or pt-BR",
        )


def _check_print(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """The printer's profile is a file that describes printing in four inks."""
    rules = read(files.report.form.print) if files.report else None
    if files.report is None or rules is None or (name := rules.profile) is None:
        return
    path = CONTENT / name
    span = files.report.span("print", "profile")
    if not project.is_file(path):
        message = f"there is no file '{path}' in the project"
        hint = "put the printer's ICC profile there, or correct its name"
        diagnostics.error("missing-file", span, message, hint)
        return
    try:
        read_printer_profile(project.read(path))
    except (NotAPrinterProfileError, OSError) as error:
        hint = "ask the printer for the ICC profile of the press and the paper"
        reason = getattr(error, "strerror", None) or error
        diagnostics.error("unusable-profile", span, f"'{path}' {reason}", hint)


def _check_members(files: ContentFiles, diagnostics: Diagnostics) -> dict[str, str]:
    """Note what is wrong with members, and give what the ids of each good one begin with."""
    prefixes: dict[str, str] = {}
    owners: dict[str, str] = {}
    for name, member in files.members.items():
        form = member.form
        _check_known("region", form.region, member.span("region"), files, diagnostics)
        if not _check_code(name, member, diagnostics):
            continue
        prefix = form.id_prefix or form.code
        owner = owners.setdefault(prefix, name)
        if owner == name:
            prefixes[name] = prefix
            continue
        prefixes.pop(owner, None)
        diagnostics.error(
            "duplicate-prefix",
            member.span("id_prefix" if form.id_prefix else "code"),
            f"the ids of '{name}' begin with '{prefix}', as those of '{owner}' do",
            "give one of the two an 'id_prefix' of its own",
        )
    return prefixes


def is_country(code: str) -> bool:
    """Tell whether a two-letter code is a country's (ISO 3166-1, as the CLDR has it)."""
    return len(code) == 2 and code in _countries()


@cache
def _countries() -> frozenset[str]:
    return frozenset(Cldr("en").territories) - _NOT_COUNTRIES


def _check_code(name: str, member: Placed[MemberEntry], diagnostics: Diagnostics) -> bool:
    """Tell whether a member's code and what goes with it are good, and note it if not."""
    form = member.form
    if read(form.code) is None:
        return False
    country = form.code[:2]
    if not is_country(country):
        diagnostics.error(
            "unknown-country",
            member.span("code"),
            f"'{country}' is not the code of a country (ISO 3166-1)",
            "look the two-letter code up",
        )
        return False
    if ("-" in form.code) is (form.parent is None) or (form.parent or country) != country:
        diagnostics.error(
            "member-kind",
            member.span("code"),
            f"the code '{form.code}' does not fit the parent '{form.parent}'"
            if form.parent
            else f"the code '{form.code}' is a subdivision's, but the member has no parent",
            "a country has a code such as NZ and no parent,"
            " a local member has one such as NZ-AUK and the parent NZ",
        )
        return False
    if form.parent is not None and form.id_prefix is None:
        diagnostics.error(
            "missing-key",
            member.span(),
            f"the local member '{name}' has no 'id_prefix'",
            "say what the ids of its commitments begin with",
        )
        return False
    return True


def _check_commitments(
    files: ContentFiles, prefixes: Mapping[str, str], diagnostics: Diagnostics
) -> None:
    seen: dict[str, Span] = {}
    rules = files.report.form.commitments if files.report else None
    id_form = read(rules.id_form) if rules else None
    ids = _IdForm(id_form, prefixes) if id_form else None
    years = read(rules.years) if rules else None
    for member_id, commitment in files.commitments:
        _check_known("member", member_id, commitment.document.span("member"), files, diagnostics)
        form, span = commitment.form, commitment.span("id")
        _check_known("pillar", form.pillar, commitment.span("pillar"), files, diagnostics)
        year = read(form.year)
        if years and year is not None and not years[0] <= year <= years[1]:
            diagnostics.error(
                "year-out-of-range",
                commitment.span("year"),
                f"the year {year} is not between {years[0]} and {years[1]}",
                "correct it, or widen commitments.years in content/report.yaml",
            )
        if read(form.id) is None:
            continue
        # Whose ids they are is not known in a file of two members, or of one with a bad prefix.
        is_clear = member_id in prefixes and commitment.document.path.stem == member_id
        if ids and is_clear and not _check_id(form.id, ids, member_id, span, diagnostics):
            continue
        if first := seen.get(form.id):
            diagnostics.error(
                "duplicate-id",
                span,
                f"the id '{form.id}' stands here a second time (first at {first})",
                "give each commitment an id of its own",
            )
        seen.setdefault(form.id, span)


class _IdForm:
    """The form of all ids: a member's prefix, and what follows it."""

    def __init__(self, form: str, prefixes: Mapping[str, str]) -> None:
        self._rest = form.removeprefix("{prefix}")
        self._digits = re.compile(re.escape(self._rest).replace("0", "[0-9]"))
        self._prefixes = prefixes
        self._owners = {prefix: member for member, prefix in prefixes.items()}

    def expected(self, member: str) -> str:
        """Give the form of a member's ids."""
        return self._prefixes[member] + self._rest

    def owner(self, id_: str) -> str | None:
        """Give the member whose id it is, or nothing."""
        start = max(len(id_) - len(self._rest), 0)
        return self._owners.get(id_[:start]) if self._digits.fullmatch(id_, start) else None


def _check_id(
    found: str, ids: _IdForm, member_id: str, span: Span, diagnostics: Diagnostics
) -> bool:
    """Tell whether an id is one of its member, and note it if not."""
    owner = ids.owner(found)
    if owner == member_id:
        return True
    if owner is not None:
        diagnostics.error(
            "id-of-other-member",
            span,
            f"the id '{found}' is of the member '{owner}', but the file is of '{member_id}'",
            f"move the record to '{owner}.yaml', or correct the id",
        )
    else:
        expected = ids.expected(member_id)
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
    form = files.report.form
    if read(form.parts):
        _check_list(form.parts, ("parts",), files.report, files, diagnostics)
    if form.brief and read(form.brief.parts):
        _check_list(form.brief.parts, ("brief", "parts"), files.report, files, diagnostics)


def _check_list(
    parts: tuple[ReportPart, ...],
    at: tuple[str, ...],
    report: Placed[ReportFile],
    files: ContentFiles,
    diagnostics: Diagnostics,
) -> None:
    """Note what is wrong with a list of parts; `at` is the way to it."""
    seen: set[tuple[str, str]] = set()
    named: list[tuple[str, str, tuple[str | int, ...]]]
    for index, part in enumerate(parts):
        if isinstance(part, SectionsPart):
            named = [
                ("section", name, (*at, index, "sections", place))
                for place, name in enumerate(part.sections)
            ]
        elif isinstance(part, PillarPart):
            named = [("pillar", part.pillar, (*at, index, "pillar"))]
        else:
            named = [("part", part, (*at, index))]
        for kind, name, path in named:
            if read(name) is None:
                continue
            span = report.span(*path)
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
    if read(parts[0]) not in ("cover", None):
        diagnostics.error(
            "no-cover",
            report.span(*at, 0),
            "the first part is not the cover, which has the report's title as its first heading",
            "begin the list with '- cover'",
        )


def _check_prose(files: ContentFiles, diagnostics: Diagnostics) -> None:
    printed = _printed(files)
    for prose in files.prose:
        before: Counter[Inline] = Counter()
        places = 0
        for inline in inlines(prose.text):
            nth = before[inline]
            before[inline] += 1
            if inline.kind == "link" and _leads_somewhere(inline.target, files, printed):
                continue
            # To look each of very many places up takes the square of their number.
            places += 1
            span = _place_of(inline, prose, nth) if places <= _MAX_PLACES else prose.span
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
                _refuse_target(inline.target, span, files, diagnostics)
        _check_marks(prose, diagnostics)
    # What stands for an image is no prose, but has marks: they would be read to those who hear it.
    for image in files.images():
        _check_marks(image, diagnostics)


def _check_marks(prose: PlacedProse, diagnostics: Diagnostics) -> None:
    """Note the marks of other kinds of Markdown, which the page would show as they are typed."""
    for number, mark in enumerate(unknown_marks(prose.text)):
        place = prose.find(mark.text, mark.nth) if number < _MAX_PLACES else None
        diagnostics.error("unsupported-markdown", place or prose.span, mark.message, mark.hint)


def _place_of(inline: Inline, prose: PlacedProse, nth: int) -> Span:
    """Give the place of the nth such inline in a piece of prose, or the place of the prose."""
    needles = [inline.target]
    if inline.kind != "html":
        # CommonMark writes a target as a browser needs it; the file has it as it was typed.
        targets = (inline.target, unquote(inline.target))
        needles = [f"{start}{target}" for start in ("](", "](<", "<") for target in targets]
    return next(filter(None, (prose.find(needle, nth) for needle in needles)), prose.span)


def _leads_somewhere(
    target: str, files: ContentFiles, printed: Mapping[str, Collection[str]]
) -> bool:
    """Tell whether a link has a good target; of what isn't known, yes."""
    if re.match(r"(?:https?://|mailto:)[^\s]+$", target):
        return True
    kind, colon, name = target.partition(":")
    if not colon or kind not in TARGETS:
        known = files.known["link"]
        return bool(target) and not colon and (known is None or target in known)
    return files.known[kind] is None or name in printed[kind]


def _refuse_target(target: str, span: Span, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note a link that leads nowhere."""
    kind, colon, name = target.partition(":")
    if colon and kind in TARGETS:
        if name not in (files.known[kind] or ()):
            _check_known(kind, name, span, files, diagnostics)
        else:
            diagnostics.error(
                "not-printed",
                span,
                f"the {kind} '{name}' is not printed, so that nothing can lead to it",
                "add to parts what prints it, place the figure, or take the link away",
            )
    elif colon or not target:
        diagnostics.error(
            "invalid-link",
            span,
            f"'{target}' is not a link that a report may have",
            "use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
        )
    else:
        _check_known("link", target, span, files, diagnostics)


def _printed(files: ContentFiles) -> dict[str, frozenset[str]]:
    """Give the names, by kind, of all that the pages have a place for."""
    printed = {kind: files.known[kind] or frozenset() for kind in TARGETS}
    parts = read(files.report.form.parts) if files.report else None
    if parts is None or None in parts:
        return printed
    if "index" not in parts:
        printed["member"] = frozenset()
    hidden = printed["pillar"] - {part.pillar for part in parts if isinstance(part, PillarPart)}
    printed["pillar"] -= hidden
    printed["commitment"] -= {c.form.id for _, c in files.commitments if c.form.pillar in hidden}
    printed["section"] &= {
        name for part in parts if isinstance(part, SectionsPart) for name in part.sections
    }
    printed["figure"] &= {
        block.source.removeprefix(FIGURE)
        for name in printed["section"] & files.sections.keys()
        for block in files.sections[name].file.blocks
        if isinstance(block, Image) and block.source.startswith(FIGURE)
    }
    return printed


def _check_sections(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    placed: dict[str, Span] = {}
    wrong: dict[PurePosixPath, _Problem | None] = {}
    for section in files.sections.values():
        _check_headings(section.file.blocks, diagnostics)
        text = " ".join(
            _folded(block.text) for block in section.file.blocks if isinstance(block, Paragraph)
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
                _check_image(project, block, wrong, diagnostics)
            elif isinstance(block, PullOut) and _folded(block.text) not in text:
                diagnostics.error(
                    "pull-out-differs",
                    block.span,
                    "the words of this pull-out don't stand in the section's text",
                    "repeat words of a paragraph of this section exactly",
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


def _check_image(
    project: Project,
    image: Image,
    wrong: dict[PurePosixPath, _Problem | None],
    diagnostics: Diagnostics,
) -> None:
    # The typesetter takes the source for an address, and CommonMark writes it as one.
    shown = unquote(image.source)
    path = CONTENT / unquote(urlsplit(image.source).path)
    is_outside = False
    try:
        project.resolve(path)
        is_there = ":" not in image.source and project.is_file(path)
    except OutsideProjectError:
        diagnostics.error(
            "outside-project",
            image.span,
            f"the image '{shown}' lies outside of the project",
            "put the file into content/images and write images/NAME",
        )
        is_there = is_outside = True
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        diagnostics.error(
            "missing-image",
            image.span,
            f"there is no image '{path}' in the project",
            "put the file into content/images and write images/NAME",
        )
    elif not is_outside:
        if path not in wrong:
            wrong[path] = _problem_of(project, path)
        if found := wrong[path]:
            severity, code, message, hint = found
            note = diagnostics.error if severity is Severity.ERROR else diagnostics.warning
            note(code, image.span, message, hint)
    if not image.alt.strip():
        diagnostics.error(
            "missing-alt",
            image.span,
            f"the image '{shown}' has no alternative text",
            "say between the square brackets what it shows, for a reader who can't see it",
        )


_Problem = tuple[Severity, str, str, str]
"""What is wrong with a picture: how bad, the code, the message and the hint."""


def _problem_of(project: Project, path: PurePosixPath) -> _Problem | None:
    """Return what is wrong with a picture, or nothing."""
    try:
        size = check_picture(project.read(path))
    except UnusablePictureError as error:
        return Severity.ERROR, "unusable-picture", f"the image '{path}' {error}", error.hint
    except OSError as error:
        message = f"the image '{path}' can't be read ({error.strerror})"
        return Severity.ERROR, "unreadable-file", message, "make sure that it may be read"
    if size is None:
        return None
    width, height = size
    fine = round(TEXT_WIDTH_MM / 25.4 * FINE_RESOLUTION)
    if width < fine:
        return (
            Severity.WARNING,
            "picture-resolution",
            f"the image '{path}' is {width} pixels wide, too few for paper",
            f"take one of {fine} pixels or more: {FINE_RESOLUTION} an inch over the width of text",
        )
    if width * height > MOST_USEFUL_PIXELS:
        number = f"{width * height / 1e6:.0f} million"
        return (
            Severity.WARNING,
            "picture-resolution",
            f"the image '{path}' has {number} pixels, more than any page can show",
            f"scale it down, to {2 * fine} pixels of width or so",
        )
    return None


def _check_figures(
    files: ContentFiles, good_members: Collection[str], diagnostics: Diagnostics
) -> None:
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
            # As it was written: a location that is wrong is told, and not that it is missing.
            is_placed = member.document.at(*member.path).get("location") is not None
            is_drawn = member.form.code in mapped or is_placed
            if name in good_members and not is_drawn:
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
    rest = (template or "").replace("{member}", "").replace("{id}", "")
    if template is not None and ("{id}" not in template or "{" in rest or "}" in rest):
        diagnostics.error(
            "invalid-value",
            files.links.span("commitment"),
            "the address of a commitment needs {id}, may have {member}, and nothing else in braces",
            "write it such as https://example.org/{member}/{id}/",
        )
    for name, link in (read(files.links.form.links) or {}).items():
        if read(link) is not None and link.status is LinkStatus.UNKNOWN:
            diagnostics.warning(
                "unknown-target",
                files.links.key_span("links", name),
                f"the target of the link '{name}' is not known: it is text on the page",
                "add its 'url' and the status 'original' or 'found'",
            )


def _check_imports(files: ContentFiles, diagnostics: Diagnostics) -> None:
    if files.imports is None:
        return
    for name, mapping in (read(files.imports.form.commitments) or {}).items():
        for kind in ("member", "pillar"):
            values = getattr(getattr(mapping, "values", None), kind, None) or {}
            for spelling, key in values.items():
                span = files.imports.span("commitments", name, "values", kind, spelling)
                _check_known(kind, key, span, files, diagnostics)


def _check_to_dos(files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note each line that says ``TODO:``, in a text or in a comment."""
    forms = (*files.forms(), *((files.links,) if files.links else ()))
    texts = {form.document.path: form.document.text for form in forms}
    texts |= {
        section.file.path: "\n".join(section.file.lines) for section in files.sections.values()
    }
    for path, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1) if _TO_DO in text else ():
            before, mark, what = line.partition(_TO_DO)
            if mark:
                diagnostics.warning(
                    "to-do",
                    Span(str(path), number, len(before) + 1),
                    f"something is left to do: {what.strip() or 'it does not say what'}",
                    f"do it, and delete '{_TO_DO}'",
                )


def _check_unused(files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note what stands in the content and not in the report."""
    if files.report is None or files.links is None:
        return
    parts = files.report.form.parts
    brief = files.report.form.brief.parts if files.report.form.brief else parts
    either = (*parts, *brief)
    sections = {name for p in either if isinstance(p, SectionsPart) for name in p.sections}
    for name, section in files.sections.items():
        if name not in sections:
            diagnostics.warning(
                "unused-section",
                section.front.span(),
                f"the section '{name}' is not among the parts of the report",
                f"add it to a 'sections' part in {CONTENT}/report.yaml, or delete the file",
            )
    pillars = {part.pillar for part in parts if isinstance(part, PillarPart)}
    for name, pillar in files.pillars.items():
        if name not in pillars:
            diagnostics.warning(
                "unused-pillar",
                pillar.key_span(),
                f"the pillar '{name}' is not among the parts: its commitments are not printed",
                f"add 'pillar: {name}' to parts in {CONTENT}/report.yaml",
            )
    in_brief = {part.pillar for part in brief if isinstance(part, PillarPart)}
    for index, part in enumerate(parts):
        if isinstance(part, PillarPart) and part.pillar not in in_brief:
            diagnostics.warning(
                "unused-pillar",
                files.report.span("parts", index, "pillar"),
                f"the pillar '{part.pillar}' is not among the parts of a brief: briefs leave its"
                " commitments out",
                f"add 'pillar: {part.pillar}' to the parts of 'brief' in this file",
            )
    blocks = [block for section in files.sections.values() for block in section.file.blocks]
    placed = {block.source for block in blocks if isinstance(block, Image)}
    for name, figure in files.figures.items():
        if f"{FIGURE}{name}" not in placed:
            diagnostics.warning(
                "unused-figure",
                figure.span(),
                f"the figure '{name}' is not placed in a section",
                f"add a paragraph ![](figure:{name}) to a section, or delete the file",
            )
    targets = {inline.target for prose in files.prose for inline in inlines(prose.text)}
    for name in files.links.form.links:
        if name not in targets:
            diagnostics.warning(
                "unused-link",
                files.links.key_span("links", name),
                f"no text uses the link '{name}'",
                f"write [text]({name}) in a section, or delete the entry",
            )
