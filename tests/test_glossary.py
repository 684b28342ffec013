# ruff: noqa: E501 - the lines that the command prints are written out as they are printed
"""Terms have one translation; where a text has another, `reportgen check` warns, at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.locales.catalog import parse_catalog
from reportgen.locales.glossary import check_terms, read_glossary
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics
from tests.conftest import Altered
from tests.test_catalog import GOOD, PATH
from tests.translations import FR, translated

GLOSSARY = """\
action plan:
  fr: ["plan d’action", "plans d’action"]
  es: plan de acción
plan:
  fr: projet
river:
  fr: [rivière, fleuve]
"""


def told(source: str, translation: str, glossary: str = GLOSSARY, tag: str = "fr") -> list[str]:
    """Give the messages about one translation, and make sure of their line."""
    text = f'{GOOD}\nmsgctxt "section:introduction"\nmsgid "{source}"\nmsgstr "{translation}"\n'
    text = text.replace('msgstr[0] "engagement"', 'msgstr[0] "x"')
    diagnostics = Diagnostics()
    project = Altered(Path(__file__).parents[1], "locales/glossary.yaml", glossary.encode())
    terms = read_glossary(project, diagnostics)
    assert not len(diagnostics)
    catalog = parse_catalog(text, "fr", PATH, diagnostics)
    assert catalog is not None
    check_terms(catalog, tag, terms, diagnostics)
    found = diagnostics.sorted()
    assert all(p.span.line == len(text.splitlines()) - 1 for p in found)
    return [p.message for p in found]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("The river", "La rivière"),
        ("Rivers!", "Des FLEUVES !"),
        ("The *river*", "La *rivière*"),
        ("Riverside", "Au bord"),
        ("The r\u0131ver", "La rivière"),
        ("An action plan", "Un plan d’action"),
        ("Two action plans for a plan", "Deux plans d’action pour un projet"),
        ("A [link](river)", "Un [lien](river)"),
    ],
)
def test_an_approved_term_is_not_told(source: str, translation: str) -> None:
    assert told(source, translation) == []


@pytest.mark.parametrize(
    ("source", "translation", "message"),
    [
        (
            "The river",
            "Le ruisseau",
            "the source has 'river', the translation has not 'rivière' or 'fleuve'",
        ),
        (
            "RIVERS",
            "Ruisseaux",
            "the source has 'river', the translation has not 'rivière' or 'fleuve'",
        ),
        ("A plan", "Un plan", "the source has 'plan', the translation has not 'projet'"),
        (
            "Action plans",
            "Projets",
            "the source has 'action plan', the translation has not 'plan d’action' or 'plans d’action'",
        ),
    ],
)
def test_another_term_is_told(source: str, translation: str, message: str) -> None:
    assert told(source, translation) == [message]


def test_a_language_without_terms_has_no_warnings() -> None:
    assert told("The river", "Le ruisseau", tag="ar") == []


def test_check_tells_it_and_strict_takes_it_for_an_error(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report", keep={"rivers": "ruisseaux"})
    workspace.edit("locales/glossary.yaml", "drinking water:\n  fr: eau potable\n")
    lines = (workspace.root / FR).read_text(encoding="utf-8").splitlines()
    line = lines.index('msgid "drinking water"') + 1
    assert (
        f"{FR}:{line}:1: warning[glossary]: the source has 'drinking water', the translation has not 'eau potable';"
        " use the approved term, or add this one to locales/glossary.yaml\n"
    ) in workspace.check()
    assert workspace.run("check").exit_code == 0
    assert workspace.run("check", "--strict").exit_code == 1


@pytest.mark.parametrize("glossary", ["river: fleuve\n", "- river\n", "river: {fr: 1}\n", "a: [\n"])
def test_a_glossary_of_another_form_is_told(tmp_path: Path, glossary: str) -> None:
    diagnostics = Diagnostics()
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales/glossary.yaml").write_text(glossary)
    assert read_glossary(Project(tmp_path), diagnostics) == ()
    problems = diagnostics.sorted()
    print(*problems, sep="\n")
    assert problems
    assert all(p.span.path == "locales/glossary.yaml" and p.hint for p in problems)


def test_without_a_glossary_there_are_no_terms(tmp_path: Path) -> None:
    assert read_glossary(Project(tmp_path), Diagnostics()) == ()
