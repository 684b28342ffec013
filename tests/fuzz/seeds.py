# ruff: noqa: E501 - lists of what files are made of, a line as long as it takes
"""What cases start from: a report that is well, one that builds fast, and files of each format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image

from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.project import Project
from tests.fuzz.cases import Target
from tests.translations import translated

Files = Mapping[str, bytes]

SECTION = "content/sections/introduction.md"
PICTURES = ("content/images/dot.png", "content/images/dot.jpg", "content/images/dot.svg")
FONT = "styles/fonts/dot.ttf"
PROFILE = "content/printer.icc"
TABLE_HEAD = ("id", "member", "year", "pillar", "title", "summary")

_IMPORTS = """\
commitments:
  ministry:
    columns: {id: No., member: Country, year: Start, title: Name}
    values:
      member: {Aotearoa: new-zealand}
    text: plain
    new: skip
"""

_SHOWN = "".join(f"\n![A dot]({path.removeprefix('content/')})\n" for path in PICTURES)

_TINY_SECTION = f"""\
---
title: Introduction
---

Hello *you*, see [the network](network): every number is a record.

- one
- two

> every number is a record
{_SHOWN}"""

_TINY: Mapping[str, str] = {
    SECTION: _TINY_SECTION,
    "styles/report.css": """\
