"""Files of the content that nothing reads: misspelt names, and what is left over."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePosixPath

from reportgen.model.files import CONTENT, ContentFiles
from reportgen.model.validate import read
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics, Span

FILES = frozenset(
    {"report.yaml", "links.yaml", "pillars.yaml", "regions.yaml", "members.yaml", "import.yaml"}
)
"""The files that stand in the folder of the content itself."""

FOLDERS = {"commitments": ".yaml", "sections": ".md", "figures": ".yaml", "images": ""}
"""The folders of the content, with what the names of their files end in."""


def check_strays(project: Project, files: ContentFiles, diagnostics: Diagnostics) -> None:
    """Note each file that nothing reads, or the folder that it is in; hidden ones don't count."""

    def note(path: PurePosixPath, what: str, hint: str) -> None:
        diagnostics.warning("stray-file", Span(str(path)), f"nothing reads {what}", hint)

    def meant(name: str, known: Collection[str], what: str) -> str:
        return diagnostics.did_you_mean(name, known, f"take {what} out of {CONTENT}")

    used, may_be_used = _named(files)
    noted: set[str] = set()
    for path in project.walk(str(CONTENT), ""):
        name, *below = path.relative_to(CONTENT).parts
        if path in used or any(part.startswith(".") for part in (name, *below)):
            continue
        ending = FOLDERS.get(name, "")
        if not below:
            if name not in FILES:
                note(path, "this file", meant(name, FILES, "it"))
        elif name not in FOLDERS:
            if name not in noted:
                what = f"the folder '{CONTENT}/{name}'"
                note(path, what, meant(name, FOLDERS, f"the folder '{name}'"))
            noted.add(name)
        elif ending and len(below) > 1:
            note(path, "this file", f"move it into {CONTENT}/{name} itself")
        elif not path.name.endswith((ending, *may_be_used.get(name, ()))):
            hint = f"let its name end in '{ending}', or take it out of {CONTENT}/{name}"
            note(path, "this file", hint)


def _named(files: ContentFiles) -> tuple[frozenset[PurePosixPath], dict[str, tuple[str, ...]]]:
    """Return the files that others name, and the endings of those that they may have meant."""
    figures = files.figures
    named = {f.document.path.parent / f.form.data for f in figures.values() if f.form.data}
    rules = read(files.report.form.print) if files.report else None
    if rules and read(rules.profile):
        named.add(CONTENT / str(rules.profile))
    drawn = {name for name, figure in figures.items() if read(figure.form.count) is None}
    is_sure = drawn <= files.tables.keys() and files.known["figure"] == frozenset(figures)
    return frozenset(named), {} if is_sure else {"figures": (".csv",)}
