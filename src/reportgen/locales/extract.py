"""Messages: every text of a report that is translated, from its content and its templates.

`project_template` makes the PO template of a project. The functions below it are Babel extractors,
registered in ``pyproject.toml``, so that plain `pybabel extract` finds the same messages.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from jinja2.ext import babel_extract

from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.source.prose import Prose, prose_in

TEMPLATE_OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"}
COMMENT_TAGS = ("Translators:",)

HEADER = """\
# Translations template for PROJECT.
# Copyright (C) {} ORGANIZATION
# This file is distributed under the same license as the PROJECT project.
#"""

INTERFACE = Path(__file__).parents[1]
"""The toolkit's own code, some of whose words stand on the page."""

_INTERFACE_FILES = ("pages/catalogue.py", "pages/contents.py")


def content_messages(report: Report) -> tuple[Prose, ...]:
    """Give the words of a report's content, each once, in the order of files and lines."""
    found = {(p.origin, str(p)): p for _, p in prose_in(report) if p.origin}
    return tuple(sorted(found.values(), key=lambda p: p.origin.span if p.origin else ()))


def project_template(project: Project, report: Report) -> Catalog:
    """Give the catalog without translations of all messages of a project."""
    # Without this, Babel would write the time of the call, and no two runs were the same.
    epoch = datetime.datetime(report.year, report.month, 1, tzinfo=datetime.UTC)
    catalog = Catalog(
        # Without this, Babel would write the year of the call.
        header_comment=HEADER.format(report.year),
        project=report.slug,
        version=f"{report.year}-{report.month:02}",
        copyright_holder=report.publishers[0].name,
        msgid_bugs_address="",
        creation_date=epoch,
        charset="utf-8",
        fuzzy=False,
    )
    for prose in content_messages(report):
        origin = prose.origin
        if origin is None:
            continue
        message = catalog.add(
            str(prose),
            locations=[(origin.span.path, origin.span.line)],
            auto_comments=[origin.note],
            context=origin.context,
        )
        # A percent sign in prose is no placeholder, though it may look like one to gettext.
        message.flags.discard("python-format")
    for path in project.walk("templates", ".j2"):
        _add(catalog, str(path), project.resolve(path), babel_extract, TEMPLATE_OPTIONS)
    for name in _INTERFACE_FILES:
        _add(catalog, f"reportgen/{name}", INTERFACE / name, extract_python, {})
    return catalog


def _add(catalog: Catalog, name: str, path: Path, method: Any, options: Mapping[str, str]) -> None:
    with path.open("rb") as file:
        found = list(extract(method, file, DEFAULT_KEYWORDS, COMMENT_TAGS, options, True))
    for line, message, comments, context in found:
        catalog.add(
            message, locations=[(name, line)], auto_comments=comments or (), context=context
        )


@lru_cache(maxsize=2)
def _messages_by_file(root: Path) -> Mapping[str, tuple[Prose, ...]]:
    report = load_report(Project(root)).report
    if report is None:
        raise ValueError("the content has errors: 'reportgen check' tells them")
    by_file: dict[str, tuple[Prose, ...]] = {}
    for prose in content_messages(report):
        if prose.origin:
            path = prose.origin.span.path
            by_file[path] = (*by_file.get(path, ()), prose)
    return by_file


def extract_content(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Give the messages of one content file to Babel: line, function, context and text, comments.

    Raises:
        ValueError: the project's content has errors.
    """
    path = Path(fileobj.name).resolve()
    project = Project.find(path.parent)
    name = str(PurePosixPath(path.relative_to(project.root.resolve())))
    for prose in _messages_by_file(project.root).get(name, ()):
        if prose.origin:
            note = [prose.origin.note]
            yield prose.origin.span.line, "pgettext", (prose.origin.context, str(prose)), note