@import "tokens.css";
@font-face { font-family: Dot; src: url("fonts/dot.ttf") }
@page { size: A4; margin: 12mm; @bottom-center { color: #202020; content: counter(page) } }
html { color: var(--ink) }
body { color: var(--ink); font: 9pt/12pt Dot, sans-serif; string-set: report attr(data-report) }
a { color: var(--link) }
h1, h2 { break-after: avoid; font-size: 14pt }
h2::before { content: "§ " }
ul { columns: 2; list-style: none }
table { border-collapse: collapse }
.pull-out { border: 1pt solid var(--brand); display: flex }
.picture img { width: 0.2mm }
""",
    "styles/tokens.css": """\
:root {
  --ink: #202020; --ink-cmyk: device-cmyk(0% 0% 0% 100%);
  --link: #202021; --link-cmyk: device-cmyk(0% 0% 0% 100%);
  --brand: #123456; --brand-cmyk: device-cmyk(90% 60% 0% 25%);
}
""",
    "styles/languages.css": "",
    "styles/directions/ltr.css": "@page :left { margin-left: 15mm }\n",
    "styles/directions/ltr-facing.css": "",
    "styles/directions/rtl.css": "",
    "styles/directions/rtl-facing.css": "",
    "styles/editions/digital.css": "",
    "styles/editions/print.css": "",
    "styles/editions/archive.css": "",
    "templates/base.html.j2": """\
<!doctype html>
<html lang="{{ locale.tag }}" dir="{{ locale.direction }}">
<head><meta charset="utf-8"><title>{{ report.title|plain }}</title></head>
<body data-report="{{ report.title|plain }}">{% block main %}{% endblock %}</body>
</html>
""",
    "templates/parts/blank.html.j2": '{% extends "base.html.j2" %}\n',
    "templates/parts/cover.html.j2": """\
{% extends "base.html.j2" %}
{% macro mark(record) %}<span>{{ record.id }}</span>{% endmacro %}
{% block main %}
<h1>{{ report.title|prose }}</h1>
{% for author in report.authors %}<p>{{ author.name }}</p>{% endfor %}
<p>{% for record in report.commitments %}{{ mark(record) }} {% endfor %}</p>
{% endblock %}
""",
    "templates/parts/sections.html.j2": """\
{% extends "base.html.j2" %}
{% block main %}
{% for section in part.sections %}
<section><h2 id="{{ anchor.section(section) }}">{{ section.title|prose }}</h2>
{% for item in section.blocks %}
{% if item.kind == "list" %}
<ul>{% for entry in item.items %}<li>{{ entry.text|prose }}</li>{% endfor %}</ul>
{% elif item.kind == "image" %}
<figure class="picture"><img src="content/{{ item.source }}" alt="{{ item.alt }}"></figure>
{% else %}
<p class="{{ item.kind }}">{{ item.text|prose }}</p>
{% endif %}
{% endfor %}
{% trans n=section.blocks|length %}one{% pluralize %}{{ n }} blocks{% endtrans %}
</section>
{% endfor %}
{% endblock %}
""",
}


@dataclass(frozen=True)
class Seeds:
    """The files that cases change: a report's by its paths, or PDF files by their names."""

    report: Files
    tiny: Files
    pdfs: Files

    def of(self, target: Target) -> Files:
        """Give the files that the cases of a target change."""
        if target is Target.PREFLIGHT:
            return self.pdfs
        return self.tiny if target is Target.BUILD else self.report


def make_seeds() -> Seeds:
    """Make the seeds; that takes seconds.

    Raises:
        AssertionError: one of them isn't well by itself.
    """
    with TemporaryDirectory() as folder:
        root = Path(folder) / "report"
        translated(root)
        report = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for name in ("content", "locales")
            for path in sorted((root / name).rglob("*"))
            if path.is_file()
        }
        shared = {**_pictures(), PROFILE: (files("reportgen") / _FOGRA39).read_bytes()}
        tiny = {**report, **shared, FONT: _font(root / "styles/fonts")}
        tiny |= {path: text.encode() for path, text in _TINY.items()}
        tiny["content/report.yaml"] = _with_parts(
            report, "  - cover\n  - sections: [introduction]\n"
        )
        section = report[SECTION] + _SHOWN.encode()
        report |= {**shared, SECTION: section, "content/import.yaml": _IMPORTS.encode()}
        small = Path(folder) / "small"
        for path, data in tiny.items():
            (small / path).parent.mkdir(parents=True, exist_ok=True)
            (small / path).write_bytes(data)
        return Seeds(report, tiny, dict(_pdfs(Project(small))))


_FOGRA39 = "profiles/FOGRA39L-coated.icc"


def _with_parts(report: Files, parts: str) -> bytes:
    text = report["content/report.yaml"].decode()
    return (text[: text.index("parts:")] + "parts:\n" + parts).encode()


def _pictures() -> Files:
    found = {}
    for path, form in zip(PICTURES, ("PNG", "JPEG"), strict=False):
        stream = io.BytesIO()
        Image.new("RGB", (3, 2), (18, 52, 86)).save(stream, form)
        found[path] = stream.getvalue()
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1H8V8Z"/></svg>\n'
    return {**found, PICTURES[2]: svg.encode()}


def _font(folder: Path) -> bytes:
    """Give a small font of the report's own design, with few letters."""
    font = TTFont(folder / "SourceSans3-Regular.otf.woff2", recalcTimestamp=False)
    font.flavor = None
    subsetter = subset.Subsetter()
    subsetter.populate(text="aehilnorstuy .")
    subsetter.subset(font)
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()


def _pdfs(project: Project) -> Mapping[str, bytes]:
    found = {}
    for edition in ("digital", "print", "archive"):
        made = make(project, Job("en", edition))
        if made.data is not None:
            found[edition] = made.data
    assert "digital" in found
    assert "print" in found
    with pikepdf.open(io.BytesIO(found["digital"])) as pdf:
        stream = io.BytesIO()
        # Everything in plain sight, for changes of bytes.
        pdf.save(
            stream,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            static_id=True,
        )
    return {**found, "plain": stream.getvalue()}


def workbook(rows: Sequence[Sequence[str]], more: str = "") -> bytes:
    """Give an XLSX file: each cell is the XML within its `<c>`, or a text; `more` follows the rows."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            cell
            if cell.startswith("<c")
            else f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for column, cell in enumerate(row[:26])
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>{more}</worksheet>'
    return packed({**_PACKAGE, "xl/worksheets/sheet1.xml": sheet.encode()})


def packed(parts: Files) -> bytes:
    """Give a ZIP archive, the same bytes each time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relations(*targets: tuple[str, str]) -> bytes:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{entries}</Relationships>'.encode()


_PACKAGE: Files = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_ML}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_ML}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_ML}.worksheet+xml"/>'
        "</Types>"
    ).encode(),
    "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": _relations(
        ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Records" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ).encode(),
    "xl/styles.xml": (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164"'
        ' formatCode="0.0%"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill>'
        '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="3"><xf/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    ).encode(),
}
