"""Templates are the designer's: a mistake in one is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.build.start import start_project
from reportgen.locales.locale import Locale
from reportgen.model.load import load_report
from reportgen.pages.parts import parts_of
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError


def render_cover(root: Path) -> str:
    project = Project(root)
    report = load_report(project).report
    assert report is not None
    parts = parts_of(report)
    return PageRenderer(project, report, parts, Locale("en", "en"), {})(parts[0], PageNumbers({}))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    start_project(tmp_path / "report")
    return tmp_path / "report"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "{% block x %}\n\n{{ report.titel }}{% endblock %}",
            "html.j2:3:1: error[template-failed]",
        ),
        ("\n{% if %}", "html.j2:2:1: error[template-syntax]"),
        ("{% include 'none.j2' %}", "none.j2:1:1: error[missing-template]"),
        ("{{ ''.__class__.__mro__ }}", "error[template-failed]: SecurityError"),
        ("{% include '../content/report.yaml' %}", "error[missing-template]"),
        ("{{ 1 / 0 }}", "error[template-failed]: ZeroDivisionError"),
    ],
)
def test_a_wrong_template_is_told_with_its_place(root: Path, template: str, message: str) -> None:
    (root / "templates/parts/cover.html.j2").write_text(template)
    with pytest.raises(DiagnosedError) as error:
        render_cover(root)
    assert message in str(error.value)


def test_a_missing_template_is_told(root: Path) -> None:
    (root / "templates/parts/cover.html.j2").unlink()
    with pytest.raises(DiagnosedError, match=r"parts/cover\.html\.j2:1:1: error\[missing"):
        render_cover(root)


def test_a_template_that_is_not_utf_8_is_told_where_it_is_included(root: Path) -> None:
    (root / "templates/parts/cover.html.j2").write_text("{% include 'components/more.j2' %}")
    (root / "templates/components/more.j2").write_bytes(b"<p>\n\xe9</p>")
    with pytest.raises(DiagnosedError, match=r"components/more\.j2:2:1: error\[invalid-utf8\]"):
        render_cover(root)


def test_content_is_escaped(root: Path) -> None:
    path = root / "content/report.yaml"
    text = path.read_text().replace("title: Clear Rivers", "title: Fish & \\{{ 7 * 7 }} \\<b>")
    path.write_text(text)
    html = render_cover(root)
    assert "Fish &amp; {{ 7 * 7 }} &lt;b&gt;" in html
