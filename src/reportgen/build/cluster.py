"""Outputs made by the workers of a Dask cluster, which share no disk with this machine."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from reportgen.build.fingerprint import equipment
from reportgen.project import Project, Snapshot
from reportgen.source.diagnostics import DiagnosedError, Span

if TYPE_CHECKING:
    from distributed import Client

Given = ParamSpec("Given")
Result = TypeVar("Result")

_SECONDS = 10
"""How long a scheduler, and then its first worker, may take to answer."""

_DATE = "SOURCE_DATE_EPOCH"

_SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")

_START = "start one with 'dask scheduler', and give its address, such as tcp://HOST:8786"
_RESTART = "install the same on all machines (requirements.lock has it), and start the worker anew"
_ONE_THREAD = "start it with --nthreads 1: the typesetter can't make two files in one process"


def is_installed() -> bool:
    """Tell whether there is what speaks with a cluster: the extra `cluster`."""
    return find_spec("distributed") is not None


def cluster(address: str, project: Project) -> Executor:
    """Give an executor of the workers of the Dask scheduler at `address`.

    Where a task has `project` among its arguments, it gets a snapshot of it, which is sent once.

    Raises:
        DiagnosedError: that is no address, nobody answers there, there is no worker, or one that
            would make other files than this machine.
    """
    if not _is_address(address):
        raise _error(address, "this is not the address of a scheduler", _START)
    from distributed import Client

    for name in ("distributed", "distributed.client"):  # what it says is told as what failed
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _error(
            address,
            f"no scheduler answers there ({' '.join(str(error).split()) or type(error).__name__})",
            _START,
        ) from None
    try:
        _inspect(address, client)
        return _Cluster(client, project)
    except BaseException:
        client.close()
        raise


def _is_address(text: str) -> bool:
    """Return whether a scheduler may have such an address: Dask would look for any for long."""
    try:
        url = urlsplit(text if "://" in text else f"tcp://{text}")
        port = url.port
    except ValueError:
        return False
    return url.scheme in _SCHEMES and bool(url.hostname and port) and not url.path


class _Cluster(Executor):
    """Dask's own executor, with the project sent before, and with the client closed at the end."""

    def __init__(self, client: Client, project: Project) -> None:
        import dask

        self._client = client
        # A pure task would be made only once, even when it is asked to be made anew.
        self._executor = client.get_executor(pure=False)
        self._project = project
        # As the result of a task, which is made again if the workers die that have it. Dask warns
        # of so much, which is right where it is sent with each task.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):
            self._sent = client.submit(_unchanged, Snapshot.of(project), pure=False)
        self._environment = os.environ.get(_DATE, "")

    def submit(
        self, call: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Have a function called by a worker; see `Executor.submit`."""
        sent = (self._sent if argument is self._project else argument for argument in args)
        task: Future[Result] = self._executor.submit(
            _work, equipment(), self._environment, call, *sent, **kwargs
        )
        return task

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster as it was; see `Executor.shutdown`."""
        with contextlib.suppress(Exception):  # the scheduler may have gone
            self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _unchanged(snapshot: Snapshot) -> Snapshot:
    return snapshot


def _work(wanted: Mapping[str, str], date: str, call: Callable[..., Result], *args: Any) -> Result:
    """Call a function on a worker, as it would be called on the machine that asks for it.

    Raises:
        DiagnosedError: this worker would make another file. It has come since the others were
            looked at.
    """
    from distributed import get_worker

    worker = get_worker()
    _compare(worker.address, wanted, equipment(), worker.state.nthreads)
    os.environ[_DATE] = date
    return call(*args)


def _inspect(address: str, client: Client) -> None:
    """Make sure that each worker would make the same files as this machine.

    Raises:
        DiagnosedError: one wouldn't, or there is none.
    """
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError:
        raise _error(
            address,
            "the scheduler has no workers",
            f"start some with 'dask worker {address} --nthreads 1'",
        ) from None
    threads = {
        name: worker["nthreads"]
        for name, worker in client.scheduler_info(n_workers=-1)["workers"].items()
    }
    for name, found in client.run(equipment, on_error="return").items():
        if isinstance(found, Exception):
            raise _error(name, f"this worker has no reportgen that is as new ({found})", _RESTART)
        _compare(name, equipment(), found, threads.get(name, 1))


def _compare(
    worker: str, wanted: Mapping[str, str], found: Mapping[str, str], threads: int
) -> None:
    """Make sure that a worker has what is wanted, and makes one file at a time.

    Raises:
        DiagnosedError: it hasn't, or doesn't.
    """
    others = [
        f"{name} is {found.get(name, 'missing')} there and {wanted.get(name, 'missing')} here"
        for name in {**wanted, **found}
        if wanted.get(name) != found.get(name)
    ]
    if others:
        raise _error(worker, f"this worker would make other files: {'; '.join(others)}", _RESTART)
    if threads != 1:
        raise _error(worker, f"this worker has {threads} threads", _ONE_THREAD)


def _error(where: str, message: str, hint: str) -> DiagnosedError:
    return DiagnosedError("cluster", Span(where), message, hint)
