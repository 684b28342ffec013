"""Briefs: the report of a selection of records, which is as whole as the report itself."""

from __future__ import annotations

import dataclasses
import functools
import json
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.build.job import Job
from reportgen.build.start import start_project
from reportgen.build.survey import survey
from reportgen.exchange.dataset import MANIFEST, dataset
from reportgen.locales.load import load_locale
from reportgen.locales.locale import Locale
from reportgen.model.brief import FEWEST_INDEXED, facets_of, select
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.model.schema import PillarPart, SectionsPart
from reportgen.model.selection import EVERYTHING, KEYS, Facets, Selection
from reportgen.pages.catalogue import selection_label
from reportgen.pages.contents import printed_anchors
from reportgen.pages.parts import parts_of
from reportgen.pages.prose import ProseRenderer
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.pdf.metadata import identify
from reportgen.project import Project
from tests.conftest import ROOT, Workspace

PROJECT = Project(ROOT)


@functools.cache
def whole() -> Report:
    """The real report, with the parts of the report in its briefs: more can go wrong in them."""
    report = load_report(PROJECT).report
    assert report is not None
    return dataclasses.replace(report, brief=report.parts)


@functools.cache
def values() -> tuple[tuple[str, str], ...]:
    report = whole()
    facets = {pair for c in report.commitments for pair in facets_of(c)._asdict().items()}
    return tuple(sorted(facets))


selections = st.lists(st.sampled_from(range(500)), min_size=1, max_size=4).map(
    lambda numbers: Selection.of(values()[n % len(values())] for n in numbers)
)


@given(selections)
def test_any_brief_refers_only_to_what_it_has(selection: Selection) -> None:
    report = whole()
    brief = select(report, selection)
    expected = [c for c in report.commitments if selection.takes(facets_of(c))]
    assert list(brief.commitments) == expected
    assert {c.member for c in brief.commitments} <= set(brief.members)
    assert {member.region for member in brief.members} <= set(brief.regions)
    assert {c.pillar for c in brief.commitments} <= set(brief.pillars)
    with_records = {c.pillar.id for c in brief.commitments}
    assert {p.pillar for p in brief.parts if isinstance(p, PillarPart)} == with_records
    placed = {name for p in brief.parts if isinstance(p, SectionsPart) for name in p.sections}
    assert placed == {section.name for section in brief.sections}
    members = {c.member.id for c in brief.commitments}
    assert ("index" in brief.parts) is (len(members) >= FEWEST_INDEXED)
    assert brief.parts[0] == "cover"
    assert select(brief, selection) == brief


