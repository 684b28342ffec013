"""Messages: every text of a report that is translated, from its content and its templates.

`project_template` makes the PO template of a project. The functions below it are Babel extractors,
registered in ``pyproject.toml``, so that plain `pybabel extract` finds the same messages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import babel_extract
from polib import POEntry, POFile

from reportgen.locales.pofile import WIDTH, Key
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError, Diagnostics, Span
from reportgen.source.prose import Prose, prose_in
from reportgen.source.text import read_text

TEMPLATE_OPTIONS = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"}
COMMENT_TAGS = ("Translators:",)

INTERFACE = Path(__file__).parents[1]
"""The toolkit's own code, some of whose words stand on the page."""

_INTERFACE_FILES = ("pages/catalogue.py", "pages/contents.py")


def content_messages(report: Report) -> tuple[Prose, ...]:
    """Give the words of a report's content, each once, in the order of files and lines."""
    found = {(p.origin, str(p)): p for _, p in prose_in(report) if p.origin}
    return tuple(sorted(found.values(), key=lambda p: p.origin.span if p.origin else ()))


def project_template(project: Project, report: Report) -> POFile:
    """Give the catalog without translations of all messages of a project.

    Raises:
        DiagnosedError: a template can't be read, or isn't one.
    """
    template = POFile(wrapwidth=WIDTH)
    template.header = f"Texts of {report.slug}, to be translated."
    template.metadata = {
        "Project-Id-Version": f"{report.slug} {report.year}-{report.month:02}",
        # The report's date, not the time of the call: no run must differ from the next.
        "POT-Creation-Date": f"{report.year}-{report.month:02}-01 00:00+0000",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    messages: dict[Key, POEntry] = {}
    for prose in content_messages(report):
        if origin := prose.origin:
            place = (origin.span.path, str(origin.span.line))
            _add(messages, (str(prose),), origin.context, place, origin.note)
    diagnostics = Diagnostics()
    for path in project.walk("templates", ".j2"):
        text = read_text(project, path, diagnostics)
        if text is not None:
            _extract_template(messages, path, text, diagnostics)
    if len(diagnostics):
        raise DiagnosedError.of(diagnostics.sorted())
    for name in _INTERFACE_FILES:
        source = (INTERFACE / name).read_bytes()
        _extract(messages, f"reportgen/{name}", source, extract_python, {})
    template.extend(messages.values())
    return template


def _extract_template(
    messages: dict[Key, POEntry], path: PurePosixPath, text: str, diagnostics: Diagnostics
) -> None:
    try:
        # Without `silent` a wrong template would pass for one without messages.
        options = {**TEMPLATE_OPTIONS, "silent": "false"}
        _extract(messages, str(path), text.encode(), babel_extract, options)
    except TemplateSyntaxError as error:
        span = Span(str(path), error.lineno)
        diagnostics.error("template-syntax", span, str(error.message), "correct the template")
    except RecursionError:
        span, message = Span(str(path)), "the template is nested too deeply"
        diagnostics.error("template-syntax", span, message, "correct the template")


def _extract(
    messages: dict[Key, POEntry], name: str, source: bytes, method: Any, options: Mapping[str, str]
) -> None:
    file = io.BytesIO(source)
    found = list(extract(method, file, DEFAULT_KEYWORDS, COMMENT_TAGS, options, True))
    for line, message, comments, context in found:
        texts = (message,) if isinstance(message, str) else tuple(message)
        _add(messages, texts, context, (name, str(line)), " ".join(comments))


def _add(
    messages: dict[Key, POEntry],
    texts: tuple[str, ...],
    context: str | None,
    place: tuple[str, str],
    note: str,
) -> None:
    """Add a message, or a further place of one."""
    entry = messages.get((context, texts[0]))
    if entry is None:
        entry = POEntry(msgid=texts[0], msgctxt=context, comment=note)
        messages[(context, texts[0])] = entry
    if len(texts) > 1:
        entry.msgid_plural = texts[1]
        entry.msgstr_plural = {0: "", 1: ""}
    # A percent sign in prose is no placeholder, though it may look like one to gettext.
    if context is None and "%(" in texts[0] and "python-format" not in entry.flags:
        entry.flags.append("python-format")
    entry.occurrences.append(place)


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
