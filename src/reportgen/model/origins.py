"""What each piece of prose is called, where it stands, and what a translator should know of it."""

from __future__ import annotations

import dataclasses
from pathlib import PurePosixPath
from typing import Any, TypeVar

from reportgen.model.files import CONTENT, ContentFiles, Placed
from reportgen.source.csv import Row, Table
from reportgen.source.diagnostics import Span
from reportgen.source.markdown import Block, Heading, Image, ItemList, Paragraph, PullOut
from reportgen.source.prose import Origin, Prose, prose_in

BlockType = TypeVar("BlockType", Paragraph, Heading, PullOut)

_KINDS = {"pillars.yaml": "pillar", "regions.yaml": "region", "members.yaml": "member"}
"""What the entries of a file are."""

_NOTES = {
    "title": "Title; a heading of one or two lines",
    "subtitle": "Subtitle; two lines on the cover",
    "summary": "Summary; one paragraph",
    "points": "One of the points; one sentence",
    "name": "Name, as printed",
    "role": "Role of the author",
    "keywords": "Subject word, for libraries and search engines",
    "descriptor": "Line under a publisher's name",
    "host": "Line under a publisher's name",
    "caption": "Line under the figure",
    "alt": "What the figure shows, for a reader who can't see it",
    "axis": "What the numbers are; a few words at the drawing",
    "statement": "The licence",
    "citation": "How the report is cited: titles as published",
    "text": "A sentence that leads to an address",
}
"""What a translator should know of a value, by its key."""


def name_prose(files: ContentFiles) -> None:
    """Give the prose of all YAML files and front matters its origin."""
    for placed in files.forms():
        for path, prose in prose_in(placed.form):
            prose.origin = Origin(_context(placed, path), placed.span(*path), _note(placed, path))


def named_blocks(section: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Give the blocks of a section with the origin of their words."""
    return tuple(_named_block(section, block) for block in blocks)


def named_table(figure: str, table: Table | None) -> Table | None:
    """Give a table with the origin of its words; a name that is a number is not translated."""
    if table is None:
        return None
    columns = tuple(
        _prose(name, f"figure:{figure}:data", Span(str(table.path)), "Name of a column of numbers")
        for name in table.columns
    )
    return dataclasses.replace(
        table, columns=columns, rows=tuple(_named_row(figure, table.path, r) for r in table.rows)
    )


def _named_row(figure: str, path: PurePosixPath, row: Row) -> Row:
    if row.name.strip("0123456789.-–/ ") == "":
        return row
    span, note = Span(str(path), row.line), "Name of a row of numbers"
    return dataclasses.replace(row, name=_prose(row.name, f"figure:{figure}:data", span, note))


def _context(placed: Placed[Any], path: tuple[str | int, ...]) -> str:
    """Give the name of a value: what it belongs to and its keys, never a number in a list."""
    keys = ".".join(str(key) for key in path if isinstance(key, str))
    return f"{_owner(placed)}:{keys}"


def _owner(placed: Placed[Any]) -> str:
    source = placed.document.path
    if source.parent.name == "commitments":
        return f"commitment:{placed.form.id}"
    # A figure's file may be called as one of these is.
    if source.parent == CONTENT and source.name in _KINDS:
        return f"{_KINDS[source.name]}:{placed.path[0]}"
    if source.parent == CONTENT:
        return source.stem
    return f"{source.parent.name.removesuffix('s')}:{source.stem}"


def _note(placed: Placed[Any], path: tuple[str | int, ...]) -> str:
    key = next(str(step) for step in reversed(path) if isinstance(step, str))
    what, _, name = _owner(placed).partition(":")
    return f"{_NOTES.get(key, 'A paragraph')} ({what}{f' {name}' if name else ''})."


def _named_block(section: str, block: Block) -> Block:
    context = f"section:{section}"
    match block:
        case Paragraph():
            return _named(block, context, f"Paragraph of the section {section}.")
        case Heading():
            return _named(block, context, f"Heading in the section {section}; one or two lines.")
        case PullOut():
            note = f"Pull-out of the section {section}: words that stand so in your translation."
            return _named(block, context, note)
        case ItemList():
            items = tuple(
                dataclasses.replace(
                    item, text=_prose(item.text, context, item.span, f"List in section {section}.")
                )
                for item in block.items
            )
            return dataclasses.replace(block, items=items)
        case Image():
            return _named_image(block, context)


def _named_image(image: Image, context: str) -> Image:
    def named(text: str, note: str) -> str:
        return _prose(text, context, image.span, note) if text else text

    return dataclasses.replace(
        image,
        alt=named(image.alt, "What an image shows, for who can't see it."),
        title=named(image.title, "Line under an image."),
    )


def _named(block: BlockType, context: str, note: str) -> BlockType:
    return dataclasses.replace(block, text=_prose(block.text, context, block.span, note))


def _prose(text: str, context: str, span: Span, note: str) -> Prose:
    return Prose.of(text, Origin(context, span, note))
