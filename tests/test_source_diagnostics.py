"""Problems as data: their order, their words, their hints."""

from __future__ import annotations

import pytest

from reportgen.source.diagnostics import (
    DiagnosedError,
    Diagnostics,
    Severity,
    Span,
    did_you_mean,
    has_errors,
    listed,
    nearest,
    visible,
)


def test_a_span_is_written_as_editors_read_it() -> None:
    assert str(Span("content/report.yaml", 3, 14)) == "content/report.yaml:3:14"
    assert str(Span("content/report.yaml")) == "content/report.yaml:1:1"


def test_diagnostics_come_by_file_line_and_column_each_once() -> None:
    found = Diagnostics()
    found.error("late", Span("b", 2), "m", "h")
    found.warning("second", Span("a", 10), "m", "h")
    found.error("first", Span("a", 9, 80), "m", "h")
    found.error("late", Span("b", 2), "m", "h")
    found.error("later", Span("b", 2, 2), "m", "h")
    assert [d.code for d in found.sorted()] == ["first", "second", "late", "later"]
    assert len(found) == 5


def test_a_diagnostic_is_one_line() -> None:
    found = Diagnostics()
    found.warning("code", Span("a\x1b[2J\n.md", 1, 2), "'x\ny' is\u2028 \u202ebad", "do\tthis")
    (diagnostic,) = found.sorted()
    assert diagnostic.severity is Severity.WARNING
    assert str(diagnostic) == (
        r"a\x1b[2J\n.md:1:2: warning[code]: 'x\ny' is\u2028 \u202ebad; do\tthis"
    )
    assert diagnostic.message == "'x\ny' is\u2028 \u202ebad"


def test_a_long_message_is_cut_in_its_middle() -> None:
    found = Diagnostics()
    found.error("code", Span("a"), f"'{'x' * 10_000}' is not a value", "h")
    message = found.sorted()[0].message
    assert len(message) == 283
    assert message.startswith("'xxx")
    assert message.endswith("xxx' is not a value")


def test_only_errors_are_errors() -> None:
    found = Diagnostics()
    assert not has_errors(found.sorted())
    found.warning("w", Span("a"), "m", "h")
    assert not has_errors(found.sorted())
    found.error("e", Span("a"), "m", "h")
    assert has_errors(found.sorted())


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("resotre", {"measure", "restore"}, "restore"),
        ("RESTORE", {"measure", "restore"}, "restore"),
        ("restore", {"Restore"}, "Restore"),
        ("zebra", {"measure", "restore"}, None),
        ("", {"measure"}, None),
        ("measure", set(), None),
        ("measures" * 20, {"measures" * 20 + "s"}, None),
        ("measures", {"measure", *(f"other-{n}" for n in range(1000))}, None),
    ],
)
def test_nearest(name: str, known: set[str], expected: str | None) -> None:
    assert nearest(name, known) == expected
    hint = "ask" if expected is None else f"did you mean '{expected}'?"
    assert did_you_mean(name, known, "ask") == hint


def test_a_list_of_names_ends() -> None:
    assert listed({"b", "a"}) == "a, b"
    assert listed([]) == ""
    assert listed([f"n{n:02}" for n in range(12)]).endswith("n10, n11")
    assert listed([f"n{n:02}" for n in range(99)]).endswith("n10, n11 … (87 more)")


def test_letters_of_all_scripts_are_visible() -> None:
    text = "Añb 水 \u200fمرحبا\u200e 👩\u200d👧 \u00ad"
    assert visible(text) == text
    assert visible("\t\x00\x7f\x85\ufeff\udc80\u2066") == r"\t\x00\x7f\x85\ufeff\udc80\u2066"


def test_a_diagnosed_error_says_its_diagnostic() -> None:
    error = DiagnosedError("code", Span("a", 2), "what", "do")
    assert str(error) == "a:2:1: error[code]: what; do"
    assert error.diagnostics[0].span == Span("a", 2)
