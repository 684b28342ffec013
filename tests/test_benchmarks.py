"""The benchmarks' pure parts; that they run at all is seen by running them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pypdfium2
import pytest
from benchmarks import docs
from benchmarks.bench import Bench
from benchmarks.chart import alternative, bars, draw
from benchmarks.made import NotMadeError, write_made
from benchmarks.measure import CommandFailedError, Measured, Run, Spread, measure, output_of, run
from benchmarks.projects import Copy, change_record, change_translation, change_word
from benchmarks.revision import revision
from benchmarks.same_html import adapted, composed, write_same_html
from benchmarks.table import Row, Table, as_markdown, ratio, seconds
from benchmarks.typst_source import write_typst

from reportgen.model.load import load_report
from reportgen.project import Project

ROOT = Path(__file__).parents[1]
PROJECT = Project(ROOT)


def measured(*walls: float) -> Measured:
    return Measured(tuple(Run(wall, None, wall * 10) for wall in walls))


# Measuring


def test_a_spread_is_the_median_and_the_ends() -> None:
    assert Spread.of([3, 1, 100]) == Spread(3, 1, 100)
    assert Spread.of([4, 2]) == Spread(3, 2, 4)


def test_what_is_not_known_of_a_run_is_left_out() -> None:
    found = measured(1, 2, 3)
    assert found.processor is None
    assert found.memory == Spread(20, 10, 30)


def test_a_run_counts_the_processes_that_a_command_starts() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    grandchild = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    assert (run((sys.executable, "-c", grandchild)).processor or 0) >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans to another process")
def test_a_run_counts_the_processes_that_a_command_leaves_behind() -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy!r}])"
    assert (run((sys.executable, "-c", orphan)).processor or 0) >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the memory of each process")
def test_the_memory_is_that_of_all_processes_together() -> None:
    hold = "import time; held = b'x' * 60_000_000; time.sleep(0.4)"
    two = (
        "import subprocess, sys\n"
        f"both = [subprocess.Popen([sys.executable, '-c', {hold!r}]) for _ in range(2)]\n"
        "[one.wait() for one in both]"
    )
    assert (run((sys.executable, "-c", two)).memory or 0) > 120
    assert (run((sys.executable, "-c", "import time; time.sleep(0.2)")).memory or 999) < 50


def test_a_command_that_fails_ends_with_its_message() -> None:
    with pytest.raises(CommandFailedError, match=r"exit code 3:\noh dear"):
        run((sys.executable, "-c", "print('oh dear'); raise SystemExit(3)"))
    with pytest.raises(CommandFailedError, match="can't be run"):
        run(("no-such-program-anywhere",))


def test_each_run_is_prepared_and_the_one_to_warm_up_does_not_count() -> None:
    prepared: list[None] = []
    found = measure(
        (sys.executable, "-c", ""), 2, name="nothing", before=lambda: prepared.append(None)
    )
    assert (len(found.runs), len(prepared)) == (2, 3)


def test_what_a_command_prints() -> None:
    assert output_of((sys.executable, "-c", "print('words')")) == "words\n"


# Tables


def test_a_table_has_medians_spreads_and_ratios() -> None:
    cold, warm = measured(10, 12, 11), measured(0.5, 0.25, 1)
    rows = (Row("cold", cold), Row("warm", warm, cold), Row("nothing here", None))
    assert as_markdown(Table("Title", rows, "A note.")).splitlines() == [
        "### Title",
        "",
        "A note.",
        "",
        "| | Runs | Median | Fastest and slowest | Processor time | Peak memory | Ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| cold | 3 | 11.00 s | 10.00–12.00 s | – | 110 MB | 1 |",
        "| warm | 3 | 0.50 s | 0.25–1.00 s | – | 5 MB | 0.0455 |",
        "| nothing here | – | – | – | – | – | – |",
    ]


@pytest.mark.parametrize(
    ("wall", "base", "told"),
    [(30, 2, "15"), (3, 2, "1.5"), (1.03, 1, "1.03"), (1, 32, "0.0312"), (9000, 3, "3,000")],
)
def test_a_ratio_has_three_digits(wall: float, base: float, told: str) -> None:
    assert ratio(measured(wall), measured(base)) == told


def test_seconds() -> None:
    assert [seconds(0.123), seconds(1234.5)] == ["0.12 s", "1,234 s"]


def test_results_take_the_place_of_older_ones() -> None:
    page = f"before\n{docs.BEGIN}\nold\n{docs.END}\nafter\n"
    new = docs.with_results(page, "new\n")
    assert new == f"before\n{docs.BEGIN}\n\nnew\n\n{docs.END}\nafter\n"
    assert docs.with_results(new, "new") == new


@pytest.mark.parametrize("page", ["", f"{docs.END}{docs.BEGIN}", f"{docs.BEGIN * 2}{docs.END}"])
def test_a_page_without_a_place_for_results_is_refused(page: str) -> None:
    with pytest.raises(docs.BrokenDocsError):
        docs.with_results(page, "new")


def test_the_documentation_has_a_place_for_results() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert "### new" in docs.with_results(page, "### new")


def test_the_chart_shows_the_medians_on_a_ground_of_its_own() -> None:
    rows = (Row("a", measured(2), bar="one"), Row("b", measured(0.126), bar="two"), Row("c", None))
    values = bars([Table("", rows)])
    assert values == {"one": 2.0, "two": 0.13}
    svg = ElementTree.fromstring(draw(values, PROJECT))
    title, ground, *_ = svg
    assert title.text == alternative(values)
    assert ground.tag.endswith("rect")
    assert {"one", "two", "0.13"} <= {text.text for text in svg.iter() if text.text}


# Reports to measure


@pytest.mark.parametrize("number", [50, 137, 1200])
def test_a_made_report_is_right_and_has_so_many_records(tmp_path: Path, number: int) -> None:
    write_made(PROJECT, tmp_path / "made", number)
    report = load_report(Project(tmp_path / "made")).report
    assert report
    assert len({record.id for record in report.commitments}) == number
    real = load_report(PROJECT).report
    assert real
    assert set(map(str, real.commitments)) <= set(map(str, report.commitments))


def test_a_made_report_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_made(PROJECT, tmp_path / name, 200)
    assert Project(tmp_path / "one").digest("content") == Project(tmp_path / "two").digest(
        "content"
    )


@pytest.mark.parametrize("number", [49, 10**6])
def test_a_report_of_an_impossible_size_is_refused(tmp_path: Path, number: int) -> None:
    with pytest.raises(NotMadeError, match=str(number)):
        write_made(PROJECT, tmp_path / "made", number)


@pytest.mark.parametrize(
    ("change", "folder"),
    [(change_record, "content"), (change_translation, "locales"), (change_word, "content")],
)
def test_each_change_is_another_one_and_leaves_the_report_right(
    tmp_path: Path, change: type, folder: str
) -> None:
    copy = Copy.of(PROJECT, tmp_path)
    project, write = Project(copy.root), change(copy)
    seen = {project.digest(folder)}
    for _ in range(3):
        write()
        seen.add(project.digest(folder))
    assert len(seen) == 4
    assert load_report(project).report


# The same report for other programs


def test_a_body_becomes_an_element_and_a_page_takes_its_pillars_colours() -> None:
    css = ".body body, body > a { page: tab }\n@page tab:left, :first { color: var(--x) }"
    assert adapted(css, {"red": {"--x": "#f00"}}).splitlines() == [
        ".body main, main > a { page: tab }",
        ".around-red .body main, .around-red main > a { page: tab-red }",
        "@page tab:left, :first { color: var(--x) }",
        "@page tab-red:left { color: #f00 }",
    ]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the report's HTML; its page numbers are not filled in."""
    folder = tmp_path_factory.mktemp("alone")
    write_same_html(PROJECT, composed(PROJECT, laid_out=False), folder)
    return folder


