"""Marks of other kinds of Markdown: refused where they stand, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.markdown import plain_text, unknown_marks
from tests.conftest import Workspace, encoded
from tests.test_catalog import GOOD, told

SECTION = "content/sections/introduction.md"
SWITZERLAND = "content/commitments/switzerland.yaml"

MARKS = {
    "a footnote": ("a word[^1] more", "[^1]: The words of the note.", "a word^[a note]"),
    "a reference to a source": ("[@key]", "so it is [see @key, p. 3].", "[-@key]", "[@a; @b]"),
    "a wiki link": ("[[a page]]",),
    "read as an image": ("![](a picture with spaces.jpg)", "![a](images/b.jpg"),
    "read as a link": ("[words](two names)", "[words](https://example.org"),
    "a link whose target": ("[words][name]", "[words][]"),
    "a formula": ("$x$", "that $x^2 + y$ is", "**$a_1$**", "$$E = mc^2$$", "[$x$](network)"),
    "words crossed out": ("~~this~~", "not ~~this *one*~~"),
    "a subscript": ("H~2~O", "x^2^"),
    "marked text": ("==this==", "++this++"),
    "code of a template": ("{{ title }}", "{% if x %}"),
    "an attribute": ("[words](network){.big}", "{#name}", "{: .big }", "{width=3}", "{doc}`x`"),
    "the name of an emoji": ("well :smile: done",),
    "the name of a character": ("&nosuch;",),
    "a command of LaTeX": (r"\newpage", r"\cite{key}"),
    "a box of a list": ("[x] done", "[ ] to do", "- [x] done"),
    "a fenced block": ("::: note", "words\n:::", "~~~"),
    "a block set apart": ("!!! note", "[!NOTE] words"),
    "a table of contents": ("[TOC]",),
    "an abbreviation": ("*[OGP]: Open Government Partnership",),
    "a row of a table": ("| a | b |", "a | b\n---|---"),
    "a heading": ("# Title", "words\n## Title"),
    "a list": ("- one", "words\n* one", "1. one\n2. two"),
    "a quotation": ("> words",),
    "a rule": ("---", "words\n***"),
    "has no counterpart": ("**one word", "one** word", "a __word", "*a* **b", "**a** `**` c**"),
    "a definition": ("Term\n: what it is", "Term\n:   what it is"),
}
"""Texts with one kind of mark each, by what is said of it."""

WORDS = (
    "from $5 to $10",
    "US$5 or US$ 10, A$5 to A$ 6, R$ 5 e R$ 10",
    "$5.5 million and US$ 6 million",
    "$5–$10, $5/$6, 5$-10$",
    "$1 a day; $3 a week",
    "$1 = R$ 5",
    "a $ b $ c",
    "a < b > c",
    "[sic], […], [1], [2], [3][4], [a b] (c d)",
    "at 10:30:15, or 10:30",
    "name@example.org, [name@example.org], <name@example.org>, @name",
    ": a colon",
    "a line\nand another\n: and a third",
    "Term: what it is",
    ":-) and :-(, std::vector::x",
    "10^6, 2^10 and x^2",
    "~5 to ~10, a ~ b ~ c, https://example.org/~b/~c",
    "C++ and C++, C++/C++",
    "x = y == z",
    "{x}, {id}, f{x}",
    "R&D, AT&T; Q&A, &amp; &#38;",
    "#1 of 3, #5",
    "1. Title",
    "2021. A year",
    "> 5 % of all",
    "- 5 degrees",
    "a – b -- c --- d",
    "A | B",
    r"C:\Users\name",
    "a*b*c, a_b_c, a__b__c, a ** b, f***, 5 * 3*",
    r"\*\*a\** \__a, `**`, **a**, __a__, ***a***, **a*b*c**",
    "**Term**: what it is",
    r"\$x\$ \[^1] \[@key] \==a== \~~a~~ \{{ a }} \:smile: \![a](b c)",
    r"\[x] done",
    r"\# Title",
    r"\- one",
    r"\| a | b |",
    r"\\cite{key}",
    "`$x$` and `[^1]`, `` `==a==` ``",
    "[`$x$`](network)",
    "[a](network)[b](network)",
    "![a](images/b.jpg)",
)
"""Texts that have none."""


@pytest.mark.parametrize(
    ("what", "text"), [(what, text) for what, texts in MARKS.items() for text in texts]
)
def test_a_mark_is_told_once_a_line_with_what_to_do(what: str, text: str) -> None:
    found = unknown_marks(text)
    assert 1 <= len(found) <= text.count("\n") + text.count("@") + 1
    for mark in found:
        assert what in mark.message or "a row of a table" in mark.message
        assert "to print it" in mark.hint


@pytest.mark.parametrize("text", WORDS)
def test_what_is_no_mark_is_printed(text: str) -> None:
    assert unknown_marks(text) == ()


@pytest.mark.parametrize("text", [text for texts in MARKS.values() for text in texts])
def test_an_escape_before_each_sign_prints_it(text: str) -> None:
    signs = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
    escaped = "".join(f"\\{sign}" if sign in signs else sign for sign in text)
    assert unknown_marks(escaped) == ()
    assert plain_text(escaped) == text.replace("\n", " ")


@given(st.text(alphabet="$[]^@:~=+{}|!#>-*`\\<&x1 \n.()", max_size=60))
def test_no_text_raises_and_each_mark_stands_in_it(text: str) -> None:
    for mark in unknown_marks(text):
        assert mark.text in text
        assert mark.nth < text.count(mark.text) + len(mark.text)


def test_a_mark_is_told_at_its_place_in_a_section(workspace: Workspace) -> None:
    text = r"Records \[^1] stand `[^1]` for[^1] promises" + "\nand for $x$[^1] more."
    more = "Term\n: words\n\n- [x] done\n\nRecords stand"
    workspace.edit(SECTION, ("Records stand", f"{text}\n\n{more}"))
    lines = workspace.check().splitlines()
    assert [line.partition(" error")[0] for line in lines[:-1]] == [
        f"{SECTION}:9:31:",
        f"{SECTION}:10:9:",
        f"{SECTION}:10:12:",
        f"{SECTION}:13:1:",
        f"{SECTION}:15:3:",
    ]
    assert lines[0] == (
        f"{SECTION}:9:31: error[unsupported-markdown]: '[^1]' is a footnote, which has no form in a"
        " report; say it in the text; to print it as it is, write '\\['"
    )


def test_strong_emphasis_without_its_end_is_told_at_its_place(workspace: Workspace) -> None:
    workspace.edit(SECTION, ("Records stand", "**Records** `**` stand **there **now"))
    assert workspace.check().splitlines()[:-1] == [
        f"{SECTION}:9:{column}: error[unsupported-markdown]: '**' has no counterpart, so that it is"
        r" printed; write **words**, with no space within; to print it, write \*\*"
        for column in (24, 32)
    ]


def test_a_mark_is_told_at_its_place_in_yaml(workspace: Workspace) -> None:
    workspace.edit(SWITZERLAND, ("Publish monthly readings", "Publish $x$ readings"))
    workspace.edit(
        SWITZERLAND, ("summary: Let the river", "summary: >-\n      Let the\n      ==river==")
    )
    assert [line.partition(" error")[0] for line in workspace.check().splitlines()[:-1]] == [
        f"{SWITZERLAND}:6:20:",
        f"{SWITZERLAND}:14:7:",
    ]


def test_a_mark_in_the_words_for_an_image(workspace: Workspace) -> None:
    workspace.edit("content/images/a.png", encoded("RGB", "PNG"))
    workspace.edit(SECTION, ("Records stand", "![The area $x$](images/a.png)\n\nRecords stand"))
    assert f"{SECTION}:9:12: error[unsupported-markdown]: '$x$' is a formula" in workspace.check()


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("des *mots*[^1]", ["14:1: error[unsupported-markdown]: '[^1]' is a footnote"]),
        ("des *mots* de 5 $ à 10 $", []),
        ("des *mots* et **", []),
        ("des *mots* et **non", ["14:1: error[unsupported-markdown]: '**' has no counterpart"]),
        (r"des *mots*\\[^1]", []),
    ],
)
def test_a_mark_in_a_translation(words: str, lines: list[str]) -> None:
    found = told(GOOD.replace("des *mots*", words))
    assert [line[: len(start)] for line, start in zip(found, lines, strict=True)] == lines
