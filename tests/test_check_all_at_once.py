"""`reportgen check` tells all problems in one run: to correct some must not reveal others."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.conftest import Workspace

REPORT = "content/report.yaml"
MEMBERS = "content/members.yaml"
LINKS = "content/links.yaml"
SWITZERLAND = "content/commitments/switzerland.yaml"
SECTION = "content/sections/introduction.md"
FIGURE = "content/figures/clean-rivers.yaml"
TABLE = "content/figures/clean-rivers.csv"


def codes(workspace: Workspace) -> list[tuple[str, str]]:
    """Give the file and the code of each problem."""
    lines = workspace.check().splitlines()[:-1]
    return [(line.partition(":")[0], line.partition("[")[2].partition("]")[0]) for line in lines]


def test_a_record_with_a_bad_value_is_checked_for_the_rest(workspace: Workspace) -> None:
    workspace.edit(
        SWITZERLAND, ("    year: 2022\n    pillar: measure", "    year: x\n    pillar: y")
    )
    workspace.edit(SWITZERLAND, ("id: CH001", "id: XX001"))
    workspace.edit(SWITZERLAND, ("Publish monthly", "Publish[^1] [monthly](nowhere)"))
    workspace.edit(SECTION, (", or to a record, as [the first one](commitment:CH001) does", ""))
    assert sorted(code for _, code in codes(workspace)) == [
        "id-form",
        "unknown-link",
        "unknown-pillar",
        "unsupported-markdown",
        "wrong-type",
    ]


def test_a_member_with_a_bad_value_is_checked_for_the_rest(workspace: Workspace) -> None:
    workspace.edit(MEMBERS, ("  name: Switzerland", "  nam: Switzerland"))
    workspace.edit(MEMBERS, ("  code: CH\n  region: upstream", "  code: XQ\n  region: nowhere"))
    assert [code for file, code in codes(workspace) if file == MEMBERS] == [
        "unknown-key",
        "unknown-country",
        "unknown-region",
    ]


def test_a_report_with_a_bad_value_is_checked_for_the_rest(workspace: Workspace) -> None:
    workspace.edit(REPORT, ("title: Clear Rivers\n", "titel: Clear Rivers\n"))
    workspace.edit(REPORT, ("language: en", "language: xx"))
    workspace.edit(REPORT, ("- sections: [introduction]", "- sections: [introductoin]"))
    workspace.edit(REPORT, ("[2022, 2024]", "[2023, 2024]"))
    workspace.append(REPORT, "print:\n  profile: none.icc\n")
    found = codes(workspace)
    assert sorted(code for file, code in found if file == REPORT) == [
        "missing-file",
        "unknown-key",
        "unknown-language",
        "unknown-section",
    ]
    assert (SWITZERLAND, "year-out-of-range") in found


def test_a_part_that_is_none_hides_no_other(workspace: Workspace) -> None:
    workspace.edit(REPORT, ("- cover", "- covr"))
    workspace.edit(REPORT, ("- sections: [introduction]", "- sections: [introductoin]"))
    assert codes(workspace) == [(REPORT, "unknown-part"), (REPORT, "unknown-section")]


def test_a_section_with_a_bad_block_is_checked_for_the_rest(workspace: Workspace) -> None:
    workspace.edit(SECTION, ("title: Introduction", "titel: Introduction"))
    workspace.edit(SECTION, ("Records stand", "----\n\n### Deep [down](nowhere)\n\nRecords stand"))
    workspace.edit(SECTION, ("![](figure:map)", "![](figure:mop)\n\n![ ](images/none.png)"))
    assert [code for _, code in codes(workspace)] == [
        "unknown-key",
        "unsupported-markdown",
        "heading-level",
        "unknown-link",
        "unknown-figure",
        "missing-alt",
        "missing-image",
    ]


def test_a_figure_with_a_bad_value_has_its_numbers_checked(workspace: Workspace) -> None:
    workspace.edit(FIGURE, ("kind: line", "kind: pie"))
    workspace.edit(TABLE, "year,Clean rivers\n2024,many\n")
    assert codes(workspace) == [(TABLE, "not-a-number"), (FIGURE, "invalid-value")]


def test_a_yaml_file_with_a_refused_value_is_checked_for_the_rest(workspace: Workspace) -> None:
    workspace.edit(
        SWITZERLAND, ("    year: 2022\n    pillar: measure", "    year: *y\n    pillar: y")
    )
    assert codes(workspace) == [(SWITZERLAND, "yaml-alias"), (SWITZERLAND, "unknown-pillar")]


def test_a_translation_is_checked_beside_content_with_errors(workspace: Workspace) -> None:
    workspace.edit("locales/fr/LC_MESSAGES/messages.po", 'msgid "open')
    workspace.edit(SECTION, ("(network)", "(nowhere)"))
    assert [code for _, code in codes(workspace)] == ["unknown-link", "po-syntax"]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            "content/section/more.md",
            "nothing reads the folder 'content/section'; did you mean 'sections'?",
        ),
        (
            "content/notes/a.txt",
            "nothing reads the folder 'content/notes'; take the folder 'notes'",
        ),
        ("content/link.yaml", "nothing reads this file; did you mean 'links.yaml'?"),
        ("content/zzz", "nothing reads this file; take it out of content"),
        ("content/sections/old/a.md", "nothing reads this file; move it into content/sections"),
        ("content/figures/old.csv", "nothing reads this file; let its name end in '.yaml', or"),
    ],
)
def test_a_file_that_nothing_reads(workspace: Workspace, file: str, message: str) -> None:
    workspace.edit(file, "title: Old\n")
    line, count = workspace.check().splitlines()
    assert line.startswith(f"{file}:1:1: warning[stray-file]: {message}")
    assert count == "content: no errors, 1 warning"
    workspace.edit(SECTION, ("(network)", "(nowhere)"))
    told = workspace.check().splitlines()
    assert line in told


def test_a_folder_is_told_once_and_hidden_files_never(workspace: Workspace) -> None:
    for name in ("pictures/a.png", "pictures/b/c.png", ".DS_Store", "sections/.#introduction.md"):
        workspace.edit(f"content/{name}", b"")
    line, count = workspace.check().splitlines()
    assert line.startswith("content/pictures/a.png:1:1: warning[stray-file]: nothing reads the")
    assert count == "content: no errors, 1 warning"


@pytest.mark.parametrize(
    ("size", "turned", "message"),
    [
        (
            (1393, 900),
            False,
            "is 1393 pixels wide, too few for paper; take one of 1394 pixels or more",
        ),
        ((2000, 1000), True, "is 1000 pixels wide, too few for paper; take one of 1394 pixels or"),
        ((1394, 20), False, ""),
        ((8000, 5000), False, "has 40 million pixels, more than any page can show; scale it down"),
    ],
)
def test_too_few_and_far_too_many_pixels(
    workspace: Workspace, size: tuple[int, int], turned: bool, message: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6 if turned else 1
    data = io.BytesIO()
    Image.new("L", size).save(data, "JPEG", exif=exif)
    workspace.edit("content/images/a.jpg", data.getvalue())
    workspace.append(SECTION, "\n![A bank](images/a.jpg)\n")
    *told, count = workspace.check().splitlines()
    if not message:
        assert told == []
    else:
        (line,) = told
        start = f"{SECTION}:17:1: warning[picture-resolution]: the image 'content/images/a.jpg' "
        assert line.startswith(start + message)
    assert count.startswith("content: no errors, ")
