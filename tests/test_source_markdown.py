"""Markdown as blocks with their places, and no block that a report has no form for."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import (
    Heading,
    Image,
    Inline,
    ItemList,
    ListItem,
    MarkdownFile,
    Paragraph,
    PullOut,
    inlines,
    marks,
    parse_markdown,
    plain_text,
)

PATH = PurePosixPath("a.md")
FRONT = "---\ntitle: Title\n---\n"


def parse(text: str) -> MarkdownFile:
    diagnostics = Diagnostics()
    file = parse_markdown(text, PATH, diagnostics)
    assert file is not None, diagnostics.sorted()
    assert len(diagnostics) == 0
    return file


def told(text: str) -> list[str]:
    """Give the places and words of what is wrong."""
    diagnostics = Diagnostics()
    assert parse_markdown(text, PATH, diagnostics) is None
    return [f"{d.span.line}:{d.span.column} {d.message}" for d in diagnostics.sorted()]


def at(line: int, column: int = 1) -> Span:
    return Span("a.md", line, column)


SOURCE = """\
---
title: A *title*
---
A paragraph
of two lines.

## A heading ##

### Another

- one
- two
  lines

1. first

2. second

> a pull-out
of two lines

![What it *shows*](images/a.png "A [caption](x)")

  A paragraph set in ![with](an.png) image.
