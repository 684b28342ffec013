"""PDF files made to harm their reader: each gets an answer or an error, within the limits."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reportgen.comparison.overlay import compare_files
from reportgen.comparison.pdf_data import read_data
from reportgen.pdf.reading import UnreadablePdfError, open_pdf
from reportgen.preflight import paint
from reportgen.preflight.paint import RGB, Space, painted
from reportgen.preflight.preflight import UnknownEditionError, preflight_file
from reportgen.preflight.result import Preflight, Wanted
from reportgen.source.diagnostics import Diagnostic, Severity, Span
from reportgen.worker import Limits, TimeLimitError, Worker, WorkerError
from tests.conftest import Workspace
from tests.hostile_pdfs import HOSTILE, form, forms_in_forms, pdf, tree

pytestmark = pytest.mark.xdist_group("hostile")

QUICK = (
    "a font that draws itself",
    "a reference to itself",
    "a table of objects in a loop",
    "a wrong predictor in print",
    "actions in a row",
    "an attachment of itself",
    "an outline of 20,000 in a row",
    "colour spaces in a loop",
    "data that writes on the terminal",
    "deep JSON",
    "destinations twice in each other",
    "encrypted with nonsense",
    "metadata with entities",
    "names that lead elsewhere",
    "numbers that are none",
    "object streams in a loop",
    "pages: loop",
    "tags in a loop",
)
"""Files that take no seconds, one of each kind; the others are for the slow tests."""

ENDLESS = ("a pattern in itself", "a tiny pattern", "masks in a loop")
"""Files that ghostscript draws without end: the worker's limit ends both."""

UNPRINTABLE = re.compile("[\x00-\x0a\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One process for all files, which starts again after one that ended it."""
    with closing(Worker(Limits(seconds=90))) as made:
        yield made


@pytest.fixture(scope="module")
def drawer() -> Iterator[Worker]:
    """The same for their pages: some keep the engine that draws them busy without end."""
    with closing(Worker(Limits(seconds=20))) as made:
        yield made


def answer(worker: Worker, function: Callable[..., object], *args: object) -> object:
    """Give what a function gives of a file, or the error that says why it can't be read."""
    try:
        return worker.call(function, *args)
    except (OSError, UnreadablePdfError, UnknownEditionError, WorkerError) as error:
        return error


def texts(told: object) -> Iterator[str]:
    """Give what is printed of a file."""
    if isinstance(told, Exception):
        yield str(Diagnostic(Severity.ERROR, "unreadable-pdf", Span("a.pdf"), str(told), "give"))
    elif isinstance(told, Preflight):
        yield from (finding.text for check in told.checks for finding in check.findings)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in HOSTILE],
)
def test_a_hostile_file_gets_an_answer(
    worker: Worker, drawer: Worker, tmp_path: Path, capfd: Captured, name: str
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(HOSTILE[name]())
    checked = answer(worker, preflight_file, path, Wanted(), None)
    assert not isinstance(checked, Preflight) or checked.failed
    data = answer(worker, read_data, path)
    assert not isinstance(checked, TimeLimitError) or name in ENDLESS
    assert not isinstance(data, TimeLimitError)
    for told in (checked, data, answer(drawer, compare_files, str(path), str(path), False)):
        for text in texts(told):
            assert not UNPRINTABLE.search(text)
            assert "object at 0x" not in text
    assert "".join(capfd.readouterr()) == ""


TERMINAL = [name for name in HOSTILE if "on the terminal" in name or "control" in name]


def test_no_file_writes_on_the_terminal(workspace: Workspace) -> None:
    files = [f"{number}\x1b[2J.pdf" for number in range(len(TERMINAL))]
    for file, name in zip(files, TERMINAL, strict=True):
        workspace.edit(file, HOSTILE[name]())
    data = files[TERMINAL.index("data that writes on the terminal")]
    for command in (
        ("preflight", *files),
        ("preflight", "--json", *files),
        ("diff", data, data),
        ("diff", data, "--format", "json"),
        ("diff", "--pages", *files[:2]),
    ):
        result = workspace.run(*command)
        assert result.exit_code in (0, 1)
        assert not UNPRINTABLE.search(result.output.replace("\n", ""))
        # A line that looks like one of the table.
        assert not re.search("^  syntax   passed  qpdf", result.output, re.MULTILINE)


@pytest.mark.parametrize("kind", [b"/Dests", b"/EmbeddedFiles"])
@pytest.mark.parametrize("shape", ["loop", "twice", "row"])
def test_a_tree_of_names_is_a_tree(kind: bytes, shape: str) -> None:
    with pytest.raises(UnreadablePdfError, match="a tree of names has a node in two places"):
        open_pdf(tree(kind, shape, 200))


def test_a_form_is_walked_once_for_each_state() -> None:
    forms = {10 + n: form(b"/F Do " * 9, b"/XObject<</F %d 0 R>>" % (11 + n)) for n in range(15)}
    last = form(b"1 0 0 rg 0 0 9 9 re f", b"/Font<<>>")
    data = pdf(b"/F Do", b"/XObject<</F 10 0 R>>", objects={**forms, 25: last})
    ((found,),) = painted(open_pdf(data))
    assert found == Space(RGB, "a fill")


def test_what_paints_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint, "MAX_PAINT_STEPS", 1000)
    with pytest.raises(UnreadablePdfError, match="more than 1000 steps"):
        painted(open_pdf(forms_in_forms()))


def test_forms_deep_in_each_other_are_refused() -> None:
    with pytest.raises(UnreadablePdfError, match="more than 20 deep"):
        painted(open_pdf(forms_in_forms(depth=30, wide=1)))


def test_a_limit_of_time_is_an_error_at_the_file(workspace: Workspace) -> None:
    workspace.edit("old.pdf", forms_in_forms())
    result = workspace.run("preflight", "old.pdf", "--max-seconds", "0.5")
    assert result.exit_code == 1
    assert result.output == (
        "old.pdf:1:1: error[unreadable-pdf]: the file can't be checked: it took longer than 0.5 s;"
        " give a PDF file that reportgen built\n"
    )


@pytest.mark.parametrize("command", ["preflight {}", "diff --pages {} {}"])
def test_what_is_no_file_is_not_waited_for(workspace: Workspace, command: str) -> None:
    os.mkfifo(workspace.root / "pipe.pdf")
    result = workspace.run(*command.format("pipe.pdf", "pipe.pdf").split(), "--max-seconds", "20")
    assert result.exit_code == 1
    assert "is not a regular file" in result.output
