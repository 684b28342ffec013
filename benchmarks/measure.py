"""A command measured as a user runs it: a process of its own, with all that it starts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROC = Path("/proc")
"""Where Linux tells of processes; other systems don't have it."""

_SAMPLES = (0.02, 0.1)
"""How many seconds pass from one look at the memory to the next: in the first second, and later."""

_LINGER = 10.0
"""How many seconds what a command leaves running may go on, before it is ended."""

_SET_CHILD_SUBREAPER = 36
"""What `prctl` is asked for: orphans become children of this process (linux/prctl.h)."""


class CommandFailedError(Exception):
    """A command that is measured did not succeed, so that its time would mean nothing."""


@dataclass(frozen=True)
class Run:
    """One run: seconds by the clock, seconds of processor time, and the peak memory in MB.

    What can't be known of a run is None.
    """

    wall: float
    processor: float | None
    memory: float | None


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, and the least and the greatest of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Give the spread of one number or more."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Measured:
    """The runs of one command, one at least."""

    runs: tuple[Run, ...]

    @property
    def wall(self) -> Spread:
        """The seconds by the clock."""
        return Spread.of([run.wall for run in self.runs])

    @property
    def processor(self) -> Spread | None:
        """The seconds of processor time, of all processes together."""
        return _spread(run.processor for run in self.runs)

    @property
    def memory(self) -> Spread | None:
        """The peak memory in MB, of all processes together."""
        return _spread(run.memory for run in self.runs)


def _spread(values: Iterable[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    return Spread.of(known) if known else None


def measure(
    command: Sequence[str],
    runs: int,
    *,
    name: str,
    before: Callable[[], None] = lambda: None,
    warm_up: bool = True,
    cwd: Path | None = None,
) -> Measured:
    """Run a command some times, and give what each run took.

    Args:
        command: the program and its arguments.
        runs: how many runs count.
        name: what it is called in the progress.
        before: is done before each run, and doesn't count.
        warm_up: run it once more before, so that all runs find the system's cache of files warm.
        cwd: the folder that it runs in.

    Raises:
        CommandFailedError: a run's exit code was not 0.
    """
    measured = []
    for number in range(0 if warm_up else 1, runs + 1):
        doing = f"{name}: run {number} of {runs}" if number else f"{name}: warming up"
        say(doing)

        def ticking(seconds: float, doing: str = doing) -> None:
            if sys.stderr.isatty():
                say(f"{doing}, {seconds:.0f} s")

        before()
        measured.append(run(command, cwd=cwd, progress=ticking))
    return Measured(tuple(measured[-runs:]))


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
    progress: Callable[[float], None] = lambda seconds: None,
) -> Run:
    """Run a command from start to exit, and give what it and all that it started took.

    Args:
        command: the program and its arguments.
        cwd: the folder that it runs in.
        output: where what it prints goes; by default it is only shown if it fails.
        progress: is told now and then for how many seconds it has been running.

    Raises:
        CommandFailedError: its exit code was not 0, or there is no such program.
    """
    _adopt_orphans()
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output or told,
                stderr=told,
                start_new_session=True,
            )
        except OSError as error:
            raise CommandFailedError(f"{command[0]} can't be run: {error}") from None
        with _watched(process.pid, progress) as memory:
            try:
                _, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.kill()
                raise
            wall = time.perf_counter() - started
        # The process is waited for already: Popen must not look for it.
        process.returncode = os.waitstatus_to_exitcode(status)
        usages = [usage, *_left_behind(process.pid)]
        if process.returncode:
            told.seek(0)
            said = told.read().decode(errors="replace").strip()
            message = f"{' '.join(command)}\nleft with exit code {process.returncode}:\n{said}"
            raise CommandFailedError(message)
    processor = sum(one.ru_utime + one.ru_stime for one in usages)
    # The greatest of the processes is known to the kernel; it may peak between two looks. A process
    # begins as a copy of this one: a number that isn't above ours tells nothing.
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    most = max(one.ru_maxrss for one in usages)
    greatest = most * _UNIT if most > ours or not PROC.is_dir() else 0
    return Run(wall, processor, max(greatest, memory.peak) / 1_000_000)


# Linux counts in kilobytes, macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


def _adopt_orphans() -> None:
    """Have what a command leaves running become our child, so that its time can be known."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _left_behind(session: int) -> Iterator[resource.struct_rusage]:
    """Wait for what a command has left running, and give what each took; end it if it lingers."""
    end = time.monotonic() + _LINGER
    killed = False
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid:
            yield usage
        elif time.monotonic() > end and not killed:
            killed = True
            with contextlib.suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL)
        elif time.monotonic() > end + 1:
            return
        else:
            time.sleep(0.01)


@dataclass
class _Memory:
    """The most memory seen, in bytes."""

    peak: int = 0


@contextlib.contextmanager
def _watched(pid: int, progress: Callable[[float], None]) -> Iterator[_Memory]:
    """Look at the memory of a process and of all below it, again and again."""
    memory, done, started = _Memory(), threading.Event(), time.perf_counter()

    def look() -> None:
        while not done.wait(_SAMPLES[time.perf_counter() - started > 1]):
            memory.peak = max(memory.peak, sum(map(_proportional, family(pid))))
            progress(time.perf_counter() - started)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()


def family(pid: int) -> Iterator[int]:
    """Give a process and all below it that there are now."""
    yield pid
    for children in PROC.glob(f"{pid}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                yield from family(int(child))


def _proportional(pid: int) -> int:
    """Give a process's memory in bytes: of what it shares with others, its part."""
    with contextlib.suppress(OSError, ValueError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def output_of(command: Sequence[str], cwd: Path | None = None) -> str:
    """Give what a command prints.

    Raises:
        CommandFailedError: its exit code was not 0, or there is no such program.
    """
    with tempfile.TemporaryFile() as output:
        run(command, cwd=cwd, output=output)
        output.seek(0)
        return output.read().decode(errors="replace")


def machine() -> str:
    """Say what it is measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores, {platform.system()} {platform.machine()}, {python}"


def say(text: str) -> None:
    """Show what is going on: on a terminal in one line that goes away, elsewhere a line each."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)
