"""Where outputs are made on this machine; `reportgen.build.cluster` is for others."""

from __future__ import annotations

import os
from concurrent.futures import Executor

from reportgen.worker import Workers, own_limits, preload

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


def drawing_process() -> Executor:
    """Return an executor whose process draws figures while this one lays out pages.

    It starts at once, as the drawing engine takes long to load.
    """
    workers = Workers(1, own_limits(), reuse=True)
    workers.submit(_load_drawing_engine)
    return workers


def _load_drawing_engine() -> None:
    from reportgen.pages.charts import load_engine

    load_engine()
