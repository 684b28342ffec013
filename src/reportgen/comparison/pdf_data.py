"""The data that a built PDF carries: read from its attachments, and never trusted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from reportgen.comparison.snapshot import Entry, Kind, Path, Snapshot, Value
from reportgen.exchange.dataset import MANIFEST, DataFile
from reportgen.exchange.export import unguarded
from reportgen.pdf.reading import (
    UnreadablePdfError,
    embedded_bytes,
    embedded_files,
    open_pdf,
)
from reportgen.project import read_regular_file
from reportgen.source.csv import Row, Table, parse_table
from reportgen.source.diagnostics import INVISIBLE, Diagnostics
from reportgen.source.limits import MAX_ATTACHMENT_BYTES, MAX_PDF_BYTES

RECORDS = "commitments.json"

UNTOLD = (
    "A PDF carries records, the numbers of figures, and who made the report: texts, links, pillars,"
    " design and translations can't be compared."
)
"""What can't be compared where one side is a PDF."""

_FIGURE = re.compile(r"figure-([a-z0-9]+(?:-[a-z0-9]+)*)\.csv")

_Short = Annotated[StrictStr, Field(max_length=1000)]
_Long = Annotated[StrictStr, Field(max_length=20_000)]


class PdfDataError(UnreadablePdfError):
    """A PDF whose data can't be read; the message says why."""


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


Form = TypeVar("Form", bound=_Form)


class _Record(_Form):
    id: _Short
    member: _Short
    member_name: _Short
    country_code: _Short
    region: _Short
    pillar: _Short
    year: Annotated[StrictInt, Field(ge=0, le=9999)]
    title: _Long
    summary: _Long
    url: _Long | None = None


class _Records(_Form):
    records: Annotated[tuple[_Record, ...], Field(max_length=20_000)]


class _License(_Form):
    path: _Short
    title: _Short


class _Contributor(_Form):
    title: _Short


class _Resource(_Form):
    path: _Short
    hash: _Short


class _Package(_Form):
    name: _Short
    title: _Long
    version: _Short
    created: _Short
    languages: Annotated[tuple[_Short, ...], Field(min_length=1, max_length=1000)]
    licenses: Annotated[tuple[_License, ...], Field(max_length=1000)] = ()
    contributors: Annotated[tuple[_Contributor, ...], Field(max_length=1000)] = ()
    keywords: Annotated[tuple[_Short, ...], Field(max_length=1000)] = ()
    resources: tuple[_Resource, ...] = ()


def read_data(path: FilePath) -> Mapping[str, bytes]:
    """Give the data files that the PDF at a path carries, and make sure of their form.

    Raises:
        OSError: it can't be read.
        UnreadablePdfError: it is no PDF that can be read, or it carries no data of ours.
    """
    files = attached(read_regular_file(path, MAX_PDF_BYTES))
    data_snapshot(files)
    return files


