"""What is kept from one build to the next: never a wrong output, and nothing made twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import reportgen
import reportgen.build.make
from reportgen.build.cache import CACHE, Cache, Forgotten, Recalled
from reportgen.build.decode import decode
from reportgen.build.failure import failed
from reportgen.build.job import Job, Made
from reportgen.build.kept import Kept
from reportgen.build.start import start_project
from reportgen.preflight.result import Check, Finding, Outcome, Preflight
from reportgen.project import Project, Recorder
from reportgen.source.diagnostics import Diagnostic, Severity, Span
from tests.conftest import Workspace

MADE_WITH = {"reportgen": "1"}


@dataclass(frozen=True)
class Thing:
    """Something that can be kept."""

    pages: int


SECTION = "content/sections/introduction.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The starter with its design and a French catalog."""
    start_project(tmp_path / "report")
    made = Workspace(tmp_path / "report")
    assert made.run("translate", "init", "fr").exit_code == 0
    return made


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A project with next to nothing in it."""
    made = Workspace(tmp_path / "report")
    made.edit("content/report.yaml", "slug: bare\n")
    made.edit(SECTION, "# A section\n")
    return made


def remembered(workspace: Workspace) -> Cache:
    """Give a cache that knows of one thing, which was made of a section."""
    project = Project(workspace.root)
    recorder = Recorder.of(project)
    recorder.read(SECTION)
    cache = Cache(project, MADE_WITH)
    cache.remember("thing", recorder.answers, Thing(3), b"bytes")
    return Cache(project, MADE_WITH)


# The cache


def test_what_was_kept_is_recalled(bare: Workspace) -> None:
    assert remembered(bare).recall("thing", Thing) == Recalled(Thing(3), b"bytes")


def test_what_was_not_made_is_not_recalled(bare: Workspace) -> None:
    assert remembered(bare).recall("other", Thing) == Forgotten(("it was not built before",))


def test_what_has_changed_is_told(bare: Workspace) -> None:
    cache = remembered(bare)
    bare.append(SECTION, "\nMore.\n")
    assert cache.recall("thing", Thing) == Forgotten((f"'{SECTION}' has changed",))


def test_another_program_makes_anew(bare: Workspace) -> None:
    remembered(bare)
    found = Cache(Project(bare.root), {"reportgen": "2"}).recall("thing", Thing)
    assert found == Forgotten(("reportgen is another one than before",))


def test_a_state_that_comes_back_is_recalled(bare: Workspace) -> None:
    remembered(bare)
    old = (bare.root / SECTION).read_bytes()
    bare.append(SECTION, "\nMore.\n")
    project = Project(bare.root)
    recorder = Recorder.of(project)
    recorder.read(SECTION)
    Cache(project, MADE_WITH).remember("thing", recorder.answers, Thing(4), b"more")
    assert Cache(project, MADE_WITH).recall("thing", Thing) == Recalled(Thing(4), b"more")
    bare.edit(SECTION, old)
    assert Cache(project, MADE_WITH).recall("thing", Thing) == Recalled(Thing(3), b"bytes")


@pytest.mark.parametrize("damage", [b"", b"other", b"a\nb", b"\xff", b"[]"])
@pytest.mark.parametrize("where", ["entries", "objects"])
def test_a_damaged_cache_is_as_good_as_none(bare: Workspace, where: str, damage: bytes) -> None:
    cache = remembered(bare)
    for path in (bare.root / CACHE / where).iterdir():
        path.write_bytes(damage)
    assert isinstance(cache.recall("thing", Thing), Forgotten)


def test_a_cache_that_cannot_be_written_is_none(bare: Workspace) -> None:
    bare.edit(str(CACHE), b"a file")
    assert isinstance(remembered(bare).recall("thing", Thing), Forgotten)


def test_a_cache_outside_of_the_project_is_none(bare: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (bare.root / CACHE.parent).symlink_to(tmp_path / "elsewhere")
    assert isinstance(remembered(bare).recall("thing", Thing), Forgotten)
    assert not any((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("link", ["", "objects", "entries"])
def test_a_link_to_another_folder_is_never_followed(
    bare: Workspace, tmp_path: Path, link: str
) -> None:
    remembered(bare)
    place, elsewhere = bare.root / CACHE / link, tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    (elsewhere / "notes.txt").write_text("mine")
    before = aged(elsewhere)
    cache = remembered(bare)
    cache.sweep()
    assert contents(elsewhere) == before
    assert isinstance(cache.recall("thing", Thing), Forgotten)
    trouble = cache.trouble()
    assert trouble is not None
    assert str(CACHE / link) in str(trouble)


@pytest.mark.parametrize("where", ["entries", "objects"])
def test_a_link_to_another_file_is_never_followed(
    bare: Workspace, tmp_path: Path, where: str
) -> None:
    cache = remembered(bare)
    (path,) = (bare.root / CACHE / where).iterdir()
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    os.utime(elsewhere, (1e9, 1e9))
    assert isinstance(cache.recall("thing", Thing), Forgotten)
    assert elsewhere.stat().st_mtime == 1e9
    assert remembered(bare).recall("thing", Thing) == Recalled(Thing(3), b"bytes")
    assert not path.is_symlink()
    assert elsewhere.read_bytes() == before


def test_only_its_own_files_are_swept(bare: Workspace) -> None:
    cache = remembered(bare)
    folder = bare.root / CACHE
    names = ("notes.txt", "a" * 63, "A" * 64, f"{'a' * 64}.pdf", f".{'a' * 64}.part", "a" * 64)
    abandoned = f".{'a' * 64}.01234567.reportgen"
    for name in names:
        (folder / "objects" / name).write_text(name)
    (folder / "entries" / ("b" * 64)).mkdir()
    (folder / "objects" / abandoned).write_text("half")
    aged(folder)
    cache.sweep()
    assert {path.name for path in (folder / "objects").iterdir()} == set(names[:-1])
    assert [path.name for path in (folder / "entries").iterdir()] == ["b" * 64]


def test_a_pipe_is_not_waited_for(bare: Workspace) -> None:
    cache = remembered(bare)
    (path,) = (bare.root / CACHE / "objects").iterdir()
    path.unlink()
    os.mkfifo(path)
    assert isinstance(cache.recall("thing", Thing), Forgotten)


def aged(folder: Path) -> dict[str, bytes]:
    """Make all in a folder 40 days old, and give its contents."""
    long_ago = time.time() - 40 * 24 * 3600
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago), follow_symlinks=False)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def forged(bare: Workspace, forge: Callable[[Any], Any]) -> None:
    """Change the states of all entries; their digests are right."""
    for entry in (bare.root / CACHE / "entries").iterdir():
        states = json.loads(entry.read_bytes().partition(b"\n")[2])
        text = json.dumps(forge(states)).encode()
        entry.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


WRONG_STATES: list[Any] = [
    None,
    3,
    {},
    [None],
    [[]],
    [{}],
    [{"made_of": {}, "value": {}, "digest": None}],
    [{"made_of": {"made_with": MADE_WITH, "answers": []}, "value": {}, "digest": None}],
    [{"made_of": {"made_with": MADE_WITH, "answers": []}, "value": {"pages": "3"}, "digest": None}],
    [{"made_of": {"made_with": MADE_WITH, "answers": []}, "value": {"pages": 3}, "digest": "../x"}],
    [{"made_of": {"made_with": MADE_WITH, "answers": {}}, "value": {"pages": 3}, "digest": None}],
]


@pytest.mark.parametrize("states", WRONG_STATES)
def test_an_entry_of_another_form_is_as_good_as_none(bare: Workspace, states: object) -> None:
    cache = remembered(bare)
    forged(bare, lambda _: states)
    assert isinstance(cache.recall("thing", Thing), Forgotten)
    cache.sweep()


def test_an_entry_that_nests_deeply_is_as_good_as_none(bare: Workspace) -> None:
    cache = remembered(bare)
    text = b"[" * 100_000 + b"]" * 100_000
    for entry in (bare.root / CACHE / "entries").iterdir():
        entry.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    assert isinstance(cache.recall("thing", Thing), Forgotten)


WRONG_QUESTIONS = [
    ["read"],
    ["read", "a\0b"],
    ["read", "content", "more"],
    ["is_current"],
    ["ask", "x"],
    ["__class__", "x"],
    ["resolve", "content"],
    ["glob", "..", "*"],
    ["glob", "content", "../../*"],
    ["walk", "/", ""],
    ["folders", "content/../.."],
]


@pytest.mark.parametrize("question", WRONG_QUESTIONS)
def test_only_what_a_project_is_asked_can_be_asked(
    bare: Workspace, question: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = remembered(bare)

    def forge(states: Any) -> Any:
        states[0]["made_of"]["answers"] = [[question, "x"]]
        return states

    forged(bare, forge)
    for method in ("glob", "walk", "folders", "resolve"):
        monkeypatch.setattr(Project, method, lambda *_: pytest.fail("it was asked"))
    if question == ["read", "a\0b"]:
        monkeypatch.undo()
    assert isinstance(cache.recall("thing", Thing), Forgotten)


def test_a_reason_has_no_controls(bare: Workspace) -> None:
    cache = remembered(bare)

    def forge(states: Any) -> Any:
        states[0]["made_of"]["answers"] = [[["read", "\x1b[2Kx\n"], "0"]]
        return states

    forged(bare, forge)
    assert cache.recall("thing", Thing) == Forgotten(("'\\x1b[2Kx\\n' has changed",))


def test_what_nobody_asks_for_is_swept(bare: Workspace) -> None:
    cache = remembered(bare)
    folder = bare.root / CACHE
    long_ago = time.time() - 40 * 24 * 3600
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    cache.remember("new", {}, Thing(1), b"new")
    cache.sweep()
    assert isinstance(cache.recall("thing", Thing), Forgotten)
    assert cache.recall("new", Thing) == Recalled(Thing(1), b"new")
    assert len(list((folder / "objects").iterdir())) == 1


def test_what_became_of_a_job_is_kept_whole() -> None:
    check = Check("tags", "ISO", Outcome.WARNED, (Finding("odd", 3), Finding("whole")))
    warning = Diagnostic(Severity.WARNING, "odd", Span("a.css", 3, 4), "it is odd", "look")
    made = Made(
        Job("fr", "print", proof=True),
        "a.fr.print-proof.pdf",
        b"%PDF",
        7,
        2,
        Preflight("print", (check,), {"PDF/X-4": 12}),
        (warning,),
        1.5,
    )
    for one in (made, replace(made, preflight=None, diagnostics=())):
        kept = decode(Kept, json.loads(json.dumps(asdict(Kept.of(one)))))
        assert kept.made(made.job, b"%PDF") == one


# The command, with outputs that are quick to make


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Have outputs made of no more than a section and a catalog; give what was made."""
    asked: list[str] = []

    def make(project: Project, job: Job, *_: object, **__: object) -> Made:
        asked.append(job.locale)
        recorder = Recorder.of(project)
        data = recorder.read(SECTION)
        if job.locale == "fr":
            data += recorder.read("locales/fr/LC_MESSAGES/messages.po")
        if b"impossible" in data:
            return replace(failed(job, ValueError("no")), name="x")
        answers = dict(recorder.answers)
        return Made(job, job.file_name("clear-rivers"), data, 1, 0, None, (), 0.1, answers)

    monkeypatch.setattr(reportgen.build.make, "make", make)
    # What is made by another process can't be replaced here.
    monkeypatch.setattr(
        import_module("reportgen.cli.build"), "_executor", lambda *_: lambda outputs: None
    )
    return asked  # type: ignore[return-value]


