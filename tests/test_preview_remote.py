"""A session in a worker: it shows what a session does, and outlives what exceeds a limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.build.executors import preload_engine
from reportgen.build.start import start_project
from reportgen.preview.remote import RemoteSession
from reportgen.preview.view import Shown
from reportgen.project import Project
from reportgen.worker import Limits, TimeLimitError
from tests.conftest import Workspace
from tests.test_build_limits import COVER, ENDLESS

EN = Shown("en", "digital")


@pytest.mark.slow
def test_a_remote_session_shows_pages_until_a_limit_and_after_it(tmp_path: Path) -> None:
    start_project(tmp_path / "report")
    workspace = Workspace(tmp_path / "report")
    preload_engine()
    session = RemoteSession(Project(workspace.root), Limits(seconds=15))
    *_, view = session.update(EN)
    assert view.is_current
    assert session.choices()[0] == ("en",)
    assert session.image(view.pages[0].key, 1.0).startswith(b"\x89PNG")
    good = (workspace.root / COVER).read_bytes()
    workspace.edit(COVER, ENDLESS)
    with pytest.raises(TimeLimitError) as raised:
        list(session.update(EN))
    assert raised.value.step.text == "rendering the part 'cover'"
    with pytest.raises(KeyError):
        session.image(view.pages[0].key, 1.0)
    workspace.edit(COVER, good)
    *_, view = session.update(EN)
    assert view.is_current
    assert len(view.pages) > 3
