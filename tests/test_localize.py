"""An edition in another language: the same records; what isn't translated says its language."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reportgen.locales.catalog import catalog_path, read_catalog
from reportgen.locales.load import load_locale, locale_tags
from reportgen.locales.localize import Localized, localize, map_prose
from reportgen.locales.pofile import write_po
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.pages.parts import parts_of
from reportgen.pages.prose import ProseRenderer
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.prose import Prose, prose_in
from reportgen.source.tokens import TOKENS, read_tokens
from tests.conftest import Workspace
from tests.translations import FR, PARAGRAPH, catalog_of, message_of, translated

pytestmark = pytest.mark.xdist_group("localize")

TITLE = "Readings in every school"
MISSING: dict[str, str | None] = {PARAGRAPH: None, TITLE: None, "Contents": None}
"""What the made translation lacks: a paragraph, a title, and a word of the templates."""

BEFORE = b"%PDF-1.7 the report as it was"


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A short report that is translated in part, into French; the Spanish catalog is broken."""
    root = tmp_path_factory.mktemp("partly") / "report"
    workspace = translated(root, "fr", "es", keep=MISSING)
    report = (root / "content/report.yaml").read_text(encoding="utf-8")
    kept = report.replace("  - imprint\n", "").replace("  - index\n  - closing\n", "")
    workspace.edit("content/report.yaml", kept)
    spanish = catalog_of(workspace, "es")
    (linked,) = (m for m in spanish if "](network)" in m.msgstr)
    linked.msgstr = linked.msgstr.replace("](network)", "]")
    workspace.edit(str(catalog_path("es")), write_po(spanish))
    workspace.edit("out/clear-rivers.es.digital.pdf", BEFORE)
    return workspace


def report_of(workspace: Workspace) -> Report:
    report = load_report(Project(workspace.root)).report
    assert report is not None
    return report


def localized(workspace: Workspace) -> Localized:
    catalog = read_catalog(Project(workspace.root), "fr", Diagnostics())
    assert catalog is not None
    return localize(report_of(workspace), catalog, "fr")


# the records


def test_what_was_one_object_stays_one_object(partly: Workspace) -> None:
    report = localized(partly).report
    source = report_of(partly)
    assert report.language == "fr"
    for found, original in zip(report.commitments, source.commitments, strict=True):
        assert found.id == original.id
        assert any(found.pillar is pillar for pillar in report.pillars)
        assert any(found.member is member for member in report.members)
        assert any(found.member.region is region for region in report.regions)


def test_only_words_are_changed(partly: Workspace) -> None:
    report = report_of(partly)
    seen: list[Prose] = []

    def keep(prose: Prose) -> Prose:
        seen.append(prose)
        return prose

    assert map_prose(report, keep) == report
    assert {id(prose) for prose in seen} == {id(prose) for _, prose in prose_in(report)}


def test_every_word_is_translated_or_marked(partly: Workspace) -> None:
    found = localized(partly)
    originals = {str(prose) for _, prose in prose_in(report_of(partly))}
    for _, prose in prose_in(found.report):
        if prose.origin is None:
            continue
        if prose.language:
            assert prose.language == "en"
            assert str(prose) in originals
        else:
            assert prose.startswith("⟦")
    assert {str(prose) for prose in found.missing} == {PARAGRAPH, TITLE}


