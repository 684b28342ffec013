"""The visible sheets of an XLSX file (ISO/IEC 29500-1), read as a stream.

Only what the cells say is read: texts, numbers and their formats, merged areas. Pictures, charts,
macros and links to other files stay packed. Each limit holds while a part is read, so that a small
file which unpacks to a large one is refused early.
"""

from __future__ import annotations

import datetime
import io
import math
import posixpath
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel
from openpyxl.utils.escape import unescape

from reportgen.exchange.cells import EMPTY, Cell, Kind, Sheet
from reportgen.exchange.export import digits
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.limits import (
    MAX_CELL_FORMATS,
    MAX_MERGED_AREAS,
    MAX_NUMBER_FORMAT_CHARS,
    MAX_TABLE_CELL_CHARS,
    MAX_TABLE_CELLS,
    MAX_TABLE_CHARS,
    MAX_TABLE_COLUMNS,
    MAX_TABLE_ROWS,
    MAX_WORKBOOK_BYTES,
    MAX_WORKBOOK_ITEMS,
    MAX_WORKBOOK_PARTS,
    MAX_WORKBOOK_SHEETS,
    MAX_WORKBOOK_TAG_BYTES,
)

Attributes = Mapping[str, str]

_CHUNK = 250_000
"""How many bytes of a part are unpacked at a time."""

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
"""What a sheet can have at most."""


class _BrokenError(Exception):
    """The file isn't an XLSX file, or a damaged one; the message says why."""


