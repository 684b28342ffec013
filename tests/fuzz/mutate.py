# ruff: noqa: E501 - lists of what files are made of, a line as long as it takes
"""Changes of any file: of its bytes, and by the words of its language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from random import Random

LONGEST = 400_000
"""How large most cases may become, in bytes."""

ODD_TEXTS = (
    "\0", "\x1b[31m", "\r", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\U0010ffff", "e\u0301",
    "a" + "\u0300" * 300, "\u200b", "\u00ad", "👩‍👩‍👧‍👦", "ﷺ", "İ", "ß", "\u0600", "١٢", "ａ", "\t", "\u3000",
)  # fmt: skip
"""Characters that readers, terminals and typesetters treat in a way of their own."""

ODD_NUMBERS = (
    "0", "-1", "1e309", "-1e-400", "1" + "0" * 309, "9" * 5000, "2147483648", "9223372036854775808",
    "0.1e-300", ".5.5", "NaN", "inf", "0x7fffffff", "1_000", "٣", "²", "007", "1e5", "99999",
)  # fmt: skip

PATHS = (
    "../canary/secret.txt", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "//x/y",
    "content/../../canary/secret.txt", "data:text/html;base64,PGI+", "%00", "%2e%2e/x", "con\0",
    "flag:xx", "flag:../x", "~", ".", "", "a" * 300, "styles/report.css", "images/dot.png",
)  # fmt: skip
"""Names of files that a report may not read, or that are none."""

TOKENS: Mapping[str, Sequence[str]] = {
    "yaml": (
        "&a ", "*a", "<<: *a", "? ", ": ", "- ", "!!python/object/apply:os.system [id]", "!!binary ",
        "!!float ", "!!set ", "| ", ">-\n", "---\n", "...\n", "%YAML 1.2\n", "{", "}", "[", "]", '"',
        "'", "# ", "null", "~", "yes", "2024-01-01", "0o17", "1:30", "\t", "@", "`", "!", "\\x",
        "member:", "- id: NZ001\n", "title: ", "'\\u0000'", '"\\ud800"',
    ),
    "md": (
        "---\n", "# ", "###### ", "* ", "1. ", "999999999999. ", "> ", "```\n", "    ", "**", "*a ",
        "_", "[", "](", ")", "![](", "<b>", "<!--", "<![CDATA[", "&#0;", "&#x110000;", "&lt;", "\\",
        "[a]: x\n", "[^1]", "|a|b|\n|-|-|\n", "  \n", "~~", "<http://x>", "figure:map", "(commitment:",
        "$", "title: ", "***\n", "&amp;" * 9, "{", "www.x.org", "mailto:x",
    ),
    "csv": (",", ";", "\t", '"', '""', "\n", "\r\n", "sep=;\n", "=1+1", "'=", "＝1", "1,5", "12%", "-"),
    "po": (
        'msgid "', 'msgstr "', "msgctxt ", 'msgid_plural "', 'msgstr[0] "', "msgstr[9] ", "#, fuzzy\n",
        "#~ msgid ", "#| ", "%(name)s", "%(", "%s", "{0}", "<a", "<b>", "**", "](", "\\n", "\\", '"',
        "nplurals=99; plural=n;", "plural=(n/0);", "plural=" + "(" * 40, "charset=utf-7", "#: x:1\n",
    ),
    "css": (
        "{", "}", ";", "/*", "*/", '"', "url(", "calc(", "var(--a)", "!important", "@import ", "@media ",
        "@page{", "@font-face{", ":not(", "::before", "::marker", "\\0", "--a: var(--a);", "attr(x)",
        "content: counter(x);", "display: grid;", "float: footnote;", "position: running(a);", "<!--",
        "@charset 'x';", "&", "[a=b]", "repeat(9,1fr)", "1e9px", "transform: rotate(1e30deg);",
    ),
    "j2": (
        "{{ ", " }}", "{% ", " %}", "{#", "#}", "{% for x in y %}", "{% endfor %}", "{% if 1 %}",
        "{% endif %}", "{% block a %}", "{% endblock %}", "{% import 'base.html.j2' as b %}",
        "{% include 'base.html.j2' %}", "{% extends 'x' %}", "{% raw %}", "{% trans %}", "{% do x %}",
        "{% macro m() %}", "{% set x = x %}", "|prose", "|safe", "|format", "<!--", "<a rel=attachment",
        "</p>", "<table>", "<td colspan=9>", "<svg>", "<script>", "style='", "&#0;", "<img src=",
    ),
    "svg": (
        "<g>", "</g>", "<use href='#a'/>", "<image href='x.png'/>", "<!DOCTYPE svg [<!ENTITY a 'b'>]>",
        "&a;", "<style>", "<text>", "transform='", "fill='url(#a)'", "<pattern id='a'>", "viewBox='",
        "<linearGradient id='a' spreadMethod='repeat'>", "d='M0 0", "<![CDATA[", "<filter>", "xmlns='",
    ),
    "pdf": (
        "obj", "endobj", "stream\n", "endstream", "xref", "trailer", "startxref", "<<", ">>", "[", "]",
        "1 0 R", "0 0 R", "/Type", "/Pages", "/Kids", "/Parent", "/Length 99999999", "/FlateDecode",
        "/Predictor 15", "(", "\\377", "<FEFF", "/Prev 0", "/ObjStm", "/Encrypt", "%PDF-1.", "Do", "BT",
    ),
}  # fmt: skip

_OPENING = {"{": "}", "[": "]", "(": ")", "<b>": "</b>", "<g>": "</g>", "calc(": ")", ":not(": ")"}

_BINARY = frozenset({"png", "jpg", "ttf", "woff2", "icc", "xlsx"})
_KINDS = {"pot": "po", "yml": "yaml", "html": "j2", "jpeg": "jpg"}


def kind_of(path: str) -> str:
    """Give the kind of a file, by its name."""
    ending = PurePosixPath(path).suffix[1:]
    return _KINDS.get(ending, ending)


def pick(rng: Random, *choices: str) -> str:
    """Give one of the texts."""
    return rng.choice(choices)


def times(rng: Random, most: int = 100_000) -> int:
    """Give a number of repetitions: few as a rule, many now and then."""
    scale = rng.choices((3, 30, 300, 3_000, 30_000, 100_000), (30, 30, 20, 10, 2, 1))[0]
    return rng.randint(1, min(scale, most))


def mutated(rng: Random, data: bytes, kind: str) -> bytes:
    """Change some bytes of a file."""
    changes = _OF_BYTES if kind in _BINARY else (*_OF_BYTES, *_OF_TEXT * 2)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = rng.choice(changes)(rng, data, kind)[:LONGEST]
    return data


Mutation = Callable[[Random, bytes, str], bytes]


def _place(rng: Random, data: bytes) -> int:
    return rng.randint(0, len(data))


def _part(rng: Random, data: bytes) -> tuple[int, int]:
    start = _place(rng, data)
    return start, min(len(data), start + rng.choice((1, 4, 40, 400, len(data))))


def _insert(data: bytes, at: int, more: bytes) -> bytes:
    return data[:at] + more + data[at:]


def _flip(rng: Random, data: bytes, kind: str) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 4, 32)) if data else 0):
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwrite(rng: Random, data: bytes, kind: str) -> bytes:
    at, size = _place(rng, data), rng.choice((1, 2, 4))
    value = rng.choice((b"\0" * size, b"\xff" * size, b"\x7f" + b"\xff" * (size - 1)))
    return data[:at] + value + data[at + size :]


def _truncate(rng: Random, data: bytes, kind: str) -> bytes:
    return data[: _place(rng, data)]


def _cut(rng: Random, data: bytes, kind: str) -> bytes:
    start, end = _part(rng, data)
    return data[:start] + data[end:]


def _double(rng: Random, data: bytes, kind: str) -> bytes:
    start, end = _part(rng, data)
    return _insert(data, _place(rng, data), data[start:end])


def _token(rng: Random, data: bytes, kind: str) -> bytes:
    token = rng.choice(TOKENS.get(kind) or ODD_TEXTS)
    return _insert(data, _place(rng, data), token.encode())


def _repeat(rng: Random, data: bytes, kind: str) -> bytes:
    token = rng.choice((*TOKENS.get(kind, ()), " ", "\n", "a", "é")).encode()
    return _insert(data, _place(rng, data), token * min(times(rng), LONGEST // len(token)))


def _nest(rng: Random, data: bytes, kind: str) -> bytes:
    opening, closing = rng.choice(sorted(_OPENING.items()))
    depth = times(rng, LONGEST // 12)
    return _insert(data, _place(rng, data), (opening * depth + closing * depth).encode())


def _odd_text(rng: Random, data: bytes, kind: str) -> bytes:
    return _insert(data, _place(rng, data), rng.choice(ODD_TEXTS).encode())


def _odd_number(rng: Random, data: bytes, kind: str) -> bytes:
    numbers = list(re.finditer(rb"\d+(?:\.\d+)?", data))
    if not numbers:
        return data
    found = rng.choice(numbers)
    return data[: found.start()] + rng.choice(ODD_NUMBERS).encode() + data[found.end() :]


def _odd_path(rng: Random, data: bytes, kind: str) -> bytes:
    names = list(re.finditer(rb"[\w./-]+\.\w+|(?<=\()[\w:.-]+(?=\))", data))
    if not names:
        return data
    found = rng.choice(names)
    return data[: found.start()] + rng.choice(PATHS).encode() + data[found.end() :]


def _move_lines(rng: Random, data: bytes, kind: str) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        line = lines.pop(rng.randrange(len(lines)))
        for _ in range(rng.choice((0, 1, 2))):
            lines.insert(rng.randint(0, len(lines)), rng.choice((b"", b"  ", b"\t")) + line)
    return b"".join(lines)


def _encode(rng: Random, data: bytes, kind: str) -> bytes:
    text = data.decode("utf-8", "replace")
    encoding = pick(rng, "utf-16", "utf-8-sig", "latin-1", "utf-32", "cp1252", "utf-7")
    return text.encode(encoding, "replace")


_OF_BYTES: tuple[Mutation, ...] = (_flip, _overwrite, _truncate, _cut, _double)
_OF_TEXT: tuple[Mutation, ...] = (
    _token, _repeat, _nest, _odd_text, _odd_number, _odd_path, _move_lines, _encode,
)  # fmt: skip
