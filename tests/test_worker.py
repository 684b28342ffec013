"""Processes with limits: what they return, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path

import psutil
import pytest

from reportgen import worker
from reportgen.worker import (
    Limits,
    MemoryLimitError,
    TimeLimitError,
    Worker,
    WorkerError,
    Workers,
    call,
)
from tests.conftest import ROOT

SHORT = Limits(seconds=1.5)
LITTLE = Limits(memory_bytes=512 * 1024**2)


def loop_forever() -> None:
    worker.tell("looping")
    while True:
        pass


def allocate() -> int:
    worker.tell("allocating")
    return len(bytearray(1024**3))


def allocate_bit_by_bit() -> None:
    kept = []
    while True:
        kept.append(bytes(10_000))


def die(number: int) -> None:
    os.kill(os.getpid(), number)


def fail() -> None:
    raise ValueError("no")


def unsendable() -> Callable[[], None]:
    return lambda: None


def count(numbers: list[int]) -> int:
    numbers.append(0)
    return len(numbers)


def touch_then_loop(path: Path) -> None:
    path.write_text(str(os.getpid()))
    loop_forever()


def start_child_then_loop(path: Path) -> None:
    Workers(1).submit(touch_then_loop, path)
    loop_forever()


def start_program_then_loop(path: Path) -> None:
    program = subprocess.Popen(["sleep", "1000"])
    path.write_text(str(program.pid))
    loop_forever()


def environment(name: str) -> str | None:
    return os.environ.get(name)


def test_a_call_returns_what_the_function_returns() -> None:
    assert call(pow, 2, 5) == 32


def test_a_call_raises_what_the_function_raises() -> None:
    with pytest.raises(ValueError, match=r"^no$"):
        call(fail)


def test_steps_are_received() -> None:
    steps: list[object] = []
    with pytest.raises(TimeLimitError):
        call(loop_forever, limits=SHORT, progress=steps.append)
    assert steps == ["looping"]


def test_telling_a_step_outside_of_a_worker_does_nothing() -> None:
    worker.tell("nobody listens")


def test_a_process_knows_its_limits() -> None:
    assert call(worker.own_limits, limits=LITTLE) == LITTLE
    assert worker.own_limits() == worker.DEFAULT_LIMITS


def test_a_call_ends_at_its_time_limit() -> None:
    with pytest.raises(TimeLimitError, match=r"^it took longer than 1\.5 s$") as raised:
        call(loop_forever, limits=SHORT)
    assert raised.value.step == "looping"


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels don't enforce the limit")
@pytest.mark.parametrize("hog", [allocate, allocate_bit_by_bit])
def test_a_call_ends_at_its_memory_limit(hog: Callable[[], object]) -> None:
    with pytest.raises(MemoryLimitError, match=r"^it needs more memory than 512 MiB$"):
        call(hog, limits=LITTLE)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_the_signal_that_ended_a_process_is_named(number: signal.Signals) -> None:
    with pytest.raises(WorkerError, match=f"ended by {number.name}, as it does when memory runs"):
        call(die, number)


def test_a_process_that_exits_is_an_error() -> None:
    with pytest.raises(WorkerError, match="ended unexpectedly"):
        call(os._exit, 3)


def test_a_result_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(WorkerError, match="its result can't be sent"):
        call(unsendable)


def test_a_process_has_the_environment_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("one", "two"):
        monkeypatch.setenv("REPORTGEN_TEST", value)
        assert call(environment, "REPORTGEN_TEST") == value


def test_a_worker_keeps_an_object_until_a_limit_ends_it() -> None:
    kept = Worker(SHORT, create=list)
    try:
        assert [kept.call(count), kept.call(count)] == [1, 2]
        with pytest.raises(TimeLimitError):
            kept.call(_loop_with)
        assert kept.call(count) == 1
    finally:
        kept.close()


def _loop_with(_: object) -> None:
    loop_forever()


def test_workers_make_calls_side_by_side_and_one_death_stops_no_other() -> None:
    workers = Workers(2)
    dying = workers.submit(die, signal.SIGKILL)
    numbers = [workers.submit(pow, 2, n) for n in range(3)]
    assert [number.result() for number in numbers] == [1, 2, 4]
    with pytest.raises(WorkerError):
        dying.result()
    workers.shutdown()


def test_reused_workers_call_in_the_same_process() -> None:
    workers = Workers(1, reuse=True)
    assert workers.submit(os.getpid).result() == workers.submit(os.getpid).result()
    workers.shutdown()


def test_shutting_down_kills_what_is_under_way(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    workers = Workers(1)
    first = workers.submit(touch_then_loop, path)
    second = workers.submit(loop_forever)
    _wait_for(lambda: path.exists() and path.read_text() != "")
    workers.shutdown(cancel_futures=True)
    with pytest.raises(WorkerError):
        first.result()
    with pytest.raises(CancelledError):
        second.result()
    assert not _is_running(int(path.read_text()))


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with pytest.raises(TimeLimitError):
        call(start_child_then_loop, path, limits=Limits(seconds=2))
    _wait_for(lambda: not _is_running(int(path.read_text())))


def test_a_program_ends_with_the_worker_that_started_it(tmp_path: Path) -> None:
    path = tmp_path / "pid"
    with pytest.raises(TimeLimitError):
        call(start_program_then_loop, path, limits=SHORT)
    _wait_for(lambda: not _is_running(int(path.read_text())))


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("module", ["page", "pikepdf", "multiprocessing", "signal", "json"])
def test_no_module_of_the_current_folder_is_run(tmp_path: Path, module: str) -> None:
    canary = tmp_path / "canary"
    (tmp_path / f"{module}.py").write_text(f"open({str(canary)!r}, 'w')")
    program = (
        "import os, sys; from reportgen import worker; os.chdir(sys.argv[1]);"
        " worker.preload(['page', 'pikepdf']); print(worker.call(pow, 2, 3))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("8\n", "")
    assert not canary.exists()


def test_a_worker_can_be_closed_before_its_first_call() -> None:
    Worker().close()
    Worker().kill()


def test_a_partial_function_can_be_called() -> None:
    assert call(partial(pow, 2), 3) == 8
