"""YAML: plain data with a place for each key and value, and no surprises."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.diagnostics import Diagnostics
from reportgen.source.limits import MAX_YAML_DEPTH
from reportgen.source.yaml import Document, parse_yaml

PATH = PurePosixPath("a.yaml")


def parse(text: str) -> Document:
    diagnostics = Diagnostics()
    document = parse_yaml(text, PATH, diagnostics)
    assert document is not None, diagnostics.sorted()
    return document


def told(text: str) -> list[str]:
    """Give the places and kinds of what is wrong."""
    diagnostics = Diagnostics()
    assert parse_yaml(text, PATH, diagnostics) is None
    return [f"{d.span.line}:{d.span.column} {d.code}" for d in diagnostics.sorted()]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("text", "text"),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("n", "n"),
        ("", None),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-12", -12),
        ("+0", 0),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("12:30:45", "12:30:45"),
        ("1.5", 1.5),
        ("-0.25", -0.25),
        ("2020.0", 2020.0),
        ("1.0e+3", 1000.0),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("5.", "5."),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("2021-12-01", "2021-12-01"),
        ("2021-12-01T10:00:00Z", "2021-12-01T10:00:00Z"),
        ("=", "="),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'it''s'", "it's"),
        ('"\\u00e9"', "é"),
        ("<<", "<<"),
        ("|-\n  12", "12"),
        (">-\n  one\n  two", "one two"),
    ],
)
def test_scalars(source: str, value: object) -> None:
    found = parse(f"key: {source}\n").at("key")
    assert (found, type(found)) == (value, type(value))


def test_keys_are_text() -> None:
    assert parse("1: a\nnull: b\ntrue: c\n2021-01-01: d\n'': e\n? f\n: g\n").value == {
        "1": "a",
        "null": "b",
        "true": "c",
        "2021-01-01": "d",
        "": "e",
        "f": "g",
    }


@pytest.mark.parametrize("source", ["", "\n", "# only a comment\n", "---\n", "--- # nothing\n"])
def test_nothing(source: str) -> None:
    document = parse(source)
    assert document.value is None
    assert document.span("a", 1).path == "a.yaml"


SOURCE = """\
# a comment
title: Clear Rivers
authors:
  - name: A. Writer
    role: >-
      Editor of
      the [report](target)
  - {name: B., role: 'Reader'}
