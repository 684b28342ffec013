"""Where outputs are made on this machine; `reportgen.build.cluster` is for others."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor

PRELOADED = ("reportgen.build.make", "page", "pikepdf", "openpyxl")
"""What each worker needs: loaded once, by the process that they are forked from."""


def cores() -> int:
    """Give how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def process_pool(workers: int) -> Executor | None:
    """Give an executor of processes on this machine, or nothing for one: this process is enough.

    They are forked from a process that has loaded the engine and has no threads: to fork from this
    one would not be safe, and to start each from nothing would take long.
    """
    if workers == 1:
        return None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def collect_garbage_seldom() -> None:
    """Have a process that makes outputs, and ends then, look for garbage a fiftieth as often.

    Nearly all that is made stays until the end, and is looked through each time in vain.
    """
    gc.freeze()
    gc.set_threshold(35_000, 20, 20)


def drawing_process() -> Executor:
    """Give a process that draws figures while this one lays out pages.

    It starts at once, as the drawing engine takes long to load.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin_to_draw)
    pool.submit(int)  # it is the first task that starts it
    return pool


def _begin_to_draw() -> None:
    from reportgen.pages.charts import load_engine

    _begin()
    load_engine()


def _begin() -> None:
    """Have a worker end with the program: at Ctrl-C, and when the program is killed."""
    collect_garbage_seldom()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
