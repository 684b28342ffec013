"""YAML as it is written: in style, with what was typed and said."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.diagnostics import Diagnostics
from reportgen.source.yaml import Document, parse_yaml
from reportgen.source.yaml_writing import (
    WIDTH,
    comments_of,
    dump_yaml,
    insert_below,
    is_flow,
    load_yaml,
)

LONG = " ".join(["word"] * 30)


def parsed(text: str) -> Document:
    document = parse_yaml(text, PurePosixPath("a.yaml"), Diagnostics())
    assert document
    return document


def rewritten(text: str) -> str:
    return dump_yaml(load_yaml(text))


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: +1\nc: 1.50\nd: 1.5e+3\ne: TRUE\nf: ~\ng: NULL\nh:\n",
        "a: 0o14\nb: 0x1F\nc: 1_000\nd: 012\ne: .5\nf: 1e5\ng: -0\nh: 2021-12-01\ni: no\nj: =\n",
        "a: 'one'\nb: \"two\"\nc: ''\nd: 'it''s'\n",
        "# head\n\na: 1 # one\n\n# about b\nb:\n  # the first\n  - 1\n  # second\n  - 2\n# end\n",
        "a: >-\n  one\n\n  two\nb: |\n  one\n    two\nc: >\n  kept\n",
        "a: >- # why\n  text\nb: 1\n",
        "a: [1, 'two', {b: c}]\nb: {c: 1}\nd: []\ne: {}\n",
        "a:\n  - b: 1\n    c:\n      - d\n  - b: 2\n",
        "año: ñ\nключ: значение\nمفتاح: قيمة\n",
    ],
)
def test_what_is_in_style_stays_as_it_was_typed(text: str) -> None:
    assert rewritten(text) == text


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("a:   1\nb:\n- 1\n-   2\n", "a: 1\nb:\n  - 1\n  - 2\n"),
        ("a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a: one\n  two\n", "a: one two\n"),
        ("a: >-\n      one\n      two\n", "a: >-\n  one two\n"),
        ("a: [1,2,  3]\n", "a: [1, 2, 3]\n"),
    ],
)
def test_what_is_not_in_style(text: str, style: str) -> None:
    assert rewritten(text) == style
    assert parsed(style).value == parsed(text).value


@pytest.mark.parametrize("typed", [LONG, f"'{LONG}'", f'"{LONG}"', f">-\n    {LONG}"])
def test_a_long_text_is_folded_below_its_key(typed: str) -> None:
    written = rewritten(f"a:\n  key: {typed}\n\n# next\nb: 1\n")
    head, *lines, empty, comment, last = written.splitlines()[1:]
    assert (head, empty, comment, last) == ("  key: >-", "", "# next", "b: 1")
    assert all(line.startswith("    word ") and len(line) <= WIDTH for line in lines)
    assert len(lines) == 2
    assert parsed(written).value == {"a": {"key": LONG}, "b": 1}
    assert rewritten(written) == written


@pytest.mark.parametrize(
    "text",
    [
        f"a: {LONG} # said in the line\n",
        f"a: https://example.org/{'x' * 100}\n",
        f"a: ' {LONG}'\n",
        f'a: "{LONG}\\n"\n',
        f"a: {'x' * (WIDTH - 3)}\n",
        f"a: [{LONG}]\n",
    ],
)
def test_what_is_not_folded(text: str) -> None:
    assert rewritten(text) == text


def test_what_fits_its_line_exactly_stays_there() -> None:
    fits = f"a: {'x' * (WIDTH - 5)} y\n"
    assert len(fits) == WIDTH + 1
    assert rewritten(fits) == fits
    longer = fits.replace(" y", "x y")
    assert rewritten(longer) == longer.replace("a: ", "a: >-\n  ")
    longest = fits.replace(" y", "xx y")
    assert rewritten(longest) == longest.replace("a: ", "a: >-\n  ").replace(" y", "\n  y")


def test_values_that_are_set() -> None:
    data = load_yaml("# head\na: one # first\nb: two\nc: 3\n")
    data["a"] = "2020"
    data["b"] = LONG
    data["c"] = 4
    data["d"] = "no: text"
    data["e"] = None
    written = dump_yaml(data)
    expected = {"a": "2020", "b": LONG, "c": 4, "d": "no: text", "e": None}
    assert parsed(written).value == expected
    assert written.startswith("# head\na: '2020' # first\nb: >-\n  word ")


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("a: 1\n", []),
        (
            "# one\na: 1 # two \n  # three\nb: '# not' # four\n#five",
            ["one", "two", "three", "four"],
        ),
        ("a: >- # head\n  # not\n  text\n# after\n", ["head", "after"]),
        ("a: |2+ # head\n   text\n\n\n# after\n", ["head", "after"]),
        ("a: b#c\nd: 'x\n  # not\n  y'\n", []),
        ("é: ü # one\n𝒜: 1 # two\n", ["one", "two"]),
    ],
)
def test_comments(text: str, comments: list[str]) -> None:
    found = [comment.removeprefix("# ") for comment in comments_of(text)]
    assert [comment for comment in found if comment != "#five"] == comments


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("a: 1\nb: 2\n", ("a",), "a: 1\nNEW\nb: 2\n"),
        ("a: 1\nb: 2", ("b",), "a: 1\nb: 2\nNEW\n"),
        (
            "a:\n  b: >-\n    text\n\n\n# c\nc: 1\n",
            ("a",),
            "a:\n  b: >-\n    text\nNEW\n\n\n# c\nc: 1\n",
        ),
        (
            "a:\n  - 1 # one\n  # more\n# c\nc: 1\n",
            ("a",),
            "a:\n  - 1 # one\n  # more\nNEW\n# c\nc: 1\n",
        ),
        ("a: [1,\n    2\n  ]\nc: 1\n", ("a",), "a: [1,\n    2\n  ]\nNEW\nc: 1\n"),
        ("a:\n  b:\nc: 1\n", ("a",), "a:\n  b:\nNEW\nc: 1\n"),
    ],
)
def test_lines_below_a_value(text: str, path: tuple[str, ...], after: str) -> None:
    assert insert_below(parsed(text), path, ["NEW"]) == after


def test_brackets() -> None:
    document = parsed("a: [1]\nb:\n  - 1\nc: {}\nd:\n  e: 1\n")
    assert [is_flow(document, key) for key in "abcd"] == [True, False, True, False]
    assert not is_flow(document)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=["Cc"]))
    | st.lists(st.sampled_from(["word", "a: b", "# no", "-", "'", "x" * 40, "", "é"])).map(" ".join)
)
DATA = st.dictionaries(
    st.from_regex("[a-zñ]{1,6}", fullmatch=True),
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.from_regex("[a-z]{1,30}", fullmatch=True), inner, max_size=4)
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


@given(DATA, st.sampled_from([2, 4, 7]), st.sampled_from([30, 80, 1000]), st.booleans())
def test_what_a_file_says_stays_and_twice_is_once(
    data: dict[str, Any], indent: int, width: int, flow: bool
) -> None:
    text = yaml.safe_dump(
        data, indent=indent, width=width, allow_unicode=True, default_flow_style=flow or None
    )
    document = parse_yaml(text, PurePosixPath("a.yaml"), Diagnostics())
    if document is None:  # anchors and the like, which PyYAML writes and a report has not
        return
    written = rewritten(text)
    assert repr(parsed(written).value) == repr(document.value)
    assert rewritten(written) == written
