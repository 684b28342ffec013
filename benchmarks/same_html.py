"""The HTML of a report as one self-contained document, for programs that know nothing of reportgen.

reportgen lays out each part of a report by itself. Here the parts stand in one document, in
elements that take the place of their `<html>` and `<body>`, and the style sheets are adapted to
that by rules that know nothing of what they say:

- `body` in a selector becomes `main`, which each part has in place of its `<body>`;
- what a page takes from its part's `<html>`, which is the colours of its pillar, it can't take
  from a document of all parts: each pillar has pages of its own name, with the pillar's values.

The flags, fonts and pictures are files of the folder; the page numbers are filled in. So other
programs have less to do: nothing is checked, no chart is drawn, and nothing is laid out twice.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import tinycss2

from reportgen.build.composition import Composition, compose, layouter_for
from reportgen.locales.load import load_locale
from reportgen.locales.locale import Locale
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pages.render import PageNumbers
from reportgen.pdf.editions import EDITIONS
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError
from reportgen.typeset.report import typeset

DOCUMENT = "report.html"
EDITION = "digital"

_HTML = re.compile(r"<html\b([^>]*)>", re.IGNORECASE)
_BODY = re.compile(r"<body\b([^>]*)>(.*)</body>", re.IGNORECASE | re.DOTALL)
_CLASS = re.compile(r'\bclass="([^"]*)"')
_FLAG = re.compile(r"\bflag:([A-Za-z]+(?:-[A-Za-z]+)*)")
_PICTURE = re.compile(r'<img\b[^>]*\bsrc="(?!data:)([^"]+)"')
_VALUE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")

_OWN = """
body { margin: 0 }
main { display: block }
.whole-part + .whole-part { break-before: page }
"""
"""What one document of all parts needs beside the styles of the parts."""


class NotAloneError(Exception):
    """The report, or its HTML, is not as it must be to be written as one document."""


@dataclass(frozen=True)
class Composed:
    """A report in its own language, ready for layout, with the page of each anchor."""

    report: Report
    locale: Locale
    composition: Composition
    anchors: Mapping[str, int]
    pages: int


def composed(project: Project, *, laid_out: bool = True) -> Composed:
    """Give a report that is ready for layout, and lay it out once to know its page numbers.

    Args:
        project: the report's project.
        laid_out: without it no page number is known, which takes no time.

    Raises:
        NotAloneError: the content, the design or a template is wrong.
    """
    report = load_report(project).report
    if report is None:
        raise NotAloneError("the content has an error: see reportgen check")
    locale = load_locale(project, report, report.language).locale
    edition = EDITIONS[EDITION]
    anchors: Mapping[str, int] = MappingProxyType({})
    pages = 0
    try:
        composition = compose(project, report, locale, edition)
        if laid_out:
            layouter = layouter_for(project, locale, edition, composition.press)
            result = typeset(
                composition.parts, composition.renderer, layouter, composition.pagination
            )
            anchors = result.anchors
            pages = sum(len(part.document.pages) for _, part in result.parts)
    except DiagnosedError as error:
        raise NotAloneError("\n".join(map(str, error.diagnostics))) from None
    return Composed(report, locale, composition, anchors, pages)


def write_same_html(project: Project, made: Composed, folder: Path) -> Path:
    """Write a report as a folder that needs nothing else, and give its HTML file.

    Raises:
        NotAloneError: a template is wrong, or a flag or picture is missing.
    """
    styles = {path: project.read(path).decode() for path in project.walk("styles", ".css")}
    try:
        parts = [
            made.composition.renderer(part, PageNumbers(made.anchors))
            for part in made.composition.parts
        ]
    except DiagnosedError as error:
        raise NotAloneError("\n".join(map(str, error.diagnostics))) from None
    roots = sorted({name for part in parts for name in _root_classes(part)})
    values = {name: _values_of(name, styles.values()) for name in roots}
    values = {name: own for name, own in values.items() if own}
    for path in project.walk("styles", ""):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path in styles:
            target.write_text(adapted(styles[path], values), encoding="utf-8")
        else:
            target.write_bytes(project.read(path))
    (folder / "styles" / "whole.css").write_text(_OWN, encoding="utf-8")
    sheets = (
        "report.css",
        f"directions/{made.locale.direction}.css",
        f"editions/{EDITION}.css",
        "whole.css",
    )
    html = _document(parts, made, sheets)
    html = _FLAG.sub(lambda flag: _copied_flag(flag[1], folder), html)
    for source in set(_PICTURE.findall(html)):
        target = folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.write_bytes(project.read(source))
        except OSError as error:
            raise NotAloneError(f"the picture '{source}' can't be read ({error})") from None
    document = folder / DOCUMENT
    document.write_text(html, encoding="utf-8")
    return document


def _document(parts: Iterable[str], made: Composed, sheets: Iterable[str]) -> str:
    links = "\n".join(f'    <link rel="stylesheet" href="styles/{sheet}">' for sheet in sheets)
    title = re.search("<title>.*?</title>", next(iter(parts)), re.DOTALL)
    return f"""<!doctype html>
