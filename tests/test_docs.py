"""The documentation knows all that the code says."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import click
import pytest
from pydantic.dataclasses import is_pydantic_dataclass

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
    forms = [form for form in vars(schema).values() if is_pydantic_dataclass(form)]
    keys = {field.name for form in forms for field in fields(form)}
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


FIRST_HOURS = sorted((ROOT / "docs").glob("first-hour-*.md"))


def command_lines(text: str) -> list[str]:
    """Give the `reportgen …` lines of the code blocks, and those between backticks in sentences."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    sentences = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [*"".join(blocks).splitlines(), *re.findall(r"`([^`]+)`", sentences)]
    return [line for line in lines if re.match(r"reportgen\s", line)]


def parse_command(line: str) -> None:
    """Parse LINE as the command itself would, without running it.

    Raises:
        click.UsageError: A command, an option or a choice that doesn't exist, an argument too few
            or too many.
    """
    command: click.Command = main
    words = shlex.split(line, comments=True)[1:]
    context: click.Context | None = None
    while True:
        # With the settings that it has when it is called: click keeps the option of the help.
        context = click.Context(
            command, parent=context, info_name=command.name, **command.context_settings
        )
        values, rest, _ = command.make_parser(context).parse_args(list(words))
        for param in command.params:
            given = values.get(param.name or "")
            missing = given is None or not isinstance(given, (str, int, list, tuple))
            if isinstance(param, click.Argument) and param.required and missing:
                raise click.MissingParameter(ctx=context, param=param)
            if isinstance(param.type, click.Choice) and not missing:
                for one in given if isinstance(given, (list, tuple)) else [given]:
                    param.type.convert(one, param, context)
        if not isinstance(command, click.Group):
            if rest:
                raise click.UsageError(f"too much: {rest}", context)
            return
        if not rest:
            raise click.UsageError("no command", context)
        _, found, words = command.resolve_command(context, rest)
        assert found is not None
        command = found


def test_the_first_hours_are_three() -> None:
    assert [path.stem for path in FIRST_HOURS] == [
        "first-hour-data-analyst",
        "first-hour-editor",
        "first-hour-translator",
    ]
    for path in FIRST_HOURS:
        assert f"](docs/{path.name})" in README


@pytest.mark.parametrize(
    "line",
    [
        "reportgen biuld",
        "reportgen build --editoin print",
        "reportgen new setcion thanks",
        "reportgen new section",
        "reportgen new section one two",
        "reportgen export figure growth --format xls",
    ],
)
def test_a_wrong_command_line_is_seen(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse_command(line)


@pytest.mark.parametrize("path", FIRST_HOURS, ids=lambda path: path.stem)
def test_every_command_of_a_first_hour_exists(path: Path) -> None:
    lines = command_lines(path.read_text(encoding="utf-8"))
    assert len(lines) > 8
    for line in lines:
        parse_command(line)


@pytest.mark.parametrize("path", FIRST_HOURS, ids=lambda path: path.stem)
def test_every_picture_of_a_first_hour_exists_and_has_words(path: Path) -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)\s]*)\)", path.read_text(encoding="utf-8"))
    assert 2 <= len(pictures) <= 4
    for alt, target in pictures:
        assert len(alt.split()) > 3
        assert (path.parent / target).is_file()
