"""`reportgen fmt`: one style; comments, and what files say, stay as they are."""

from __future__ import annotations

import difflib
import os
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cli.fmt import _diff
from reportgen.editing.formatting import Formatted, format_file
from reportgen.model.load import load_report
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.limits import MAX_COMPARED_LINES
from tests.conftest import STARTER, Altered, Workspace
from tests.translations import catalog_of, translated

ROOT = Path(__file__).parents[1]
SECTION = "content/sections/introduction.md"
MESSY = """\
# The regions.


upstream:
    name:   Upstream   # one
downstream:
   name: "Downstream"\t
   # the end


"""
NEAT = """\
# The regions.

upstream:
  name: Upstream       # one
downstream:
  name: "Downstream"
   # the end
"""
STARS = """\
---
title:   "Introduction"
# why
---
Words with *emphasis*, _more_,  two  spaces, 5 * 3 and a \\_b\\_.
A second line\\
with a break.

Setext
---
* one
* two


* three
![](figure:by-year)


### Deeper ###
1) first
2) second

>a second
> line
"""
DASHES = """\
---
title: "Introduction"
# why
---

Words with *emphasis*, _more_,  two  spaces, 5 * 3 and a \\_b\\_.
A second line\\
with a break.

## Setext

- one

- two

- three
  ![](figure:by-year)

### Deeper

1. first
2. second

> a second
> line
"""


def formatted(file: str, text: str | bytes) -> str | None:
    """Give a file of the starter in style, if that is what stands in it."""
    data = text.encode() if isinstance(text, str) else text
    project = Altered(STARTER.parent, file, data)
    found = format_file(project, PurePosixPath(file), Diagnostics())
    return found.after.decode() if found else None


def test_the_real_report_is_in_style() -> None:
    workspace = Workspace(ROOT)
    result = workspace.run("fmt", "--check")
    assert result.exit_code == 0, result.output
    assert result.output.endswith(" files looked at, 0 not in style\n")


def test_a_new_report_is_in_style(workspace: Workspace) -> None:
    assert workspace.run("fmt", "--check").exit_code == 0


def test_yaml(workspace: Workspace) -> None:
    path = workspace.edit("content/regions.yaml", MESSY)
    result = workspace.run("fmt")
    assert (
        result.output == "content/regions.yaml: written in style\n12 files looked at, 1 written\n"
    )
    assert (result.exit_code, path.read_text(encoding="utf-8")) == (0, NEAT)
    assert workspace.run("fmt").output == "12 files looked at, 0 written\n"


def test_markdown() -> None:
    assert formatted(SECTION, STARS) == DASHES
    assert formatted(SECTION, DASHES) == DASHES


def test_a_section_with_a_title_only() -> None:
    assert formatted(SECTION, "---\ntitle:  A\n---\n\n\n") == "---\ntitle: A\n---\n"


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"\xef\xbb\xbfa:\r\n  name: A\r\n", "a:\n  name: A\n"),
        ("a:\n  name: Re\u0301sume\u0301".encode(), "a:\n  name: Résumé\n"),
        (b"", ""),
        (b"\n\n", ""),
        (b"\n# nothing yet\n\n", "# nothing yet\n"),
        (b"{}", "{}\n"),
        (b"  only words ", "  only words\n"),
    ],
)
def test_line_ends_marks_and_empty_files(data: bytes, after: str) -> None:
    assert formatted("content/regions.yaml", data) == after


def test_empty_lines_within_a_text_are_meant() -> None:
    text = "a:\n  name: |\n    one  \n\n\n    two\n"
    assert formatted("content/regions.yaml", text) == text


def test_a_file_in_style_is_not_touched(workspace: Workspace) -> None:
    workspace.edit("content/regions.yaml", MESSY)
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, ns=(10**18, 10**18))
    assert workspace.run("fmt").exit_code == 0
    changed = {path.name for path in files if path.stat().st_mtime_ns != 10**18}
    assert changed == {"regions.yaml"}


