"""`reportgen translate`: catalogs are made, merged and counted; no translation is lost or stale."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import subprocess
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from babel.messages.frontend import CommandLineInterface
from polib import POFile

from reportgen.locales.catalog import catalog_path
from reportgen.locales.pofile import key_of, parse_po, strings_of
from reportgen.project import Project
from tests.conftest import Workspace
from tests.translations import (
    FR,
    PARAGRAPH,
    SECTION,
    catalog_of,
    message_of,
    msgfmt,
    needs_gettext,
    started,
    translated,
)

ROOT = Path(__file__).parents[1]
TEMPLATE = "locales/messages.pot"
CHANGED = ("Figures are counted from", "All figures, 100% of them, are counted from")
RECORD = """  - id: CH002
    year: 2024
    pillar: restore
    title: Open the old river arms
    summary: Let the river into three of its old arms again.
"""
POEDIT = (
    '"Content-Type',
    '"X-Generator: Poedit 3.4\\n"\n"X-Poedit-Bookmarks: 1,2\\n"\n"Content-Type',
)


@pytest.fixture
def french(tmp_path: Path) -> Workspace:
    """A report, translated into French."""
    return translated(tmp_path / "report")


def fuzzy(catalog: POFile) -> list[str]:
    return [message.msgid for message in catalog if message.fuzzy]


def update(workspace: Workspace, tag: str = "fr") -> bytes:
    """Update, make sure that once more changes nothing, and give the catalog."""
    path = workspace.root / catalog_path(tag)
    assert workspace.run("translate", "update").exit_code == 0
    data = path.read_bytes()
    assert workspace.run("translate", "update").exit_code == 0
    assert path.read_bytes() == data
    return data


# init


def test_init_writes_an_empty_catalog(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    result = workspace.run("translate", "init", "pt-BR")
    assert result.exit_code == 0
    path = "locales/pt_BR/LC_MESSAGES/messages.po"
    assert (
        result.stdout
        == f"{path}: to be translated; build it with: reportgen build --locale pt-BR\n"
    )
    assert (workspace.root / "locales/pt_BR/locale.yaml").read_text().endswith("review: draft\n")
    catalog = catalog_of(workspace, "pt-BR")
    assert len(catalog) > 40
    assert not any(any(strings_of(message)) for message in catalog)
    assert b"nplurals=2; plural=(n > 1)" in (workspace.root / path).read_bytes()


def test_init_does_not_overwrite(french: Workspace) -> None:
    before = (french.root / FR).read_bytes()
    result = french.run("translate", "init", "fr")
    assert result.exit_code == 2
    assert f"{FR} is there already; reportgen translate update merges it" in result.stderr
    assert (french.root / FR).read_bytes() == before


@pytest.mark.parametrize("tag", ["klingonese", "fr_FR", "fr-../..", "../fr", "", "f", "12"])
def test_what_is_no_language_is_refused(workspace: Workspace, tag: str) -> None:
    result = workspace.run("translate", "init", tag)
    assert result.exit_code == 2
    assert f"'{tag}' is not the tag of a language, such as fr or pt-BR" in result.stderr
    assert not (workspace.root / "locales").exists()


def test_the_content_s_own_language_is_refused(workspace: Workspace) -> None:
    result = workspace.run("translate", "init", "en")
    assert result.exit_code == 2
    assert "'en' is the language of the content: nothing to translate" in result.stderr


# extract


def test_a_message_has_its_place_context_and_comment(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    assert workspace.run("translate", "extract").exit_code == 0
    text = (workspace.root / TEMPLATE).read_text(encoding="utf-8")
    assert (
        "#. Summary; one paragraph (commitment NZ001).\n"
        "#: content/commitments/new-zealand.yaml:8\n"
        'msgctxt "commitment:NZ001:summary"\n'
        'msgid "Plant native trees on both banks, with the people who live there."\n'
    ) in text
    assert "#. Pull-out of the section introduction: words that stand so in your" in text
    # Nothing in it is of the day or of the machine.
    assert "POT-Creation-Date: 2024-05-01 00:00+0000" in text
    assert str(workspace.root) not in text


def test_every_part_of_the_content_is_in_the_template(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    workspace.run("translate", "extract")
    template = parse_po((workspace.root / TEMPLATE).read_text(encoding="utf-8"))
    owners = {(m.msgctxt or "interface:").split(":")[0] for m in template}
    content = {"commitment", "figure", "member", "pillar", "region", "report", "section"}
    assert owners == {*content, "interface"}
    for path in workspace.root.glob("content/**/*.*"):
        if path.name != "links.yaml":
            name = path.relative_to(workspace.root).as_posix()
            assert any(place[0] == name for m in template for place in m.occurrences), name


def test_pybabel_finds_the_same(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    workspace.run("translate", "extract")
    registered = entry_points(group="babel.extractors", name="reportgen")
    method, alias = "reportgen", ""
    if not registered:  # an installation from before the extractor was registered
        method = "content"
        alias = "[extractors]\ncontent = reportgen.locales.extract:extract_content\n"
    templates = "[jinja2: templates/**.j2]\nextensions = jinja2.ext.i18n,jinja2.ext.do\n"
    mapping = workspace.edit(
        "babel.cfg", f"{alias}[{method}: content/**]\n{templates}trimmed = true\n"
    )
    found = workspace.root / "found.pot"
    command = ["pybabel", "-q", "extract", "-F", str(mapping), "-c", "Translators:"]
    babel: Any = CommandLineInterface()
    with contextlib.chdir(workspace.root):
        babel.run([*command, "-o", str(found), "."])

    def messages(path: Path) -> dict[object, object]:
        catalog = parse_po(path.read_text(encoding="utf-8"))
        places = {
            key_of(m): [p for p in m.occurrences if not p[0].startswith("reportgen/")]
            for m in catalog
        }
        return {key: (sorted(at),) for key, at in places.items() if at}

    assert messages(found) == messages(workspace.root / TEMPLATE)


# update


def test_update_after_no_change_leaves_every_file_as_it_is(french: Workspace) -> None:
    french.edit(FR, POEDIT)
    update(french)
    before = {p: p.read_bytes() for p in french.root.glob("locales/**/*.*")}
    assert len(before) == 3
    assert b"X-Generator: Poedit 3.4" in before[french.root / FR]
    update(french)
    assert {p: p.read_bytes() for p in french.root.glob("locales/**/*.*")} == before


def test_a_changed_paragraph_makes_one_message_fuzzy(french: Workspace) -> None:
    before = catalog_of(french)
    french.edit(SECTION, CHANGED)
    data = update(french)
    catalog = catalog_of(french)
    assert fuzzy(catalog) == [PARAGRAPH.replace(*CHANGED)]
    (message,) = (m for m in catalog if m.fuzzy)
    old = message_of(before, PARAGRAPH, "section:introduction")
    assert old is not None
    assert message.msgstr == old.msgstr
    assert message.previous_msgid == PARAGRAPH
    assert b"python-format" not in data[data.index(b"#, fuzzy") :].split(b"\n")[0]
    assert b'#, fuzzy\n#| msgid ""\n#| "Records stand in' in data
    assert b"#| msgid_plural" not in data
    assert b"#~" not in data
    # Once a translator has looked at it, the old text goes, even if the editor left it there.
    french.edit(FR, ("#, fuzzy\n#| msgid", "#| msgid"))
    assert b"#|" not in update(french)


def test_a_paragraph_that_changed_twice_has_the_text_that_was_translated(french: Workspace) -> None:
    french.edit(SECTION, CHANGED)
    update(french)
    french.edit(SECTION, ("All figures", "Most figures"))
    update(french)
    (message,) = (m for m in catalog_of(french) if m.fuzzy)
    assert message.previous_msgid == PARAGRAPH


def test_a_fuzzy_message_is_not_used_by_the_edition(french: Workspace) -> None:
    french.edit(SECTION, CHANGED)
    update(french)
    assert "texts of the content without a translation: 1 (" in french.check()


def test_a_record_that_is_gone_is_kept_and_comes_back(french: Workspace) -> None:
    before = (french.root / FR).read_bytes()
    french.edit("content/commitments/switzerland.yaml", (RECORD, ""))
    french.edit("content/commitments/auckland.yaml", ("pillar: measure", "pillar: restore"))
    data = update(french)
    assert b'#~ msgctxt "commitment:CH002:title"\n#~ msgid "Open the old river arms"' in data
    assert fuzzy(catalog_of(french)) == []
    french.append("content/commitments/switzerland.yaml", RECORD)
    french.edit("content/commitments/auckland.yaml", ("pillar: restore", "pillar: measure"))
    assert update(french) == before


def test_what_was_fuzzy_when_it_went_comes_back_empty(french: Workspace) -> None:
    changed = ("three of its old arms again", "three of its old arms at last")
    french.edit("content/commitments/switzerland.yaml", changed)
    update(french)
    record = RECORD.replace(*changed)
    french.edit("content/commitments/switzerland.yaml", (record, ""))
    assert b"CH002:summary" not in update(french)
    french.append("content/commitments/switzerland.yaml", record)
    update(french)
    message = message_of(
        catalog_of(french),
        "Let the river into three of its old arms at last.",
        "commitment:CH002:summary",
    )
    assert message is not None
    assert message.fuzzy or not message.msgstr


def test_a_paragraph_that_moved_keeps_its_translation(french: Workspace) -> None:
    before = {key_of(m): strings_of(m) for m in catalog_of(french)}
    text = (french.root / SECTION).read_text(encoding="utf-8")
    head, first, pull_out, second, *figures = text.split("\n\n")
    french.edit(SECTION, "\n\n".join((head, second, pull_out, *figures, first.rstrip())) + "\n")
    update(french)
    catalog = catalog_of(french)
    assert fuzzy(catalog) == []
    assert {key_of(m): strings_of(m) for m in catalog} == before


def test_a_translator_s_comments_stay(french: Workspace) -> None:
    place = "#: content/sections/introduction.md:9\n"
    french.edit(FR, (place, f"# Ask the author.\n{place}"))
    assert b"# Ask the author.\n" in update(french)
    french.edit(SECTION, CHANGED)
    assert b"# Ask the author.\n" in update(french)


def test_update_of_one_locale_leaves_the_others(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report", "fr", "es")
    workspace.run("translate", "update")
    before = (workspace.root / FR).read_bytes()
    workspace.edit(SECTION, CHANGED)
    assert workspace.run("translate", "update", "es").exit_code == 0
    assert (workspace.root / FR).read_bytes() == before
    assert len(fuzzy(catalog_of(workspace, "es"))) == 1


def test_a_broken_catalog_is_left_as_it_is_and_the_others_are_updated(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report", "fr", "es")
    workspace.edit(SECTION, CHANGED)
    workspace.append(FR, '\nmsgid "open\n')
    before = (workspace.root / FR).read_bytes()
    result = workspace.run("translate", "update")
    assert result.exit_code == 1
    last = len(before.splitlines())
    assert result.stderr.startswith(f"{FR}:{last}:1: error[po-syntax]: ")
    assert (workspace.root / FR).read_bytes() == before
    assert len(fuzzy(catalog_of(workspace, "es"))) == 1


@pytest.mark.parametrize("command", ["init de", "extract", "update", "status", "pseudo"])
def test_content_with_an_error_is_told_and_nothing_done(french: Workspace, command: str) -> None:
    french.edit(SECTION, ("title: Introduction\n", ""))
    before = {p: p.read_bytes() for p in french.root.glob("locales/**/*.*")}
    result = french.run("translate", *command.split())
    assert result.exit_code == 1
    assert "error[no-keys]" in result.stderr
    assert result.stderr.endswith("nothing was done\n")
    assert {p: p.read_bytes() for p in french.root.glob("locales/**/*.*")} == before


# status


def test_status_counts_what_is_translated_fuzzy_and_missing(tmp_path: Path) -> None:
    gone = "Plant native trees on both banks, with the people who live there."
    workspace = translated(tmp_path / "report", keep={gone: None})
    workspace.edit(SECTION, CHANGED)
    update(workspace)
    result = workspace.run("translate", "status", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["diagnostics"] == []
    french = told["locales"]["fr"]
    parts = french.pop("parts")
    total = french["translated"] + 2
    words = len(gone.split()) + len(PARAGRAPH.replace(*CHANGED).split())
    assert french == {
        "translated": total - 2,
        "fuzzy": 1,
        "missing": 1,
        "words_to_go": words,
        "percent": round(100 * (total - 2) / total, 2),
    }
    assert parts["section introduction"]["fuzzy"] == 1
    assert parts["commitment"]["missing"] == 1
    assert parts["interface"]["percent"] == 100
    assert sum(part["translated"] for part in parts.values()) == total - 2
    lines = workspace.run("translate", "status").stdout.splitlines()
    assert lines[0].split() == ["translated", "fuzzy", "missing", "words", "to", "go", "%"]
    assert lines[1].split() == [
        "fr",
        str(total - 2),
        "1",
        "1",
        str(words),
        str(100 * (total - 2) // total),
    ]


def test_status_sees_a_change_before_the_update(french: Workspace) -> None:
    before = (french.root / FR).read_bytes()
    french.edit(SECTION, CHANGED)
    told = json.loads(french.run("translate", "status", "--json").stdout)["locales"]["fr"]
    assert (told["fuzzy"], told["missing"]) == (0, 1)
    assert (french.root / FR).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("100",), 1), (("90",), 0), (("100", "es"), 0), (("100", "fr"), 1), (("101",), 2)],
)
def test_fail_under(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    workspace = translated(tmp_path / "report", "fr", "es")
    french = (workspace.root / FR).read_text(encoding="utf-8").replace("⟦ Çlèàŕ", "⟦ Clear")
    text = french[: french.rindex("msgstr[0]")]
    workspace.edit(FR, text + 'msgstr[0] ""\nmsgstr[1] ""\n')
    result = workspace.run("translate", "status", "--fail-under", *arguments)
    assert result.exit_code == code, result.output


NEEDS_TEMPLATES = [("extract",), ("update",), ("status",), ("init", "de"), ("pseudo",)]


@pytest.mark.parametrize("command", NEEDS_TEMPLATES, ids=" ".join)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"<p>\n\xe9</p>",
            ":2:1: error[invalid-utf8]: byte 0xE9 is not valid UTF-8",
        ),
        (
            b"<p>\n{% if %}",
            ":2:1: error[template-syntax]: Expected an expression, got 'end of statement block'",
        ),
        (
            b"{{ " + b"(" * 10_000,
            ":1:1: error[template-syntax]: the template is nested too deeply",
        ),
    ],
    ids=["encoding", "syntax", "nesting"],
)
def test_a_template_that_can_t_be_read(
    french: Workspace, command: tuple[str, ...], content: bytes, message: str
) -> None:
    path = "templates/components/more.html.j2"
    french.edit(path, content)
    before = files_of(french.root / "locales")
    result = french.run("translate", *command)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith(f"{path}{message}; ")
    assert files_of(french.root / "locales") == before


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_template_outside_of_the_project(french: Workspace, tmp_path: Path) -> None:
    (tmp_path / "outside.html.j2").write_text("{% trans %}Secret{% endtrans %}")
    path = "templates/components/more.html.j2"
    (french.root / path).symlink_to(tmp_path / "outside.html.j2")
    result = french.run("translate", "extract")
    assert result.exit_code == 1
    assert result.output == (
        f"{path}:1:1: error[outside-project]: the file lies outside of the project; move it into"
        " the project's folder\n"
    )


@pytest.mark.parametrize("command", [("extract",), ("init", "de"), ("pseudo",)], ids=" ".join)
def test_locales_outside_of_the_project(tmp_path: Path, command: tuple[str, ...]) -> None:
    workspace = started(tmp_path / "report")
    (tmp_path / "outside").mkdir()
    (workspace.root / "locales").symlink_to(tmp_path / "outside")
    result = workspace.run("translate", *command)
    assert result.exit_code == 1
    assert "error[not-written]: it would lie outside of the project; " in result.output
    assert result.output.count("\n") == 1
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize(
    "command", ["translate update", "translate status", "check", "build", "fmt"]
)
def test_locales_that_may_not_be_read(
    french: Workspace, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    # The superuser may read all, and tests are often run by it.
    def refuse(project: Project, folder: str) -> tuple[str, ...]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)

    monkeypatch.setattr(Project, "folders", refuse)
    result = french.run(*command.split())
    assert result.exit_code == 1
    assert (
        "locales:1:1: error[unreadable-file]: the folder can't be read (Permission denied); make"
        " sure that it may be read\n"
    ) in result.output


def test_an_import_tells_locales_that_may_not_be_read(
    french: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(project: Project, folder: str) -> tuple[str, ...]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)

    monkeypatch.setattr(Project, "folders", refuse)
    french.edit("table.csv", "year,Clean rivers\n2023,1\n2024,2\n")
    result = french.run("import", "figure", "clean-rivers", "table.csv", "--apply")
    assert result.exit_code == 1
    assert "changed: content/figures/clean-rivers.csv\n" in result.output
    assert result.output.splitlines()[-1].startswith("locales:1:1: error[unreadable-file]: ")


def test_without_translations_there_is_a_hint(workspace: Workspace) -> None:
    result = workspace.run("translate", "status")
    assert result.exit_code == 0
    assert result.stdout == "no translations yet; reportgen translate init LOCALE starts one\n"


@pytest.mark.parametrize("command", ["update", "status"])
def test_an_unknown_locale_is_refused(french: Workspace, command: str) -> None:
    result = french.run("translate", command, "it")
    assert result.exit_code == 2
    assert "there is no catalog of 'it'; there are: fr" in result.stderr


# pseudo


def test_pseudo_writes_two_locales_that_are_complete(french: Workspace) -> None:
    before = french.check()
    result = french.run("translate", "pseudo")
    assert result.stdout.splitlines() == [str(catalog_path("en-XA")), str(catalog_path("ar-XB"))]
    for tag in ("en-XA", "ar-XB"):
        assert french.run("translate", "status", tag, "--fail-under", "100").exit_code == 0
    assert french.check() == before
    # They are for looking: no table of progress has them, unless it is asked.
    told = json.loads(french.run("translate", "status", "--json").stdout)["locales"]
    assert set(told) == {"fr"}


def test_all_locales_are_all_languages(french: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    french.run("translate", "pseudo")
    asked: list[tuple[str, ...]] = []

    def build(project: Any, jobs: Any, *_: Any, **__: Any) -> list[Any]:
        asked.append(tuple(job.locale for job in jobs))
        return []

    monkeypatch.setattr("reportgen.cli.build.build_outputs", build)
    french.run("build", "--all-locales")
    french.run("build", "--locale", "en-XA", "--locale", "fr", "--locale", "fr")
    french.run("build")
    assert asked == [("en", "fr"), ("en-XA", "fr"), ("en",)]


# gettext's own tools


@needs_gettext
def test_gettext_finds_nothing_wrong_with_what_is_written(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report", "fr", "ar", "zh-Hant")
    workspace.run("translate", "init", "pt-BR")
    workspace.run("translate", "pseudo")
    workspace.edit(SECTION, CHANGED)
    workspace.edit("content/commitments/switzerland.yaml", (RECORD, ""))
    workspace.edit("content/commitments/auckland.yaml", ("pillar: measure", "pillar: restore"))
    workspace.run("translate", "update")
    files = sorted(workspace.root.glob("locales/**/*.po"))
    assert len(files) == 6
    assert msgfmt(*files) == ""


@needs_gettext
def test_a_round_trip_through_msgmerge(french: Workspace) -> None:
    french.edit(FR, POEDIT)
    french.edit("content/commitments/switzerland.yaml", (RECORD, ""))
    french.edit("content/commitments/auckland.yaml", ("pillar: measure", "pillar: restore"))
    before = update(french)
    path, template = french.root / FR, french.root / TEMPLATE

    def merge() -> None:
        command = ["msgmerge", "--quiet", "--update", "--previous", "--backup=none"]
        subprocess.run([*command, str(path), str(template)], check=True)

    merge()
    assert update(french) == before
    # With a change, gettext makes it fuzzy just as we do; and when that is gone, we can read it.
    french.edit(SECTION, CHANGED)
    french.run("translate", "extract")
    merge()
    update(french)
    (message,) = (m for m in catalog_of(french) if m.fuzzy)
    assert message.previous_msgid == PARAGRAPH
    french.edit(SECTION, (CHANGED[1], "Nothing is"))
    french.run("translate", "extract")
    merge()
    update(french)
    assert msgfmt(path) == ""


REAL = sorted(ROOT.glob("locales/*/LC_MESSAGES/*.po"))


@needs_gettext
def test_gettext_finds_nothing_wrong_with_our_translations() -> None:
    assert {path.parts[-3] for path in REAL} >= {"fr", "es", "ar"}
    assert msgfmt(*REAL) == ""


def test_our_translations_are_complete_and_up_to_date(tmp_path: Path) -> None:
    for folder in ("content", "templates", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    workspace = Workspace(tmp_path)
    result = workspace.run("translate", "status", "fr", "es", "ar", "--fail-under", "100")
    assert result.exit_code == 0, result.output
    for name in ("fr", "es", "ar"):
        update(workspace, name)

    def without_places(path: Path) -> list[str]:
        return [x for x in path.read_text(encoding="utf-8").split("\n") if not x.startswith("#:")]

    for path in REAL:
        assert without_places(tmp_path / path.relative_to(ROOT)) == without_places(path)