keywords: [rivers, drinking water]
"""


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ((), "2:1", "2:1"),
        (("title",), "2:8", "2:1"),
        (("authors",), "4:3", "3:1"),
        (("authors", 0), "4:5", "4:5"),
        (("authors", 0, "name"), "4:11", "4:5"),
        (("authors", 0, "role"), "5:11", "5:5"),
        (("authors", 1, "role"), "8:22", "8:16"),
        (("keywords", 1), "9:20", "9:20"),
        # What is not there is told at what is nearest to it.
        (("authors", 0, "address", "street"), "4:5", "4:5"),
        (("authors", 7), "4:3", "4:3"),
        (("nothing",), "2:1", "2:1"),
    ],
)
def test_places(path: tuple[str | int, ...], value: str, key: str) -> None:
    document = parse(SOURCE)
    assert str(document.span(*path)) == f"a.yaml:{value}"
    assert str(document.key_span(*path)) == f"a.yaml:{key}"


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (("title",), ("title: Clear Rivers",)),
        (("authors", 0, "name"), ("  - name: A. Writer",)),
        (("authors", 1, "name"), ("  - {name: B.",)),
        (("keywords", 0), ("keywords: [rivers",)),
        (("nothing",), ()),
    ],
)
def test_the_lines_of_a_value(path: tuple[str | int, ...], lines: tuple[str, ...]) -> None:
    found, end = parse(SOURCE).source(*path)
    assert (*found[:-1], *(line[:end] for line in found[-1:])) == lines


def test_the_lines_of_a_folded_value() -> None:
    lines, _ = parse(SOURCE).source("authors", 0, "role")
    assert lines[:3] == ("    role: >-", "      Editor of", "      the [report](target)")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key"]),
        ("a: 1\na: 2\na: 3\n", ["2:1 duplicate-key", "3:1 duplicate-key"]),
        ("1: a\n'1': b\n", ["2:1 duplicate-key"]),
        ("a: {b: 1, b: {c: [2]}}\nc: *x\n", ["1:11 duplicate-key", "2:4 yaml-alias"]),
        ("a: &x 1\nb: *x\n", ["1:4 yaml-anchor", "2:4 yaml-alias"]),
        ("a: &a [*a]\n", ["1:4 yaml-anchor", "1:8 yaml-alias"]),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", ["1:4 yaml-anchor", "3:7 yaml-alias"]),
        ("a: *unknown\n", ["1:4 yaml-alias"]),
        ("a: !!str 1\nb: !mine {c: 1}\n", ["1:4 yaml-tag", "2:4 yaml-tag"]),
        ("!!python/object:os.system {}\n", ["1:1 yaml-tag"]),
        ("!!binary aGk=\n", ["1:1 yaml-tag"]),
        ("? [a, {b: c}]\n: d\n", ["1:3 yaml-key"]),
        ("? {a: b}\n: d\n", ["1:3 yaml-key"]),
        ("{a: 1}\n---\nb: 2\n", ["2:1 yaml-documents"]),
        ('"\\0": "\\x1b"\n', ["1:1 control-character", "1:7 control-character"]),
        (f"a: {'9' * 5000}\n", ["1:4 yaml-number"]),
        (f"a: 1.{'0' * 5000}\n", ["1:4 yaml-number"]),
        ("a: b: c\n", ["1:5 invalid-yaml"]),
        ("a:\n\tb: c\n", ["2:1 invalid-yaml"]),
        ("a: [b\nc: d\n", ["2:2 invalid-yaml"]),
        ('a: "b\nc: d\n', ["1:4 invalid-yaml"]),
        ('a: "\\d"\n', ["1:5 invalid-yaml"]),
        ("a: @b\n", ["1:4 invalid-yaml"]),
        ("a: *b*\n", ["1:4 invalid-yaml"]),
        ("%YAML 9.9\n---\na: 1\n", ["1:1 invalid-yaml"]),
    ],
)
def test_what_is_refused(source: str, expected: list[str]) -> None:
    assert told(source) == expected


@pytest.mark.parametrize("nest", ["[{}]", "{{a: {}}}", "- {}", "? {}"])
@pytest.mark.parametrize("depth", [MAX_YAML_DEPTH + 1, 1000, 50_000])
def test_nesting_ends(nest: str, depth: int) -> None:
    begin, _, end = nest.replace("{{", "{").replace("}}", "}").partition("{}")
    found = told(begin * depth + end * depth)
    assert [line.split()[1] for line in found] == (
        ["yaml-key"] if nest[0] == "?" else ["yaml-depth"]
    )


def test_the_deepest_nesting() -> None:
    value = parse("[" * MAX_YAML_DEPTH + "]" * MAX_YAML_DEPTH).value
    for _ in range(MAX_YAML_DEPTH - 1):
        (value,) = value
    assert value == []


# What PyYAML writes is read as it was: texts stay texts, and each thing has a place.

texts = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"
    )
    | st.sampled_from("\n\t")
) | st.sampled_from(
    [
        "no",
        "null",
        "~",
        "12",
        "1.5",
        "1e3",
        "0x1f",
        "2021-12-01",
        "1:30",
        "- a",
        "a: b",
        "#",
        "*a",
        "&a",
    ]
)
data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


class Dumper(yaml.SafeDumper):
    """Writes without anchors."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


@given(data, st.booleans(), st.sampled_from([None, True, False]), st.sampled_from([20, 80, 1000]))
def test_what_pyyaml_writes_is_read(
    value: Any, unicode: bool, flow: bool | None, width: int
) -> None:
    source = yaml.dump(
        value, Dumper=Dumper, allow_unicode=unicode, default_flow_style=flow, width=width
    )
    document = parse(source)
    assert_same(document.value, value)
    for path in paths(value):
        assert path in document.values
        assert path in document.keys or not path or isinstance(path[-1], int)
        assert document.values[path] <= document.ends[path]


def assert_same(found: Any, value: Any) -> None:
    assert type(found) is type(value)
    if isinstance(value, dict):
        assert list(found) == sorted(value)
        for key in value:
            assert_same(found[key], value[key])
    elif isinstance(value, list):
        assert len(found) == len(value)
        for one, other in zip(found, value, strict=True):
            assert_same(one, other)
    else:
        assert found == value


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, (dict, list)):
        inner = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [path, *(p for key, item in inner for p in paths(item, (*path, key)))]


@given(st.text(st.sampled_from("ab:-[]{}#&*!|>'\"%@` \n\t,?~0.é👩")))
def test_any_text_gives_data_or_what_is_wrong(source: str) -> None:
    diagnostics = Diagnostics()
    document = parse_yaml(source, PATH, diagnostics)
    assert (document is None) is (len(diagnostics) > 0)
    for found in diagnostics.sorted():
        assert 1 <= found.span.line <= source.count("\n") + 2
        assert found.span.column >= 1
