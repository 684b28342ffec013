"""`reportgen new`: what it makes passes `check` but for what says that it is to be filled in."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from reportgen.source.yaml_writing import load_yaml
from tests.conftest import Workspace
from tests.translations import FR, started

LEFT = ("to-do", "unused-section", "unused-figure", "data-missing", "not-on-map")
"""What `check` may say of a new entry: there is something to do."""


def new(workspace: Workspace, *arguments: str) -> str:
    """Make an entry, see that `check` and `fmt` have nothing else to say, and give what is said."""
    result = workspace.run("new", *arguments)
    assert result.exit_code == 0, result.output
    *problems, summary = workspace.check().splitlines()
    assert summary.startswith("content: no errors, ")
    codes = {re.findall(r"warning\[([\w-]+)\]", line)[0] for line in problems}
    assert codes <= set(LEFT)
    assert workspace.run("fmt", "--check").exit_code == 0
    return result.output


def refused(workspace: Workspace, *arguments: str) -> str:
    """Give why an entry isn't made; no file is changed."""
    before = files(workspace.root)
    result = workspace.run("new", *arguments)
    assert result.exit_code == 2
    assert files(workspace.root) == before
    return " ".join(result.output.partition("\nError: ")[2].split())


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def text_of(workspace: Workspace, file: str) -> str:
    return (workspace.root / file).read_text(encoding="utf-8")


RECORD = """\
  - id: CH003 # TODO: the id as published; this one is free
    year: 2024 # TODO: from 2022 to 2024
    pillar: measure # TODO: one of measure, restore
    title: >-
      TODO: the title as published
    summary: >-
      TODO: what was promised, in one paragraph
"""


def test_a_commitment_of_a_member_that_has_some(workspace: Workspace) -> None:
    file = "content/commitments/switzerland.yaml"
    workspace.append(file, "\n# the end of the file\n")
    before = text_of(workspace, file)
    assert new(workspace, "commitment", "--member", "switzerland") == (
        f"{file}:13: the commitment CH003 of switzerland. Next: fill in what says TODO: there\n"
    )
    end = "\n# the end of the file\n"
    assert text_of(workspace, file) == before.removesuffix(end) + RECORD + end
    assert workspace.check() == (
        f"{file}:13:17: warning[to-do]: something is left to do: the id as published; this one is"
        " free; do it, and delete 'TODO:'\n"
        f"{file}:14:18: warning[to-do]: something is left to do: from 2022 to 2024; do it, and"
        " delete 'TODO:'\n"
        f"{file}:15:23: warning[to-do]: something is left to do: one of measure, restore; do it,"
        " and delete 'TODO:'\n"
        f"{file}:17:7: warning[to-do]: something is left to do: the title as published; do it, and"
        " delete 'TODO:'\n"
        f"{file}:19:7: warning[to-do]: something is left to do: what was promised, in one"
        " paragraph; do it, and delete 'TODO:'\n"
        "content: no errors, 5 warnings\n"
    )


def test_a_commitment_of_a_member_that_has_none(workspace: Workspace) -> None:
    workspace.run("schema")
    workspace.run("fmt")
    new(workspace, "member", "norway", "--region", "upstream")
    options = ("--id", "NO042", "--year", "2023", "--pillar", "restore")
    assert new(workspace, "commitment", "--member", "norway", *options) == (
        "content/commitments/norway.yaml:4: the commitment NO042 of norway."
        " Next: fill in what says TODO: there\n"
    )
    assert text_of(workspace, "content/commitments/norway.yaml") == (
        "# yaml-language-server: $schema=../../.schemas/commitments.schema.json\n"
        "member: norway\n"
        "commitments:\n"
        "  - id: NO042\n"
        "    year: 2023\n"
        "    pillar: restore\n"
        "    title: >-\n"
        "      TODO: the title as published\n"
        "    summary: >-\n"
        "      TODO: what was promised, in one paragraph\n"
    )
    assert "the commitment NO043 of" in new(workspace, "commitment", "--member", "norway")


def test_ids_come_to_an_end(workspace: Workspace) -> None:
    file = "content/commitments/switzerland.yaml"
    workspace.edit(file, ("id: CH002", "id: CH999"))
    assert "the commitment CH002 of" in new(workspace, "commitment", "--member", "switzerland")
    workspace.edit("content/report.yaml", ('"{prefix}000"', '"{prefix}-0.0"'))
    for path in (workspace.root / "content/commitments").iterdir():
        path.write_text(re.sub(r"([A-Z])\d(\d)(\d)", r"\1-\2.\3", path.read_text()))
    workspace.edit("content/sections/introduction.md", ("commitment:CH001", "commitment:CH-0.1"))
    workspace.edit(file, ("CH-9.9", "CH-1.9"))
    assert "the commitment CH-2.0 of" in new(workspace, "commitment", "--member", "switzerland")
    workspace.edit("content/report.yaml", ('"{prefix}-0.0"', '"{prefix}0"'))
    for number in range(10):
        text = "\n".join(
            f"  - {{id: CH{n}, year: 2022, pillar: measure, title: T, summary: S}}"
            for n in range(number + 1)
        )
        workspace.edit(file, f"member: switzerland\ncommitments:\n{text}\n")
    assert refused(workspace, "commitment", "--member", "switzerland") == (
        "all ids of the form CH0 are taken; widen the id_form"
    )