def build(workspace: Workspace, *more: str) -> Result:
    return workspace.run("build", "--all-locales", "--jobs", "1", *more)


def fates(workspace: Workspace, *more: str) -> dict[str, str]:
    told = json.loads(build(workspace, "--json", *more).stdout)
    return {output["locale"]: output["fate"] for output in told["outputs"]}


def test_a_second_build_does_nothing(workspace: Workspace, quick: list[str]) -> None:
    assert fates(workspace) == {"en": "made", "fr": "made"}
    times = {path: path.stat().st_mtime_ns for path in (workspace.root / "out").iterdir()}
    assert fates(workspace) == {"en": "current", "fr": "current"}
    assert quick == ["en", "fr"]
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_changed_catalog_makes_its_locale_alone(workspace: Workspace, quick: list[str]) -> None:
    fates(workspace)
    workspace.append("locales/fr/LC_MESSAGES/messages.po", "\n# A note.\n")
    assert fates(workspace) == {"en": "current", "fr": "made"}
    assert quick == ["en", "fr", "fr"]


def test_a_file_that_was_touched_is_put_right(workspace: Workspace, quick: list[str]) -> None:
    fates(workspace)
    english, french = sorted((workspace.root / "out").iterdir())
    good = english.read_bytes()
    english.write_bytes(b"spoiled")
    french.unlink()
    assert fates(workspace) == {"en": "restored", "fr": "restored"}
    assert english.read_bytes() == good
    assert quick == ["en", "fr"]