class _OverLimitError(Exception):
    """The file is larger than what is read; the message says in what, `place` in which cell."""

    def __init__(self, message: str, row: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.place = row, column


def read_workbook(
    data: bytes, path: str, clean: Callable[[str], str], diagnostics: Diagnostics
) -> tuple[Sheet, ...]:
    """Give the visible sheets of an XLSX file, or none and what is wrong with it.

    Args:
        data: the file's bytes.
        path: what the file is called; a sheet's path is this and its name.
        clean: brings a text to the form that texts of content have.
        diagnostics: gets what is wrong.
    """
    where = path
    try:
        package = _Package(data)
        workbook = _Workbook.of(package, lambda text: clean(unescape(text)))
        sheets = []
        for name, part in workbook.sheets:
            where = f"{path}:{name}"
            found = _SheetReader(workbook)
            package.read(part, found)
            _tell_hidden(found, where, diagnostics)
            sheets.append(found.sheet(where))
    except _OverLimitError as error:
        diagnostics.error(
            "table-size",
            Span(where, *error.place),
            str(error),
            "take out what is no record, or copy the records to a new file",
        )
    except (_BrokenError, *_BROKEN) as error:
        reason = str(error) or type(error).__name__
        diagnostics.error(
            "invalid-xlsx",
            Span(where),
            f"this is not an XLSX file that can be read ({reason})",
            "save it again as .xlsx, or as 'CSV UTF-8'",
        )
    else:
        return tuple(sheets)
    return ()


_BROKEN = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the libraries that unpack and parse raise for a damaged file."""


class _Reader:
    """Gets the elements of a part, their names without a prefix."""

    def __init__(self) -> None:
        self._text: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, text: str) -> None:
        """Take text, if some is being collected."""
        if self._text is not None:
            self._text.append(text)

    def _collected(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return text


class _Package:
    """The ZIP archive: its parts are read in memory, and their names are no paths of a disk."""

    def __init__(self, data: bytes) -> None:
        # Before the library makes an object of each.
        if (count := data.count(b"PK\x01\x02")) > MAX_WORKBOOK_PARTS:
            raise _OverLimitError(
                f"the file has {count:,} parts; at most {MAX_WORKBOOK_PARTS:,} are read"
            )
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._left = MAX_WORKBOOK_BYTES
        self._items = 0

    def read(self, name: str, reader: _Reader) -> None:
        """Give the elements of a part to a reader.

        What is unpacked is counted over all parts, whatever the archive says of their sizes.
        """

        def start(tag: str, attributes: Attributes) -> None:
            self._items += 1 + len(attributes)
            if self._items > MAX_WORKBOOK_ITEMS:
                raise _OverLimitError(
                    f"the file has more than {MAX_WORKBOOK_ITEMS:,} elements and attributes"
                )
            reader.start(tag.rpartition(":")[2], attributes)

        part = self._archive.getinfo(name)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _BrokenError(f"{name} is packed as no program for spreadsheets packs it")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda tag: reader.end(tag.rpartition(":")[2])
        parser.CharacterDataHandler = reader.text
        read = 0
        with self._archive.open(part) as file:
            while chunk := file.read(_CHUNK):
                read += len(chunk)
                self._left -= len(chunk)
                if self._left < 0:
                    raise _OverLimitError(
                        f"the file unpacks to more than {MAX_WORKBOOK_BYTES:,} bytes"
                    )
                parser.Parse(chunk, False)
                if read - parser.CurrentByteIndex > MAX_WORKBOOK_TAG_BYTES:
                    raise _OverLimitError(
                        f"a tag or a comment has more than {MAX_WORKBOOK_TAG_BYTES:,} bytes"
                    )
        parser.Parse(b"", True)

    def links(self, name: str) -> dict[str, tuple[str, str]]:
        """Give the relationships of a part by id: what kind of part they lead to, and which."""
        folder, file = posixpath.split(name)
        reader = _Elements("Relationship")
        self.read(posixpath.join(folder, "_rels", f"{file}.rels"), reader)
        return {
            found["Id"]: (
                found["Type"].rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, found["Target"])).lstrip("/"),
            )
            for found in reader.found
            if found.get("TargetMode") != "External"
        }


def _refuse_doctype(*_: object) -> None:
    """Refuse what no XLSX file has, and what entities need: they can grow without end."""
    raise _BrokenError("it has a document type declaration")


class _Elements(_Reader):
    """Collects the attributes of all elements of some names."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names
        self.found: list[Attributes] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Keep the attributes, their names without a prefix."""
        if name in self._names:
            self.found.append({key.rpartition(":")[2]: attributes[key] for key in attributes})
            if len(self.found) > MAX_WORKBOOK_PARTS:
                raise _OverLimitError(f"a part lists more than {MAX_WORKBOOK_PARTS:,} others")


class _Strings(_Reader):
    """Reads the texts that cells share. Of a text in several formats only the letters are taken."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        super().__init__()
        self._clean = clean
        self._phonetic = False
        self._runs: list[str] = []
        self._chars = 0
        self.strings: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin a text, or a guide to how it is pronounced, which is no part of it."""
        if name == "si":
            self._runs = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "t" and not self._phonetic:
            self._text = []

    def end(self, name: str) -> None:
        """Keep a text."""
        if name == "t" and not self._phonetic:
            self._runs.append(self._collected())
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = "".join(self._runs)
            self._chars += len(text)
            if self._chars > MAX_TABLE_CHARS:
                raise _OverLimitError(
                    f"the texts of the file have more than {MAX_TABLE_CHARS:,} characters"
                )
            self.strings.append(self._clean(text))
            if len(self.strings) > MAX_TABLE_CELLS:
                raise _OverLimitError(f"the file has more than {MAX_TABLE_CELLS:,} texts")


@dataclass(frozen=True)
class _Format:
    """What the format of a number makes of it for a reader."""

    is_date: bool = False
    is_duration: bool = False
    is_percent: bool = False


class _Styles(_Reader):
    """Reads the number formats, by the styles that cells name."""

    def __init__(self) -> None:
        super().__init__()
        self._within = ""
        self._codes: dict[str, str] = {str(key): code for key, code in BUILTIN_FORMATS.items()}
        self._ids: list[str] = []
        self._known: dict[str, _Format] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """Keep a number format, or which one a style has."""
        if name in ("numFmts", "cellXfs"):
            self._within = name
        elif name == "numFmt" and self._within == "numFmts":
            code = attributes["formatCode"]
            if len(code) > MAX_NUMBER_FORMAT_CHARS:
                raise _OverLimitError(
                    f"a number format has {len(code):,} characters; a program for spreadsheets"
                    f" takes {MAX_NUMBER_FORMAT_CHARS} at most"
                )
            self._codes[attributes["numFmtId"]] = code
        elif name == "xf" and self._within == "cellXfs":
            self._ids.append(attributes.get("numFmtId", "0"))
        if max(len(self._codes), len(self._ids)) > MAX_CELL_FORMATS:
            raise _OverLimitError(f"the file has more than {MAX_CELL_FORMATS:,} formats")

    def end(self, name: str) -> None:
        """Leave a list of formats."""
        if name == self._within:
            self._within = ""

    def format(self, style: str) -> _Format:
        """Give the number format of a style; one that isn't defined changes nothing."""
        if style not in self._known:
            index = int(style)
            code = self._codes.get(self._ids[index], "") if index < len(self._ids) else ""
            self._known[style] = _Format(
                is_date_format(code), is_timedelta_format(code), "%" in code
            )
        return self._known[style]


@dataclass(frozen=True)
class _Workbook:
    """What the sheets of a file share, and their names and parts."""

    sheets: tuple[tuple[str, str], ...]
    strings: list[str]
    styles: _Styles
    epoch: datetime.datetime
    clean: Callable[[str], str]

    @classmethod
    def of(cls, package: _Package, clean: Callable[[str], str]) -> _Workbook:
        """Read what the visible sheets need."""
        part = next(
            (part for kind, part in package.links("").values() if kind == "officeDocument"), None
        )
        if part is None:
            raise _BrokenError("there is no workbook in it")
        links = package.links(part)
        listed = _Elements("sheet", "workbookPr")
        package.read(part, listed)
        strings, styles, epoch, sheets = _Strings(clean), _Styles(), WINDOWS_EPOCH, []
        for found in listed.found:
            if found.get("date1904") in ("1", "true"):
                epoch = MAC_EPOCH
            kind, target = links.get(found.get("id", ""), ("", ""))
            if kind == "worksheet" and found.get("state", "visible") == "visible":
                sheets.append((found["name"], target))
        if len(sheets) > MAX_WORKBOOK_SHEETS:
            raise _OverLimitError(
                f"the file has {len(sheets):,} sheets; at most {MAX_WORKBOOK_SHEETS} are read"
            )
        for kind, target in links.values():
            if kind == "sharedStrings":
                package.read(target, strings)
            elif kind == "styles":
                package.read(target, styles)
        return cls(tuple(sheets), strings.strings, styles, epoch, clean)

    def string(self, index: str) -> str:
        """Give a text that cells share by its index."""
        try:
            return self.strings[int(index)] if index else ""
        except (IndexError, ValueError):
            raise _BrokenError(
                f"a cell has the text number {index[:20]}, and it has none"
            ) from None


class _SheetReader(_Reader):
    """Reads the cells of a sheet that have something in them."""

    def __init__(self, workbook: _Workbook) -> None:
        super().__init__()
        self._workbook = workbook
        self._cells: dict[int, dict[int, Cell]] = {}
        self._merged: list[tuple[int, int, int, int]] = []
        self._hidden: set[int] = set()
        self._row = self._column = self._count = self._chars = 0
        self._is_open = self._phonetic = False
        self._type = self._style = self._value = ""
        self._formula: str | None = None
        self._runs: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Begin a row, a cell, or what is in one."""
        if name == "c":
            self._is_open = True
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._value, self._formula = "", None
            self._runs = []
            self._column += 1
            if reference := attributes.get("r"):
                self._row, self._column = _position(reference)
            self._count += 1
            self._check("cells", self._count, MAX_TABLE_CELLS)
        elif self._is_open:
            if name in ("v", "f") or (name == "t" and not self._phonetic):
                self._text = []
            elif name == "rPh":
                self._phonetic = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if not 1 <= self._row <= _LAST_ROW:
                raise _BrokenError(f"there is no row {self._row}")
            if attributes.get("hidden") in ("1", "true"):
                self._hidden.add(self._row)
        elif name == "mergeCell":
            first, _, last = attributes["ref"].partition(":")
            self._merged.append((*_position(first), *_position(last or first)))
            self._check("merged areas", len(self._merged), MAX_MERGED_AREAS)

    def end(self, name: str) -> None:
        """Keep a cell with something in it."""
        if not self._is_open:
            return
        if name == "v":
            self._value = self._collected()
        elif name == "f":
            self._formula = self._collected()
        elif name == "t" and not self._phonetic:
            self._runs.append(self._collected())
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._is_open = False
            cell = self._cell()
            if cell.text:
                self._keep(cell)

    def _keep(self, cell: Cell) -> None:
        self._check("columns", self._column, MAX_TABLE_COLUMNS)
        self._check("characters in a cell", len(cell.text), MAX_TABLE_CELL_CHARS)
        self._chars += len(cell.text)  # a text that is packed once may stand in many cells
        self._check("characters", self._chars, MAX_TABLE_CHARS)
        self._cells.setdefault(self._row, {})[self._column] = cell
        self._check("rows", len(self._cells), MAX_TABLE_ROWS)

    def _check(self, what: str, number: int, most: int) -> None:
        if number > most:
            raise _OverLimitError(
                f"the sheet has more than {most:,} {what}", max(self._row, 1), max(self._column, 1)
            )

    def _cell(self) -> Cell:
        value, book = self._value, self._workbook
        if self._formula is not None:
            return Cell(f"={self._formula or '…'}", Kind.FORMULA)
        match self._type:
            case "s":
                return Cell(book.string(value))
            case "inlineStr":
                return Cell(book.clean("".join(self._runs)))
            case "str":
                return Cell(book.clean(value))
            case "e":
                return Cell(value, Kind.ERROR)
            case "b":
                return Cell("false" if value in ("0", "false") else "true")
            case "d":
                is_date = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|\Z)", value)
                return Cell(value[:10], Kind.DATE) if is_date else Cell(book.clean(value))
            case _:
                return self._number(value.strip())

    def _number(self, value: str) -> Cell:
        if not value:
            return EMPTY
        number, shown = float(value), self._workbook.styles.format(self._style)
        if shown.is_date:
            try:
                date = from_excel(number, self._workbook.epoch, timedelta=shown.is_duration)
            except (OverflowError, ValueError):
                return Cell(value, Kind.NUMBER)  # a program for spreadsheets shows ###
            if isinstance(date, datetime.datetime):
                return Cell(date.isoformat()[:10], Kind.DATE)
            return Cell(str(date))
        # A share is shown as per cent, and that is what its reader sees.
        number = number * 100 if shown.is_percent else number
        return Cell(digits(number) if math.isfinite(number) else value, Kind.NUMBER)

    def hidden(self) -> list[int]:
        """Give the numbers of the rows that have something in them and aren't shown."""
        return sorted(self._hidden & self._cells.keys())

    def sheet(self, path: str) -> Sheet:
        """Give what was read."""
        lines = sorted(self._cells)
        width = max((column for row in self._cells.values() for column in row), default=0)
        self._check("cells", len(lines) * width, MAX_TABLE_CELLS)
        for row, column, cell in self._parts_of_merged(lines, width):
            self._cells[row][column] = cell
        columns = range(1, width + 1)
        rows = tuple(tuple(self._cells[n].get(column, EMPTY) for column in columns) for n in lines)
        return Sheet(
            path, rows, tuple(lines), lambda row, column: Span(path, lines[row], column + 1)
        )

    def _parts_of_merged(self, lines: list[int], width: int) -> Iterator[tuple[int, int, Cell]]:
        """Give what stands for the parts of merged cells, as far as the table goes."""
        count = 0
        for top, left, bottom, right in self._merged:
            # A head that is merged downwards names the column in each of its rows.
            first = self._cells.get(top, {}).get(left, EMPTY).text
            for row in lines[bisect_left(lines, top) : bisect_right(lines, bottom)]:
                for column in range(left, min(right, width) + 1):
                    count += 1
                    self._check("merged cells", count, MAX_TABLE_CELLS)
                    if (row, column) != (top, left):
                        yield row, column, Cell(first if column == left else "", Kind.MERGED)


_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def _position(reference: str) -> tuple[int, int]:
    """Give the row and the column of a cell by its name, such as ``B3``."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise _BrokenError(f"there is no cell '{reference[:20]}'")
    row, column = int(found[2]), 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    if not (1 <= row <= _LAST_ROW and column <= _LAST_COLUMN):
        raise _BrokenError(f"there is no cell '{reference}'")
    return row, column


def _tell_hidden(sheet: _SheetReader, path: str, diagnostics: Diagnostics) -> None:
    hidden = sheet.hidden()
    if hidden:
        diagnostics.warning(
            "hidden-rows",
            Span(path, hidden[0]),
            f"{len(hidden)} rows are hidden, perhaps by a filter, and are read all the same"
            if len(hidden) > 1
            else "the row is hidden, perhaps by a filter, and is read all the same",
            "delete them if they are not meant, or show them",
        )