@pytest.mark.parametrize(
    "text",
    [
        (
            "member: switzerland\ncommitments:\n- id: CH001\n  year: 2022\n  pillar: measure\n"
            "  title: T\n  summary: S\n"
        ),
        (
            "commitments:\n    -   id: CH001\n        year: 2022\n        pillar: measure\n"
            "        title: T\n        summary: S   # said\n        # more\n\n# whose\n"
            "member: switzerland"
        ),
        (
            "member: switzerland\r\ncommitments:\r\n"
            "  - {id: CH001, year: 2022, pillar: measure,\r\n      title: T, summary: S}\r\n"
        ),
    ],
)
def test_the_form_of_a_file_is_kept(workspace: Workspace, text: str) -> None:
    file = "content/commitments/switzerland.yaml"
    workspace.edit(file, text)
    assert workspace.run("new", "commitment", "--member", "switzerland").exit_code == 0
    after = text_of(workspace, file)
    lines = text.replace("\r", "").rstrip("\n").split("\n")
    assert [line for line in after.rstrip("\n").split("\n") if line in lines] == lines
    assert [record["id"] for record in load_yaml(after)["commitments"]] == ["CH001", "CH002"]
    assert workspace.check().endswith("content: no errors, 5 warnings\n")


def test_what_a_commitment_is_refused_for(workspace: Workspace) -> None:
    def why(*options: str) -> str:
        return refused(workspace, "commitment", "--member", "switzerland", *options)

    assert refused(workspace, "commitment", "--member", "swizerland") == (
        "there is no member 'swizerland'; did you mean 'switzerland'?"
    )
    assert refused(workspace, "commitment", "--member", "x") == (
        "there is no member 'x'; there are: auckland, new-zealand, switzerland"
    )
    assert why("--pillar", "mesure") == "there is no pillar 'mesure'; did you mean 'measure'?"
    assert why("--year", "2021") == "the year 2021 is not between 2022 and 2024"
    assert why("--id", "NZ001") == "'NZ001' has not the form of an id of 'switzerland': CH000"
    assert why("--id", "CH001\n") == "'CH001 ' has not the form of an id of 'switzerland': CH000"
    assert why("--id", "CH001") == "the id 'CH001' is taken; leave --id out, or give another one"
    record = "{id: CH001, year: 2022, pillar: measure, title: T, summary: S}"
    file = "content/commitments/switzerland.yaml"
    workspace.edit(file, f"member: switzerland\ncommitments: [{record}]\n")
    assert why() == f"the records of {file} are in brackets; write each behind a '- '"
    workspace.edit(file, f"member: switzerland\ncommitments:\n  -\n    {record}\n")
    assert why() == f"the entry doesn't fit the form of {file}; add it by hand"


def test_members(workspace: Workspace) -> None:
    file = "content/members.yaml"
    assert new(workspace, "member", "norway", "--region", "upstream") == (
        f"{file}:13: the member norway. Next: look it over, then reportgen new commitment"
        " --member norway\n"
    )
    new(workspace, "member", "aarau", "--code", "CH-AG")
    new(workspace, "member", "cote-d-ivoire")
    new(
        workspace,
        "member",
        "zurich",
        "--code",
        "CH-ZH",
        "--id-prefix",
        "ZRH",
        "--region",
        "upstream",
    )
    assert (
        text_of(workspace, file)
        == """\
# Countries and local members. `code` is ISO 3166; a local member has its country as `parent`.
aarau:
  name: Aarau # TODO: the place as printed
  code: "CH-AG"
  region: upstream # TODO: one of downstream, upstream
  parent: "CH"
  id_prefix: "AAR" # TODO: what the ids of its commitments begin with
  # TODO: location: [latitude, longitude], for a dot on the map
auckland:
  name: Auckland
  code: NZ-AUK
  parent: NZ
  id_prefix: AKL
  region: downstream
  location: [-36.85, 174.76]
cote-d-ivoire:
  name: Côte d’Ivoire
  code: "CI"
  region: upstream # TODO: one of downstream, upstream
new-zealand:
  name: New Zealand
  code: NZ
  region: downstream
norway:
  name: Norway
  code: "NO"
  region: upstream
switzerland:
  name: Switzerland
  code: CH
  region: upstream
zurich:
  name: Zurich # TODO: the place as printed
  code: "CH-ZH"
  region: upstream
  parent: "CH"
  id_prefix: "ZRH"
  # TODO: location: [latitude, longitude], for a dot on the map
"""
    )