def test_what_is_forced_is_made(workspace: Workspace, quick: list[str]) -> None:
    fates(workspace)
    assert fates(workspace, "--force") == {"en": "made", "fr": "made"}
    assert fates(workspace) == {"en": "current", "fr": "current"}


def test_what_failed_is_tried_again(workspace: Workspace, quick: list[str]) -> None:
    good = (workspace.root / SECTION).read_bytes()
    fates(workspace)
    files = {path: path.read_bytes() for path in (workspace.root / "out").iterdir()}
    workspace.append(SECTION, "\nimpossible\n")
    assert fates(workspace) == {"en": "failed", "fr": "failed"}
    assert fates(workspace) == {"en": "failed", "fr": "failed"}
    assert {path: path.read_bytes() for path in files} == files
    workspace.edit(SECTION, good)
    assert fates(workspace) == {"en": "current", "fr": "current"}


def test_a_cache_may_be_deleted(workspace: Workspace, quick: list[str]) -> None:
    fates(workspace)
    for path in (workspace.root / CACHE).rglob("entries/*"):
        path.unlink()
    assert fates(workspace) == {"en": "made", "fr": "made"}


@pytest.mark.parametrize("slug", ["../../outside", "/outside", "", "a\0b", "A b"])
def test_the_name_of_a_file_is_never_taken_from_the_cache(
    workspace: Workspace, quick: list[str], slug: str
) -> None:
    fates(workspace)

    def forge(states: Any) -> Any:
        for state in states:
            if "slug" in state["value"]:
                state["value"]["slug"] = slug
        return states

    forged(workspace, forge)
    files = {path.name for path in workspace.root.parent.iterdir()}
    assert fates(workspace) == {"en": "made", "fr": "made"}
    assert {path.name for path in workspace.root.parent.iterdir()} == files
    assert {path.name for path in (workspace.root / "out").iterdir()} == {
        "clear-rivers.en.digital.pdf",
        "clear-rivers.fr.digital.pdf",
    }


