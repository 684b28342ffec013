"""`reportgen build --cluster`: outputs made by workers that share no disk with us."""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, Future
from operator import methodcaller
from pathlib import Path
from typing import Any

import pytest

import reportgen
from reportgen.build import cluster as cluster_module
from reportgen.build import fingerprint
from reportgen.build.build import Fate, build
from reportgen.build.cluster import cluster
from reportgen.build.fingerprint import equipment
from reportgen.build.job import Job
from reportgen.build.make import make
from reportgen.build.start import start_project
from reportgen.project import Project, Snapshot
from reportgen.source.diagnostics import DiagnosedError, Span
from tests.conftest import Workspace

# Dask and its web server close some of their sockets late.
pytestmark = [pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The starter with its design and a French catalog."""
    start_project(tmp_path / "report")
    made = Workspace(tmp_path / "report")
    assert made.run("translate", "init", "fr").exit_code == 0
    return made


# What needs no cluster


def nobody() -> str:
    """Give an address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


def test_without_dask_it_says_what_to_install(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = workspace.run("build", "--cluster", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "pip install 'reportgen[cluster]'" in result.output


def test_jobs_are_for_this_machine(workspace: Workspace) -> None:
    result = workspace.run("build", "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert result.exit_code == 2
    assert "--jobs is for this machine" in result.output


@pytest.mark.parametrize(
    "address",
    ["", "garbage", "odd://127.0.0.1:1", "tcp://h", "h:99999", "tcp://:1", "h:1/x", "h:1\x1b[2K"],
)
def test_what_is_no_address_is_not_asked(tmp_path: Path, address: str) -> None:
    with pytest.raises(DiagnosedError, match="this is not the address of a scheduler"):
        cluster(address, Project(tmp_path))


@pytest.mark.parametrize("address", ["localhost:8786", "tcp://[::1]:8786", "tls://a.example:1"])
def test_what_dask_takes_for_an_address_is_asked(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(asked: str, **options: object) -> None:
        raise OSError(f"asked {asked}")

    monkeypatch.setattr("distributed.Client", refuse)
    with pytest.raises(DiagnosedError, match="asked"):
        cluster(address, Project(tmp_path))


def test_no_scheduler(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_SECONDS", 0.5)
    result = workspace.run("build", "--cluster", nobody())
    assert result.exit_code == 1, result.output
    assert "error[cluster]: no scheduler answers there" in result.output
    assert not (workspace.root / "out").exists()


def test_an_error_may_travel() -> None:
    error = DiagnosedError("odd", Span("a.md", 2, 3), "it is odd", "look")
    assert pickle.loads(pickle.dumps(error)).diagnostics == error.diagnostics


def test_the_equipment_has_what_makes_the_pages() -> None:
    found = equipment()
    assert found["reportgen"].startswith(reportgen.__version__)
    assert {"weasyprint", "fonttools", "pikepdf", "ghostscript", "Python"} <= set(found)
    assert not {"distributed", "pytest"} & set(found)


class Gone(Executor):
    """An executor whose workers go before anything is made."""

    def submit(self, *call: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_cluster_that_goes_fails_its_outputs(workspace: Workspace, tmp_path: Path) -> None:
    assert issubclass(CancelledError, Exception)
    jobs = (Job("en", "digital"), Job("fr", "digital"))
    project = Project(workspace.root)
    outputs = list(build(project, jobs, tmp_path / "out", executor=lambda outputs: Gone()))
    assert [output.fate for output in outputs] == [Fate.FAILED] * 2
    assert all("has gone" in output.diagnostics[0].message for output in outputs)


def test_what_is_not_sent_is_told(workspace: Workspace) -> None:
    workspace.edit("assets/logo.png", b"logo")
    workspace.append("content/sections/introduction.md", "\n![A logo](../assets/logo.png)\n")
    made = make(Snapshot.of(Project(workspace.root)), Job("en", "digital"))
    assert made.data is None
    (told,) = map(str, made.diagnostics)
    assert told == (
        "assets/logo.png:1:1: error[not-on-the-cluster]: the output is made of this file, which"
        " isn't sent to a cluster; put it into one of the folders content, locales, styles,"
        " templates"
    )


# With a cluster


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of two workers, each a process; its scheduler's address."""
    from distributed import LocalCluster

    with LocalCluster(
        processes=True, n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as made:
        yield made.scheduler_address


def outputs(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace.root / "out").glob("*.pdf")}


def fates(workspace: Workspace, *more: str) -> list[str]:
    result = workspace.run(
        "build", "--all-locales", "--edition", "digital", "--edition", "print", "--json", *more
    )
    assert result.exit_code == 0, result.output
    return [output["fate"] for output in json.loads(result.stdout)["outputs"]]


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_cluster_makes_the_same_files(
    workspace: Workspace, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The workers don't have it: it travels too.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert fates(workspace, "--cluster", scheduler) == ["made"] * 4
    there = outputs(workspace)
    assert len(there) == 4
    assert fates(workspace) == ["current"] * 4
    assert fates(workspace, "--force", "--jobs", "1") == ["made"] * 4
    assert outputs(workspace) == there


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have this machine run another version than the workers."""
    monkeypatch.setattr(fingerprint, "__version__", "9.9")
    fingerprint._equipment.cache_clear()
    yield
    fingerprint._equipment.cache_clear()


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@pytest.mark.usefixtures("newer")
def test_another_version_there_builds_nothing(workspace: Workspace, scheduler: str) -> None:
    with pytest.raises(DiagnosedError, match="this worker would make other files: reportgen is 0"):
        cluster(scheduler, Project(workspace.root))
    result = workspace.run("build", "--cluster", scheduler)
    assert result.exit_code == 1
    assert "9.9" in result.output
    assert not (workspace.root / "out").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
@pytest.mark.usefixtures("newer")
def test_another_version_that_comes_late_makes_nothing(
    workspace: Workspace, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "_inspect", lambda address, client: None)
    result = workspace.run("build", "--cluster", scheduler)
    assert result.exit_code == 1
    assert "error[cluster]: this worker would make other files: reportgen is 0" in result.output
    assert not (workspace.root / "out").exists()


def dask(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a part of a cluster as its own program."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("threads", "told"),
    [("1", "this worker has no reportgen"), ("2", "this worker has 2 threads")],
)
def test_a_worker_that_does_not_fit(
    workspace: Workspace, tmp_path: Path, threads: str, told: str
) -> None:
    path = str(Path(reportgen.__file__).parents[1])
    if threads == "1":
        path = str(tmp_path / "old")
        workspace.edit("../old/reportgen/__init__.py", "__version__ = '0.0.1'")
    address = nobody()
    port = address.rpartition(":")[2]
    started = [
        dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"),
        dask("worker", address, "--nthreads", threads, "--no-dashboard", PYTHONPATH=path),
    ]
    try:
        result = workspace.run("build", "--cluster", address)
    finally:
        for process in started:
            process.terminate()
            process.wait()
    assert result.exit_code == 1
    assert told in result.output
    assert not (workspace.root / "out").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("cluster")
def test_a_worker_that_dies_fails_its_task_alone(workspace: Workspace, scheduler: str) -> None:
    project = Project(workspace.root)
    pool = cluster(scheduler, project)
    fatal = pool.submit(os._exit, 1)
    with pytest.raises(Exception, match="workers died"):
        fatal.result(timeout=120)
    # All have died that had been sent the project.
    read = methodcaller("read", "content/report.yaml")
    assert pool.submit(read, project).result(timeout=120) == project.read("content/report.yaml")
    pool.shutdown(wait=False, cancel_futures=True)
