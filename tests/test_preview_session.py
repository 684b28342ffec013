"""What the preview shows after each save: `reportgen.preview.session`."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from reportgen.build.build import build
from reportgen.build.job import Job
from reportgen.build.start import start_project
from reportgen.preview.session import Session
from reportgen.preview.view import Shown, View
from reportgen.project import Project
from tests.conftest import Workspace

STARTER = Shown("en", "digital")
SECTION = "content/sections/introduction.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The starter with its design."""
    start_project(tmp_path / "report")
    return Workspace(tmp_path / "report")


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return Session(Project(workspace.root))


def updated(session: Session, shown: Shown = STARTER) -> View:
    """Give the last view after a save."""
    *_, view = session.update(shown)
    return view


def keys(view: View) -> set[str]:
    return {page.key for page in view.pages}


def changed_parts(before: View, after: View) -> set[str]:
    return {page.part for page in after.pages if page.key not in keys(before)}


def test_the_first_view_has_pages_and_choices(session: Session) -> None:
    view = updated(session)
    assert view.is_current
    assert [page.number for page in view.pages] == list(range(1, len(view.pages) + 1))
    assert session.choices() == (("en",), ("digital", "archive", "print"))
    png = Image.open(io.BytesIO(session.image(view.pages[0].key, 2)))
    assert png.size == (1588, 2246)  # A4 at twice 96 pixels an inch


def test_nothing_changed_is_nothing_laid_out(session: Session) -> None:
    assert updated(session).pages == updated(session).pages


def test_only_the_part_that_changed_has_new_pages(session: Session, workspace: Workspace) -> None:
    before = updated(session)
    workspace.append(SECTION, "\nOne more paragraph.\n")
    assert changed_parts(before, updated(session)) == {"sections-introduction"}


def test_a_number_in_the_contents_changes_with_the_pages(
    session: Session, workspace: Workspace
) -> None:
    before = updated(session)
    workspace.append(SECTION, "\nA paragraph of a few words.\n" * 60)
    after = updated(session)
    assert len(after.pages) > len(before.pages)
    assert {"sections-introduction", "contents"} <= changed_parts(before, after)
    assert "cover" not in changed_parts(before, after)


def test_a_style_lays_out_all_anew(session: Session, workspace: Workspace) -> None:
    before = updated(session)
    workspace.append("styles/base.css", "\nbody { margin-block-start: 1mm }\n")
    assert not keys(before) & keys(updated(session))


def test_a_picture_is_seen_to_change(session: Session, workspace: Workspace) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(picture, "PNG")
    workspace.edit("content/picture.png", picture.getvalue())
    workspace.append(SECTION, "\n![Something red](picture.png)\n")
    before = updated(session)
    assert before.is_current, before.diagnostics
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "blue").save(picture, "PNG")
    workspace.edit("content/picture.png", picture.getvalue())
    assert changed_parts(before, updated(session)) == {"sections-introduction"}


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("content/report.yaml", "slug: [", "invalid-yaml"),
        ("templates/parts/cover.html.j2", "{% nothing %}", "template-syntax"),
        ("styles/tokens.css", b"\xff", "invalid-utf8"),
    ],
)
def test_a_mistake_leaves_the_last_good_pages(
    session: Session, workspace: Workspace, file: str, text: str | bytes, code: str
) -> None:
    before = updated(session)
    good = (workspace.root / file).read_bytes()
    workspace.edit(file, text)
    broken = updated(session)
    assert not broken.is_current
    assert broken.pages == before.pages
    assert code in {d.code for d in broken.diagnostics}
    assert session.image(broken.pages[0].key, 1)
    workspace.edit(file, good)
    assert updated(session).is_current


def test_a_mistake_at_the_start_is_no_end(session: Session, workspace: Workspace) -> None:
    good = (workspace.root / SECTION).read_bytes()
    workspace.edit(SECTION, "---\ntitle: [\n---\n")
    view = updated(session)
    assert (view.is_current, view.pages) == (False, ())
    assert session.choices()[0] == ()
    workspace.edit(SECTION, good)
    assert updated(session).is_current


def test_a_locale_that_is_not_there_is_an_error(session: Session) -> None:
    view = updated(session, Shown("xx", "digital"))
    assert "missing-locale" in {d.code for d in view.diagnostics}
    assert view.pages == ()


def test_an_image_that_is_gone_is_a_key_error(session: Session, workspace: Workspace) -> None:
    old = updated(session).pages[-1]
    workspace.append("styles/base.css", "\nbody { margin-block-start: 1mm }\n")
    updated(session)
    with pytest.raises(KeyError):
        session.image(old.key, 1)
    with pytest.raises(KeyError):
        session.image("no-such-page", 1)


def test_links_lead_to_pages_and_addresses(session: Session) -> None:
    view = updated(session)
    areas = [area for page in view.pages for area in page.areas]
    numbers = {area.page for area in areas if area.page is not None}
    assert numbers
    assert max(numbers) < len(view.pages)
    assert any(area.url for area in areas)
    assert all(0 <= area.x <= 1 and 0 <= area.y <= 1 for area in areas)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "edition"), [("en", "digital"), ("ar", "print"), ("fr", "archive")]
)
def test_pages_after_a_change_are_those_of_a_whole_build(
    report_copy: Path, locale: str, edition: str
) -> None:
    project, shown = Project(report_copy), Shown(locale, edition)
    session = Session(project)
    updated(session, shown)
    commitment = report_copy / "content/commitments/kenya.yaml"
    commitment.write_text(
        commitment.read_text("utf-8").replace("title: ", "title: New ", 1), "utf-8"
    )
    section = report_copy / "content/sections/background.md"
    section.write_text(section.read_text("utf-8") + "\nOne more paragraph.\n" * 9, "utf-8")
    view = updated(session, shown)
    (output,) = build(project, [Job(locale, edition)], report_copy / "out")
    assert output.path, output.diagnostics
    with pypdfium2.PdfDocument(output.path) as document:
        assert len(document) == len(view.pages)
        for page, whole in zip(view.pages, document, strict=True):
            shown_page = Image.open(io.BytesIO(session.image(page.key, 1))).convert("RGB")
            built = whole.render(scale=96 / 72).to_pil().convert("RGB")
            assert ImageChops.difference(shown_page, built).getbbox() is None, page.number