def test_a_language_that_is_a_path_is_not_taken_from_the_cache(
    workspace: Workspace, quick: list[str]
) -> None:
    fates(workspace)

    def forge(states: Any) -> Any:
        for state in states:
            if "languages" in state["value"]:
                state["value"]["languages"] = ["en", "x/../../../outside"]
        return states

    forged(workspace, forge)
    assert fates(workspace) == {"en": "current", "fr": "current"}


def test_a_build_goes_on_without_a_cache_and_says_so_once(
    workspace: Workspace, quick: list[str], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (workspace.root / CACHE.parent).mkdir()
    (workspace.root / CACHE).symlink_to(tmp_path / "elsewhere")
    made = build(workspace)
    assert made.exit_code == 0
    assert made.stderr.count("no-cache") == 1
    assert ".reportgen/cache:1:1: warning[no-cache]: the cache can't be used" in made.stderr
    assert fates(workspace) == {"en": "made", "fr": "made"}
    assert not any((tmp_path / "elsewhere").iterdir())


def test_the_projects_own_folder_is_no_way_out(
    workspace: Workspace, quick: list[str], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (workspace.root / "out").symlink_to(elsewhere)
    refused = build(workspace)
    assert refused.exit_code == 1
    assert "out:1:1: error[outside-project]: the folder is a link that leads out" in refused.stderr
    assert quick == []
    assert not any(elsewhere.iterdir())
    # Who names it means it.
    assert build(workspace, "--out", "out").exit_code == 0
    assert len(list(elsewhere.iterdir())) == 2


def test_explain_says_why(workspace: Workspace, quick: list[str]) -> None:
    def explained() -> list[str]:
        return [
            line for line in build(workspace, "--explain").stdout.splitlines() if line[0] == " "
        ]

    assert explained() == ["  made: it was not built before"] * 2
    assert explained() == ["  nothing that it is made of has changed"] * 2
    workspace.append(SECTION, "\nMore.\n")
    assert explained() == [f"  made: '{SECTION}' has changed"] * 2
    (workspace.root / "out/clear-rivers.fr.digital.pdf").unlink()
    assert explained() == [
        "  nothing that it is made of has changed",
        "  written again from what was kept: 'clear-rivers.fr.digital.pdf' was missing or changed",
    ]


# The command as it is


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(reportgen.__file__).parents[1])}


