"""The documentation knows all that the code says."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from reportgen.cli import main
from reportgen.cli.main import COMMANDS
from reportgen.model import schema

ROOT = Path(__file__).parents[1]
FORMAT = (ROOT / "docs/content-format.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSLATING = ROOT / "docs/translating.md"
EDITING = ROOT / "docs/editing.md"


def codes() -> set[str]:
    call = r'(?:_?error|warning|DiagnosedError|Diagnostic)\(\s*(?:[\w.]+,\s*)?"([a-z][a-z0-9-]+)"'
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    return set(re.findall(call, source))


def test_the_search_finds_codes() -> None:
    assert {"missing-key", "data-missing", "po-syntax", "template-failed"} <= codes()


def test_every_code_is_documented() -> None:
    text = FORMAT + (TRANSLATING.read_text(encoding="utf-8") if TRANSLATING.is_file() else "")
    assert {code for code in codes() if f"`{code}`" not in text} == set()


def test_every_key_is_documented() -> None:
    forms = [
        form
        for form in vars(schema).values()
        if isinstance(form, type) and issubclass(form, schema.Form)
    ]
    keys = {key for form in forms for key in form.model_fields}
    assert len(keys) > 30
    assert {key for key in keys if f"`{key}`" not in FORMAT} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    command = main.commands[name]
    assert f"reportgen {name}" in README
    assert command.help
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            assert sub.help
            texts = [README, *(path.read_text("utf-8") for path in (TRANSLATING, EDITING))]
            assert f"reportgen {name} {sub.name}" in "\n".join(texts)
