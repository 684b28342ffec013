"""Limits of inputs: what is too large is refused at its place; below, cost grows with the size."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest
from polib import POEntry, POFile

from reportgen.editing.formatting import format_file
from reportgen.exchange.figures import _with_gone
from reportgen.locales.catalog import _placeholders, parse_catalog
from reportgen.locales.glossary import Term, _Terms
from reportgen.locales.pofile import merge
from reportgen.model.load import load_report
from reportgen.project import Project, Recorder, Snapshot, read_regular_file
from reportgen.source import limits
from reportgen.source.csv import on_one_line, parse_table
from reportgen.source.diagnostics import Diagnostics, Span
from reportgen.source.markdown import parse_markdown
from reportgen.source.pictures import _check_drawing
from reportgen.source.text import decode_text
from reportgen.source.tokens import read_tokens
from reportgen.source.yaml import parse_yaml
from reportgen.source.yaml_writing import insert_below
from tests.conftest import STARTER, Altered, Workspace
from tests.translations import FR

TABLE = "content/figures/clean-rivers.csv"
SECTION = "content/sections/introduction.md"
REGIONS = "content/regions.yaml"
REPORT = "content/report.yaml"
LINKS = "content/links.yaml"
MEMBERS = "content/members.yaml"
NEW_ZEALAND = "content/commitments/new-zealand.yaml"

Reader = Callable[[str, Diagnostics], object]


def table(text: str, diagnostics: Diagnostics) -> None:
    parse_table(text, PurePosixPath("a"), diagnostics)


def yaml(text: str, diagnostics: Diagnostics) -> None:
    parse_yaml(text, PurePosixPath("a"), diagnostics)


def markdown(text: str, diagnostics: Diagnostics) -> None:
    parse_markdown(f"---\ntitle: A\n---\n{text}", PurePosixPath("a"), diagnostics)


def plain(text: str, diagnostics: Diagnostics) -> None:
    decode_text(text.encode(), PurePosixPath("a"), diagnostics)


def catalog(text: str, diagnostics: Diagnostics, rule: str = "n > 1") -> None:
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: nplurals=2; plural={rule};\\n"\n\n'
    )
    parse_catalog(header + text, "fr", PurePosixPath("a"), diagnostics)


def plural_rule(text: str, diagnostics: Diagnostics) -> None:
    catalog("", diagnostics, text)


BEYOND: list[tuple[str, Reader, str, str]] = [
    ("columns", table, f"a{',b' * 3000}\n", "1:401 over-limit"),
    ("cells of a row", table, f"a,b\nc{',1' * 300}\n", "2:401 over-limit"),
    ("rows", table, "a,b\n" + "".join(f"{n},1\n" for n in range(6000)), "5001:1 over-limit"),
    ("cells", table, f"a{',b' * 199}\n" * 600, "501:1 over-limit"),
    ("spaces in a cell", table, f'a,"b{" " * 2000}c"\n1,2\n', "1:3 over-limit"),
    ("a row's name", table, f"a,b\n{'c' * 2000},1\n", "2:1 over-limit"),
    ("a value", yaml, f"a: b\nc: {'d' * 30_000}\n", "2:4 over-limit"),
    ("a line", yaml, "a: " + "b " * 100_000, "1:4 over-limit"),
    ("keys", yaml, "".join(f"k{n}: 1\n" for n in range(11_000)), "5001:1 over-limit"),
    ("items", yaml, "- a\n" * 11_000, "5001:3 over-limit"),
    ("values", yaml, f"- [{'a,' * 4500}]\n" * 23, "23:1956 over-limit"),
    ("brackets in YAML", yaml, f"a: {'[' * 110}", "1:35 yaml-depth"),
    ("braces in YAML", yaml, "{" * 100_000, "1:2 yaml-key"),
    ("lines of Markdown", markdown, "a\n" * 6000, "5001:1 over-limit"),
    ("opening brackets", markdown, f"\n{'[' * 400}\n", "5:1 over-limit"),
    ("stars", markdown, f"\n{'*a ' * 400}\n", "5:1 over-limit"),
    ("stars in a list", markdown, f"\n- a\n- {'*a ' * 400}\n", "6:1 over-limit"),
    ("stars in a heading", markdown, f"\n## {'*a ' * 400}\n", "5:1 over-limit"),
    ("a paragraph", markdown, f"\n{'word ' * 5000}\n", "5:1 over-limit"),
    ("marks in a file", plain, "a\n" + "[" * 30_000, "2:25001 over-limit"),
    ("combining marks", plain, "a\u0301\nb" + "\u0301\u0316" * 20, "2:32 over-limit"),
    ("tags in a translation", catalog, f'msgid "a"\nmsgstr "{"<a" * 400}"\n', "6:1 over-limit"),
    (
        "brackets in a translation",
        catalog,
        f'msgctxt "a"\nmsgid "a"\nmsgstr "{"[" * 400}"\n',
        "7:1 over-limit",
    ),
    (
        "lines of a translation",
        catalog,
        'msgid "a"\nmsgstr ""\n' + f'"{"a" * 70}"\n' * 600,
        "563:1 po-syntax",
    ),
    ("comments", catalog, f"# {'a' * 70}\n" * 600, "561:1 po-syntax"),
    ("a plural rule", plural_rule, "n > 1" + " + 0" * 200, "4:1 po-plural"),
]


@pytest.mark.parametrize(("name", "reader", "text", "expected"), BEYOND, ids=[b[0] for b in BEYOND])
def test_what_is_beyond_a_limit(name: str, reader: Reader, text: str, expected: str) -> None:
    diagnostics = Diagnostics()
    reader(text, diagnostics)
    first = diagnostics.sorted()[0]
    assert f"{first.span.line}:{first.span.column} {first.code}" == expected
    assert len(str(first)) < 500


def test_messages_of_a_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reportgen.locales.pofile.MAX_MESSAGES", 3)
    diagnostics = Diagnostics()
    catalog("".join(f'msgid "{n}"\nmsgstr ""\n\n' for n in range(3)), diagnostics)
    assert [(d.span.line, d.code) for d in diagnostics.sorted()] == [(12, "po-syntax")]


def test_problems_of_a_file_are_told_up_to_a_limit() -> None:
    diagnostics = Diagnostics()
    for line in range(1, 2 * limits.MAX_PROBLEMS):
        diagnostics.warning("w", Span("a", line), "m", "h")
    diagnostics.error("e", Span("a", 1), "m", "h")
    found = diagnostics.sorted()
    assert len(found) == limits.MAX_PROBLEMS + 2
    assert found[-1].span.line == limits.MAX_PROBLEMS + 1
    assert found[-1].code == "too-many-problems"
    assert found[0].code == "e"
    assert len(diagnostics) == 2 * limits.MAX_PROBLEMS


def test_names_are_suggested_up_to_a_limit() -> None:
    diagnostics = Diagnostics()
    hints = [diagnostics.did_you_mean("on", ["one"], "ask") for _ in range(110)]
    assert hints == ["did you mean 'one'?"] * 100 + ["ask"] * 10


@pytest.mark.slow
def test_five_thousand_long_records_are_within_the_limits(workspace: Workspace) -> None:
    workspace.edit(REPORT, ('"{prefix}000"', '"{prefix}00000"'))
    workspace.edit(NEW_ZEALAND, records(5000, "word " * 200))
    said = workspace.check()
    assert "over-limit" not in said
    assert "new-zealand" not in said


# Files that aren't files


@pytest.fixture
def alarm() -> Iterator[None]:
    """Let a test fail that waits for a file's other end."""

    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def make_fifo(workspace: Workspace, file: str) -> None:
    path = workspace.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)