def started(workspace: Workspace, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "reportgen", "build", "--all-locales", *more],
        cwd=workspace.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def outputs(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (workspace.root / "out").glob("*.pdf")}


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out


@pytest.mark.slow
def test_two_builds_at_once_and_one_after(workspace: Workspace) -> None:
    first, second = started(workspace), started(workspace)
    finished(first), finished(second)
    both = outputs(workspace)
    assert len(both) == 2
    assert finished(started(workspace)).count("up to date") == 2
    finished(started(workspace, "--force", "--jobs", "1"))
    assert outputs(workspace) == both


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_whole_files(workspace: Workspace) -> None:
    # Less of a report, so that twenty builds don't take long.
    settings = workspace.root / "content/report.yaml"
    rest = settings.read_text("utf-8").partition("parts:")[0]
    settings.write_text(f"{rest}parts:\n  - cover\n  - sections: [introduction]\n", "utf-8")
    workspace.edit(SECTION, "---\ntitle: A section\n---\n\nOne paragraph.\n")
    begun = time.monotonic()
    finished(started(workspace))
    lasts = time.monotonic() - begun
    one = outputs(workspace)
    texts = [(workspace.root / SECTION).read_bytes()]
    workspace.append(SECTION, "\nOne more paragraph.\n")
    texts.append((workspace.root / SECTION).read_bytes())
    finished(started(workspace))
    other = outputs(workspace)
    assert all(one[name] != other[name] for name in one)
    moments = random.Random(7)
    for number in range(20):
        workspace.edit(SECTION, texts[number % 2])
        # Every second time there is nothing kept, so that there is something to do until the end.
        if number % 2:
            for path in (workspace.root / CACHE).rglob("entries/*"):
                path.unlink()
        process = started(workspace)
        time.sleep(moments.random() * lasts)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        for name, data in outputs(workspace).items():
            assert data in (one[name], other[name])
    workspace.edit(SECTION, texts[0])
    finished(started(workspace))
    assert outputs(workspace) == one


@pytest.mark.slow
def test_workers_end_with_the_program(workspace: Workspace) -> None:
    process = started(workspace, "--edition", "digital", "--edition", "print", "--jobs", "2")
    until = time.monotonic() + 60
    while time.monotonic() < until and len(members(process.pid)) < 4:
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()  # which waits until all have let go of its output
    while time.monotonic() < until and members(process.pid):
        time.sleep(0.1)
    assert members(process.pid) == []


def members(group: int) -> list[str]:
    """Give the processes of a group that are still there."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--no-headers", "-s", str(group)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in listed.stdout.splitlines() if " Z" not in line]