<html lang="{made.locale.tag}" dir="{made.locale.direction}">
  <head>
    <meta charset="utf-8">
    {title[0] if title else ""}
{links}
  </head>
  <body>
{"".join(map(_whole_part, parts))}
  </body>
</html>
"""


def _whole_part(html: str) -> str:
    """Give a part as an element that takes the place of its document."""
    root, body = _HTML.search(html), _BODY.search(html)
    if root is None or body is None:
        raise NotAloneError("the HTML of a part has no <html> or no <body>")
    around = " ".join(("whole-part", *map(_around, _root_classes(html))))
    return (
        f'<div class="{around}"><div{root[1]}><main{body[1]}>\n{body[2].strip()}\n'
        "</main></div></div>\n"
    )


def _root_classes(html: str) -> list[str]:
    """Give the classes of the `<html>` of a part."""
    root = _HTML.search(html)
    found = _CLASS.search(root[1]) if root else None
    return found[1].split() if found else []


def _around(name: str) -> str:
    """Give the class of what stands around a part whose `<html>` has the class `name`."""
    return f"around-{name}"


def _copied_flag(code: str, folder: Path) -> str:
    """Copy a flag into the folder, and give its address there."""
    name = f"{code.lower()}.svg"
    flag = files("reportgen") / "flags" / "4x3" / name
    if not flag.is_file():
        raise NotAloneError(f"there is no flag '{code}'")
    target = folder / "flags" / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with flag.open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    return f"flags/{name}"


def adapted(css: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """Give a style sheet for parts as one for a document of all parts.

    `values` has, for each class that a part's `<html>` may have, the custom properties that the
    class sets.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    written: list[str] = []
    for rule in rules:
        if rule.type == "qualified-rule":
            written += _adapted_rule(rule, values)
        elif rule.type == "at-rule" and rule.lower_at_keyword == "page" and rule.content:
            written += _adapted_page(rule, values)
        else:
            written.append(rule.serialize())
    return "\n".join([*written, ""])


def _adapted_rule(rule: tinycss2.ast.QualifiedRule, values: Iterable[str]) -> Iterable[str]:
    selectors = _for_one_document(rule.prelude)
    yield f"{selectors} {{{tinycss2.serialize(rule.content)}}}"
    page = _named_page(rule)
    if page is None:
        return
    for name in values:
        own = ", ".join(f".{_around(name)} {one.strip()}" for one in selectors.split(","))
        yield f"{own} {{ page: {page}-{name} }}"


def _for_one_document(prelude: Iterable[tinycss2.ast.Node]) -> str:
    """Give a selector in which the `<body>` of a part is its `<main>`."""
    written = ""
    for token in prelude:
        is_type = token.type == "ident" and not written.endswith((".", ":"))
        written += "main" if is_type and token.value == "body" else token.serialize()
    return written.strip()


def _named_page(rule: tinycss2.ast.QualifiedRule) -> str | None:
    """Give the name of the page that a rule asks for."""
    for declaration in tinycss2.parse_blocks_contents(rule.content, True, True):
        if declaration.type == "declaration" and declaration.lower_name == "page":
            return str(tinycss2.serialize(declaration.value)).strip()
    return None


def _adapted_page(
    rule: tinycss2.ast.AtRule, values: Mapping[str, Mapping[str, str]]
) -> Iterable[str]:
    yield rule.serialize()
    pages = [page.strip() for page in tinycss2.serialize(rule.prelude).split(",")]
    named = [page for page in pages if page and not page.startswith(":")]
    content = tinycss2.serialize(rule.content)
    for name, own in values.items():
        if not named:
            break
        selectors = ", ".join(re.sub(r"^([\w-]+)", rf"\1-{name}", page) for page in named)
        body = _VALUE.sub(lambda value, own=own: own.get(value[1], value[0]), content)  # type: ignore[misc]
        yield f"@page {selectors} {{{body}}}"


def _values_of(name: str, sheets: Iterable[str]) -> dict[str, str]:
    """Give the custom properties that the rules of a class alone set."""
    values: dict[str, str] = {}
    for css in sheets:
        for rule in tinycss2.parse_stylesheet(css, True, True):
            if rule.type != "qualified-rule":
                continue
            if tinycss2.serialize(rule.prelude).strip() != f".{name}":
                continue
            for declaration in tinycss2.parse_blocks_contents(rule.content, True, True):
                if declaration.type == "declaration" and declaration.name.startswith("--"):
                    values[declaration.name] = tinycss2.serialize(declaration.value).strip()
    return values