NO_FILE = "error[unreadable-file]: the file can't be read (is not a regular file); make sure"


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize("command", ["check", "fmt", "build", "export commitments"])
def test_a_fifo_is_not_waited_for(workspace: Workspace, command: str) -> None:
    make_fifo(workspace, REGIONS)
    result = workspace.run(*command.split())
    told = f"{REGIONS}:1:1: {NO_FILE}"
    if command == "fmt":  # which goes by the files of a folder
        assert "regions" not in result.output
    else:
        assert result.exit_code == 1
        assert told in result.output


@pytest.mark.usefixtures("alarm")
def test_a_fifo_in_place_of_another_file(workspace: Workspace) -> None:
    for file in (TABLE, SECTION, FR, "locales/glossary.yaml", "content/import.yaml"):
        make_fifo(workspace, file)
    said = workspace.check()
    assert f"there is no file '{TABLE}' in the project" in said
    assert "there is no section 'introduction'" in said


@pytest.mark.usefixtures("alarm")
def test_a_socket_and_a_device_are_no_files(workspace: Workspace) -> None:
    (workspace.root / REGIONS).unlink()
    # The name of a socket may not be longer than 107 bytes.
    here = os.open(workspace.root / "content", os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{here}/regions.yaml")
        os.close(here)
        assert f"{REGIONS}:1:1: {NO_FILE}" in workspace.check()
    with pytest.raises(OSError, match="is not a regular file"):
        read_regular_file(Path("/dev/zero"))


def test_a_snapshot_tells_the_same_of_a_large_file(workspace: Workspace) -> None:
    with (workspace.root / REGIONS).open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES + 1)
    project = Project(workspace.root)
    for asked in (project, Snapshot.of(project), Recorder.of(project)):
        with pytest.raises(OSError, match=r"File too large|has 64") as error:
            asked.read(REGIONS)
        assert error.value.errno == errno.EFBIG
    assert (
        f"{REGIONS}:1:1: error[unreadable-file]: the file can't be read (has 64.0 MB; at most"
        in (workspace.check())
    )


