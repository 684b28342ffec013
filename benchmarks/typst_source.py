"""The same report as a Typst document: the same words, structure, flags, charts and fonts.

It is not the same design, but what a Typst user would write for this report: a cover drawn from
the records, contents and an index with page numbers, running heads, members beside their records.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import woff2

from benchmarks.same_html import Composed
from reportgen.model.report import Commitment, Figure, Member, Report, Section
from reportgen.pages.anchors import (
    INDEX_ANCHOR,
    commitment_anchor,
    figure_anchor,
    member_anchor,
    pillar_anchor,
    region_anchor,
    section_anchor,
)
from reportgen.pages.catalogue import MemberGroup, grouped, member_name, members_by_name, tally
from reportgen.pages.contents import placed_figures
from reportgen.pages.figures import alternative, chart_data, drawing_of
from reportgen.pages.parts import Part
from reportgen.pages.prose import ProseRenderer
from reportgen.project import Project
from reportgen.source.markdown import Block, Heading, Image, ItemList, PullOut, plain_text
from reportgen.source.tokens import TOKENS, read_tokens

DOCUMENT = "report.typ"
FONTS = "fonts"

_PRELUDE = """
#set page(paper: "a4", margin: (left: 68mm, right: 24mm, top: 31mm, bottom: 27mm),
  header: context {
    let parts = query(selector(heading.where(level: 1)).before(here()))
    set text(font: sans, size: 7.75pt, fill: quiet)
    place(left, dx: -46mm, name)
    if parts.len() > 0 { parts.last().body }
  },
  footer: context align(right, text(font: sans, size: 9pt, weight: 600, counter(page).display())))
#set text(font: serif, size: 10.25pt, fill: ink, hyphenate: true)
#set par(leading: 4.25pt, spacing: 14.5pt, justify: false)
#show link: set text(fill: links)
#show heading: set text(weight: 600, hyphenate: false)
#show heading.where(level: 1): set text(font: display, size: 27pt)
#show heading.where(level: 1): set block(below: 29pt)
#show heading.where(level: 2): set text(font: display, size: 15pt)
#show heading.where(level: 3): set text(font: sans, size: 9pt)
#show heading.where(level: 4): set text(font: sans, size: 10.86pt)
#show figure.caption: set text(font: sans, size: 9pt)
#set figure.caption(position: top)
#let at(target) = context counter(page).at(target).first()
#let empty = (margin: 0mm, header: none, footer: none)
#let flag(path, width: 6.8mm) = pdf.artifact(
  box(stroke: 0.25pt + rule, image(path, width: width, height: 0.75 * width)))
#let side(body) = place(dx: -46mm, box(width: 40mm, body))
#let record(target, address, title, id, year, summary) = block(breakable: false, width: 100%)[
  #heading(level: 4, outlined: false, bookmarked: true,
    if address == none { title } else { link(address, title) }) #target
  #block(above: 4pt, below: 4pt, text(font: sans, size: 7.75pt, fill: quiet)[#id · #year])
  #summary
]
#let opener(fill, ink, numeral, title, target, counts, points) = page(fill: fill, ..empty)[
  #set text(fill: ink)
  #block(inset: (left: 22mm, right: 24mm, top: 24mm))[
    #text(font: display, size: 150pt, weight: 300, numeral)
    #heading(level: 1, title) #target
    #grid(columns: (40mm, 1fr), column-gutter: 6mm,
      stack(spacing: 14.5pt, ..counts.map(c => [#text(font: display, size: 27pt, c.at(0)) \\
        #text(font: sans, size: 9pt, c.at(1))])),
      stack(spacing: 14.5pt, ..points))
  ]
]
"""


class _Markup(HTMLParser):
    """Turns the HTML of a piece of prose into Typst markup."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self._closing: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag; of those that prose has, only links have an attribute that counts."""
        if tag == "br":
            self.written.append("#linebreak()")
            return
        href = dict(attrs).get("href") or ""
        opened, closing = {
            "em": ("#emph[", "]"),
            "strong": ("#strong[", "]"),
            "code": ("#text(font: sans)[", "]"),
            "a": (f"#link({_target(href)})[", "]"),
        }.get(tag, ("", ""))
        self.written.append(opened)
        self._closing.append(closing)

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        self.written.append(self._closing.pop())

    def handle_data(self, data: str) -> None:
        """Write a text as a string, in which no sign means anything."""
        self.written.append(f"#{_string(data)}")


