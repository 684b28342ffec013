"""`reportgen diff`: it names what has changed, all of it, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.comparison.align import align, unmoved
from reportgen.comparison.compare import Action, changed_commitments
from reportgen.comparison.revisions import RevisionError, _Entry, _write
from reportgen.exchange.words import Fate, changed_words
from reportgen.locales.pofile import parse_po, write_po
from reportgen.model.load import load_report
from reportgen.project import Project
from tests.conftest import Workspace

CATALOG = "locales/fr/LC_MESSAGES/messages.po"


def git(root: Path, *arguments: str) -> str:
    who = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    when = ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        **dict.fromkeys(who, "a@example.org"),
        **dict.fromkeys(when, "2024-03-05T12:00:00Z"),
    }
    done = subprocess.run(
        ["git", *arguments], cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def old(workspace: Workspace) -> Workspace:
    """A report in French and English, with a design, as the first commit of a repository."""
    workspace.edit("templates/base.html.j2", "<p>{% trans %}Figures{% endtrans %}</p>\n")
    workspace.edit("styles/base.css", "p { color: var(--ink) }\n")
    workspace.edit("content/sections/notes.md", "---\ntitle: Notes\n---\n\nOne.\n")
    workspace.run("translate", "init", "fr")
    catalog = parse_po((workspace.root / CATALOG).read_text("utf-8"))
    for message in catalog:
        message.msgstr = message.msgid
        message.msgstr_plural = dict.fromkeys(message.msgstr_plural, message.msgid_plural)
    workspace.edit(CATALOG, write_po(catalog))
    git(workspace.root, "init", "-q", "-b", "main")
    commit(workspace)
    return workspace


def commit(workspace: Workspace, message: str = "all") -> None:
    git(workspace.root, "add", "-A")
    git(workspace.root, "commit", "-q", "-m", message)


def compared(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    result = workspace.run("diff", *(arguments or ("HEAD",)), "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def names(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(c["kind"], c["action"], c["id"]) for c in found["changes"]]


def values(found: dict[str, Any], name: str) -> dict[str, tuple[str | None, str | None]]:
    """Give what differs in an entry, by the way to it."""
    (change,) = (c for c in found["changes"] if c["id"] == name)
    return {".".join(d["path"]): (d["old"], d["new"]) for d in change["differences"]}


def text(workspace: Workspace, *arguments: str) -> str:
    result = workspace.run("diff", *(arguments or ("HEAD",)))
    assert result.exit_code == 0, result.output
    return result.output


def test_without_a_change_there_is_none(old: Workspace) -> None:
    assert compared(old)["changes"] == []
    assert text(old).endswith("nothing has changed\n")
    assert old.run("diff", "HEAD", "--exit-code").exit_code == 0


def test_a_change_leaves_with_1_only_if_that_is_asked_for(old: Workspace) -> None:
    old.edit("styles/base.css", "p { color: var(--paper) }\n")
    assert old.run("diff", "HEAD").exit_code == 0
    assert old.run("diff", "HEAD", "--exit-code").exit_code == 1


def test_every_kind_of_change_is_named_and_no_other(old: Workspace) -> None:
    old.edit("content/report.yaml", ("drinking water]", "clean water, law]"))
    old.edit("content/report.yaml", ("date: 2024-05", "date: 2024-06"))
    old.edit("content/links.yaml", ("network:\n", "network: # the network\n"))
    old.append("content/links.yaml", "  other:\n    status: unknown\n")
    old.edit("content/pillars.yaml", ("numbers.", "numbers twice."))
    old.edit(
        "content/regions.yaml", "downstream:\n  name: Downstream\nupstream:\n  name: Upstream\n"
    )
    old.edit("content/members.yaml", ("id_prefix: AKL", "id_prefix: AKL\n  slug: tamaki"))
    old.edit("content/commitments/switzerland.yaml", ("a week after", "two weeks after"))
    old.edit("content/commitments/switzerland.yaml", ("CH002", "CH003"))
    old.edit("content/sections/introduction.md", ("are counted from", "are made from"))
    (old.root / "content/sections/notes.md").unlink()
    old.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n2023,61.5\n2024,65\n2025,\n")
    old.edit("content/figures/by-year.yaml", ("caption: Counted", "caption: All counted"))
    old.edit("templates/base.html.j2", ("<p>", "<p >"))
    old.edit("templates/new.html.j2", "")
    (old.root / "styles/base.css").unlink()
    old.edit("content/picture.svg", "<svg/>")
    old.edit("locales/glossary.yaml", "river:\n  fr: rivière\n")
    found = compared(old)
    assert names(found) == [
        ("settings", "changed", "content/report.yaml"),
        ("settings", "added", "locales/glossary.yaml"),
        ("pillar", "changed", "measure"),
        ("region", "moved", "upstream"),
        ("member", "changed", "auckland"),
        ("commitment", "changed", "CH001"),
        ("commitment", "added", "CH003"),
        ("commitment", "removed", "CH002"),
        ("section", "changed", "introduction"),
        ("section", "removed", "notes"),
        ("figure", "changed", "by-year"),
        ("figure", "changed", "clean-rivers"),
        ("link", "added", "other"),
        ("template", "changed", "templates/base.html.j2"),
        ("template", "added", "templates/new.html.j2"),
        ("style", "removed", "styles/base.css"),
        ("file", "added", "content/picture.svg"),
    ]
    assert values(found, "content/report.yaml") == {
        "date": ("2024-05", "2024-06"),
        "keywords.2": ("drinking water", "clean water"),
        "keywords.3": (None, "law"),
    }
    assert values(found, "clean-rivers") == {
        "row.2025": (None, "Clean rivers: –"),
        "row.2024.Clean rivers": ("64", "65"),
    }
    assert values(found, "auckland") == {"slug": (None, "tamaki")}
    assert set(values(found, "CH001")) == {"summary"}
    assert set(values(found, "introduction")) == {"blocks.3"}
    told = text(old)
    assert "after they were taken" not in told or "[-a week-] {+two weeks+} after" in told
    assert "points.2: Let everyone check the [-numbers.-]{+numbers twice.+}" in told
    assert "2024, Clean rivers: [-64-]{+65+}" in told
    assert "+ CH003  switzerland: Open the old river arms" in told


def test_a_block_that_moved_is_not_a_rewritten_one(old: Workspace) -> None:
    body = ["First words stand here.", "Second words stand there.", "Third ones are elsewhere."]
    page = "---\ntitle: Notes\n---\n\n{}\n"
    old.edit("content/sections/notes.md", page.format("\n\n".join(body)))
    commit(old)
    moved = [body[2].replace("elsewhere", "here"), body[0], body[1]]
    old.edit("content/sections/notes.md", page.format("\n\n".join(moved)))
    (change,) = compared(old)["changes"]
    assert [(d["path"], d["moved"]) for d in change["differences"]] == [(["blocks", "1"], True)]
    old.edit("content/sections/notes.md", page.format("\n\n".join([body[2], *body[:2]])))
    (change,) = compared(old)["changes"]
    (difference,) = change["differences"]
    assert (difference["old"], difference["new"], difference["moved"]) == (body[2], body[2], True)
    assert "block 1: (moved) Third ones" in text(old)


def test_what_is_only_written_otherwise_is_told_as_that(old: Workspace) -> None:
    old.append("content/members.yaml", "# the end\n")
    old.edit("content/figures/clean-rivers.csv", "year;Clean rivers\n2023;61.50\n2024;64\n")
    assert names(compared(old)) == [
        ("file", "rewritten", "content/figures/clean-rivers.csv"),
        ("file", "rewritten", "content/members.yaml"),
    ]


def test_a_record_that_goes_to_another_member_is_one_change(old: Workspace) -> None:
    old.edit("content/members.yaml", ("code: NZ\n", "code: NZ\n  id_prefix: CH\n"))
    old.edit("content/members.yaml", ("code: CH\n", "code: CH\n  id_prefix: SW\n"))
    file = old.root / "content/commitments/switzerland.yaml"
    records = file.read_text("utf-8").replace("member: switzerland", "member: new-zealand")
    file.unlink()
    old.edit("content/commitments/new-zealand.yaml", records)
    found = compared(old)
    assert values(found, "CH002") == {"member": ("switzerland", "new-zealand")}
    (change,) = (c for c in found["changes"] if c["id"] == "CH002")
    assert change["files"] == [
        "content/commitments/switzerland.yaml",
        "content/commitments/new-zealand.yaml",
    ]


def test_translations_that_changed_and_those_that_became_stale(old: Workspace) -> None:
    old.edit("content/pillars.yaml", ("title: Measure what flows", "title: Measure all"))
    old.edit(
        "content/pillars.yaml", ("    - Give rivers", "    - Let them flow.\n    - Give rivers")
    )
    old.edit("templates/base.html.j2", "<p>{% trans %}Drawings{% endtrans %}</p>\n")
    lines = (old.root / CATALOG).read_text("utf-8").split("\n")
    at = lines.index('msgid "Upstream"')
    lines[at + 1] = 'msgstr "En amont"'
    old.edit(CATALOG, "\n".join(lines))
    found = compared(old)
    messages = [c for c in found["changes"] if c["kind"] == "message"]
    assert [(c["group"], c["title"]) for c in messages] == [("fr", "Upstream")]
    assert [(s["context"], s["text"], s["old"], s["lack"]) for s in found["stale"]] == [
        ("pillar:measure:title", "Measure all", "Measure what flows", "outdated"),
        ("pillar:restore:points", "Let them flow.", None, "missing"),
        ("", "Drawings", None, "missing"),
    ]
    assert old.run("translate", "update").exit_code == 0
    stale = compared(old)["stale"]
    assert [s["lack"] for s in stale] == ["fuzzy", "missing", "missing"]
    told = text(old)
    assert "pillar:measure:title  (fr: marked as fuzzy" in told
    assert "Measure [-what flows-]{+all+}" in told
    assert "fr: 2 texts without a translation new" in told


def test_two_folders_and_two_revisions(old: Workspace, tmp_path: Path) -> None:
    shutil.copytree(old.root, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    old.edit("content/regions.yaml", ("name: Upstream", "name: Up"))
    assert names(compared(old, "../copy", ".")) == [("region", "changed", "upstream")]
    commit(old)
    assert names(compared(old, "HEAD~1", "HEAD")) == [("region", "changed", "upstream")]
    assert compared(old, "HEAD")["changes"] == []
    # Two folders need no report around.
    result = Workspace(tmp_path).run("diff", "copy", "report")
    assert result.exit_code == 0
    assert "Region" in result.output


def test_a_report_in_a_folder_of_the_repository(workspace: Workspace, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "content").mkdir()
    (tmp_path / "content/report.yaml").write_text("not this one")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "all")
    workspace.edit("content/regions.yaml", ("name: Upstream", "name: Up"))
    assert names(compared(workspace)) == [("region", "changed", "upstream")]


def test_nothing_in_the_repository_changes(old: Workspace) -> None:
    old.edit("content/regions.yaml", ("name: Upstream", "name: Up"))

    def state() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in (old.root / ".git").rglob("*") if p.is_file()}

    before = state()
    old.run("diff", "HEAD")
    assert state() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no-such",), "there is no revision 'no-such'"),
        (("missing.pdf",), "there is no revision 'missing.pdf'"),
        (("--", "--output=x"), "there is no revision '--output=x'"),
        (("--", "-x"), "there is no revision '-x'"),
        (("a\0b",), "there is no revision"),
        (("HEAD:content",), "there is no revision"),
        (("HEAD", "--format", "pdf"), "give --out FILE"),
        (("HEAD", "--pages"), "give OLD and NEW"),
        ((".", "--out", "content/.."), "is a directory"),
    ],
)
def test_what_can_not_be_asked_for(old: Workspace, arguments: tuple[str, ...], told: str) -> None:
    result = old.run("diff", *arguments)
    assert result.exit_code == 2
    assert told in result.output.replace("\n", " ")
    assert not (old.root / "x").exists()


def test_a_branch_that_begins_with_a_hyphen(old: Workspace) -> None:
    git(old.root, "update-ref", "refs/heads/-q", "HEAD")
    old.edit("content/regions.yaml", ("name: Upstream", "name: Up"))
    assert "Upstream" in old.run("diff", "--", "-q").output


def test_a_folder_without_a_repository(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.root.parent))
    result = workspace.run("diff", "HEAD")
    assert (result.exit_code, "is in no git repository" in result.output) == (2, True)
    monkeypatch.setenv("PATH", str(workspace.root))
    result = workspace.run("diff", "HEAD")
    assert (result.exit_code, "git, which is not installed" in result.output) == (2, True)


def test_a_revision_without_the_report(old: Workspace) -> None:
    git(old.root, "rm", "-q", "-r", "--cached", "content")
    git(old.root, "commit", "-q", "-m", "no content")
    result = old.run("diff", "HEAD")
    assert result.exit_code == 2
    assert "has no content/report.yaml" in result.output


def test_a_shallow_copy_says_so(old: Workspace, tmp_path: Path) -> None:
    old.edit("content/regions.yaml", ("name: Upstream", "name: Up"))
    commit(old)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{old.root}", "shallow")
    result = Workspace(tmp_path / "shallow").run("diff", "HEAD~1")
    assert "git fetch --unshallow" in result.output


@pytest.mark.parametrize("side", ["old", "new"])
def test_errors_on_a_side_are_told_with_the_side(old: Workspace, side: str) -> None:
    old.edit("content/pillars.yaml", ("title: Measure", "titel: Measure"))
    if side == "old":
        commit(old)
        old.edit("content/pillars.yaml", ("titel: Measure", "title: Measure"))
    result = old.run("diff", "HEAD")
    assert result.exit_code == 1
    assert "content/pillars.yaml:3:3: error[unknown-key]" in result.output
    where = "in HEAD (" if side == "old" else "in the working tree: "
    assert where in result.output
    as_json = old.run("diff", "HEAD", "--format", "json")
    assert json.loads(as_json.stdout)["diagnostics"][0]["code"] == "unknown-key"


def test_a_catalog_that_is_none(old: Workspace) -> None:
    old.append(CATALOG, "\nmsgid nothing\n")
    result = old.run("diff", "HEAD")
    assert (result.exit_code, "error[po-syntax]" in result.output) == (1, True)


def test_a_link_in_a_revision_leads_nowhere_outside(old: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("a:\n  name: Secret\n")
    regions = old.root / "content/regions.yaml"
    whole = regions.read_bytes()
    regions.unlink()
    regions.symlink_to(secret)
    commit(old)
    regions.unlink()
    regions.write_bytes(whole)
    result = old.run("diff", "HEAD")
    assert (result.exit_code, "error[outside-project]" in result.output) == (1, True)
    assert "Secret" not in result.output


@pytest.mark.parametrize("name", ["..", ".git"])
def test_a_tree_that_git_would_not_write_is_refused(old: Workspace, name: str) -> None:
    def written(kind: str, data: bytes) -> bytes:
        command = ["git", "hash-object", "-t", kind, "-w", "--literally", "--stdin"]
        done = subprocess.run(command, cwd=old.root, input=data, check=True, capture_output=True)
        return bytes.fromhex(done.stdout.decode().strip())

    blob = written("blob", b"x")
    inner = written("tree", b"100644 evil\0" + blob)
    whole = b"40000 " + name.encode() + b"\0" + inner
    head = git(old.root, "rev-parse", "HEAD:content").strip()
    tree = written("tree", whole + b"40000 content\0" + bytes.fromhex(head)).hex()
    revision = git(old.root, "commit-tree", "-m", "evil", tree).strip()
    result = old.run("diff", revision)
    assert result.exit_code == 2
    assert "the revision has a file called" in result.output
    assert not (old.root.parent / "evil").exists()


def test_a_link_in_a_revision_to_a_file_of_the_report(old: Workspace) -> None:
    shared = old.root / "shared"
    shared.mkdir()
    regions = old.root / "content/regions.yaml"
    regions.rename(shared / "regions.yaml")
    regions.symlink_to("../shared/regions.yaml")
    commit(old)
    old.edit("shared/regions.yaml", ("name: Upstream", "name: Up"))
    assert names(compared(old)) == [("region", "changed", "upstream")]


def test_the_answer_never_takes_the_place_of_what_is_compared(old: Workspace) -> None:
    old.edit("a.pdf", b"%PDF-1.7")
    result = old.run("diff", "a.pdf", "--out", "./a.pdf")
    assert (result.exit_code, "would overwrite" in result.output) == (2, True)
    assert (old.root / "a.pdf").read_bytes() == b"%PDF-1.7"


def test_text_that_a_terminal_would_run_is_shown(old: Workspace) -> None:
    old.edit("content/regions.yaml", ("name: Upstream", 'name: "Up \\u202e stream"'))
    assert "\u202e" not in text(old)


def test_changed_commitments_by_id(old: Workspace) -> None:
    before = load_report(Project(old.root)).report
    old.edit("content/commitments/switzerland.yaml", ("CH002", "CH003"))
    old.edit("content/commitments/new-zealand.yaml", ("year: 2023", "year: 2024"))
    after = load_report(Project(old.root)).report
    assert before
    assert after
    assert changed_commitments(before, after) == {"NZ001": Action.CHANGED, "CH003": Action.ADDED}
    assert changed_commitments(after, after) == {}


def test_colours_are_marks_beside_the_signs(old: Workspace) -> None:
    from reportgen.cli.changes import as_text
    from reportgen.comparison.sides import compare_states, opened

    old.edit("content/regions.yaml", ("name: Upstream", "name: Up"))
    current = Project(old.root)
    with opened("HEAD", current) as one, opened(None, current) as other:
        told = as_text(compare_states(one, other))
    assert told != click.unstyle(told)
    assert "name: [-Upstream-]{+Up+}" in click.unstyle(told)


texts = st.lists(st.sampled_from(["a b c", "a b d", "x", "y z", "x y z", ""]), max_size=8)


@given(texts, texts)
def test_all_items_of_two_lists_are_told_once(before: list[str], after: list[str]) -> None:
    pairs = align(before, after)
    assert sorted(p.old for p in pairs if p.old is not None) == list(range(len(before)))
    assert [p.new for p in pairs if p.new is not None] == list(range(len(after)))
    stayed = [
        (p.old, p.new) for p in pairs if p.old is not None and p.new is not None and not p.moved
    ]
    assert stayed == sorted(stayed)
    assert (
        align(before, before) == tuple(type(pairs[0])(n, n) for n in range(len(before)))
        if before
        else True
    )


@given(st.permutations(range(7)))
def test_one_item_that_moved_is_one(order: list[int]) -> None:
    staying = unmoved(range(7), order)
    places = [order[index] for index in sorted(staying)]
    assert places == sorted(places)
    moved = list(range(7))
    moved.insert(order[0], moved.pop(order[1]))
    assert len(unmoved(range(7), moved)) == (7 if order[0] == order[1] else 6)


@given(st.text(max_size=80), st.text(max_size=80))
def test_words_give_both_texts_back(before: str, after: str) -> None:
    runs = changed_words(before, after)
    assert "".join(run.text for run in runs if run.fate is not Fate.ADDED) == before
    assert "".join(run.text for run in runs if run.fate is not Fate.REMOVED) == after


def files_of(root: Path) -> list[str]:
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return sorted(str(path) for path in paths if not str(path).startswith("."))


@pytest.mark.slow
def test_no_change_of_any_file_is_passed_over(old: Workspace) -> None:
    """Each file by itself, with an empty line more: it is named, and no other one."""
    names_of_files = files_of(old.root)
    assert len(names_of_files) > 15
    for name in names_of_files:
        whole = (old.root / name).read_bytes()
        old.append(name, "\n")
        (change,) = compared(old)["changes"]
        assert change["files"] == [name]
        has_no_data = name.startswith(("styles", "templates")) or name.endswith(".pot")
        assert change["action"] == ("changed" if has_no_data else "rewritten")
        (old.root / name).write_bytes(whole)


def test_a_text_far_away_must_be_more_alike() -> None:
    old, new = ["a b", "same", "c d"], ["a x", "same", "e b"]
    pairs = [(p.old, p.new) for p in align(old, new)]
    assert (0, 0) in pairs
    assert (0, 2) not in pairs


def make_tree(workspace: Workspace, lines: bytes) -> bytes:
    command = ["git", "mktree", "-z"]
    done = subprocess.run(command, cwd=workspace.root, input=lines, check=True, capture_output=True)
    return done.stdout.strip()


def tree_of(workspace: Workspace, entries: list[tuple[str, str, bytes]]) -> str:
    """Give a commit whose folder `content` has objects of a mode and a name."""
    lines = b""
    for mode, name, data in entries:
        made = subprocess.run(
            ["git", "hash-object", "-w", "--stdin"],
            cwd=workspace.root,
            input=data,
            check=True,
            capture_output=True,
        ).stdout.strip()
        lines += mode.encode() + b" blob " + made + b"\t" + name.encode() + b"\0"
    content = make_tree(workspace, lines)
    tree = make_tree(workspace, b"040000 tree " + content + b"\tcontent\0").decode()
    return git(workspace.root, "commit-tree", "-m", "all", tree).strip()


@pytest.mark.parametrize("target", [b"a\0b", b"", b"a" * 5000])
def test_a_link_in_a_revision_to_no_name(old: Workspace, target: bytes) -> None:
    commit = tree_of(old, [("100644", "report.yaml", b"a: 1\n"), ("120000", "link", target)])
    result = old.run("diff", commit)
    assert result.exit_code == 2
    assert "the revision has a link that leads to no name: 'content/link'" in result.output


def test_nothing_of_a_revision_is_written_through_a_link(tmp_path: Path) -> None:
    entries = [
        _Entry("120000", "", PurePosixPath("content/A")),
        _Entry("120000", "", PurePosixPath("content/a/b")),
    ]
    (tmp_path / "outside").mkdir()
    with pytest.raises(RevisionError, match="a file below a link: 'content/a/b'"):
        _write(tmp_path / "in", entries, [str(tmp_path / "outside").encode(), b"x"])
    assert not list((tmp_path / "outside").iterdir())


@pytest.mark.parametrize("name", ["-x", "--output=a", "--help"])
def test_a_revision_whose_name_begins_with_a_dash(old: Workspace, name: str) -> None:
    git(old.root, "update-ref", f"refs/tags/{name}", "HEAD")
    assert "nothing has changed" in old.run("diff", "--", name).output
    assert not (old.root / "a").exists()


def test_an_empty_name_names_nothing(old: Workspace) -> None:
    for names in (("",), ("HEAD", ""), ("", "HEAD")):
        result = old.run("diff", *names)
        assert (result.exit_code, "'' names nothing" in result.output) == (2, True)


@pytest.mark.parametrize(
    "command",
    [
        "diff HEAD --out content/report.yaml",
        "diff HEAD --out ./styles/../locales/changes.txt",
        "diff --pages a.pdf b.pdf --out templates/new/overlay.pdf",
        "diff HEAD --out link.yaml",
        "diff HEAD --out folder/report.yaml",
        "export commitments --out content/report.yaml",
        "export figure clean-rivers --out content/figures/clean-rivers.csv",
        "build --out content/commitments",
        "build --out styles",
    ],
)
def test_nothing_is_written_onto_a_report(old: Workspace, command: str) -> None:
    (old.root / "link.yaml").symlink_to("content/report.yaml")
    (old.root / "folder").symlink_to("content")
    before = {path: path.read_bytes() for path in old.root.rglob("*") if path.is_file()}
    result = old.run(*command.split())
    assert result.exit_code == 2
    assert "which a report is made of; choose another place" in result.output
    assert {path: path.read_bytes() for path in old.root.rglob("*") if path.is_file()} == before


def test_a_side_is_not_written_onto(old: Workspace) -> None:
    old.edit("old.pdf", b"%PDF")
    os.link(old.root / "old.pdf", old.root / "same.pdf")
    result = old.run("diff", "old.pdf", "--format", "pdf", "--out", "same.pdf")
    assert (result.exit_code, "would overwrite" in result.output) == (2, True)


def test_an_answer_that_can_not_be_written_has_a_place(old: Workspace) -> None:
    old.edit("README", "x")
    result = old.run("diff", "HEAD", "--out", "README/x.txt")
    assert result.exit_code == 1
    assert "README/x.txt:1:1: error[not-written]: " in result.output
