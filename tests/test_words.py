"""Two texts compared word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reportgen.exchange.words import Fate, Words, changed_words


def test_words() -> None:
    assert changed_words("Expand legal aid services.", "Expand free services now.") == (
        Words(Fate.SAME, "Expand "),
        Words(Fate.REMOVED, "legal aid services."),
        Words(Fate.ADDED, "free services now."),
    )
    assert changed_words("a b c", "a c") == (
        Words(Fate.SAME, "a "),
        Words(Fate.REMOVED, "b "),
        Words(Fate.SAME, "c"),
    )


def test_the_same() -> None:
    assert changed_words("a b", "a b") == (Words(Fate.SAME, "a b"),)
    assert changed_words("", "") == ()


TEXTS = st.lists(st.sampled_from(["one ", "two\n", "three  ", "\u00a0", "four"])).map("".join)


@given(TEXTS, TEXTS)
def test_the_runs_make_both_texts(old: str, new: str) -> None:
    runs = changed_words(old, new)
    assert "".join(run.text for run in runs if run.fate is not Fate.ADDED) == old
    assert "".join(run.text for run in runs if run.fate is not Fate.REMOVED) == new


def test_very_long_texts_are_compared_from_their_ends() -> None:
    """To compare all words takes the square of their number."""
    old = " ".join(["start", *(f"a{n}" for n in range(100_000)), "end"])
    new = " ".join(["start", *(f"b{n}" for n in range(100_000)), "end"])
    runs = changed_words(old, new)
    assert [run.fate for run in runs] == [Fate.SAME, Fate.REMOVED, Fate.ADDED, Fate.SAME]
    assert (runs[0].text, runs[-1].text) == ("start ", "end")
    assert "".join(run.text for run in runs if run.fate is not Fate.ADDED) == old
    assert "".join(run.text for run in runs if run.fate is not Fate.REMOVED) == new
