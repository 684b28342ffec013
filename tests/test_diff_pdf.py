"""`reportgen diff` with PDF files: their data, their pages, and its own answer as one."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import page as validator
import pikepdf
import pytest
from PIL import Image

from reportgen.comparison.overlay import CAME, WENT, superimposed
from reportgen.comparison.page_images import Pages, compare_pages
from reportgen.comparison.paper import as_pdf
from reportgen.comparison.pdf_data import attached
from reportgen.exchange.dataset import dataset
from reportgen.model.load import load_report
from reportgen.project import Project
from reportgen.source.limits import MAX_ATTACHMENT_BYTES
from tests.conftest import Workspace

ATTACHED = "commitments.json"


def data_of(workspace: Workspace) -> dict[str, bytes]:
    report = load_report(Project(workspace.root)).report
    assert report
    return {file.name: file.data for file in dataset(report, "0" * 64)}


def pdf_with(files: Mapping[str, bytes], **options: Any) -> bytes:
    """Give a PDF of one page that carries files."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, data in files.items():
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name)
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give files with a manifest that has their checksums."""
    package = json.loads(files["datapackage.json"])
    package["resources"] = [
        {"path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for name, data in files.items()
        if name != "datapackage.json"
    ]
    return {**files, "datapackage.json": json.dumps(package).encode()}


def test_a_pdf_is_compared_by_the_data_that_it_carries(workspace: Workspace) -> None:
    workspace.edit("old.pdf", pdf_with(data_of(workspace)))
    assert "nothing has changed" in workspace.run("diff", "old.pdf").output
    workspace.edit("content/commitments/new-zealand.yaml", ("native trees", "trees"))
    workspace.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n2023,61.5\n2024,65\n")
    workspace.edit("content/report.yaml", ("title: Clear Rivers", "title: Clean Rivers"))
    workspace.edit("content/members.yaml", ("name: Auckland", "name: Tāmaki"))
    workspace.edit("content/sections/introduction.md", ("Markdown below", "Markdown under"))
    told = workspace.run("diff", "old.pdf").output
    assert "summary: Plant [-native-] trees" in told
    assert "2024, Clean rivers: [-64-]{+65+}" in told
    assert "title: [-Clear-] {+Clean+} Rivers" in told
    assert "name: [-Auckland-]{+Tāmaki+}" in told
    assert "Sections" not in told
    assert "texts, links, pillars, design and translations can't be compared" in told
    workspace.edit("new.pdf", pdf_with(data_of(workspace)))
    found = json.loads(workspace.run("diff", "old.pdf", "new.pdf", "--format", "json").stdout)
    assert [(c["kind"], c["id"]) for c in found["changes"]] == [
        ("settings", "datapackage.json"),
        ("member", "auckland"),
        ("commitment", "NZ001"),
        ("figure", "clean-rivers"),
    ]


def test_names_like_paths_are_never_used_as_paths(workspace: Workspace, tmp_path: Path) -> None:
    evil = {"../../evil.txt": b"x", "/etc/evil": b"x", "figure-../x.csv": b"x"}
    files = attached(pdf_with({**data_of(workspace), **evil}))
    assert set(files) == {"commitments.json", "datapackage.json", "figure-clean-rivers.csv"}
    assert not list(tmp_path.rglob("evil*"))


def changed(name: str, data: bytes) -> Callable[[dict[str, bytes]], bytes]:
    return lambda files: pdf_with(with_manifest({**files, name: data}))


def recorded(**values: Any) -> Callable[[dict[str, bytes]], bytes]:
    """Give a PDF whose first record has other values."""

    def made(files: dict[str, bytes]) -> bytes:
        records = json.loads(files[ATTACHED])
        records[0].update(values)
        return changed(ATTACHED, json.dumps(records).encode())(files)

    return made


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "no pdf": (lambda files: b"PK\3\4 no", "it can't be opened as a PDF"),
    "empty": (lambda files: b"", "it can't be opened as a PDF"),
    "cut off": (lambda files: pdf_with(files)[:400], "it c"),
    "nothing attached": (lambda files: pdf_with({}), "it carries no 'commitments.json'"),
    "no manifest": (lambda f: pdf_with({ATTACHED: f[ATTACHED]}), "no 'datapackage.json'"),
    "encrypted": (
        lambda f: pdf_with(f, encryption=pikepdf.Encryption(user="a", owner="b")),
        "it is encrypted",
    ),
    "encrypted without a password": (
        lambda f: pdf_with(f, encryption=pikepdf.Encryption(user="", owner="b")),
        "it is encrypted",
    ),
    "other checksum": (lambda f: pdf_with({**f, ATTACHED: b"[]"}), "is not what"),
    "no json": (changed(ATTACHED, b"nothing"), "not of the form"),
    "other json": (changed(ATTACHED, b'{"a": 1}'), "not of the form"),
    "deep json": (changed(ATTACHED, b"[" * 100_000), "not of the form"),
    "not utf-8": (changed(ATTACHED, b'["\xff"]'), "not of the form"),
    "a year that is a text": (recorded(year="2024"), "records.0.year"),
    "an id twice": (recorded(id="CH001"), "an id twice"),
    "a huge year": (recorded(year=10**400), "not of the form"),
    "no table": (changed("figure-clean-rivers.csv", b"a\0b"), "not a table"),
    "a table of words": (changed("figure-clean-rivers.csv", b"a,b\nc,d\n"), "not a table"),
    "a table not in utf-8": (changed("figure-clean-rivers.csv", b"a,b\n\xff,1\n"), "not UTF-8"),
    "too large": (changed(ATTACHED, b" " * (MAX_ATTACHMENT_BYTES + 1)), "larger than 64 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_pdf_that_is_not_ours_gets_an_error(workspace: Workspace, name: str) -> None:
    make, told = HOSTILE[name]
    workspace.edit("old.pdf", make(data_of(workspace)))
    result = workspace.run("diff", "old.pdf")
    assert result.exit_code == 1, result.output
    assert "old.pdf:1:1: error[unreadable-pdf]" in result.output
    assert told in result.output


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_pdf_gets_an_error_or_an_answer(workspace: Workspace, seed: int) -> None:
    data = bytearray(pdf_with(data_of(workspace)))
    step = 37 + seed
    for index in range(seed * 11, len(data), step * 7):
        data[index] = (data[index] + seed * 31 + 1) % 256
    workspace.edit("old.pdf", bytes(data))
    assert workspace.run("diff", "old.pdf").exit_code in (0, 1)
    assert workspace.run("diff", "--pages", "old.pdf", "old.pdf").exit_code in (0, 1)


def conforms(data: bytes) -> bool:
    report = validator.validate_pdf_bytes(data, profile=validator.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []
    return bool(report.rules.total)


@pytest.fixture
def two(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A report that differs from the one in the folder `old`, with words that look like HTML."""
    Workspace(tmp_path / "old").edit("x", "")
    for path in sorted((workspace.root / "content").rglob("*")):
        if path.is_file():
            copy = tmp_path / "old" / path.relative_to(workspace.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    workspace.edit("content/regions.yaml", ("name: Upstream", "name: 'Up \\<b> & more'"))
    workspace.edit("content/commitments/switzerland.yaml", ("CH002", "CH003"))
    workspace.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n2023,61.5\n2025,64\n")
    return workspace


def test_the_html_form_escapes_and_marks(two: Workspace) -> None:
    html = two.run("diff", "../old", "--format", "html").output
    assert "Up \\&lt;b&gt; &amp;" in html
    assert "<b>" not in html
    assert re.search(
        r'<del><span class="sign">−</span><span class="marked">Upstream</span></del>', html
    )
    assert re.search(r'<ins><span class="sign">\+</span><span class="marked">Up \\&lt;', html)
    assert '<html lang="en" dir="ltr">' in html
    assert "http" not in re.sub(r"https://(?:example|creativecommons)\.org", "", html)


def test_words_in_arabic_say_so(two: Workspace, tmp_path: Path) -> None:
    for root in (two, Workspace(tmp_path / "old")):
        root.edit("content/report.yaml", ("language: en", "language: ar"))
    two.edit("content/pillars.yaml", ("Restore what was lost", "استعادة"))
    html = two.run("diff", "../old", "--format", "html").output
    assert '<p class="value" lang="ar" dir="rtl">' in html


def test_the_state_of_an_arabic_translation_is_told_in_english(
    two: Workspace, tmp_path: Path
) -> None:
    for root in (two, Workspace(tmp_path / "old")):
        assert root.run("new", "locale", "ar").exit_code == 0
    path = two.root / "locales/ar/LC_MESSAGES/messages.po"
    head, empty, rest = path.read_text("utf-8").rpartition('\nmsgstr ""')
    assert empty
    path.write_text(f'{head}\nmsgstr "المحتويات"{rest}', "utf-8")
    html = two.run("diff", "../old", "--format", "html").output
    value = '<div class="column"><p class="value" lang="{}" dir="{}">'
    assert re.search(rf"state</p>\s*{value.format('en', 'ltr')}", html)
    assert re.search(rf"translation</p>\s*{value.format('ar', 'rtl')}", html)


@pytest.mark.slow
def test_the_pdf_form_is_accessible(two: Workspace) -> None:
    out = two.root / "changes.pdf"
    result = two.run("diff", "../old", "--format", "pdf", "--out", str(out))
    assert result.exit_code == 0, result.output
    data = out.read_bytes()
    assert conforms(data)
    two.run("diff", "../old", "--format", "pdf", "--out", str(out))
    assert out.read_bytes() == data
    import pypdfium2

    page = pypdfium2.PdfDocument(data)[0]
    assert "What has changed" in page.get_textpage().get_text_range()


def pages(*texts: str) -> bytes:
    """Give a PDF with a page for each text, and its number below it."""
    style = (
        "@page { size: 300pt 400pt; margin: 40pt; @bottom-center { content: counter(page);"
        " font: 10pt 'Source Sans 3' } } section { break-after: page; font: 12pt 'Source Sans 3' }"
    )
    body = "".join(f"<section><p>{text}</p></section>" for text in texts)
    return as_pdf(f'<html lang="en"><title>t</title><style>{style}</style>{body}</html>')


ONE, TWO, THREE = (f"{word} " * 40 for word in ("one", "twofold", "three times"))


def differing(old: bytes, new: bytes) -> list[tuple[int | None, int | None]]:
    return [(change.old, change.new) for change in compare_pages(Pages(old), Pages(new))]


@pytest.mark.slow
def test_a_page_that_was_put_in_does_not_make_the_others_differ() -> None:
    old = pages(ONE, TWO, THREE)
    assert differing(old, old) == []
    assert differing(old, pages(ONE, "New. " * 90, TWO, THREE)) == [(None, 2)]
    assert differing(old, pages(ONE, THREE)) == [(2, None)]
    assert differing(old, pages(ONE, TWO + "more", THREE)) == [(2, 2)]
    inserted = pages("New. " * 90, ONE + "more", TWO, THREE)
    assert differing(old, inserted) == [(None, 1), (1, 2)]


@pytest.mark.slow
def test_the_overlay_shows_the_pages_that_differ(workspace: Workspace) -> None:
    workspace.edit("old.pdf", pages(ONE, TWO, THREE))
    workspace.edit("new.pdf", pages(ONE, TWO + "more", THREE, "New. " * 90))
    arguments = ("diff", "--pages", "old.pdf", "new.pdf")
    result = workspace.run(*arguments, "--out", "overlay.pdf", "--exit-code")
    assert result.output == "Page 2 differs\nPage 4 was added\nwritten: overlay.pdf\n"
    assert result.exit_code == 1
    data = (workspace.root / "overlay.pdf").read_bytes()
    assert conforms(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2
    found = json.loads(workspace.run(*arguments, "--format", "json").stdout)
    assert found["pages"] == [
        {"action": "changed", "old": 2, "new": 2},
        {"action": "added", "old": None, "new": 4},
    ]
    same = workspace.run("diff", "--pages", "old.pdf", "old.pdf", "--out", "none.pdf")
    assert (same.exit_code, same.output) == (0, "no page differs\n")
    assert not (workspace.root / "none.pdf").exists()


@pytest.mark.parametrize("out", ["old.pdf", "./new.pdf"])
def test_an_overlay_never_takes_the_place_of_an_input(workspace: Workspace, out: str) -> None:
    for name in ("old.pdf", "new.pdf"):
        workspace.edit(name, b"%PDF-1.7")
    result = workspace.run("diff", "--pages", "old.pdf", "new.pdf", "--out", out)
    assert (result.exit_code, "would overwrite" in result.output) == (2, True)
    assert (workspace.root / out).read_bytes() == b"%PDF-1.7"


def sheet(width: float) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    pdf.pages[0].MediaBox = pikepdf.Array([0, 0, width, 200])
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"no", "it can't be read"),
        (sheet(10**7), "a side has 14400 at most"),
        (pdf_with({}, encryption=pikepdf.Encryption(user="a", owner="b")), "it is encrypted"),
        (None, "No such file"),
    ],
)
def test_pages_that_can_not_be_drawn(workspace: Workspace, data: bytes | None, told: str) -> None:
    workspace.edit("old.pdf", pdf_with({}))
    if data is not None:
        workspace.edit("new.pdf", data)
    result = workspace.run("diff", "--pages", "old.pdf", "new.pdf", "--out", "overlay.pdf")
    assert result.exit_code == 1
    assert "error[unreadable-pdf]" in result.output
    assert told in result.output
    assert not (workspace.root / "overlay.pdf").exists()


def test_a_very_large_page_is_drawn_coarser() -> None:
    picture = Pages(sheet(14_000)).draw(1, 300)
    assert picture.width * picture.height < 13_000_000


def test_what_went_and_what_came_have_their_colours() -> None:
    old, new = (Image.new("RGB", (100, 100), "white") for _ in range(2))
    old.paste("black", (10, 10, 20, 20))
    new.paste("black", (70, 70, 80, 80))
    for both in (old, new):
        both.paste("black", (40, 40, 45, 45))
    picture, places = superimposed(old, new)
    assert places == 2
    assert picture.getpixel((15, 15)) == WENT
    assert picture.getpixel((75, 75)) == CAME
    red, green, blue = picture.getpixel((42, 42))  # type: ignore[misc]
    assert red == green == blue < 255


def test_a_colour_of_the_same_lightness_differs() -> None:
    old, new = Image.new("RGB", (50, 50), (200, 0, 0)), Image.new("RGB", (50, 50), (0, 102, 0))
    assert superimposed(old, new)[1] == 1
