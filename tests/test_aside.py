"""Figures that another process draws stand where they would stand otherwise."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from reportgen.build.executors import drawing_process
from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.pages.aside import Aside
from reportgen.project import Project
from tests.conftest import ROOT


def drawing(name: str) -> str:
    return f"<svg>{name}</svg>"


def killed() -> str:
    """End the process in which this is called, unless it is the one that tests."""
    if os.environ.get("PYTEST_CURRENT_TEST_PROCESS") != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return drawing("killed")


class Ended(Executor):
    """Takes nothing any more."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise RuntimeError("cannot schedule new futures after shutdown")


def test_each_drawing_comes_to_its_place() -> None:
    with ThreadPoolExecutor(1) as executor:
        aside = Aside(executor)
        html = f"<p>{aside(partial(drawing, 'one'))}</p>{aside(partial(drawing, 'two'))}"
        assert "svg" not in html
        assert aside.placed(html) == "<p><svg>one</svg></p><svg>two</svg>"
        assert aside.placed(html + html).count("<svg>one</svg>") == 2


def test_what_an_executor_does_not_take_is_drawn_here() -> None:
    aside = Aside(Ended())
    assert aside.placed(aside(partial(drawing, "one"))) == "<svg>one</svg>"


def test_what_a_killed_process_has_not_drawn_is_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with drawing_process() as executor:
        monkeypatch.setenv("PYTEST_CURRENT_TEST_PROCESS", str(os.getpid()))
        aside = Aside(executor)
        marks = aside(killed) + aside(partial(drawing, "two"))
        assert aside.placed(marks) == "<svg>killed</svg><svg>two</svg>"


@pytest.mark.slow
def test_a_file_is_the_same_whoever_draws() -> None:
    project, job = Project(ROOT), Job("ar", "digital")
    with drawing_process() as executor:
        there = make(project, job, drawing=executor)
    here = make(project, job)
    assert here.data
    assert there.data == here.data