def attached(data: bytes) -> Mapping[str, bytes]:
    """Give the data files that a PDF carries, by name. Others in it are passed over.

    Raises:
        UnreadablePdfError: it is no PDF that can be read, or it carries no data.
    """
    with open_pdf(data) as pdf:
        if pdf.is_encrypted:
            raise PdfDataError("it is encrypted; give one that is not")
        try:
            return _attached(embedded_files(pdf))
        except (UnreadablePdfError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - what a damaged file makes qpdf raise is any
            raise PdfDataError(f"its attachments can't be read ({error})") from None


def _attached(specifications: Mapping[str, Any]) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_ATTACHMENT_BYTES
    for name, specification in specifications.items():
        # A name is looked for among those that we give, and never taken for a path.
        if name in (RECORDS, MANIFEST) or _FIGURE.fullmatch(name):
            try:
                files[name] = embedded_bytes(specification, left)
            except UnreadablePdfError as error:
                raise PdfDataError(f"'{name}': {error}") from None
            left -= len(files[name])
    missing = [name for name in (RECORDS, MANIFEST) if name not in files]
    if missing:
        raise PdfDataError(
            f"it carries no '{missing[0]}'; only files of the edition 'archive' carry their data"
        )
    return files


def named(files: Iterable[DataFile]) -> Mapping[str, bytes]:
    """Give the data files of a report as those of a PDF are given; see `attached`."""
    wanted = (RECORDS, MANIFEST)
    return {f.name: f.data for f in files if f.name in wanted or _FIGURE.fullmatch(f.name)}


def data_snapshot(files: Mapping[str, bytes]) -> Snapshot:
    """Give the snapshot of a report's data files.

    Raises:
        PdfDataError: they are not of the form that reportgen writes.
    """
    package = _parsed(_Package, MANIFEST, files[MANIFEST])
    hashes = {resource.path: resource.hash for resource in package.resources}
    for name, data in files.items():
        if name != MANIFEST and hashes.get(name) != f"sha256:{hashlib.sha256(data).hexdigest()}":
            raise PdfDataError(f"'{name}' is not what '{MANIFEST}' says")
    wrapped = b'{"records":' + files[RECORDS] + b"}"
    records = _parsed(_Records, RECORDS, wrapped).records
    entries = (
        _settings(package),
        *_members(records),
        *map(_commitment, records),
        *(_figure(name, data) for name, data in files.items() if _FIGURE.fullmatch(name)),
    )
    if len({(entry.kind, entry.id) for entry in entries}) < len(entries):
        raise PdfDataError(f"'{RECORDS}' has an id twice")
    return Snapshot(
        package.languages[0],
        entries,
        frozenset({Kind.SETTINGS, Kind.MEMBER, Kind.COMMITMENT, Kind.FIGURE}),
        # A member without a record is in no record.
        partial=frozenset({Kind.MEMBER}),
    )


def _parsed(form: type[Form], name: str, data: bytes) -> Form:
    try:
        return form.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise PdfDataError(
            f"'{name}' is not of the form that reportgen writes ({reason})"
        ) from None


def _settings(package: _Package) -> Entry:
    values: dict[Path, Value] = {
        ("slug",): package.name,
        ("title",): package.title,
        ("version",): package.version,
        ("date",): package.created[:7],
        ("language",): package.languages[0],
        ("keywords",): package.keywords,
        ("authors",): tuple(author.title for author in package.contributors),
        ("license",): tuple(f"{rights.title} <{rights.path}>" for rights in package.licenses),
    }
    return Entry(Kind.SETTINGS, MANIFEST, "", MANIFEST, values)


def _members(records: tuple[_Record, ...]) -> Iterable[Entry]:
    first: dict[str, _Record] = {}
    for record in records:
        first.setdefault(record.member, record)
    for key, record in first.items():
        values: dict[Path, Value] = {
            ("name",): record.member_name,
            ("country",): record.country_code,
            ("region",): record.region,
        }
        yield Entry(Kind.MEMBER, key, record.member_name, RECORDS, values)


def _commitment(record: _Record) -> Entry:
    values: dict[Path, Value] = {
        ("member",): record.member,
        ("year",): str(record.year),
        ("pillar",): record.pillar,
        ("title",): record.title,
        ("summary",): record.summary,
    }
    if record.url:
        values[("url",)] = record.url
    return Entry(
        Kind.COMMITMENT, record.id, record.title, RECORDS, values, record.member, ordered=True
    )


def _figure(name: str, data: bytes) -> Entry:
    match = _FIGURE.fullmatch(name)
    diagnostics = Diagnostics()
    try:
        text = data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PdfDataError(f"'{name}' is not UTF-8") from None
    table = None if INVISIBLE.search(text) else parse_table(text, PurePosixPath(name), diagnostics)
    if table is None or match is None:
        found = [*diagnostics.sorted(), None][0]
        reason = f" ({found.message})" if found else ""
        raise PdfDataError(f"'{name}' is not a table of numbers{reason}")
    rows = tuple(Row(unguarded(row.name), row.values, row.line) for row in table.rows)
    columns = tuple(map(unguarded, table.columns))
    whole = Table(table.path, columns, rows)
    return Entry(Kind.FIGURE, match[1], "", name, {}, table=whole, table_file=name)