def test_check_names_what_is_not_in_style_and_writes_nothing(workspace: Workspace) -> None:
    path = workspace.edit("content/regions.yaml", MESSY)
    workspace.edit(SECTION, STARS)
    result = workspace.run("fmt", "--check")
    assert (result.exit_code, result.output) == (
        1,
        (
            "content/regions.yaml: not in style\n"
            f"{SECTION}: not in style\n"
            "12 files looked at, 2 not in style\n"
        ),
    )
    assert path.read_text(encoding="utf-8") == MESSY


def test_diff(workspace: Workspace) -> None:
    path = workspace.edit("content/regions.yaml", "upstream:\n    name: Upstream")
    result = workspace.run("fmt", "--diff")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- a/content/regions.yaml\n"
        "+++ b/content/regions.yaml\n"
        "@@ -1,2 +1,2 @@\n"
        " upstream:\n"
        "-    name: Upstream\n"
        "\\ No newline at end of file\n"
        "+  name: Upstream\n"
    )
    assert result.stderr == "12 files looked at, 1 not in style\n"
    assert path.read_text(encoding="utf-8").startswith("upstream:\n    name")


@pytest.mark.parametrize("is_long", [True, False])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("abcdefgh", "abcdxyefgh"),
        ("abcdefgh", "abcdgh"),
        ("abcd", "xbcd"),
        ("abcd", "abcx"),
        ("aaaa", "aaaaaa"),
        ("ab", "cd"),
    ],
)
def test_a_change_of_a_long_file_is_one_hunk(
    monkeypatch: pytest.MonkeyPatch, before: str, after: str, is_long: bool
) -> None:
    monkeypatch.setattr("reportgen.cli.fmt.MAX_COMPARED_LINES", 1 if is_long else 100)
    texts = ("".join(f"{line}\n" for line in text) for text in (before, after))
    old, new = (text.encode() for text in texts)
    expected = difflib.unified_diff(
        [f"{line}\n" for line in before], [f"{line}\n" for line in after], "a/f", "b/f"
    )
    assert list(_diff(Formatted(PurePosixPath("f"), "", old, new))) == list(expected)


def test_a_long_file_is_not_compared_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difflib.unified_diff", lambda *_: pytest.fail("it was compared"))
    lines = [f"line {n}" for n in range(MAX_COMPARED_LINES + 2)]
    old, new = "\n".join(lines).encode(), "\n".join([*lines[:1000], "new", *lines[1001:]]).encode()
    assert list(_diff(Formatted(PurePosixPath("f"), "", old, new)))[2:] == [
        "@@ -998,7 +998,7 @@\n",
        *(f" line {n}\n" for n in (997, 998, 999)),
        "-line 1000\n",
        "+new\n",
        *(f" line {n}\n" for n in (1001, 1002, 1003)),
    ]


def test_files_and_folders_may_be_named(workspace: Workspace) -> None:
    for file in ("content/regions.yaml", "content/commitments/switzerland.yaml"):
        workspace.append(file, "\n\n")
    assert workspace.run("fmt", "--check", "content/pillars.yaml").exit_code == 0
    result = workspace.run("fmt", "content/commitments", "content/regions.yaml", "--check")
    assert result.output.endswith("4 files looked at, 2 not in style\n")
    result = workspace.run("fmt", "switzerland.yaml", within="content/commitments")
    assert result.output == (
        "content/commitments/switzerland.yaml: written in style\n1 file looked at, 1 written\n"
    )


@pytest.mark.parametrize("file", ["content/figures/clean-rivers.csv", "../outside.yaml"])
def test_what_has_no_style(workspace: Workspace, file: str) -> None:
    (workspace.root.parent / "outside.yaml").write_text("a:   1\n")
    result = workspace.run("fmt", file)
    assert result.exit_code == 2
    assert f"'{file}' is not a YAML file or a section" in " ".join(result.output.split())
    assert (workspace.root.parent / "outside.yaml").read_text() == "a:   1\n"


