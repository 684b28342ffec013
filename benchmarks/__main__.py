"""`python -m benchmarks`: measure, and print the tables; `make bench` runs it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.builds import again, check, everything, sizes
from benchmarks.chart import alternative, bars, draw
from benchmarks.docs import BrokenDocsError, with_results
from benchmarks.made import NotMadeError
from benchmarks.measure import CommandFailedError, machine, say
from benchmarks.peers import peers, versions
from benchmarks.preview import preview
from benchmarks.projects import NothingToChangeError
from benchmarks.revision import revision
from benchmarks.same_html import NotAloneError
from benchmarks.table import Table, as_markdown
from reportgen.project import Project, ProjectNotFoundError, write_atomically

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "benchmarks.md"
CHART = ROOT / "docs" / "images" / "benchmarks.svg"

SUBJECTS: Mapping[str, Callable[[Bench], Table]] = {
    "check": check,
    "peers": peers,
    "again": again,
    "preview": preview,
    "everything": everything,
    "sizes": sizes,
}
"""What can be measured, in the order in which it is; the longest comes last."""

_FAILURES = (
    BrokenDocsError,
    CommandFailedError,
    NotAloneError,
    NotMadeError,
    NothingToChangeError,
    ProjectNotFoundError,
)


def main() -> int:
    """Measure and print, and give the exit code."""
    given = _arguments()
    try:
        _measure(given)
    except _FAILURES as error:
        say("")
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("")
        return 130
    return 0


def _measure(given: argparse.Namespace) -> None:
    tables: list[Table] = []
    printed = [f"{machine()}; {', '.join(versions())}.", ""]
    print("\n".join(printed), flush=True)
    with tempfile.TemporaryDirectory(prefix="reportgen-bench-") as folder:
        bench = Bench(
            Project.find(given.project),
            Path(folder),
            1 if given.quick else given.runs,
            given.sizes or ((50,) if given.quick else (50, 500, 5000)),
            given.quick,
        )
        subjects = [SUBJECTS[name] for name in SUBJECTS if name in (given.only or SUBJECTS)]
        if given.against:
            subjects = [partial(revision, name=given.against)]
        for subject in subjects:
            tables.append(subject(bench))
            printed.append(as_markdown(tables[-1]))
            say("")
            # At once: who stops a long run has what was measured until then.
            print(printed[-1], flush=True)
        if given.write_docs:
            _write_docs("\n".join(printed), tables, bench.project)


def _write_docs(text: str, tables: list[Table], project: Project) -> None:
    values = bars(tables)
    if values:
        write_atomically(CHART, draw(values, project).encode())
        picture = f"![{alternative(values)}](images/{CHART.name})"
        text = f"{picture}\n\n{text}"
    docs = with_results(DOCS.read_text(encoding="utf-8"), text)
    write_atomically(DOCS, docs.encode())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure how long things take, beside others."
    )
    parser.add_argument(
        "--only", nargs="+", choices=SUBJECTS, metavar="NAME", help=f"of {', '.join(SUBJECTS)}"
    )
    parser.add_argument(
        "--against", metavar="REV", help="measure cold builds beside those of a git revision only"
    )
    parser.add_argument(
        "--runs", type=_count, default=3, help="how many runs of each command count (default: 3)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one run of each, none to warm up, no large report"
    )
    parser.add_argument(
        "--sizes", type=_sizes, metavar="N,N…", help="numbers of records (default: 50,500,5000)"
    )
    parser.add_argument(
        "--write-docs", action="store_true", help="write the result into docs/benchmarks.md"
    )
    parser.add_argument(
        "--project", type=Path, default=ROOT, help="the report's folder (default: this one)"
    )
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted({_count(one) for one in text.split(",")}))


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number: 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
