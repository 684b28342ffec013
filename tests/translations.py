"""What the tests of translations share: a report that has been translated, by rule."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from polib import POEntry, POFile

from reportgen.build.start import start_project
from reportgen.locales.catalog import catalog_path
from reportgen.locales.pofile import parse_po, write_po
from reportgen.locales.pseudo import pseudo_text
from tests.conftest import Workspace

FR = str(catalog_path("fr"))
SECTION = "content/sections/introduction.md"
PARAGRAPH = (
    "Records stand in `content/commitments/`, a file a member, so that every number is a record"
    " that someone can check. Figures are counted from them at every build, or drawn from a table:"
)

needs_gettext = pytest.mark.skipif(
    not (shutil.which("msgfmt") and shutil.which("msgmerge")),
    reason="GNU gettext is not installed: msgfmt and msgmerge look at PO files with other eyes",
)


def started(root: Path) -> Workspace:
    """Give a new report, with its templates and its numbers."""
    start_project(root)
    made = Workspace(root)
    made.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n2023,61.5\n2024,64\n")
    return made


def translated(root: Path, *tags: str, keep: Mapping[str, str | None] | None = None) -> Workspace:
    """Give a new report that is translated; `keep` has translations by source, None for none."""
    workspace = started(root)
    for tag in tags or ("fr",):
        assert workspace.run("translate", "init", tag).exit_code == 0
        catalog = catalog_of(workspace, tag)
        for message in catalog:
            if message.msgid_plural:
                forms = [pseudo_text(message.msgid), pseudo_text(message.msgid_plural)]
                message.msgstr_plural = {n: forms[min(n, 1)] for n in message.msgstr_plural}
            else:
                message.msgstr = (keep or {}).get(message.msgid, pseudo_text(message.msgid)) or ""
        workspace.edit(str(catalog_path(tag)), write_po(catalog))
    return workspace


def catalog_of(workspace: Workspace, tag: str = "fr") -> POFile:
    text = (workspace.root / catalog_path(tag)).read_text(encoding="utf-8")
    return parse_po(text)


def message_of(catalog: POFile, source: str, context: str) -> POEntry | None:
    found = (m for m in catalog if m.msgid == source and m.msgctxt == context)
    return next(found, None)


def msgfmt(*files: Path) -> str:
    """Give what gettext's own check says of PO files: nothing, if they are well."""
    said = ""
    for file in files:
        command = ["msgfmt", "--check", "--check-header", "-o", "/dev/null", str(file)]
        said += subprocess.run(command, capture_output=True, text=True, check=False).stderr
    return said
