"""Processes that work within limits of memory and time.

What comes from strangers can ask for endless work: a template that loops, a style that repeats a
pattern a billion times, a PDF whose forms draw each other. Such work is done in a process of its
own, which is ended when it exceeds a limit. The program that waits for it goes on.

Processes are forked from a server that has loaded what they need and runs no threads: forking the
program itself would not be safe, and starting each from nothing would be slow.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import multiprocessing.forkserver
import multiprocessing.util
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from reportgen.temporary import TemporaryFolder, remove_abandoned

Given = ParamSpec("Given")
Result = TypeVar("Result")

_FORKED = multiprocessing.get_context("forkserver")

_EXIT_SECONDS = 5.0
"""How long a process that has nothing left to do may take to exit."""

_POLL_SECONDS = 0.01

_NO_MEMORY = {"SIGABRT", "SIGTRAP", "SIGKILL", "SIGSEGV", "SIGBUS"}
"""How a process ends when a library written in C or Rust gets no memory."""


@dataclass(frozen=True)
class Limits:
    """What a call may use. The kernel enforces the limit of memory, on Linux only."""

    seconds: float = 600.0
    memory_bytes: int = 4 * 1024**3


DEFAULT_LIMITS = Limits()


class WorkerError(Exception):
    """A call came to no result. `step` is the last one that it told; None if it told none."""

    code = "worker-died"

    def __init__(self, message: str, step: Any = None) -> None:
        super().__init__(message)
        self.step = step


class TimeLimitError(WorkerError):
    """A call took longer than its limit."""

    code = "time-limit"


class MemoryLimitError(WorkerError):
    """A call asked for more memory than its limit."""

    code = "memory-limit"


def preload(modules: Sequence[str]) -> None:
    """Start the server that workers are forked from, and have it import modules.

    It returns at once: the import goes on beside what the caller does next.
    """
    _FORKED.set_forkserver_preload([_FIRST, *modules])
    _ensure_server()


_FIRST = "reportgen.garbage"
"""What the server imports before all else, as it makes that faster."""


class Worker:
    """A process that makes one call after the other.

    It starts at the first call, and again at the first call after it was ended by a limit.

    Args:
        limits: what each call may use.
        create: runs when the process starts; what it returns, unless that is None, is the first
            argument of each call.
        context: how the process starts; by default, it is forked from the server.
        connection: leads to a process that another `Worker` has started, and will end.
    """

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        create: Callable[[], object] | None = None,
        *,
        context: BaseContext = _FORKED,
        connection: Connection | None = None,
    ) -> None:
        self._limits = limits
        self._create = create
        self._context = context
        self._folder: TemporaryFolder | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection = connection

    def call(
        self,
        function: Callable[..., Result],
        *args: Any,
        progress: Callable[[Any], None] = lambda step: None,
    ) -> Result:
        """Call a function in the process.

        Args:
            function: what to call; it is sent by its name, and must be importable.
            args: its arguments, which are pickled.
            progress: receives each step that the function tells by `tell`.

        Raises:
            WorkerError: a limit was exceeded, or the process died; it is gone then.
            Exception: what the function raised.
        """
        step: Any = None
        try:
            connection = self.start()
            deadline = time.monotonic() + self._limits.seconds
            connection.send((function, args))
            while connection.poll(max(0.0, deadline - time.monotonic())):
                kind, value = connection.recv()
                if kind == "ready":  # the time that it takes to start is not the call's
                    deadline = time.monotonic() + self._limits.seconds
                    continue
                if kind == "step":
                    step = value
                    progress(step)
                    continue
                if kind == "result":
                    return value  # type: ignore[no-any-return]
                if kind == "error":
                    raise value
                raise self._memory_limit(step)
        except (EOFError, ConnectionError):
            raise self._death(step) from None
        except WorkerError:
            self.kill()
            raise
        self.kill()
        raise TimeLimitError(f"it took longer than {self._limits.seconds:g} s", step)

    def start(self) -> Connection:
        """Start the process unless it runs, and return the connection to it.

        It can be sent to another process, which makes calls through it instead of this one.
        """
        if self._connection is not None:
            return self._connection
        connection, theirs = self._context.Pipe()
        self._folder = TemporaryFolder()
        environment = {**os.environ, "TMPDIR": str(self._folder.path)}
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self._limits, environment, self._create)
        )
        if self._context is _FORKED:
            _ensure_server()
            process.start()
        else:
            with _safe_path():
                process.start()
        theirs.close()
        self._process, self._connection = process, connection
        return connection

    def close(self) -> None:
        """Have the process exit, and wait until it has; kill it if it doesn't."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.join(_EXIT_SECONDS)
        self.kill()

    def kill(self) -> None:
        """Kill the process, if there is one."""
        process, self._process, self._connection = self._process, None, None
        if process is not None:
            if process.pid is not None:
                # With the programs that it has started.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.join()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.remove()

    def _memory_limit(self, step: Any) -> MemoryLimitError:
        megabytes = self._limits.memory_bytes // 1024**2
        return MemoryLimitError(f"it needs more memory than {megabytes:,} MiB", step)

    def _death(self, step: Any) -> WorkerError:
        """Return the error for a process that has gone without a word."""
        process = self._process
        code = None
        if process is not None:
            process.join(_EXIT_SECONDS)
            code = process.exitcode
        self.kill()
        if code is None or code >= 0:
            return WorkerError("its process ended unexpectedly", step)
        name = signal.Signals(-code).name
        why = ", as it does when memory runs out" if name in _NO_MEMORY else ""
        return WorkerError(f"its process was ended by {name}{why}", step)