def test_members_that_stand_apart_or_in_an_order_of_their_own(workspace: Workspace) -> None:
    file = "content/members.yaml"
    text = text_of(workspace, file)
    apart = re.sub(r"\n(?=[a-z])", "\n\n", text)
    workspace.edit(file, apart)
    new(workspace, "member", "norway", "--region", "upstream")
    entry = 'norway:\n  name: Norway\n  code: "NO"\n  region: upstream\n'
    assert text_of(workspace, file) == apart.replace("switzerland:", f"{entry}\nswitzerland:")
    other = text + "cote-d-ivoire:\n  name: Côte\n  code: CI\n  region: upstream\n"
    workspace.edit(file, other)
    new(workspace, "member", "norway", "--region", "upstream")
    assert text_of(workspace, file) == other + entry


def test_a_country_has_the_name_that_the_language_of_the_report_has(workspace: Workspace) -> None:
    workspace.edit("content/report.yaml", ("language: en", "language: fr"))
    new(workspace, "member", "ivory-coast", "--code", "CI", "--id-prefix", "IVC")
    assert "  name: Côte d’Ivoire\n" in text_of(workspace, "content/members.yaml")
    assert '  id_prefix: "IVC"\n' in text_of(workspace, "content/members.yaml")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ["Norway"],
            (
                "'Norway' is not a name: write lower-case letters and digits with single hyphens"
                " between, such as 'norway'"
            ),
        ),
        (["switzerland"], "the member 'switzerland' is there already, in content/members.yaml"),
        (
            ["norway", "--region", "upstrem"],
            "there is no region 'upstrem'; did you mean 'upstream'?",
        ),
        (
            ["atlantis"],
            (
                "no country is called 'atlantis' in English; give its ISO 3166 code, such as"
                " --code KE, or --code US-TX for a local member"
            ),
        ),
        (["norway", "--code", "Norway"], "'Norway' is not an ISO 3166 code, such as KE or US-TX"),
        (["norway", "--code", "XX"], "'XX' is not the code of a country (ISO 3166-1)"),
        (["norway", "--id-prefix", "n"], "'n' is not a prefix of ids: two to four capital letters"),
        (
            ["swiss", "--code", "CH"],
            "the ids of 'switzerland' begin with 'CH' already; give another --id-prefix",
        ),
    ],
    ids=" ".join,
)
def test_what_a_member_is_refused_for(workspace: Workspace, arguments: list[str], why: str) -> None:
    assert refused(workspace, "member", *arguments) == why


def test_members_in_brackets(workspace: Workspace) -> None:
    workspace.edit("content/members.yaml", "{switzerland: {name: S, code: CH, region: upstream}}\n")
    for member in ("auckland", "new-zealand"):
        (workspace.root / f"content/commitments/{member}.yaml").unlink()
    assert refused(workspace, "member", "norway") == (
        "the entries of content/members.yaml are in brackets; write each below a key"
    )


def test_the_first_member(workspace: Workspace) -> None:
    workspace.edit("content/members.yaml", "# nobody yet\n")
    for path in (workspace.root / "content/commitments").iterdir():
        path.unlink()
    workspace.edit("content/sections/introduction.md", ("[the first one](commitment:CH001)", "one"))
    new(workspace, "member", "norway", "--region", "upstream")
    assert text_of(workspace, "content/members.yaml") == (
        '# nobody yet\nnorway:\n  name: Norway\n  code: "NO"\n  region: upstream\n'
    )


def test_a_section(workspace: Workspace) -> None:
    file = "content/sections/thanks.md"
    assert new(workspace, "section", "thanks") == (
        f"{file}:1: the section thanks. Next: write it, and add thanks to a 'sections' part in"
        " content/report.yaml\n"
    )
    assert text_of(workspace, file).startswith(
        "---\ntitle: >-\n  TODO: the heading of the section\n"
    )
    assert f"{file}:9:1: warning[to-do]: something is left to do: the text" in workspace.check()
    assert refused(workspace, "section", "thanks") == (
        f"{file} is there already; give another name, or edit it"
    )
    assert refused(workspace, "section", "../thanks") == (
        "'../thanks' is not a name: write lower-case letters and digits with single hyphens"
        " between, such as 'thanks'"
    )