def test_the_html_names_only_files_of_its_folder(alone: Path) -> None:
    addresses = []
    for path in [*alone.rglob("*.html"), *alone.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"url\([\"']?([^\"')]+)", text)
        named += re.findall(r"<(?:link|img)\b[^>]*\b(?:href|src)=\"([^\"]+)", text)
        named += re.findall(r"@import\s+\"([^\"]+)", text)
        assert "flag:" not in text
        addresses += [urlsplit(urljoin(path.as_uri(), name)) for name in named]
    assert len(addresses) > 60
    assert {address.scheme for address in addresses} == {"file"}
    for address in addresses:
        path = Path(address.path).resolve()
        assert path.is_relative_to(alone)
        assert path.is_file(), path


def test_the_html_has_all_parts(alone: Path) -> None:
    html = (alone / "report.html").read_text(encoding="utf-8")
    report = load_report(PROJECT).report
    assert report
    assert html.count("<main") == len(report.parts)
    assert all(f'id="commitment-{record.id}"' in html for record in report.commitments)


@pytest.mark.slow
def test_the_same_html_gives_the_same_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others are measured on is what reportgen lays out: page by page, letter by letter."""
    made = composed(PROJECT)
    html = write_same_html(PROJECT, made, tmp_path)
    pdf, copy = tmp_path / "alone.pdf", Copy.of(PROJECT, tmp_path / "copy")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    run((sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", str(html), str(pdf)))
    run(copy.command())
    (built,) = copy.out.glob("*.pdf")
    assert letters(pdf) == letters(built)
    assert len(letters(pdf)) == made.pages


def letters(path: Path) -> list[list[str]]:
    document = pypdfium2.PdfDocument(path)
    # Letters of charts stand apart in one of them: what counts is which there are. The engine by
    # itself takes one hyphen for another.
    hyphens = str.maketrans("", "", "-\u00ad\u2010\ufffe")
    texts = (page.get_textpage().get_text_range().translate(hyphens) for page in document)
    return [sorted("".join(text.split())) for text in texts]


@pytest.mark.slow
def test_the_typst_document_has_all_records_and_conforms(tmp_path: Path) -> None:
    page = pytest.importorskip("page")
    pytest.importorskip("typst")
    document = write_typst(PROJECT, composed(PROJECT, laid_out=False), tmp_path)
    pdf = tmp_path / "typst.pdf"
    program = ROOT / "benchmarks" / "compile_typst.py"
    run((sys.executable, str(program), str(document), str(pdf), str(tmp_path / "fonts")))
    text = " ".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf))
    report = load_report(PROJECT).report
    assert report
    assert all(text.count(record.id) == 2 for record in report.commitments)
    validated = page.validate_pdf(str(pdf), profile=page.ValidationProfile.PDF_UA_1)
    assert validated.is_compliant


def test_an_unknown_revision_is_told(tmp_path: Path) -> None:
    bench = Bench(PROJECT, tmp_path, 1, (50,), quick=True)
    with pytest.raises(CommandFailedError, match=r"^no-such-revision: fatal: "):
        revision(bench, "no-such-revision")
