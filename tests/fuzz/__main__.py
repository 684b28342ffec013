"""Run made-up cases, tell how they ended, and keep those that failed."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.fuzz.cases import CORPUS, Case, Target, read_case, write_case
from tests.fuzz.targets import Outcome
from tests.fuzz.workers import outcomes, prepared_seeds, replayed

_SHOWN_CODES = 12
_MOST_KEPT = 50


def main() -> int:
    """Run what the arguments ask for, and give the exit code."""
    options = _options()
    targets = options.target or list(Target)
    seeds = prepared_seeds()
    failures = 0
    for target in targets:
        if options.replay:
            cases = [made for made in map(read_case, options.replay) if made.target is target]
            failures += _told(target, replayed(seeds, cases, options.jobs), None)
        else:
            numbers = range(options.first, options.first + options.cases)
            found = outcomes(seeds, target, options.seed, numbers, options.jobs)
            failures += _told(target, found, options.corpus)
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "--target", type=Target, choices=list(Target), action="append", help="default: all"
    )
    parser.add_argument("--cases", type=int, default=20_000, help="how many, of each target")
    parser.add_argument("--seed", type=int, default=0, help="what the cases are made from")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--jobs", type=int, default=2, help="how many run side by side")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where failures are kept")
    parser.add_argument(
        "--replay", type=Path, nargs="+", metavar="FILE", help="run these cases of the corpus"
    )
    return parser.parse_args()


def _told(target: Target, found: Iterable[tuple[Case, Outcome]], corpus: Path | None) -> int:
    """Tell how the cases of a target ended, keep those that failed, and give their number."""
    started = time.monotonic()
    kinds: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    slowest = (0.0, "")
    failures = 0
    for made, outcome in found:
        kinds[outcome.kind] += 1
        codes.update(outcome.codes)
        slowest = max(slowest, (outcome.seconds, made.name))
        if outcome.failed:
            failures += 1
            print(f"{made.name}: {outcome.told} ({outcome.seconds:.1f} s)", flush=True)
            if corpus and failures <= _MOST_KEPT:
                write_case(made, outcome.told, corpus)
    if kinds:
        seconds = time.monotonic() - started
        told = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        print(f"{target}: {kinds.total()} cases in {seconds:.0f} s: {told}")
        print(f"  slowest: {slowest[1]}, {slowest[0]:.1f} s")
        most = ", ".join(f"{code} {number}" for code, number in codes.most_common(_SHOWN_CODES))
        print(f"  codes: {most or 'none'}", flush=True)
    return failures


if __name__ == "__main__":
    sys.exit(main())