"""


def test_blocks() -> None:
    file = parse(SOURCE)
    assert file.front_matter.value == {"title": "A *title*"}
    assert file.front_matter.span("title") == at(2, 8)
    assert file.lines[3] == "A paragraph"
    assert file.blocks == (
        Paragraph("A paragraph\nof two lines.", at(4)),
        Heading(2, "A heading", at(7)),
        Heading(3, "Another", at(9)),
        ItemList(False, (ListItem("one", at(11)), ListItem("two\nlines", at(12))), at(11)),
        ItemList(True, (ListItem("first", at(15)), ListItem("second", at(17))), at(15)),
        PullOut("a pull-out\nof two lines", at(19)),
        Image("images/a.png", "What it shows", "A [caption](x)", at(22)),
        Paragraph("A paragraph set in ![with](an.png) image.", at(24, 3)),
    )


@pytest.mark.parametrize("text", ["---\n---\n", "---\n# nothing\n---", "---  \n\n---\t\n\n\n"])
def test_an_empty_front_matter(text: str) -> None:
    file = parse(text)
    assert file.front_matter.value is None
    assert file.blocks == ()


NO_FRONT = ["1:1 the file does not begin with front matter"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", NO_FRONT),
        ("---", NO_FRONT),
        ("---\ntitle: a\n", NO_FRONT),
        ("\n---\ntitle: a\n---\n", NO_FRONT),
        (" ---\ntitle: a\n---\n", NO_FRONT),
        ("----\ntitle: a\n----\n", NO_FRONT),
        ("text\n---\ntitle: a\n---\n", NO_FRONT),
    ],
)
def test_no_front_matter(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def test_bad_front_matter_is_told_at_its_line() -> None:
    assert told("---\ntitle: a\ntitle: b\n---\n") == [
        "3:1 the key 'title' stands here a second time (first in line 2)"
    ]


TOO_HIGH = "a heading of level 1 or above 3 has no form in a report"
NOT_ONE = "an item of a list is not just one paragraph"
QUOTED = "a block quotation of more than one paragraph has no form in a report"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# One", [f"4:1 {TOO_HIGH}"]),
        ("a\n\n#### Four", [f"6:1 {TOO_HIGH}"]),
        ("One\n===", [f"4:1 {TOO_HIGH}"]),
        ("##", ["4:1 a heading without words has no form in a report"]),
        ("## ** **\n\n### <!-- -->", ["6:1 a heading without words has no form in a report"]),
        ("<p>a</p>", ["4:1 raw HTML has no form in a report"]),
        ("<!-- a -->", ["4:1 raw HTML has no form in a report"]),
        ("<?php ?>", ["4:1 raw HTML has no form in a report"]),
        ("```\na\n```", ["4:1 a block of code has no form in a report"]),
        ("~~~\na", ["4:1 a block of code has no form in a report"]),
        ("    a", ["4:5 a text set in by four spaces has no form in a report"]),
        ("\ta", ["4:2 a text set in by four spaces has no form in a report"]),
        ("---", ["4:1 a rule has no form in a report"]),
        ("| a | b |\n| - | - |\n| 1 | 2 |", ["4:1 a table has no form in a report"]),
        ("a | b\n--|--\n1 | 2", ["4:1 a table has no form in a report"]),
        ("[a]: b\n\n[c][a]", ["4:1 the definition of a link has no form in a report"]),
        ("- a\n  - b", [f"4:1 {NOT_ONE}"]),
        ("- a\n\n  b\n- c\n- ```\n  d", [f"4:1 {NOT_ONE}", f"8:1 {NOT_ONE}"]),
        ("- ", [f"4:1 {NOT_ONE}"]),
        ("3. a", ["4:1 a numbered list that begins with 3 has no form in a report"]),
        ("0. a", ["4:1 a numbered list that begins with 0 has no form in a report"]),
        (">", [f"4:1 {QUOTED}"]),
        ("> a\n>\n> b", [f"4:1 {QUOTED}"]),
        ("> - a", [f"4:1 {QUOTED}"]),
        ("> > a", [f"4:1 {QUOTED}"]),
    ],
)
def test_blocks_that_are_refused(body: str, expected: list[str]) -> None:
    assert told(FRONT + body) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a [b](c) [d](e:f) <http://g.h>",
            [("link", "c"), ("link", "e:f"), ("link", "http://g.h")],
        ),
        ("![a](b)", [("image", "b")]),
        ("[![a](b)](c)", [("link", "c"), ("image", "b")]),
        ("a <b>c</b> <!-- d -->", [("html", "<b>"), ("html", "</b>"), ("html", "<!-- d -->")]),
        ("[a](javascript:b) [c](data:d)", [("link", "javascript:b"), ("link", "data:d")]),
        ("[a]() [b](<>)", [("link", ""), ("link", "")]),
        ("[a](<b c>) [d](é)", [("link", "b%20c"), ("link", "%C3%A9")]),
        (r"\[a](b) `[c](d)` \<b>", []),
        ("[a][b] [c]", []),
    ],
)
def test_inlines(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(inlines(text)) == [Inline(kind, target) for kind, target in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* **c** `d` [e](f) ![g](h)", "a b c d e g"),
        ("a\nb  \nc\\\nd", "a b c d"),
        (r"\*a\* &amp; &eacute; 1 < 2", "*a* & é 1 < 2"),
        ("a<br>b", "ab"),
        ("", ""),
        ("*a", "*a"),
    ],
)
def test_plain_text(text: str, expected: str) -> None:
    assert plain_text(text) == expected


markup = st.text(st.sampled_from("ab*_`[]()!<>\\&#;:\"'-=|~ \n\t0.é👩")) | st.text(
    # Controls don't come from a file; see read_text.
    st.characters(exclude_categories=["Cc", "Cs"])
)


@given(markup)
def test_no_words_raise(text: str) -> None:
    assert isinstance(plain_text(text), str)
    assert all(isinstance(inline, Inline) for inline in inlines(text))
    assert all(count > 0 for count in marks(text).values())


@given(markup)
def test_any_text_gives_blocks_or_what_is_wrong(body: str) -> None:
    diagnostics = Diagnostics()
    file = parse_markdown(FRONT + body, PATH, diagnostics)
    assert (file is None) is (len(diagnostics) > 0)
    lines = (FRONT + body).split("\n")
    spans = [found.span for found in diagnostics.sorted()]
    spans += [block.span for block in file.blocks] if file else []
    for span in spans:
        assert 4 <= span.line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1


@pytest.mark.parametrize("sign", ["[", "![", "*", "_", "`", "<", "> ", "- ", "](", "&", "\\", "*_"])
def test_very_many_signs_take_no_long_time(sign: str) -> None:
    diagnostics = Diagnostics()
    parse_markdown(FRONT + sign * 5000, PATH, diagnostics)
    plain_text(sign * 5000)
