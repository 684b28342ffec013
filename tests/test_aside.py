"""Figures that another process draws stand where they would stand otherwise."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from reportgen.build.executors import drawing_executor, drawing_worker
from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.pages.aside import Aside
from reportgen.project import Project
from reportgen.worker import Limits
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


@pytest.fixture
def elsewhere() -> Iterator[Executor]:
    with closing(drawing_worker(Limits())) as worker, drawing_executor(worker.start()) as executor:
        yield executor


def test_what_a_killed_process_has_not_drawn_is_drawn_here(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Executor
) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST_PROCESS", str(os.getpid()))
    aside = Aside(elsewhere)
    marks = aside(killed) + aside(partial(drawing, "two"))
    assert aside.placed(marks) == "<svg>killed</svg><svg>two</svg>"


@pytest.mark.slow
def test_a_file_is_the_same_whoever_draws(elsewhere: Executor) -> None:
    project, job = Project(ROOT), Job("ar", "digital")
    there = make(project, job, drawing=elsewhere)
    here = make(project, job)
    assert here.data
    assert there.data == here.data
