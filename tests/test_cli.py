"""The commands: what they say of themselves, and to one who asks for what there is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import reportgen
from reportgen.cli import main
from tests.conftest import Workspace


def run(*arguments: str) -> Result:
    """Run a command; an exception is raised."""
    return CliRunner().invoke(main, [*arguments], catch_exceptions=False, prog_name="reportgen")


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Give each command, and those within it, with the words it is called by."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)


ALL = dict(commands(main))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_each_command_has_help(path: tuple[str, ...], option: str) -> None:
    result = run(*path, option)
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: {' '.join(('reportgen', *path))} ")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_each_command_and_option_says_what_it_does(path: tuple[str, ...]) -> None:
    command = ALL[path]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.name}"
            assert parameter.help.endswith("."), f"{path} {parameter.name}"


def test_the_commands() -> None:
    assert {path[0] for path in ALL if path} >= {"build", "check", "init", "completion"}


def test_no_command_is_told_all_commands() -> None:
    result = run()
    assert result.exit_code == 2
    assert result.output == run("--help").output


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.output) == (0, f"reportgen {reportgen.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("buld",), "No such command 'buld'. Did you mean 'build'?"),
        (("frobnicate",), "No such command 'frobnicate'."),
        (("--projekt", "x"), "No such option '--projekt'. Did you mean '--project'?"),
        (("check", "--strikt"), "No such option '--strikt'. Did you mean '--strict'?"),
        (("build", "--edition", "gold"), "Invalid value for '--edition': 'gold' is not "),
        (("completion",), "Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"),
        (("completion", "csh"), "'csh' is not one of 'bash', 'zsh', 'fish'."),
        (("init",), "Missing argument 'DIR'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_there_is_not(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith("Usage: reportgen ")
    error = result.output.partition("\nError: ")[2]
    assert message in " ".join(error.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_REPORTGEN_COMPLETE" in result.stdout
    interpreter = shutil.which(shell)
    if interpreter:
        read = subprocess.run(
            [interpreter, "-n"], input=result.stdout, capture_output=True, text=True, check=False
        )
        assert (read.returncode, read.stderr) == (0, "")


def test_completion_completes() -> None:
    environment = {
        "_REPORTGEN_COMPLETE": "bash_complete",
        "COMP_WORDS": "reportgen check --f",
        "COMP_CWORD": "2",
    }
    result = CliRunner().invoke(main, prog_name="reportgen", env=environment)
    assert result.output == "plain,--format\n"


def test_as_a_module(workspace: Workspace) -> None:
    done = reportgen_in(workspace.root, "check")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        b"content: no errors, no warnings\n",
        b"",
    )


@pytest.mark.parametrize(
    ("form", "encoding"),
    [
        ("text", "utf-8"),
        ("text", "ascii"),
        ("text", "cp1252"),
        ("github", "latin-1"),
        ("json", "utf-8"),
        ("json", "cp1252"),
    ],
)
def test_no_encoding_of_the_output_is_too_small(
    workspace: Workspace, form: str, encoding: str
) -> None:
    workspace.edit("content/figures/map.yaml", ("kind: map", "kind: 地図"))
    done = reportgen_in(workspace.root, "check", "--format", form, encoding=f"{encoding}:strict")
    assert done.returncode == 1
    assert done.stderr == b""
    # JSON is UTF-8 by its standard, whatever the terminal's encoding is.
    shown = "地図".encode() in done.stdout or rb"\u5730\u56f3" in done.stdout
    assert shown
    assert form != "json" or "地図".encode() in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX systems only")
@pytest.mark.parametrize("arguments", [[b"\xff"], [b"--\xff"], [b"--project", b"\xff", b"check"]])
def test_arguments_that_are_not_text(workspace: Workspace, arguments: list[bytes]) -> None:
    done = reportgen_in(workspace.root, *map(os.fsdecode, arguments))
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"Error: " in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="other systems keep a folder that is in use")
def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    program = (
        "import os, sys; os.rmdir(os.getcwd()); from reportgen.cli import main; main(['check'])"
    )
    done = reportgen_in(tmp_path, program=program)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"Error: " in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX systems")
def test_a_project_that_is_a_link_to_itself(workspace: Workspace) -> None:
    (workspace.root / "loop").symlink_to("loop")
    for arguments in (("check", "--project", "loop"), ("--project", "loop", "check")):
        result = workspace.run(*arguments)
        assert result.exit_code == 2
        assert result.output.splitlines()[-1].startswith("Error: ")


def reportgen_in(
    folder: Path, *arguments: str, encoding: str | None = None, program: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command, or another program, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(reportgen.__file__).parents[1])}
    if encoding:
        environment["PYTHONIOENCODING"] = encoding
    what = ["-c", program] if program else ["-m", "reportgen", *arguments]
    return subprocess.run(
        [sys.executable, *what], cwd=folder, env=environment, capture_output=True, check=False
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")  # noqa: PTH110
@pytest.mark.parametrize(
    "arguments", [("check",), ("--help",), ("export", "commitments"), ("check", "--format", "json")]
)
def test_a_full_device_is_told_in_one_line(
    workspace: Workspace, arguments: tuple[str, ...]
) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "reportgen", *arguments],
            cwd=workspace.root,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        "standard output:1:1: error[not-written]: No space left on device; make sure that there is"
        " room, and that it may be read and written\n"
    )
