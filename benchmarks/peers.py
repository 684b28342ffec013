"""Other programs on the same content: WeasyPrint's own command, Chromium, Typst."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pypdfium2

from benchmarks.bench import Bench
from benchmarks.measure import measure, output_of, say
from benchmarks.same_html import DOCUMENT as HTML
from benchmarks.table import Row, Table
from benchmarks.typst_source import DOCUMENT as TYPST
from benchmarks.typst_source import FONTS

_ROOT = Path(__file__).resolve().parents[1]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What keeps Chromium from asking for anything but our page; in containers it runs as root."""


def peers(bench: Bench) -> Table:
    """Measure a cold build beside what other programs make of the same report."""
    cold = bench.cold()
    say("writing the report for other programs")
    # In a process of its own, so that this one stays small: a child begins with our memory.
    folder = bench.folder / "peers"
    root = str(bench.project.root)
    pages = output_of((sys.executable, "-m", "benchmarks.peer_files", root, str(folder)), cwd=_ROOT)
    html = folder / HTML
    label = f"`reportgen build`, cold ({pages.strip()} pages)"
    return Table(
        "The same report by other programs",
        (
            Row(label, cold, bar="reportgen build"),
            Row("the same with `--jobs 1`: one process", bench.cold_alone(), cold),
            _weasyprint(bench, html),
            _chromium(bench, html),
            _typst(bench, folder / TYPST),
        ),
    )


def _weasyprint(bench: Bench, html: Path) -> Row:
    pdf = html.with_name("weasyprint.pdf")
    command = (sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", str(html), str(pdf))
    measured = measure(command, bench.runs, name="weasyprint", warm_up=not bench.quick)
    label = f"`weasyprint --pdf-variant pdf/ua-1`, the same HTML ({_pages(pdf)} pages)"
    return Row(label, measured, bench.cold(), bar="weasyprint")


def _chromium(bench: Bench, html: Path) -> Row:
    program = chromium()
    if program is None:
        return Row("Chromium: not installed here", None)
    pdf, profile = html.with_name("chromium.pdf"), bench.folder / "chromium-profile"

    def clear() -> None:
        shutil.rmtree(profile, ignore_errors=True)

    command = (
        program,
        "--headless",
        *QUIET,
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={pdf}",
        html.as_uri(),
    )
    measured = measure(command, bench.runs, name="Chromium", before=clear, warm_up=not bench.quick)
    label = f"`chromium --print-to-pdf`, the same HTML ({_pages(pdf)} pages)"
    return Row(label, measured, bench.cold(), bar="Chromium")


def _typst(bench: Bench, document: Path) -> Row:
    if find_spec("typst") is None:
        return Row("Typst: the Python package `typst` is not installed here", None)
    pdf = document.with_suffix(".pdf")
    fonts = document.with_name(FONTS)
    program = Path(__file__).with_name("compile_typst.py")
    command = (sys.executable, str(program), str(document), str(pdf), str(fonts))
    measured = measure(command, bench.runs, name="Typst", warm_up=not bench.quick)
    label = f"`typst.compile` to PDF/UA-1, a document like it ({_pages(pdf)} pages)"
    return Row(label, measured, bench.cold(), bar="Typst")


def _pages(pdf: Path) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def chromium() -> str | None:
    """Give the path of Chromium or Chrome, if there is one."""
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)


def versions() -> Iterator[str]:
    """Give the names and versions of the programs that are measured."""
    for package, name in (("weasyprint", "WeasyPrint"), ("typst", "Typst (the package typst)")):
        try:
            yield f"{name} {version(package)}"
        except PackageNotFoundError:
            yield f"no {name}"
    program = chromium()
    yield output_of((program, "--version")).strip() if program else "no Chromium"
