"""Cases run side by side, each in a process that may hang, crash or take too much memory."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import cache
from itertools import islice
from pathlib import Path

from reportgen.build.executors import PRELOADED
from reportgen.worker import Limits, WorkerError, Workers, call, preload
from tests.fuzz.cases import Case, Target
from tests.fuzz.generate import case
from tests.fuzz.seeds import Seeds, make_seeds
from tests.fuzz.targets import MEMORY, Bench, Outcome

_LIMITS = Limits(8.0, MEMORY)
"""What a case may use before it is looked at more closely."""

_SEEDS = "seeds.pickle"


def prepared_seeds() -> Seeds:
    """Give the seeds, made in another process: the engine's threads would not survive a fork."""
    preload((*PRELOADED, "tests.fuzz.workers"))
    return call(make_seeds)


def outcomes(
    seeds: Seeds, target: Target, seed: int, numbers: Iterable[int], jobs: int
) -> Iterator[tuple[Case, Outcome]]:
    """Run cases of a seed, and give each with its outcome as that is known."""
    yield from replayed(seeds, (case(seeds, target, seed, n) for n in numbers), jobs)


def replayed(seeds: Seeds, cases: Iterable[Case], jobs: int) -> Iterator[tuple[Case, Outcome]]:
    """Run cases, and give each with its outcome as that is known.

    A case that fails is run again by a program of its own, which no case before has touched; that
    is what counts.
    """
    left = iter(cases)
    waiting: dict[Future[Outcome], Case] = {}
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as name,
        Workers(jobs, _LIMITS, reuse=True) as workers,
    ):
        folder = Path(name)
        (folder / _SEEDS).write_bytes(pickle.dumps(seeds))
        bench = Bench(folder / "confirmed", seeds)
        while True:
            for made in islice(left, 2 * jobs - len(waiting)):
                waiting[workers.submit(_run, folder, made)] = made
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                made = waiting.pop(future)
                yield made, _outcome(future) or bench.confirm(made)


def _outcome(future: Future[Outcome]) -> Outcome | None:
    """Give the outcome of a case, or nothing if it has failed."""
    try:
        outcome = future.result()
    except (WorkerError, OSError):  # it was ended, or the machine has no memory left
        return None
    return None if outcome.failed else outcome


def _run(folder: Path, made: Case) -> Outcome:
    """Run a case, in a worker."""
    return _bench(folder).run(made)


@cache
def _bench(folder: Path) -> Bench:
    """Give the bench of this process. What C libraries print is no part of an outcome."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    seeds: Seeds = pickle.loads((folder / _SEEDS).read_bytes())
    return Bench(Path(tempfile.mkdtemp(dir=folder)), seeds)