def test_a_fuzzy_translation_is_missing(partly: Workspace, tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report")
    catalog = catalog_of(workspace)
    message = message_of(catalog, TITLE, "commitment:AKL001:title")
    assert message is not None
    message.flags.append("fuzzy")
    found = localize(report_of(workspace), catalog, "fr")
    assert [str(prose) for prose in found.missing] == [TITLE]


def test_the_source_s_language_needs_no_catalog(partly: Workspace) -> None:
    report = report_of(partly)
    assert locale_tags(Project(partly.root), report) == ("en", "es", "fr")
    found = load_locale(Project(partly.root), report, "en")
    assert found.report is report
    assert not found.missing
    assert not found.locale.is_draft


@pytest.mark.parametrize(
    ("settings", "draft"),
    [
        ("review: draft\n", True),
        ("review: reviewed\n", False),
        ("review: perhaps\n", None),
        ("# nothing\n", True),
        (None, True),
    ],
)
def test_a_translation_is_a_draft_until_it_is_reviewed(
    partly: Workspace, tmp_path: Path, settings: str | None, draft: bool | None
) -> None:
    workspace = translated(tmp_path / "report")
    path = workspace.root / "locales/fr/locale.yaml"
    path.unlink()
    if settings is not None:
        path.write_text(settings)
    found = load_locale(Project(workspace.root), report_of(workspace), "fr")
    if draft is None:
        assert found.report is None
        assert found.diagnostics
    else:
        assert found.locale.is_draft is draft


# HTML


def pages(workspace: Workspace) -> str:
    """Give the page sources of all parts in French."""
    project = Project(workspace.root)
    found = load_locale(project, report_of(workspace), "fr")
    assert found.report is not None
    tokens = read_tokens("".join(project.read(path).decode() for path in TOKENS), "fr")
    parts = parts_of(found.report)
    renderer = PageRenderer(project, found.report, parts, found.locale, tokens)
    html = "".join(renderer(part, PageNumbers({})) for part in parts)
    assert renderer.untranslated == {"Contents"}
    return html


def test_what_is_not_translated_says_its_language_in_html(partly: Workspace) -> None:
    html = pages(partly)
    marked = re.findall(r'<span lang="en" dir="ltr">(.*?)</span>', html)
    assert any(text.startswith("Records stand in <code>") for text in marked)
    assert TITLE in marked
    assert "Contents" in marked
    assert '<html lang="fr" dir="ltr"' in html
    assert len(set(marked)) == 3


# PDF


@pytest.fixture(scope="module")
def built(partly: Workspace) -> tuple[int, str, str]:
    """Both languages, built by one command: its exit code and what it printed."""
    result = partly.run("build", "--locale", "es", "--locale", "fr")
    return result.exit_code, result.stdout, result.stderr


def test_one_broken_catalog_does_not_stop_the_others(
    partly: Workspace, built: tuple[int, str, str]
) -> None:
    code, out, err = built
    assert code == 1
    assert out.startswith("out/clear-rivers.fr.digital.pdf  ")
    assert out.splitlines()[0].endswith("  3 texts not translated")
    spanish = catalog_path("es")
    line = re.match(rf"{spanish}:(\d+):1: error\[lost-in-translation]: the translation has", err)
    assert line
    assert "the translation has a link to 'network' nowhere, the source once; put it" in err
    text = (partly.root / spanish).read_text(encoding="utf-8").splitlines()
    assert text[int(line[1]) - 1].startswith("msgid")
    assert (partly.root / "out/clear-rivers.es.digital.pdf").read_bytes() == BEFORE


def elements(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Give all structure elements below one."""
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def test_what_is_not_translated_says_its_language_in_the_tags(
    partly: Workspace, built: tuple[int, str, str]
) -> None:
    with pikepdf.open(partly.root / "out/clear-rivers.fr.digital.pdf") as pdf:
        assert str(pdf.Root.Lang) == "fr"
        languages = [
            str(element.Lang) for element in elements(pdf.Root.StructTreeRoot) if "/Lang" in element
        ]
        titles = [str(e.get("/S")) for e in elements(pdf.Root.StructTreeRoot)]
    assert "/H1" in titles
    assert len(languages) >= len(MISSING)
    assert set(languages) == {"en"}


def test_strict_refuses_and_leaves_the_file(partly: Workspace, built: tuple[int, str, str]) -> None:
    path = partly.root / "out/clear-rivers.fr.digital.pdf"
    before = path.read_bytes()
    result = partly.run("build", "--locale", "fr", "--strict", "--json")
    assert result.exit_code == 1
    (output,) = json.loads(result.stdout)["outputs"]
    assert output["path"] is None
    assert output["untranslated"] == 3
    (problem,) = output["diagnostics"]
    assert problem["severity"] == "error"
    assert (problem["code"], problem["path"]) == ("not-translated", FR)
    assert problem["message"] == "3 texts have no translation"
    assert problem["hint"].endswith("'reportgen translate status' tells where")
    assert path.read_bytes() == before


def test_an_address_keeps_its_last_slash_behind_it_from_right_to_left(workspace: Workspace) -> None:
    report = report_of(workspace)
    address = "<https://example.org/a/>"
    assert "a/</a>" in ProseRenderer(report)(address)
    assert "a/\u200e</a>" in ProseRenderer(dataclasses.replace(report, language="ar"))(address)