def call(
    function: Callable[..., Result],
    *args: Any,
    limits: Limits = DEFAULT_LIMITS,
    progress: Callable[[Any], None] = lambda step: None,
) -> Result:
    """Call a function in a process of its own; see `Worker.call`."""
    worker = Worker(limits)
    try:
        return worker.call(function, *args, progress=progress)
    finally:
        worker.close()


class Workers(Executor):
    """Makes calls in processes, some side by side.

    Args:
        number: how many calls are made side by side.
        limits: what each call may use.
        progress: receives each step that a call tells by `tell`, in a thread.
        reuse: whether a process makes one call after the other; by default each gets a new one.
        started: processes to use before others are started.
    """

    def __init__(
        self,
        number: int,
        limits: Limits = DEFAULT_LIMITS,
        progress: Callable[[Any], None] = lambda step: None,
        *,
        reuse: bool = False,
        started: Sequence[Worker] = (),
    ) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="worker")
        self._limits = limits
        self._progress = progress
        self._reuse = reuse
        self._idle = list(started)
        self._busy: set[Worker] = set()

    def submit(
        self, function: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Have a function called in a process; it takes no keyword arguments."""
        if kwargs:
            raise TypeError("a call in a process takes no keyword arguments")
        return self._threads.submit(self._call, function, *args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `cancel_futures`, kill those that are not done."""
        # First, so that no further call begins when one is killed.
        self._threads.shutdown(wait=False, cancel_futures=cancel_futures)
        # A call that has only just begun has no process yet: it is killed in the next round.
        while cancel_futures and self._busy:
            for worker in list(self._busy):
                worker.kill()
            time.sleep(_POLL_SECONDS)
        self._threads.shutdown(wait)
        while self._idle:
            self._idle.pop().kill()

    def _call(self, function: Callable[..., Result], *args: Any) -> Result:
        worker = self._idle.pop() if self._idle else Worker(self._limits)
        self._busy.add(worker)
        try:
            return worker.call(function, *args, progress=self._progress)
        finally:
            self._busy.discard(worker)
            if self._reuse:
                self._idle.append(worker)
            else:
                worker.close()


_server_folder: TemporaryFolder | None = None


def _ensure_server() -> None:
    """Start the server that workers are forked from; its socket lies in a folder that is locked.

    Without PYTHONSAFEPATH, Python would look for the modules of the server in the current folder
    first, which may be a report's.
    """
    global _server_folder  # noqa: PLW0603 - a process has one server
    if _caller is not None:  # in a worker, all is in its own folder
        multiprocessing.forkserver.ensure_running()
    elif _server_folder is None:
        _server_folder = TemporaryFolder()
        # After multiprocessing has removed its own folder, which has the priority -100.
        multiprocessing.util.Finalize(None, _server_folder.remove, exitpriority=-200)
        usual, tempfile.tempdir = tempfile.tempdir, str(_server_folder.path)
        try:
            with _safe_path():
                multiprocessing.forkserver.ensure_running()
        finally:
            tempfile.tempdir = usual


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Have Python processes that are started meanwhile take no module from the current folder."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


_SAFE_PATH = "PYTHONSAFEPATH"


_caller: Connection | None = None
"""In a worker: where its caller listens."""

_limits = DEFAULT_LIMITS
"""In a worker: its limits."""


def own_limits() -> Limits:
    """Return the limits of this worker, for those that it starts; elsewhere the default ones."""
    return _limits


def tell(step: Any) -> None:
    """Tell the caller of this worker which step comes next; elsewhere do nothing."""
    if _caller is not None:
        _caller.send(("step", step))


def _begin_process() -> None:
    """Prepare a process that ends with the program: at Ctrl-C, and when the program is killed."""
    import_module(_FIRST)
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    if tempfile.tempdir is not None:
        remove_abandoned(Path(tempfile.tempdir))
    os.killpg(0, signal.SIGKILL)


def _serve(
    connection: Connection,
    limits: Limits,
    environment: dict[str, str],
    create: Callable[[], object] | None,
) -> None:
    """Make the calls that come through a connection until it is closed."""
    global _caller, _limits
    _caller, _limits = connection, limits
    # The server that this process was forked from may have been started with another one.
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = environment["TMPDIR"]
    os.setpgid(0, 0)  # so that it can be killed together with the programs that it starts
    _begin_process()
    _limit_memory(limits.memory_bytes)
    held: tuple[object, ...] | None = None if create else ()
    # Its caller has gone, or needs nothing more.
    with contextlib.suppress(EOFError, ConnectionError):
        connection.send(("ready", None))
        if create:
            # An error is raised by the first call, which tries again.
            with contextlib.suppress(Exception):
                held = _held(create)
        while True:
            function, args = connection.recv()
            try:
                if held is None and create:
                    held = _held(create)
                outcome = "result", function(*(held or ()), *args)
            except MemoryError:
                outcome = "memory", None
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
                outcome = "error", error
            _send(connection, outcome)
            del outcome


def _held(create: Callable[[], object]) -> tuple[object, ...]:
    made = create()
    return () if made is None else (made,)


def _send(connection: Connection, outcome: tuple[str, object]) -> None:
    """Send what came out, or why that can't be done."""
    try:
        connection.send(outcome)
    except MemoryError:
        connection.send(("memory", None))
    except (ConnectionError, EOFError):
        raise
    except Exception as error:  # noqa: BLE001 - pickle may raise anything
        connection.send(("error", WorkerError(f"its result can't be sent ({error})")))


def _limit_memory(memory_bytes: int) -> None:
    """Limit the memory of this process and of those that it starts, where the system can.

    The limit is on writable private memory (RLIMIT_DATA), as the drawing engine reserves far more
    addresses than it ever uses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform != "linux":
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    soft = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, soft))
