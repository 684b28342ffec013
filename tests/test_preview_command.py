"""What `reportgen preview` says before it begins."""

from __future__ import annotations

import re
import socket

import pytest

from tests.conftest import Workspace


def test_a_port_that_is_taken_is_said(workspace: Workspace) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = workspace.run("preview", "--no-browser", "--port", str(port))
    assert result.exit_code == 1
    said = rf"port {port}: error\[port-taken\]: .*; give another --port.*\n"
    assert re.fullmatch(said, result.output)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--locale", "xx"), "'xx' is not a language of this report; it has en"),
        (("--edition", "folio"), "'folio' is not one of"),
        (("--editor", "ed"), "'ed' is not one of"),
        (("--port", "65536"), "65536 is not in the range"),
    ],
)
def test_a_wrong_option_is_said(workspace: Workspace, options: tuple[str, ...], said: str) -> None:
    result = workspace.run("preview", "--no-browser", *options)
    assert result.exit_code == 2
    assert said in result.output


def test_the_editor_may_stand_in_the_environment(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_EDITOR", "ed")
    result = workspace.run("preview", "--no-browser")
    assert result.exit_code == 2
    assert "REPORTGEN_EDITOR" in result.output
    assert "'ed' is not one of" in result.output
