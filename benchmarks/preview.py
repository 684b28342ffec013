"""From a save to the page in an open preview, beside a cold build of the same report."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.measure import Measured, Run, run, say
from benchmarks.projects import Copy
from benchmarks.save_to_page import is_served
from benchmarks.table import Row, Table

_ROOT = Path(__file__).resolve().parents[1]

MADE = 500
"""How many records the larger report has."""


def preview(bench: Bench) -> Table:
    """Measure saves in a preview of the report and, if there is time, of a larger one."""
    cold = bench.cold()
    saved = _saves(bench, bench.copy("preview"), "preview")
    rows = [
        Row("the report: cold build", cold),
        Row("the report: save to page", saved, cold, bar="save to page in the preview"),
    ]
    if not bench.quick:
        cold_made = bench.cold_made(MADE)
        made = Copy.made(bench.project, bench.folder / "preview-made", MADE)
        rows += [
            Row(f"{MADE} records: cold build", cold_made),
            Row(
                f"{MADE} records: save to page",
                _saves(bench, made, f"preview, {MADE} records"),
                cold_made,
            ),
        ]
    path = (
        "The preview is `reportgen preview`, asked over HTTP as a browser asks it."
        if is_served()
        else "The preview is the library below its server, in a process that lives on."
    )
    return Table(
        "From a save to the page",
        tuple(rows),
        f"{path} A word of the first text is changed; the time ends when the image of the first"
        " page that is new is there.",
    )


def _saves(bench: Bench, copy: Copy, name: str) -> Measured:
    """Save some times in one preview; the memory is that of the whole preview."""
    say(f"{name}: {bench.runs} saves")
    with tempfile.TemporaryFile() as output:
        command = (sys.executable, "-m", "benchmarks.save_to_page", str(copy.root), str(bench.runs))
        whole = run(command, cwd=_ROOT, output=output)
        output.seek(0)
        took = json.load(output)
    return Measured(tuple(Run(one["wall"], one["processor"], whole.memory) for one in took))