@pytest.mark.parametrize(("file", "size"), [(REGIONS, 8_000_001), (SECTION, 1_000_001)])
def test_a_large_text_file(workspace: Workspace, file: str, size: int) -> None:
    workspace.edit(file, b" " * size)
    assert f"{file}:1:1: error[over-limit]: the file has {size / 1e6:.1f} MB; at most" in (
        workspace.check()
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xef\xbb\xbfa\xff", "1:2: error[invalid-utf8]: byte 0xFF"),
        (b"\xef\xbb\xbfa,b\r\nc\xff,1\n", "2:2: error[invalid-utf8]: byte 0xFF"),
        (b"\xef\xbb", "1:1: error[invalid-utf8]: byte 0xEF"),
        (b"\xef\xbb\xbf", "1:1: error[empty-csv]"),
    ],
)
def test_bytes_behind_a_byte_order_mark(workspace: Workspace, data: bytes, told: str) -> None:
    workspace.edit(TABLE, data)
    assert f"{TABLE}:{told}" in workspace.check()


# Cost


def seconds(work: Callable[[], object]) -> float:
    """Give the least time of the processor that some work took."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def records(number: int, summary: str) -> str:
    return "member: new-zealand\ncommitments:\n" + "".join(
        f"  - id: NZ{n:05}\n    year: 2023\n    pillar: restore\n    title: Title\n"
        f"    summary: {summary}\n"
        for n in range(number)
    )


def prefix(number: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in range(4))


def with_members(workspace: Workspace, number: int) -> None:
    workspace.edit(NEW_ZEALAND, records(number, "a"))
    workspace.append(
        MEMBERS,
        "".join(
            f"m{n}:\n  name: M\n  code: KE-A\n  parent: KE\n  id_prefix: {prefix(n)}\n"
            "  region: upstream\n"
            for n in range(number)
        ),
    )


def with_braces(workspace: Workspace, number: int) -> None:
    workspace.edit(LINKS, ("{id}/", "{id}/" + "{" * number))


CHECKED: list[tuple[str, Callable[[Workspace, int], None], int]] = [
    ("records and members", with_members, 300),
    ("braces in an address", with_braces, 4000),
]


@pytest.mark.parametrize(("name", "spoil", "size"), CHECKED, ids=[c[0] for c in CHECKED])
def test_the_cost_of_a_check(
    tmp_path: Path, name: str, spoil: Callable[[Workspace, int], None], size: int
) -> None:
    def cost(number: int) -> float:
        root = tmp_path / str(number)
        shutil.copytree(STARTER, root / "content")
        workspace = Workspace(root)
        workspace.edit(REPORT, ('"{prefix}000"', '"{prefix}00000"'))
        spoil(workspace, number)
        return seconds(lambda: load_report(Project(root)))

    assert cost(4 * size) < 8 * cost(size)


def style(file: str, text: str) -> Callable[[], object]:
    project = Altered(STARTER.parent, file, text.encode())
    return lambda: format_file(project, PurePosixPath(file), Diagnostics())


def below(number: int) -> Callable[[], object]:
    document = parse_yaml(records(number, "a"), PurePosixPath("a"), Diagnostics())
    assert document is not None
    return lambda: insert_below(document, ("commitments",), ["  - a"])


def gone(number: int) -> Callable[[], object]:
    names = [f"{n}" for n in range(number)]
    old = [f"{name} old" for name in names]
    return lambda: _with_gone(names, old)


def terms(number: int) -> Callable[[], object]:
    names = [f"{chr(97 + n % 26)}{n}" for n in range(number)]
    found = _Terms(Term(name, {}) for name in names)
    return lambda: found.within(" ".join(f"{name}x" for name in names))


def messages(number: int, word: str) -> POFile:
    catalog = POFile()
    catalog.extend(
        POEntry(msgctxt="section:a", msgid=f"{word}{n}", msgstr="b") for n in range(number)
    )
    return catalog


def drawing(number: int) -> Callable[[], object]:
    style = "\n".join(f".a{n} {{ fill: red }}" for n in range(number))
    return lambda: _check_drawing(f"<svg><style>{style}</style></svg>".encode())


COSTS: list[tuple[str, Callable[[int], Callable[[], object]], int]] = [
    ("style of items", lambda n: style(SECTION, "---\ntitle: A\n---\n" + "- a\n" * n), 200),
    ("style of lists", lambda n: style(SECTION, "---\ntitle: A\n---\n" + "- a\n* b\n" * n), 50),
    ("style of spaces", lambda n: style(REGIONS, f"a: # {' ' * n}b\n  name: A\n"), 5000),
    ("a record added", below, 200),
    ("rows that an import lacks", gone, 500),
    ("terms in a text", terms, 300),
    ("new texts", lambda n: lambda: merge(messages(n, "river"), messages(n, "lake")), 150),
    ("lines of style in a drawing", drawing, 4000),
    ("a cell of spaces", lambda n: lambda: on_one_line(f"a{' ' * n}b"), 4000),
    ("tags in a text", lambda n: lambda: _placeholders("<a" * n), 2000),
]


@pytest.mark.parametrize(("name", "work", "size"), COSTS, ids=[c[0] for c in COSTS])
def test_the_cost_of_a_part(
    name: str, work: Callable[[int], Callable[[], object]], size: int
) -> None:
    # A tenth of a millisecond is what a clock can't tell from nothing.
    assert seconds(work(4 * size)) < 8 * max(seconds(work(size)), 1e-4)


def test_tokens_that_double_each_other() -> None:
    doubling = "".join(f"--t{n}: var(--t{n + 1}) var(--t{n + 1});" for n in range(18))
    tokens = read_tokens(f":root {{ {doubling} --t18: red; --x: var(--t17) }}")
    assert tokens["x"] == "red red"
    assert tokens["t0"] == "var(--t1) var(--t1)"
    assert max(map(len, tokens.values())) <= limits.MAX_TOKEN_CHARS