@pytest.mark.slow
@settings(max_examples=30)
@given(selections)
def test_no_link_of_any_brief_is_dead(selection: Selection) -> None:
    brief = select(whole(), selection)
    html = rendered(brief)
    ids = set(re.findall(r'(?<=\s)id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids


def rendered(report: Report) -> str:
    """Give the HTML of all parts of a report, without drawings, which take long."""
    parts = parts_of(report)
    renderer = PageRenderer(
        PROJECT, report, parts, Locale("en", "en"), {}, lambda drawing: "<svg></svg>"
    )
    return "".join(renderer(part, PageNumbers({})) for part in parts)


def test_without_a_selection_the_report_is_as_it_is() -> None:
    assert select(whole(), EVERYTHING) is whole()


def test_a_link_to_what_a_brief_does_not_have_is_plain_text() -> None:
    report = whole()
    first, other = report.commitments[0], report.commitments[-1]
    brief = select(report, Selection(member=(first.member.id,)))
    prose = ProseRenderer(brief, printed_anchors(brief, parts_of(brief)))
    assert "href" in prose(f"[words](commitment:{first.id})")
    assert prose(f"[words](commitment:{other.id})") == "words"
    assert prose(f"[words](member:{first.member.id})") == "words"


class TestSelection:
    def test_values_stand_once_and_in_order(self) -> None:
        pairs = [("year", "2021"), ("member", "b"), ("member", "a"), ("year", "2021")]
        assert Selection.of(pairs) == Selection(member=("a", "b"), year=("2021",))

    def test_an_unknown_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="colour"):
            Selection.of([("colour", "red")])

    def test_keys_narrow_down_and_values_add(self) -> None:
        selection = Selection(member=("a", "b"), year=("2021",))
        assert selection.takes(Facets("b", "x", "y", "2021"))
        assert not selection.takes(Facets("c", "x", "y", "2021"))
        assert not selection.takes(Facets("a", "x", "y", "2020"))

    ids = st.lists(
        st.tuples(
            st.sampled_from(KEYS),
            st.sampled_from(("a", "b", "a-b", "2021", "year", "region-a", "x" * 40, "x" * 80)),
        ),
        max_size=6,
    )

    @given(ids, ids)
    def test_names_are_safe_and_differ(
        self, one: list[tuple[str, str]], two: list[tuple[str, str]]
    ) -> None:
        first, second = Selection.of(one), Selection.of(two)
        assert (first.name == second.name) is (first == second)
        assert re.fullmatch(r"[a-z0-9+_-]{0,80}", first.name)

    def test_a_job_is_named_by_its_selection(self) -> None:
        job = Job("en", "print", proof=True, selection=Selection(member=("a", "b"), region=("a",)))
        assert job.file_name("slug") == "slug.a+b+region_a.en.print-proof.pdf"
        assert pickle.loads(pickle.dumps(job)) == job
        assert len({job.key, Job("en", "print", True).key}) == 2
        assert Job("en", "digital").file_name("slug") == "slug.en.digital.pdf"


@pytest.mark.parametrize(("tag", "name"), [("en", "Spain"), ("fr", "Espagne"), ("ar", "إسبانيا")])
def test_a_brief_is_called_by_its_name_in_each_language(tag: str, name: str) -> None:
    brief = select(whole(), Selection(member=("spain",)))
    localized = load_locale(PROJECT, brief, tag)
    assert localized.report is not None
    label = selection_label(localized.report, localized.locale)
    assert label == name
    assert identify(localized.report, tag, "", label).title.endswith(f": {name}")


def test_the_data_is_the_selection_s_and_says_so() -> None:
    brief = select(whole(), Selection(member=("spain",), year=("2020", "2021")))
    files = {file.name: file.data for file in dataset(brief, "0")}
    records = json.loads(files["commitments.json"])
    told = json.loads(files[MANIFEST])
    assert "member=spain, year=2020, year=2021" in told["description"]
    assert told["name"] == f"{brief.slug}.spain.year_2020.year_2021"
    assert re.fullmatch(r"[a-z0-9._/-]+", told["name"])
    assert str(records).count("'id'") == len(brief.commitments)
    whole_manifest = next(f for f in dataset(whole(), "0") if f.name == MANIFEST)
    assert "description" not in json.loads(whole_manifest.data)


def test_each_member_is_of_its_region_anyhow() -> None:
    seen = survey(PROJECT)
    african = seen.each("member", Selection(region=("africa",)))
    assert Selection(member=("kenya",)) in african
    assert all(seen.has(selection) for selection in african)
    assert len(seen.each("member", EVERYTHING)) == len(seen.known["member"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--select", "regoin=x"), "did you mean 'region'?"),
        (("--select", "x"), "write one of member, region, pillar, year"),
        (("--select", "pillar=mesure"), "did you mean 'measure'?"),
        (("--select", "year=1999"), "'1999' is not a year of this report; it has 20"),
        (("--each", "colour"), "'colour' is not one of"),
    ],
    ids=str,
)
def test_what_is_not_known_is_a_wrong_command(
    workspace: Workspace, options: tuple[str, ...], said: str
) -> None:
    result = workspace.run("build", *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (workspace.root / "out").exists()


def empty_pair(root: Path) -> tuple[str, ...]:
    """Give options for a member and a year that have no record in common."""
    seen = survey(Project(root))
    pairs = {(record.member, record.year) for record in seen.records}
    member, year = next(
        (m, y) for m in seen.known["member"] for y in seen.known["year"] if (m, y) not in pairs
    )
    return ("--select", f"member={member}", "--select", f"year={year}")


def test_a_selection_without_records_builds_nothing(workspace: Workspace) -> None:
    options = empty_pair(workspace.root)
    for more in ((), ("--each", "region")):
        result = workspace.run("build", *options, *more)
        assert result.exit_code == 1
        assert "error[empty-selection]" in result.stderr
    assert not (workspace.root / "out").exists()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("[imprint]", "error[no-cover]"),
        ("[cover, cover]", "error[duplicate-part]"),
        ("[cover, clsing]", "did you mean 'closing'?"),
        ("[cover, {pillar: mesure}]", "did you mean 'measure'?"),
        ("[]", "error[wrong-length]"),
        ("[cover, {pillar: measure}]", "warning[unused-pillar]"),
    ],
)
def test_the_parts_of_a_brief_are_checked(workspace: Workspace, parts: str, said: str) -> None:
    workspace.append("content/report.yaml", f"brief:\n  parts: {parts}\n")
    found = workspace.check()
    assert said in found
    assert found.count("[") == 1 + found.count("'['"), found


@pytest.mark.slow
def test_one_output_for_each_that_has_records(tmp_path: Path) -> None:
    root = tmp_path / "report"
    start_project(root)
    started = Workspace(root)
    seen = survey(Project(root))
    having = {record.region for record in seen.records}
    regions = [region for region in seen.known["region"] if region in having]
    options = ("build", "--each", "region", "--jobs", "1", "--json")
    result = started.run(*options, "--locale", "en", "--locale", "en")
    assert result.exit_code == 0, result.output
    outputs = json.loads(result.stdout)["outputs"]
    assert [o["selection"] for o in outputs] == [{"region": [r]} for r in regions]
    named = {f"clear-rivers.region_{region}.en.digital.pdf" for region in regions}
    assert {path.name for path in (root / "out").iterdir()} == named
    again = json.loads(started.run(*options).stdout)["outputs"]
    assert {output["fate"] for output in again} == {"current"}