def test_a_figure_with_numbers(workspace: Workspace) -> None:
    assert new(workspace, "figure", "fish", "--kind", "line") == (
        "content/figures/fish.csv: its numbers, a line for each row\n"
        "content/figures/fish.yaml:1: the figure fish. Next: fill it in, and add a paragraph"
        " ![](figure:fish) to a section\n"
    )
    assert text_of(workspace, "content/figures/fish.csv") == "group,number\n"
    assert "kind: line\ndata: fish.csv\n" in text_of(workspace, "content/figures/fish.yaml")
    assert "fish.csv:2:1: warning[data-missing]: " in workspace.check()
    assert refused(workspace, "figure", "fish") == (
        "content/figures/fish.yaml is there already; give another name, or edit it"
    )


def test_a_figure_whose_numbers_are_there(workspace: Workspace) -> None:
    path = workspace.edit("content/figures/fish.csv", "year,Fish\n2023,5\n")
    assert new(workspace, "figure", "fish").startswith("content/figures/fish.yaml:1: the figure")
    assert path.read_text() == "year,Fish\n2023,5\n"


@pytest.mark.parametrize("name", ["regions", "members", "pillars", "report", "links"])
def test_a_figure_may_be_called_as_another_file_is(workspace: Workspace, name: str) -> None:
    new(workspace, "figure", name, "--count", "region", "--kind", "bar")
    assert "count: region # what" in text_of(workspace, f"content/figures/{name}.yaml")


def test_a_map(workspace: Workspace) -> None:
    new(workspace, "figure", "places", "--kind", "map")
    assert "kind: map\ncount: member # " in text_of(workspace, "content/figures/places.yaml")
    why = (
        "a map counts members, and members are counted on a map: give --kind map without --count,"
        " or count by year, pillar or region"
    )
    assert refused(workspace, "figure", "a", "--kind", "map", "--count", "year") == why
    assert refused(workspace, "figure", "a", "--count", "member") == why


def test_a_locale(tmp_path: Path) -> None:
    workspace = started(tmp_path / "report")
    result = workspace.run("new", "locale", "fr")
    assert (result.exit_code, result.output) == (
        0,
        f"{FR}:1: the catalog of fr. Next: translate it; reportgen build --locale fr\n",
    )
    assert "review: draft\n" in text_of(workspace, "locales/fr/locale.yaml")
    assert "is there already" in refused(workspace, "locale", "fr")
    assert refused(workspace, "locale", "x") == (
        "'x' is not the tag of a language, such as fr or pt-BR"
    )


@pytest.mark.parametrize(
    "arguments",
    [("commitment", "--member", "switzerland"), ("member", "norway"), ("locale", "fr")],
    ids=" ".join,
)
def test_nothing_is_added_to_what_cant_be_read(
    workspace: Workspace, arguments: tuple[str, ...]
) -> None:
    workspace.edit("content/members.yaml", ("  code: CH\n", "  code: 7\n"))
    before = files(workspace.root)
    result = workspace.run("new", *arguments)
    assert result.exit_code == 1
    assert "content/members.yaml:15:9: error[wrong-type]: " in result.stderr
    assert result.stderr.endswith("content: 1 error, no warnings: nothing was done\n")
    assert files(workspace.root) == before


def test_a_mistake_in_another_place_is_no_hindrance(workspace: Workspace) -> None:
    workspace.edit("content/sections/introduction.md", ("(network)", "(netwrok)"))
    assert workspace.run("new", "commitment", "--member", "switzerland").exit_code == 0


def test_a_folder_that_cant_be_made(workspace: Workspace) -> None:
    for path in (workspace.root / "content/figures").iterdir():
        path.unlink()
    (workspace.root / "content/figures").rmdir()
    workspace.edit("content/figures", "a file")
    result = workspace.run("new", "figure", "fish")
    assert result.exit_code == 1
    assert "error[not-written]: " in result.stderr


@pytest.mark.skipif(os.name != "posix", reason="links need no rights on POSIX systems")
def test_a_folder_outside_of_the_project(workspace: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (workspace.root / "content/sections").rename(outside)
    (workspace.root / "content/sections").symlink_to(outside)
    result = workspace.run("new", "section", "thanks")
    assert result.exit_code == 1
    assert result.stderr == (
        "content/sections/thanks.md:1:1: error[not-written]: it would lie outside of the project;"
        " make sure that its folder is in the project\n"
    )
    assert not (outside / "thanks.md").exists()


def test_words_with_a_to_do(workspace: Workspace) -> None:
    workspace.append("content/links.yaml", "# TODO:\n")
    workspace.append("content/sections/introduction.md", "\nTODOs: none. To do: TODO: this\n")
    assert workspace.check() == (
        "content/links.yaml:8:3: warning[to-do]: something is left to do: it does not say what; do"
        " it, and delete 'TODO:'\n"
        "content/sections/introduction.md:17:21: warning[to-do]: something is left to do: this; do"
        " it, and delete 'TODO:'\n"
        "content: no errors, 2 warnings\n"
    )
