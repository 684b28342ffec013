"""Files as text, whoever wrote them; and what happens if their bytes are any bytes."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.load import load_report
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.text import read_text
from tests.conftest import STARTER, Altered

PATH = PurePosixPath("content/a.txt")


def read(data: bytes) -> tuple[str | None, list[str]]:
    """Give what is read, and where and what is wrong."""
    diagnostics = Diagnostics()
    text = read_text(Altered(STARTER, str(PATH), data), PATH, diagnostics)
    found = diagnostics.sorted()
    return text, [f"{d.span.line}:{d.span.column} {d.message}" for d in found]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbf", ""),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\r\nb\rc\n\r", "a\nb\nc\n\n"),
        ("e\u0301".encode(), "é"),
        ("a\tb\u00a0c\u200fd\u200de\u00ad".encode(), "a\tb\u00a0c\u200fd\u200de\u00ad"),
        ("\U0001f3de\ufe0f\U0010fffd".encode(), "\U0001f3de\ufe0f\U0010fffd"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert read(data) == (text, [])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff", "1:1 byte 0xFF is not valid UTF-8"),
        (b"\xef\xbb\xbfa\xe9", "1:2 byte 0xE9 is not valid UTF-8"),
        (b"a\r\nb\r\xe4\xb6", "3:1 byte 0xE4 is not valid UTF-8"),
        ("ää".encode() + b"\x80", "1:3 byte 0x80 is not valid UTF-8"),
        (b"\xc0\xaf", "1:1 byte 0xC0 is not valid UTF-8"),
        (b"\xed\xa0\x80", "1:1 byte 0xED is not valid UTF-8"),
        ("a".encode("utf-16"), "1:1 byte 0xFF is not valid UTF-8"),
        (b"a\nb\0", "2:2 U+0000 is a sign that can't be seen and has no place in a text"),
        ("é\x0b".encode(), "1:2 U+000B is a sign that can't be seen and has no place in a text"),
        ("\x85".encode(), "1:1 U+0085 is a sign that can't be seen and has no place in a text"),
        ("a\ufeff".encode(), "1:2 U+FEFF is a sign that can't be seen and has no place in a text"),
        ("\uffff".encode(), "1:1 U+FFFF is a sign that can't be seen and has no place in a text"),
    ],
)
def test_what_is_no_text(data: bytes, told: str) -> None:
    assert read(data) == (None, [told])


FILES = {
    f"content/{path.relative_to(STARTER).as_posix()}": path.read_bytes()
    for path in sorted(STARTER.rglob("*.*"))
}
PIECES = [
    *(b"\n", b"\r\n", b"\t", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", "\u2028é\u0301👩".encode()),
    *(b"'", b'"', b"[", b"]", b"{", b"}", b"(", b")", b"<", b">", b"|", b"&a ", b"*a ", b"!!int "),
    *(b": ", b"- ", b"? ", b"#", b"---\n", b"...\n", b"\\", b"`", b"_", b"![](", b"](", b"</b>"),
    *(b"0", b"-1.5e+9", b"null", b"true", b",", b";", b"%00", b"figure:", b"commitment:", b"../"),
]


@st.composite
def spoiled_files(draw: st.DrawFn) -> tuple[str, bytes]:
    """Give a content file's name, and its bytes with some of them replaced."""
    name = draw(st.sampled_from(sorted(FILES)))
    data = FILES[name]
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(data)))
        end = begin + draw(st.sampled_from([0, 0, 1, 2, 10, 1000]))
        new = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
        data = data[:begin] + new + data[end:]
    return name, data


def assert_told_in_the_file(file: str, data: bytes) -> None:
    """Read a report in which a file has other bytes: nothing is raised, no place is outside."""
    loaded = load_report(Altered(STARTER.parent, file, data))
    for found in loaded.diagnostics:
        assert found.message
        assert found.hint
        here = data if found.span.path == file else FILES.get(found.span.path, b"")
        lines = here.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        assert 1 <= found.span.line <= len(lines) + 1
        line = lines[found.span.line - 1] if found.span.line <= len(lines) else b""
        assert 1 <= found.span.column <= len(line) + 1


@settings(max_examples=250)
@given(spoiled_files())
def test_a_spoiled_file_is_told_of(spoiled: tuple[str, bytes]) -> None:
    assert_told_in_the_file(*spoiled)


@settings(max_examples=40)
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_are_told_of(file: str, data: bytes) -> None:
    assert_told_in_the_file(file, data)
