"""A state of a report as flat entries with names: what two states are compared by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from reportgen.exchange.export import digits
from reportgen.locales.catalog import catalog_path, catalog_tags
from reportgen.locales.glossary import GLOSSARY
from reportgen.locales.load import settings_path
from reportgen.locales.pofile import PoSyntaxError, parse_po, strings_of
from reportgen.locales.pseudo import PSEUDO
from reportgen.model.files import CONTENT, ContentFiles, Placed, PlacedSection
from reportgen.model.report import Commitment
from reportgen.project import OutsideProjectError, Project
from reportgen.source.csv import Table
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import Block, Heading, Image, ItemList, PullOut
from reportgen.source.text import read_text
from reportgen.source.yaml import read_yaml

FOLDERS = ("content", "locales", "styles", "templates")
"""The folders that a report is made of."""

Path = tuple[str, ...]
"""The way to a value within an entry: keys from the outside in."""

Value = str | tuple[str, ...]
"""A value: a text, or a list of texts that are compared item by item."""


class Kind(StrEnum):
    """What can change. Each kind's entries have ids of their own."""

    SETTINGS = "settings"
    PILLAR = "pillar"
    REGION = "region"
    MEMBER = "member"
    COMMITMENT = "commitment"
    SECTION = "section"
    FIGURE = "figure"
    LINK = "link"
    MESSAGE = "message"
    TEMPLATE = "template"
    STYLE = "style"
    FILE = "file"


@dataclass(frozen=True)
class Entry:
    """Something with a name, and its values.

    `group` is what it stands under: a record's member, a message's locale. Entries of one kind and
    group that are `ordered` have an order that counts. `file` is where it stands, and `table_file`
    where its numbers do.
    """

    kind: Kind
    id: str
    title: str
    file: str
    values: Mapping[Path, Value]
    group: str = ""
    ordered: bool = False
    table: Table | None = None
    table_file: str = ""


@dataclass(frozen=True)
class Snapshot:
    """All entries of a state of a report.

    `files` has the SHA-256 of each of its files, `read` names those whose data is in the entries.
    `kinds` are those that are told whole; of `partial` ones, only what both states have can be
    compared.
    """

    language: str
    entries: tuple[Entry, ...]
    kinds: frozenset[Kind]
    partial: frozenset[Kind] = frozenset()
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    read: frozenset[str] = frozenset()


def snapshot_of(
    project: Project, files: ContentFiles, language: str, diagnostics: Diagnostics
) -> Snapshot:
    """Give the snapshot of a project whose content has no error.

    What is wrong with one of its other files is told in `diagnostics`.
    """
    entries = (
        *_settings(project, files, diagnostics),
        *_content(files),
        *_messages(project, diagnostics),
    )
    read = {entry.file for entry in entries} | {entry.table_file for entry in entries}
    return Snapshot(
        language,
        entries,
        frozenset(Kind),
        files=MappingProxyType(_digests(project, diagnostics)),
        read=frozenset(read),
    )


def commitment_values(commitment: Commitment) -> Mapping[Path, Value]:
    """Give what is printed of a record, as its entry has it."""
    return {
        ("member",): commitment.member.id,
        ("year",): str(commitment.year),
        ("pillar",): commitment.pillar.id,
        ("title",): str(commitment.title),
        ("summary",): str(commitment.summary),
    }