def _target(href: str) -> str:
    return _label(href[1:]) if href.startswith("#") else _string(href)


def _string(text: object) -> str:
    """Give a text as a string of Typst's code. JSON's escapes are others, beyond these."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _label(anchor: str) -> str:
    return f"label({_string(anchor)})"


def write_typst(project: Project, made: Composed, folder: Path) -> Path:
    """Write a report as a Typst document with all that it needs, and give its file."""
    source = _Source(project, made, folder)
    document = folder / DOCUMENT
    folder.mkdir(parents=True, exist_ok=True)
    document.write_text("\n".join(source.lines()), encoding="utf-8")
    _unpack_fonts(project, folder / FONTS)
    return document


def _unpack_fonts(project: Project, folder: Path) -> None:
    """Write the fonts as they were before they were packed: Typst reads no WOFF2."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in project.walk("styles", ".woff2"):
        unpacked = io.BytesIO()
        woff2.decompress(io.BytesIO(project.read(path)), unpacked)
        (folder / path.stem).with_suffix(".otf").write_bytes(unpacked.getvalue())


class _Source:
    """Writes the document of one report."""

    def __init__(self, project: Project, made: Composed, folder: Path) -> None:
        self._report: Report = made.report
        self._locale = made.locale
        self._parts = made.composition.parts
        self._folder = folder
        self._html = ProseRenderer(made.report)
        css = "".join(project.read(path).decode() for path in TOKENS)
        self._tokens = read_tokens(css, made.locale.tag)
        self._figures = {f"figure:{f.id}": f for f in placed_figures(made.report, self._parts)}

    def lines(self) -> Iterator[str]:
        """Give the lines of the document."""
        report, tokens = self._report, self._tokens
        for name in ("serif", "serif-display", "sans"):
            families = ", ".join(tokens[name].replace("'", '"').split(","))
            yield f"#let {name.removeprefix('serif-')} = ({families},)"
        for name, token in (
            ("ink", "ink"), ("quiet", "ink-quiet"), ("rule", "rule"), ("links", "link")
        ):  # fmt: skip
            yield f"#let {name} = {self._color(token)}"
        authors = ", ".join(_string(author.name) for author in report.authors)
        title = _string(plain_text(str(report.title)))
        yield f"#let name = {title}"
        yield f"#set document(title: {title}, author: ({authors},))"
        yield f"#set text(lang: {_string(report.language.partition('-')[0])})"
        yield _PRELUDE
        writers = {
            "cover": self._cover,
            "imprint": self._imprint,
            "contents": self._contents,
            "sections": self._sections,
            "pillar": self._pillar,
            "index": self._index,
            "closing": self._closing,
        }
        for number, part in enumerate(self._parts):
            if number:
                yield "#pagebreak(weak: true)"
            yield from writers[part.kind](part)

    def _prose(self, text: object) -> str:
        """Give prose as a block of content."""
        markup = _Markup()
        markup.feed(str(self._html(text)))
        markup.close()
        return f"[{''.join(markup.written)}]"

    def _color(self, token: str) -> str:
        return f'rgb("{self._tokens[token]}")'

    def _flag(self, member: Member, width: str = "6.8mm") -> str:
        path = f"flags/{member.country.lower()}.svg"
        if not (self._folder / path).exists():
            (self._folder / "flags").mkdir(parents=True, exist_ok=True)
            flag = files("reportgen") / "flags" / "4x3" / f"{member.country.lower()}.svg"
            with flag.open("rb") as source, (self._folder / path).open("wb") as copy:
                shutil.copyfileobj(source, copy)
        return f"flag({_string(path)}, width: {width})"

    def _publishers(self) -> Iterator[str]:
        for publisher in self._report.publishers:
            told = [f"#text(size: 13pt, weight: 700, upper({_string(publisher.name)}))"]
            told += [f"#{self._prose(t)}" for t in (publisher.descriptor, publisher.host) if t]
            yield f"#text(font: sans, size: 7.75pt)[{' #linebreak() '.join(told)}]\n"

    def _cover(self, part: Part) -> Iterator[str]:
        report = self._report
        yield f"#page(fill: {self._color('paper-warm')}, ..empty)["
        yield "#block(inset: (top: 20mm, left: 22mm, right: 50mm))[#set par(leading: 0.3em)"
        month = _string(self._locale.month(report.year, report.month))
        yield f"#text(font: sans, size: 9pt)[#{month}]\n"
        yield (
            "#text(font: display, size: 60pt, weight: 600, hyphenate: false,"
            f" fill: {self._color('brand')}){self._prose(report.title)}\n"
        )
        if report.subtitle:
            yield f"#text(size: 18pt){self._prose(report.subtitle)}\n"
        for author in report.authors:
            role = f"#linebreak() #{self._prose(author.role)}" if author.role else ""
            yield f"#text(font: sans)[#{_string(author.name)} {role}]\n"
        yield "]"
        yield "#place(bottom)["
        yield from self._marks()
        yield "#block(inset: (left: 22mm, rest: 9mm))["
        yield from self._publishers()
        yield "]]]"

    def _marks(self) -> Iterator[str]:
        records = sorted(self._report.commitments, key=lambda c: c.member.region.number)
        columns = max(10, -int(-((2 * len(records)) ** 0.5)))
        radius = ("50%", "(top-left: 100%)", "(top-left: 100%, bottom-right: 100%)", "0%")
        yield f"#let side-of = 210mm / {columns}"
        yield f"#pdf.artifact(grid(columns: {columns} * (side-of,),"
        for record in records:
            number = record.pillar.number
            fill = self._color(f"pillar-{number}-ground")
            yield (
                f"rect(width: side-of, height: side-of, radius: {radius[(number - 1) % 4]},"
                f" fill: {fill}),"
            )
        yield "))"

    def _imprint(self, part: Part) -> Iterator[str]:
        imprint = self._report.imprint
        yield "#align(bottom)[#set text(size: 9pt)"
        if imprint.funding:
            yield f"#{self._prose(imprint.funding)}\n"
        if imprint.acknowledgments:
            yield f"*Acknowledgments:* #{self._prose(imprint.acknowledgments)}\n"
        yield f"#{self._prose(imprint.license.statement)}\n"
        yield f"*Suggested citation:* #{self._prose(imprint.citation)}\n"
        yield "On the cover: one mark for each commitment in this report, by region; its shape"
        yield "and color are those of its pillar. Drawn from the records.\n"
        yield "Set in Source Serif and Source Sans. Flags: flag-icons. Map: Natural Earth.]"

    def _contents(self, part: Part) -> Iterator[str]:
        yield "#outline(title: [Contents], target: heading.where(outlined: true), depth: 2)"
        yield "#heading(level: 2, outlined: false)[Figures]"
        yield "#outline(title: none, target: figure)"

    def _sections(self, part: Part) -> Iterator[str]:
        for section in part.sections:
            anchor = _label(section_anchor(section))
            yield f"#heading(level: 1){self._prose(section.title)} #{anchor}"
            if section.editorial:
                yield "#text(font: sans, size: 9pt, fill: quiet)[Added by this edition]\n"
            yield from self._blocks(section)

    def _blocks(self, section: Section) -> Iterator[str]:
        for block in section.blocks:
            yield from self._block(block)
            yield ""

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Heading):
            yield f"#heading(level: {block.level}, outlined: false){self._prose(block.text)}"
        elif isinstance(block, ItemList):
            items = ", ".join(self._prose(item.text) for item in block.items)
            yield f"#{'enum' if block.ordered else 'list'}({items})"
        elif isinstance(block, PullOut):
            yield f'#side(text(size: 13pt, style: "italic"){self._prose(block.text)})'
        elif isinstance(block, Image):
            if block.source in self._figures:
                yield from self._figure(self._figures[block.source])
        else:
            yield f"#{self._prose(block.text)}"

    def _figure(self, figure: Figure) -> Iterator[str]:
        report, locale = self._report, self._locale
        width = 118.0
        drawing = drawing_of(figure, report, locale, self._tokens, width)
        data = chart_data(figure, report, locale)
        if drawing is None or data is None:
            table = figure.table.path if figure.table else ""
            body = (
                f"block(width: 100%, inset: 6mm, fill: {self._color('gap-ground')})"
                "[*Data to be supplied* #linebreak() The numbers of this figure are not part of"
                f" this edition’s sources. Fill in #{_string(table)} and build again: the chart"
                " then stands here.]"
            )
        else:
            name = f"figure-{figure.id}.svg"
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_text(drawing(), encoding="utf-8")
            alt = _string(alternative(figure, data, locale))
            body = f"image({_string(name)}, width: {width}mm, alt: {alt})"
        caption = self._prose(figure.title)
        yield (
            f'#figure({body}, kind: "chart", supplement: [Figure], caption: {caption})'
            f" #{_label(figure_anchor(figure))}"
        )
        if figure.caption:
            yield f"#text(font: sans, size: 7.75pt, fill: quiet){self._prose(figure.caption)}"

    def _pillar(self, part: Part) -> Iterator[str]:
        pillar = part.pillar
        if pillar is None:
            return
        number = pillar.number
        counts = tally(self._report, pillar)
        told = ", ".join(
            f"({_string(n)}, {_string(word)})"
            for n, word in (
                (counts.commitments, "commitments"),
                (counts.members, "members"),
                (counts.regions, "regions"),
            )
        )
        yield (
            f"#opener({self._color(f'pillar-{number}-ground')},"
            f" {self._color(f'pillar-{number}-on-ground')}, {_string(number)},"
            f" {self._prose(pillar.title)}, {_label(pillar_anchor(pillar))}, ({told}),"
            f" ({self._listed(pillar.points)}))"
        )
        yield f"#[#show link: set text(fill: {self._color(f'pillar-{number}-mark')})"
        for group in grouped(self._report, pillar, self._locale):
            if group.region:
                anchor = _label(region_anchor(pillar, group.region))
                yield f"#heading(level: 2){self._prose(group.region.name)} #{anchor}"
            for member in group.members:
                yield from self._member(member)
        yield "]"

    def _listed(self, texts: Iterable[object]) -> str:
        return "".join(f"{self._prose(text)}, " for text in texts)

    def _member(self, group: MemberGroup) -> Iterator[str]:
        name = _string(member_name(group.member, self._locale))
        first, *rest = group.commitments
        yield "#block(breakable: false, width: 100%)["
        yield (
            f"#side(grid(columns: (9.5mm, 1fr), {self._flag(group.member)},"
            f" heading(level: 3, outlined: false, {name})))"
        )
        yield f"{self._record(first)}]"
        yield from map(self._record, rest)

    def _record(self, record: Commitment) -> str:
        address = _string(record.url) if record.url else "none"
        return (
            f"#record({_label(commitment_anchor(record))}, {address},"
            f" {self._prose(record.title)}, {_string(record.id)}, {_string(record.year)},"
            f" {self._prose(record.summary)})"
        )

    def _index(self, part: Part) -> Iterator[str]:
        yield f"#heading(level: 1)[Index of members and commitments] #{_label(INDEX_ANCHOR)}"
        for group in members_by_name(self._report, self._locale):
            name = _string(member_name(group.member, self._locale))
            yield "#block(breakable: false, width: 100%, above: 3pt, below: 3pt)["
            yield (
                f"#side(grid(columns: (7mm, 1fr), {self._flag(group.member, '4mm')},"
                f" [#heading(level: 2, outlined: false, text(font: sans, size: 9pt, {name}))"
                f" #{_label(member_anchor(group.member))}]))"
            )
            yield "#set text(font: sans, size: 9pt)\n#grid(columns: 4 * (29.5mm,), row-gutter: 4pt,"
            for record in group.commitments:
                target = _label(commitment_anchor(record))
                yield f"link({target})[#{_string(record.id)} #at({target})],"
            yield ")]"

    def _closing(self, part: Part) -> Iterator[str]:
        closing = self._report.closing
        yield f"#page(fill: {self._color('brand')}, ..empty)["
        yield "#set text(fill: white)\n#show link: set text(fill: white)"
        yield "#block(inset: (top: 60mm, left: 68mm, right: 24mm))["
        yield f"#text(size: 13pt){self._prose(closing.about)}\n"
        if closing.collaboration:
            yield f"#{self._prose(closing.collaboration)}\n"
        for pointer in closing.more:
            yield f"#{self._prose(pointer.text)} #linebreak() #link({_string(pointer.url)})\n"
        yield "]\n#place(bottom, block(inset: (left: 68mm, bottom: 20mm))["
        yield from self._publishers()
        yield "])]"