def test_po_files_are_left_alone(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report")
    catalog = workspace.append("locales/fr/LC_MESSAGES/messages.po", "\n\n\n")
    before = catalog.read_bytes()
    workspace.edit("locales/fr/locale.yaml", "review:    draft\n")
    result = workspace.run("fmt")
    assert result.output.startswith("locales/fr/locale.yaml: written in style\n")
    assert catalog.read_bytes() == before


def test_a_file_with_an_error_is_told_and_the_others_are_written(workspace: Workspace) -> None:
    workspace.edit("content/regions.yaml", MESSY)
    broken = workspace.edit("content/pillars.yaml", "a: *b\n")
    raw = workspace.edit(SECTION, "---\ntitle:  A\n---\n<b>\n")
    result = workspace.run("fmt")
    assert result.exit_code == 1
    assert result.stdout == "content/regions.yaml: written in style\n"
    assert result.stderr == (
        "content/pillars.yaml:1:4: error[yaml-alias]: the alias '*b' is used; write the value out"
        " where it is needed, or quote a text that begins with '*'\n"
        f"{SECTION}:4:1: error[unsupported-markdown]: raw HTML has no form in a report; write it"
        " as Markdown, or leave it to the templates\n"
        "2 errors, no warnings: such a file is left as it is\n"
    )
    assert (broken.read_text(), raw.read_text()) == ("a: *b\n", "---\ntitle:  A\n---\n<b>\n")


NOT_TO_BE = {
    "a heading of two lines, whose words are one message to translate": (
        SECTION,
        "---\ntitle:  A\n---\n\nA heading\nof two lines\n---\n",
    ),
    "a comment within brackets": (
        "content/regions.yaml",
        "a:  {name: A, # why\n  note: b}\n",
    ),
    "hashes that would close a heading": (SECTION, "---\ntitle:  A\n---\n\nA ##\n---\n"),
}


@pytest.mark.parametrize("what", NOT_TO_BE)
def test_what_would_say_something_else_is_not_written(workspace: Workspace, what: str) -> None:
    file, text = NOT_TO_BE[what]
    path = workspace.edit(file, text)
    result = workspace.run("fmt")
    assert result.exit_code == 1
    assert result.stderr == (
        f"{file}:1:1: error[not-formatted]: this file can't be brought into style without changing"
        " what it says; write lists with comments an item a line, and a heading in one line\n"
        "1 error, no warnings: such a file is left as it is\n"
    )
    assert path.read_text(encoding="utf-8") == text


def test_a_comment_that_would_be_lost_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.editing.formatting.dump_yaml", lambda _: "a:\n  name: A\n")
    assert formatted("content/regions.yaml", "a:\n  name:  A\n") == "a:\n  name: A\n"
    assert formatted("content/regions.yaml", "a:\n  name:  A # why\n") is None
    assert formatted("content/regions.yaml", "a:\n  name:  B\n") is None
    assert formatted("content/regions.yaml", "a:\n  name:  A\nb: 1\n") is None


def test_a_save_while_it_runs_is_not_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pillars = workspace.append("content/pillars.yaml", "\n\n")
    before = pillars.read_bytes()
    workspace.edit("content/regions.yaml", MESSY)

    def saved_meanwhile(*arguments: Any) -> Any:
        found = format_file(*arguments)
        if arguments[1].name == "regions.yaml":
            workspace.edit("content/regions.yaml", "upstream:\n  name:  Saved\n")
        return found

    monkeypatch.setattr("reportgen.editing.formatting.format_file", saved_meanwhile)
    result = workspace.run("fmt")
    assert (result.exit_code, result.output) == (
        1,
        (
            "content/regions.yaml:1:1: error[changed-meanwhile]: the file was saved while the"
            " command ran, so nothing was written; run the command again\n"
        ),
    )
    assert "Saved" in (workspace.root / "content/regions.yaml").read_text(encoding="utf-8")
    assert pillars.read_bytes() == before
    assert not (workspace.root / ".reportgen").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cant_be_written(workspace: Workspace) -> None:
    workspace.edit("content/regions.yaml", MESSY)
    (workspace.root / "content").chmod(0o500)
    result = workspace.run("fmt")
    (workspace.root / "content").chmod(0o700)
    assert result.exit_code == 1
    assert "content/regions.yaml:1:1: error[not-written]: Permission denied; " in result.stderr


def test_the_comment_that_names_the_schema_is_added(workspace: Workspace) -> None:
    place = "content/commitments/switzerland.yaml"
    text = (workspace.root / place).read_text(encoding="utf-8")
    workspace.run("schema")
    assert workspace.run("fmt").exit_code == 0
    comment = "# yaml-language-server: $schema=../../.schemas/commitments.schema.json\n"
    assert (workspace.root / place).read_text(encoding="utf-8") == comment + text
    own = "# yaml-language-server: $schema=https://example.org/own.json\n"
    workspace.edit(place, own + text)
    assert workspace.run("fmt", "--check").exit_code == 0


def test_the_report_and_its_translations_stay_the_same(tmp_path: Path) -> None:
    """Also of the real report, with its files spoiled in ways that mean nothing."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    before = load_report(Project(tmp_path)).report
    for path in sorted((tmp_path / "content").rglob("*")):
        if path.suffix in (".yaml", ".md"):
            text = path.read_text(encoding="utf-8").replace("\n\n", "\n\n\n")
            text = text.replace(": >-\n", ":   >-\n").replace("  title: ", "  title:   ")
            path.write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    workspace = Workspace(tmp_path)
    output = workspace.run("fmt", "--check").output
    number = output.count(": not in style\n")
    assert number > 40
    assert output.endswith(f"\n{number} files looked at, {number} not in style\n")
    assert workspace.run("fmt").exit_code == 0
    after = load_report(Project(tmp_path)).report
    assert before is not None
    assert before == after
    for path in (tmp_path / "content").rglob("*.*"):
        assert path.read_bytes() == (ROOT / path.relative_to(tmp_path)).read_bytes()


def test_no_translation_gets_stale(tmp_path: Path) -> None:
    workspace = translated(tmp_path / "report")
    workspace.edit(SECTION, (tmp_path / "report" / SECTION).read_text().replace("\n\n", "\n \n\n"))
    assert workspace.run("fmt").exit_code == 0
    assert workspace.run("translate", "update").exit_code == 0
    assert [message for message in catalog_of(workspace) if message.fuzzy] == []


MARKS = "# ## ### --- === - * + 1. 2. 1) > >> | ``` ~~~ <b> ![](figure:a) []() [a](b) \\"
WORDS = "*a* _b_ **c**|a  b|5 * 3|\\*|# #|a\\|é|&amp;|word|    |  "
LINES = st.sampled_from([*MARKS.split(" "), *WORDS.split("|"), ""])
BODIES = st.lists(
    st.lists(LINES, max_size=3).map(" ".join) | st.just(""), min_size=1, max_size=10
).map("\n".join)


@given(BODIES)
def test_any_section(body: str) -> None:
    """What is taken is in style then, twice is once, and the words are the same."""
    text = f"---\ntitle: A\n---\n{body}\n"
    once = formatted(SECTION, text)
    if once is not None:
        assert formatted(SECTION, once) == once


COMMENTED = st.lists(
    st.sampled_from(
        [
            "# one",
            "  # two",
            "",
            "",
            "a: 1",
            "b:   x # three",
            "c:",
            "  - d",
            "  -   e: f   # four",
            "      # five",
            "g: >-",
            "    folded # not",
            "    text",
            "h: 'i'",
            "j: [1,2] # six",
            "k:",
            "    l: m",
            "    n: |+ # seven",
            "        o",
            "p: " + "long " * 30,
        ]
    ),
    min_size=1,
    max_size=14,
).map("\n".join)


@given(COMMENTED)
def test_any_comments(text: str) -> None:
    once = formatted("content/regions.yaml", text)
    if once is not None:
        assert formatted("content/regions.yaml", once) == once
        assert once.count("#") == text.count("#")
