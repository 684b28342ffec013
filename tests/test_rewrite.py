"""A member's file with some of its records changed: what is to change does, and nothing else."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.exchange.rewrite import Edits, new_file, rewritten
from reportgen.source.diagnostics import INVISIBLE

TEXTS = (
    st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=30)
    | st.text(alphabet="ab '\":#-[]{}>|&*!%@`\\,?\n", min_size=1, max_size=30)
    | st.lists(
        st.sampled_from(["word", "a:", "#b", "“c”", "😀", "-"]), min_size=1, max_size=60
    ).map(" ".join)
).filter(lambda text: text.strip() == text and not INVISIBLE.search(text))

RECORDS = st.fixed_dictionaries(
    {"year": st.integers(1900, 2100), "pillar": st.just("a-b"), "title": TEXTS, "summary": TEXTS}
)
STYLES = st.sampled_from([None, ">", "|", "'", '"'])


def as_read(text: str) -> Any:
    return yaml.safe_load(text)["commitments"]


@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_a_new_file_says_what_it_was_made_of(records: list[dict[str, Any]]) -> None:
    entries = [{"id": f"X{n}", **record} for n, record in enumerate(records)]
    text = new_file("a-member", entries)
    assert yaml.safe_load(text) == {"member": "a-member", "commitments": entries}


@given(
    st.lists(st.tuples(RECORDS, STYLES, st.booleans(), RECORDS), min_size=1, max_size=4),
    st.lists(RECORDS, max_size=2),
    st.sampled_from(["title", "summary", "year"]),
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 3)),
)
def test_what_is_to_change_does(
    records: list[tuple[dict[str, Any], str | None, bool, dict[str, Any]]],
    added: list[dict[str, Any]],
    field: str,
    changed: set[int],
    removed: set[int],
) -> None:
    lines = ["# head", "member: a-member", "commitments:"]
    for number, (record, style, is_flow, _) in enumerate(records):
        entry = {"id": f"X{number}", **record}
        made = yaml.dump(
            [entry], default_style=style, default_flow_style=is_flow, sort_keys=False, width=60
        )
        if is_flow:
            made = f"- {made.strip()[1:-1]}"
        made = made.replace("!!int ", "").rstrip("\n")
        lines += [f"# above {number}", *made.split("\n")]
    text = "\n".join([*lines, "# end", ""])
    ids = [entry["id"] for entry in as_read(text)]
    new = [{"id": f"N{number}", **record} for number, record in enumerate(added)]
    drop = {f"X{number}" for number in removed if number < len(records)}
    edit = {
        f"X{number}": {field: records[number][3][field]}
        for number in changed
        if number < len(records) and f"X{number}" not in drop
    }
    after = rewritten(text, Edits(edit, frozenset(drop), new))
    if not new and drop == set(ids):
        assert after is None
        return
    assert after is not None
    expected = [{**entry, **edit.get(entry["id"], {})} for entry in as_read(text)]
    found = as_read(after)
    year = int if field == "year" else (lambda value: value)
    for entry in found:
        entry[field] = year(entry[field])
    for entry in expected:
        entry[field] = year(entry[field])
    assert found == [entry for entry in expected if entry["id"] not in drop] + new
    assert [line for line in after.split("\n") if line.startswith("# ")] == [
        line for line in text.split("\n") if line.startswith("# ")
    ]
