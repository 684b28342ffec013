"""The style of a report's files: YAML and Markdown as `reportgen fmt` writes them.

A file keeps what it says and all its comments, or it is not written: both are read again from the
text that would stand there, and compared.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from reportgen.editing.schemas import SCHEMA_COMMENT, has_schemas, schema_comment
from reportgen.locales.catalog import LOCALES, locale_folders
from reportgen.model.files import CONTENT
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import FENCE, Block, ItemList, MarkdownFile, parse_markdown
from reportgen.source.markdown_writing import format_markdown
from reportgen.source.text import decode_text, read_bytes
from reportgen.source.yaml import Document, parse_yaml
from reportgen.source.yaml_writing import comments_of, dump_yaml, load_yaml
from reportgen.transaction import Change, replace_files


@dataclass(frozen=True)
class Formatted:
    """A file's text as it is, line ends made ``\\n``, and its bytes as they are and in style."""

    path: PurePosixPath
    text: str
    before: bytes
    after: bytes

    @property
    def is_in_style(self) -> bool:
        """Whether there is nothing to write."""
        return self.before == self.after


def style_paths(project: Project) -> tuple[PurePosixPath, ...]:
    """Return the files of a project that have a style: its YAML files and sections.

    Raises:
        DiagnosedError: the folder of the locales can't be read.
    """
    return (
        *project.glob(str(CONTENT), "*.yaml"),
        *project.glob(f"{CONTENT}/commitments", "*.yaml"),
        *project.glob(f"{CONTENT}/figures", "*.yaml"),
        *project.glob(f"{CONTENT}/sections", "*.md"),
        *project.glob(str(LOCALES), "*.yaml"),
        *(
            path
            for folder in locale_folders(project)
            for path in project.glob(f"{LOCALES}/{folder}", "locale.yaml")
        ),
    )


def format_file(
    project: Project, path: PurePosixPath, diagnostics: Diagnostics
) -> Formatted | None:
    """Give a file in style, or nothing and what is wrong with it; nothing is written."""
    data = read_bytes(project, path, diagnostics)
    text = None if data is None else decode_text(data, path, diagnostics)
    if data is None or text is None:
        return None
    if path.suffix == ".md":
        after = _markdown_file(text, path, diagnostics)
    else:
        after = _yaml_file(project, text, path, diagnostics)
    if after is None:
        return None
    return Formatted(path, text, data, after.encode())


def write_formatted(project: Project, files: Iterable[Formatted]) -> None:
    """Write files in style, all of them or none; one that is so already is not touched.

    Raises:
        ChangedMeanwhileError: a file was saved since it was read; nothing was written.
        OSError: a file can't be written; nothing was.
    """
    changes = [Change(f.path, f.before, f.after) for f in files if not f.is_in_style]
    if changes:
        replace_files(project, changes)


def _yaml_file(
    project: Project, text: str, path: PurePosixPath, diagnostics: Diagnostics
) -> str | None:
    document = parse_yaml(text, path, diagnostics)
    if document is None:
        return None
    found = _yaml(document)
    if found is None:
        _refuse(path, diagnostics)
        return None
    comment = schema_comment(path) if has_schemas(project) else None
    return f"{comment}\n{found}" if comment and SCHEMA_COMMENT not in found else found


def _markdown_file(text: str, path: PurePosixPath, diagnostics: Diagnostics) -> str | None:
    file = parse_markdown(text, path, diagnostics)
    if file is None:
        return None
    # The parser has the front matter with an empty line in place of the fence above it.
    front = _yaml(dataclasses.replace(file.front_matter, text=file.front_matter.text[1:]))
    body = format_markdown("\n".join(file.lines[file.front_matter.text.count("\n") + 2 :]))
    after = f"{FENCE}\n{front}{FENCE}\n" + (f"\n{body}" if body else "")
    if front is None or not _says_the_same(file, after):
        _refuse(path, diagnostics)
        return None
    return after


def _refuse(path: PurePosixPath, diagnostics: Diagnostics) -> None:
    diagnostics.error(
        "not-formatted",
        Span(str(path)),
        "this file can't be brought into style without changing what it says",
        "write lists with comments an item a line, and a heading in one line",
    )


def _yaml(document: Document) -> str | None:
    """Give a YAML text in style, or nothing if it would say something else."""
    tidy = _tidied(document, document.text)
    if not document.value or not isinstance(document.value, (dict, list)):
        return tidy
    try:
        return tidy and _tidied(document, dump_yaml(load_yaml(tidy)))
    except ValueError:
        return None


def _tidied(document: Document, text: str) -> str | None:
    """Give a text without space at its ends and at the ends of lines, and without empty lines.

    One empty line stays. Within a text all of that may be meant: then it stays.
    """
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n")).strip("\n")
    tidy = re.sub(r"\n{3,}", "\n\n", lines) + "\n" if lines else ""
    whole = text.strip("\n") + "\n"
    return next((found for found in (tidy, whole, text) if _is_the_same(document, found)), None)


def _is_the_same(document: Document, text: str) -> bool:
    after = parse_yaml(text, document.path, Diagnostics())
    # 1, 1.0 and true are equal in Python, but not written the same.
    return (
        after is not None
        and repr(after.value) == repr(document.value)
        and comments_of(text) == comments_of(document.text)
    )


def _says_the_same(file: MarkdownFile, text: str) -> bool:
    after = parse_markdown(text, file.path, Diagnostics())
    return after is not None and _words(after.blocks) == _words(file.blocks)


def _words(blocks: tuple[Block, ...]) -> list[Block]:
    """Give blocks without their places."""
    nowhere = Span("")
    found: list[Block] = []
    for block in blocks:
        bare = dataclasses.replace(block, span=nowhere)
        if isinstance(bare, ItemList):
            items = tuple(dataclasses.replace(item, span=nowhere) for item in bare.items)
            bare = dataclasses.replace(bare, items=items)
        found.append(bare)
    return found