def _settings(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> Iterator[Entry]:
    def entry(file: object, values: Mapping[Path, Value]) -> Entry:
        return Entry(Kind.SETTINGS, str(file), "", str(file), values)

    if files.report:
        yield entry(CONTENT / "report.yaml", _values(files.report.form))
    if files.links:
        form = files.links.form
        yield entry(
            CONTENT / "links.yaml", {("commitment",): form.commitment} if form.commitment else {}
        )
    if files.imports:
        yield entry(CONTENT / "import.yaml", _values(files.imports.form))
    for path in (GLOSSARY, *map(settings_path, catalog_tags(project))):
        if project.is_file(path) and (document := read_yaml(project, path, diagnostics)):
            yield entry(path, dict(_flat(document.value, ())))


def _content(files: ContentFiles) -> Iterator[Entry]:
    kinds: tuple[tuple[Kind, Mapping[str, Placed[Any]], str], ...] = (
        (Kind.PILLAR, files.pillars, "title"),
        (Kind.REGION, files.regions, "name"),
        (Kind.MEMBER, files.members, "name"),
    )
    for kind, placed, title in kinds:
        for key, one in placed.items():
            name = str(getattr(one.form, title))
            yield Entry(kind, key, name, _file(one), _values(one.form), ordered=True)
    for member, record in files.commitments:
        form = record.form
        yield Entry(
            Kind.COMMITMENT,
            form.id,
            str(form.title),
            _file(record),
            {("member",): member, **_values(form, without=("id",))},
            group=member,
            ordered=True,
        )
    for name, section in files.sections.items():
        yield _section(name, section)
    for key, figure in files.figures.items():
        table = files.tables.get(key)
        yield Entry(
            Kind.FIGURE,
            key,
            str(figure.form.title),
            _file(figure),
            _values(figure.form),
            table=table,
            table_file=str(table.path) if table else "",
        )
    if files.links:
        for key, link in files.links.form.links.items():
            yield Entry(Kind.LINK, key, "", _file(files.links), _values(link))


def _file(placed: Placed[Any]) -> str:
    return str(placed.document.path)


def _section(name: str, section: PlacedSection) -> Entry:
    blocks = tuple(text for block in section.file.blocks for text in _block(block))
    values: dict[Path, Value] = {**_values(section.front.form), ("blocks",): blocks}
    return Entry(Kind.SECTION, name, str(section.front.form.title), str(section.file.path), values)


def _block(block: Block) -> Iterator[str]:
    """Give a block as it is written in Markdown; of a list, each item."""
    match block:
        case Heading():
            yield f"{'#' * block.level} {block.text}"
        case ItemList():
            yield from (f"{'1.' if block.ordered else '-'} {item.text}" for item in block.items)
        case PullOut():
            yield f"> {block.text}"
        case Image():
            title = f' "{block.title}"' if block.title else ""
            yield f"![{block.alt}]({block.source}{title})"
        case _:
            yield block.text


def _messages(project: Project, diagnostics: Diagnostics) -> Iterator[Entry]:
    for tag in catalog_tags(project):
        path = catalog_path(tag)
        text = None if tag in PSEUDO else read_text(project, path, diagnostics)
        if text is None:
            continue
        try:
            catalog = parse_po(text)
        except PoSyntaxError as error:
            span = Span(str(path), error.line)
            diagnostics.error("po-syntax", span, str(error), error.hint)
            continue
        for message in catalog:
            if message.obsolete:
                continue
            strings = strings_of(message)
            state = "fuzzy" if message.fuzzy else "translated" if all(strings) else "missing"
            values: dict[Path, Value] = {("state",): state}
            if len(strings) == 1:
                values[("translation",)] = strings[0]
            else:
                values |= {("translation", str(n)): form for n, form in enumerate(strings)}
            if message.tcomment:
                values[("note",)] = message.tcomment
            name = " ".join(filter(None, (tag, message.msgctxt, message.msgid)))
            yield Entry(Kind.MESSAGE, name, message.msgid, str(path), values, group=tag)


def _digests(project: Project, diagnostics: Diagnostics) -> dict[str, str]:
    """Give the SHA-256 of each file of a report, but for hidden ones."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in project.walk(folder, ""):
            if any(part.startswith(".") for part in path.parts):
                continue
            try:
                found[str(path)] = hashlib.sha256(project.read(path)).hexdigest()
            except (OSError, OutsideProjectError) as error:
                diagnostics.error(
                    "unreadable-file",
                    Span(str(path)),
                    f"the file can't be read ({getattr(error, 'strerror', None) or error})",
                    "make it readable, or take it out; links must not lead out of the project",
                )
    return found


def _values(form: object, without: Iterable[str] = ()) -> dict[Path, Value]:
    """Give the values of a form that are set, by the way to each."""
    return {path: value for path, value in _flat(form, ()) if path[0] not in without}


def _flat(value: object, path: Path) -> Iterator[tuple[Path, Value]]:
    if is_dataclass(value):
        value = vars(value)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, (*path, str(key)))
    elif isinstance(value, tuple | list) and not all(isinstance(i, int | float) for i in value):
        yield path, tuple(map(_text, value))
    elif value is not None:
        yield path, _text(value)


def _text(value: object) -> str:
    """Give a value as a text; one with keys as ``key: value; key: value``."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return digits(value)
    if is_dataclass(value) or isinstance(value, Mapping):
        flat = _flat(value, ())
        return "; ".join(f"{'.'.join(path)}: {_joined(inner)}" for path, inner in flat)
    return _joined(tuple(map(_text, value)) if isinstance(value, tuple | list) else str(value))


def _joined(value: Value) -> str:
    return value if isinstance(value, str) else ", ".join(value)
