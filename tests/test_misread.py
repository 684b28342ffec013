"""Words that a reader doesn't find as they were drawn are told, and nothing else is."""

from __future__ import annotations

import pytest

from reportgen.pdf.characters import Line
from reportgen.preflight.words import Misread, compare, find


def differences(
    got: str, *lines: str, spaced: bool = False, right_to_left: bool = False
) -> list[tuple[str, str]]:
    put = [Line(line, spaced) for line in lines]
    return [(one.put, one.got) for one in compare([got], put, right_to_left)]


@pytest.mark.parametrize(
    ("got", "lines"),
    [
        pytest.param("one two\r\nthree", ("one two", "three"), id="lines"),
        pytest.param("conti\ufffenued", ("conti‐", "nued"), id="a broken word"),
        pytest.param("conti\u00ad\nnued", ("conti‐", "nued"), id="a soft hyphen"),
        pytest.param("Near the end", ("N", "ear the end"), id="an initial"),
        pytest.param("4 Contents\n5 Preface", ("Contents", "4", "Preface", "5"), id="one line"),
        pytest.param("1 A\n12 B", ("A", "1", "B", "12"), id="numbers that begin alike"),
        pytest.param("e\u0301tat", ("\u00e9tat",), id="another form of a letter"),
        pytest.param("", ("— …", " "), id="no words"),
    ],
)
def test_what_is_the_same(got: str, lines: tuple[str, ...]) -> None:
    assert differences(got, *lines) == []


@pytest.mark.parametrize(
    ("got", "lines", "expected"),
    [
        pytest.param("one twa three", ("one two three",), [("two", "twa")], id="a letter"),
        pytest.param("one three", ("one two three",), [("two", "")], id="a lost word"),
        pytest.param("onetwo", ("one two",), [("one two", "onetwo")], id="a lost space"),
        pytest.param("on e two", ("one two",), [("one", "on e")], id="a space too many"),
        pytest.param("one two", ("one",), [("", "two")], id="a word too many"),
        pytest.param("two three one", ("one two three",), [("one", ""), ("", "one")], id="order"),
        pytest.param("", ("one",), [("one", "")], id="nothing"),
        pytest.param("किसि", ("किसी",), [("किसी", "किसि")], id="a mark"),
    ],
)
def test_what_differs(got: str, lines: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert differences(got, *lines) == expected


def test_what_is_told_goes_on_behind_what_is_wrong() -> None:
    lines = ("first line", "second lime", "third line of words", "fourth line")
    got = "first line second line third line of words fourth lime"
    assert differences(got, *lines) == [("lime", "line"), ("line", "lime")]


def test_spaced_letters_may_come_out_one_by_one() -> None:
    assert differences("PAT H FIN", "PATH FIN", spaced=True) == []
    assert differences("PAT H FIM", "PATH FIN", spaced=True) == [("PATH FIN", "PAT H FIM")]


def test_from_right_to_left_other_words_may_have_any_order() -> None:
    line = "شكر Ben Brock وتقدير 2020"
    assert differences("شكر Brock Ben وتقدير 2020", line, right_to_left=True) == []
    assert differences("شكر Brock Bem وتقدير 2020", line, right_to_left=True) == [("n", "m")]
    assert differences("وتقدير Ben Brock شكر 2020", line, right_to_left=True) != []


def test_a_comma_may_come_before_the_mark_that_it_follows() -> None:
    assert differences("عالميا،ً وتدعو", "عالمياً، وتدعو", right_to_left=True) == []


def test_the_place_is_found_by_the_words_around() -> None:
    texts = ["Another text", "The words of a longer text stand here", "words of"]
    (wrong,) = compare(["xe wards of a longer tx"], [Line("xe words of a longer tx")])
    assert wrong == Misread("words", "wards", ("xe", "words", "of", "a", "longer", "tx"))
    assert find(wrong.around, texts) == 1
    assert find(("elsewhere",), texts) is None


def test_what_stands_beside_a_title_may_come_out_within_it() -> None:
    lines = [Line("الشكل"), Line("النسبة المئوية للأعضاء على الأقل")]
    assert not list(compare(["النسبة المئوية للأعضاء الشكل على الأقل"], lines, True))
    assert list(compare(["النسبة المئوية للأعضاء على الأقل"], lines, True))
