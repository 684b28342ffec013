"""Markdown (CommonMark 0.31) as a row of typed blocks, each with its text and its place.

A block keeps its inline Markdown as it was written: that is what is rendered, and what a
translator is given. Blocks that a report has no form for (raw HTML, code, tables, rules) are
refused at their place rather than set badly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import MAX_MARKDOWN_LINES
from reportgen.source.marks import Mark, marks_in, refuse_marks, unmatched
from reportgen.source.text import over_limit, read_text
from reportgen.source.yaml import Document, parse_yaml

FENCE = "---"
"""What the front matter stands between."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    kind: ClassVar[str] = "paragraph"
    text: str
    span: Span


@dataclass(frozen=True)
class Heading:
    """A heading within a section: level 2 (``##``) or 3."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    span: Span


@dataclass(frozen=True)
class ListItem:
    """An item of a list: one paragraph."""

    text: str
    span: Span


@dataclass(frozen=True)
class ItemList:
    """A bulleted or numbered list."""

    kind: ClassVar[str] = "list"
    ordered: bool
    items: tuple[ListItem, ...]
    span: Span


@dataclass(frozen=True)
class PullOut:
    """Words of the section that are set large beside it: a block quotation in the source."""

    kind: ClassVar[str] = "pull-out"
    text: str
    span: Span


@dataclass(frozen=True)
class Image:
    """An image that stands alone in a paragraph; ``figure:ID`` as its source places a figure.

    `text` is the paragraph as it was written.
    """

    kind: ClassVar[str] = "image"
    source: str
    alt: str
    title: str
    span: Span
    text: str = field(default="", repr=False, compare=False)


Block = Paragraph | Heading | ItemList | PullOut | Image


@dataclass(frozen=True)
class MarkdownFile:
    """A Markdown file: its front matter, its blocks, and all of its lines as they were written."""

    path: PurePosixPath
    front_matter: Document
    blocks: tuple[Block, ...]
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Inline:
    """A link or an image within running text."""

    kind: str
    target: str


def commonmark() -> MarkdownIt:
    """Give the parser that everything in a report is read with: CommonMark, any link target."""
    # Tables are read so that they are refused: to CommonMark they are words and strokes.
    parser = MarkdownIt("commonmark").enable("table")
    # Which targets are good is for the model to say; markdown-it drops the bad ones silently.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


# What is escaped stays apart from what isn't.
_PARSER = refuse_marks(commonmark().disable("text_join"))

_BLOCK_PARSER = commonmark().disable("inline")
"""Reads blocks only, so that their texts can be refused before they are read."""


def _children(text: str) -> Sequence[Token]:
    return _PARSER.parseInline(text)[0].children or ()


def inlines(text: str) -> tuple[Inline, ...]:
    """Return the links, images and raw HTML in a piece of inline Markdown, in order."""
    return _read(text)[0]


def unknown_marks(text: str) -> tuple[Mark, ...]:
    """Return the marks in a piece of inline Markdown that mean nothing in a report, in order."""
    return _read(text)[1]


_PLAIN = re.compile(r"[^\W\d_][^\W_](?:[\w ,.;’“”…–—'-])*")
"""A text in one line in which no character begins a mark."""


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[tuple[Inline, ...], tuple[Mark, ...]]:
    if _PLAIN.fullmatch(text):  # as many texts of records: they are not parsed
        return (), ()
    noted: dict[str, list[Mark]] = {}
    tokens = _PARSER.parseInline(text, noted)[0].children or ()
    found = (*marks_in(noted), *unmatched(tokens))
    return tuple(filter(None, map(_inline, tokens))), found


def _inline(token: Token) -> Inline | None:
    if token.type == "link_open":
        return Inline("link", str(token.attrGet("href") or ""))
    if token.type == "image":
        return Inline("image", str(token.attrGet("src") or ""))
    return Inline("html", token.content) if token.type == "html_inline" else None


def marks(text: str) -> Counter[str]:
    """Count what a translation must keep: links by target, emphasis, strong emphasis, code.

    Images and raw HTML are counted as well: no piece of prose has them, and so no translation.
    """
    found: Counter[str] = Counter()
    for token in _children(text):
        if token.type == "link_open":
            found[f"a link to '{token.attrGet('href')}'"] += 1
        elif token.type == "image":
            found[f"an image '{token.attrGet('src')}'"] += 1
        elif token.type == "html_inline":
            found[f"the HTML '{token.content}'"] += 1
        elif token.type in _MARKS:
            found[_MARKS[token.type]] += 1
    return found


_MARKS = {"em_open": "*emphasis*", "strong_open": "**strong emphasis**", "code_inline": "`code`"}
"""What kinds of mark are called."""


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """Give the words of a piece of inline Markdown without its marks."""
    words: list[str] = []
    for token in _children(text):
        if token.type in ("text", "code_inline", "text_special", "image"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
    return "".join(words)


def read_markdown(
    project: Project, path: PurePosixPath, diagnostics: Diagnostics, *, lenient: bool = False
) -> MarkdownFile | None:
    """Read a Markdown file with YAML front matter, or give nothing and all that is wrong in it.

    With `lenient`, what could be read of a file with errors is given, so that it can be checked.
    """
    text = read_text(project, path, diagnostics)
    return None if text is None else parse_markdown(text, path, diagnostics, lenient=lenient)


def parse_markdown(
    text: str, path: PurePosixPath, diagnostics: Diagnostics, *, lenient: bool = False
) -> MarkdownFile | None:
    """Parse the text of such a file; see `read_markdown`."""
    before = len(diagnostics)
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == FENCE), None)
    if lines[0].rstrip() != FENCE or end is None:
        diagnostics.error(
            "no-front-matter",
            Span(str(path)),
            "the file does not begin with front matter",
            "begin it with a line '---', a line 'title: …' and a line '---'",
        )
        return None
    if len(lines) > MAX_MARKDOWN_LINES:
        diagnostics.error(
            "over-limit",
            Span(str(path), MAX_MARKDOWN_LINES + 1),
            f"the section has {len(lines)} lines; at most {MAX_MARKDOWN_LINES} are read",
            "part it into several sections",
        )
        return None
    # What is left out is kept as empty lines: so the parsers' line numbers are the file's.
    head = "\n".join(["", *lines[1:end]])
    front_matter = parse_yaml(head, path, diagnostics, lenient=lenient)
    body = "\n" * (end + 1) + "\n".join(lines[end + 1 :])
    definitions: dict[str, Any] = {}
    tokens = _BLOCK_PARSER.parse(body, definitions)
    if not _within_limits(tokens, lines, str(path), diagnostics):
        return None
    blocks = tuple(_blocks(tokens, lines, str(path), diagnostics))
    for definition in definitions.get("references", {}).values():
        diagnostics.error(
            "unsupported-markdown",
            Span(str(path), definition["map"][0] + 1),
            "the definition of a link has no form in a report",
            "write the link where it stands: [text](target)",
        )
    if lenient:
        front_matter = front_matter or Document(path, head, {}, {}, {}, {})
    elif len(diagnostics) > before:
        return None
    if front_matter is None:
        return None
    return MarkdownFile(path, front_matter, blocks, tuple(lines))


def _within_limits(
    tokens: list[Token], lines: list[str], path: str, diagnostics: Diagnostics
) -> bool:
    """Tell whether each text can be read, and note those that can't."""
    before = len(diagnostics)
    for token in tokens:
        if token.type == "inline" and (reason := over_limit(token.content)):
            span = _span(token, lines, path)
            diagnostics.error("over-limit", span, f"the text {reason[0]}", reason[1])
    return len(diagnostics) == before


