"""Where outputs are made on this machine; `reportgen.build.cluster` is for others."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from multiprocessing import get_context
from multiprocessing.connection import Connection

from reportgen.worker import Limits, Worker, Workers, own_limits, preload

PRELOADED = ("reportgen.build.make", "page", "pikepdf", "reportgen.cli")
"""What each worker needs: loaded once, by the process that they are forked from.

The command line is among it, as each worker imports the program's main module again.
"""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def preload_engine() -> None:
    """Start loading the engine for the workers of this machine, beside what comes next."""
    preload(PRELOADED)


def drawing_worker(limits: Limits) -> Worker:
    """Start the process that draws figures while another one lays out pages.

    It is not forked from the server, which still loads what the drawing engine doesn't need.
    """
    worker = Worker(limits, _load_drawing_engine, context=get_context("spawn"))
    worker.start()
    return worker


def drawing_executor(connection: Connection) -> Executor:
    """Return an executor that has figures drawn by the process that a connection leads to."""
    limits = own_limits()
    return Workers(1, limits, reuse=True, started=(Worker(limits, connection=connection),))


def _load_drawing_engine() -> None:
    from reportgen.pages.charts import load_engine

    load_engine()