def _blocks(
    tokens: list[Token], lines: list[str], path: str, diagnostics: Diagnostics
) -> Iterator[Block]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = _closing(tokens, index)
        inner = tokens[index + 1 : end]
        span = _span(token, lines, path)
        if token.type == "paragraph_open":
            yield _paragraph(inner[0], span)
        elif token.type == "heading_open" and not plain_text(inner[0].content).strip():
            diagnostics.error(
                "unsupported-markdown",
                span,
                "a heading without words has no form in a report",
                "write them behind '## ', or delete the line",
            )
        elif token.type == "heading_open" and token.tag in ("h2", "h3"):
            yield Heading(int(token.tag[1]), inner[0].content, span)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            if (start := token.attrGet("start")) is not None:
                diagnostics.error(
                    "unsupported-markdown",
                    span,
                    f"a numbered list that begins with {start} has no form in a report",
                    f"begin it with 1; if it is text, write '{start}\\.'",
                )
            yield _list(token, inner, span, lines, path, diagnostics)
        elif token.type == "blockquote_open" and _only_paragraph(inner):
            yield PullOut(inner[1].content, span)
        else:
            what, instead = _REFUSED.get(
                token.type, ("this", "write paragraphs, lists and headings")
            )
            diagnostics.error(
                "unsupported-markdown", span, f"{what} has no form in a report", instead
            )
        index = end + 1


_REFUSED = {
    "heading_open": (
        "a heading of level 1 or above 3",
        "the section's title stands in the front matter; use '##' or '###' below it",
    ),
    "html_block": ("raw HTML", "write it as Markdown, or leave it to the templates"),
    "code_block": ("a text set in by four spaces", "take the spaces away"),
    "fence": ("a block of code", "write it as a paragraph"),
    "table_open": ("a table", "write a list, or a figure with a CSV file"),
    "hr": ("a rule", "delete it, or begin a section with '##'"),
    "blockquote_open": (
        "a block quotation of more than one paragraph",
        "a block quotation is a pull-out: one short paragraph",
    ),
}


def _closing(tokens: list[Token], index: int) -> int:
    """Give the index of the token that closes the one at `index`."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    raise AssertionError("markdown-it gives balanced tokens")


def _span(token: Token, lines: list[str], path: str) -> Span:
    line = token.map[0] if token.map else 0
    column = len(lines[line]) - len(lines[line].lstrip())
    return Span(path, line + 1, column + 1)


def _only_paragraph(tokens: list[Token]) -> bool:
    return [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]


def _paragraph(token: Token, span: Span) -> Block:
    children = _children(token.content) if token.content.startswith("![") else ()
    if len(children) == 1 and children[0].type == "image":
        image = children[0]
        source, title = str(image.attrGet("src") or ""), str(image.attrGet("title") or "")
        return Image(source, plain_text(image.content), title, span, token.content)
    return Paragraph(token.content, span)


def _list(
    token: Token,
    inner: list[Token],
    span: Span,
    lines: list[str],
    path: str,
    diagnostics: Diagnostics,
) -> ItemList:
    items: list[ListItem] = []
    index = 0
    while index < len(inner):
        end = _closing(inner, index)
        content = inner[index + 1 : end]
        place = _span(inner[index], lines, path)
        if _only_paragraph(content):
            items.append(ListItem(content[1].content, place))
        else:
            diagnostics.error(
                "unsupported-markdown",
                place,
                "an item of a list is not just one paragraph",
                "write one paragraph an item, and no list within a list",
            )
        index = end + 1
    return ItemList(token.type == "ordered_list_open", tuple(items), span)
