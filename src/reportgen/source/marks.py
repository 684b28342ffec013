"""Marks of other kinds of Markdown, which CommonMark prints as they are typed.

A footnote that stands as ``[^1]`` on the page is what its author typed, and not what they meant. So
each such mark is refused where it stands, unless it is escaped or code. A mark that a report has a
form for is no longer one of these: a parser rule that reads it comes before the last one here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token


@dataclass(frozen=True)
class Mark:
    """A mark that was found: as it is typed, what is wrong with it, and what to write.

    `nth` is how many times the same characters stand before it in the text.
    """

    text: str
    message: str
    hint: str
    nth: int


@dataclass(frozen=True)
class _Kind:
    wrong: str
    instead: str
    pattern: re.Pattern[str]


def _kind(what: str, instead: str, *patterns: str) -> _Kind:
    return _broken(f"is {what}, which has no form in a report", instead, *patterns)


def _broken(wrong: str, instead: str, *patterns: str) -> _Kind:
    return _Kind(wrong, instead, re.compile("|".join(patterns)))


_ANYWHERE = (
    _kind(
        "a footnote",
        "say it in the text",
        r"\[\^[^\]\s]{1,80}\]",
        r"\^\[[^\]\n]{1,300}\]",
    ),
    _kind("a wiki link", "write a link as [words](name)", r"\[\[[^\]\n]{1,200}\]\]"),
    _kind(
        "a reference to a source",
        "name the source in words, or link to it: [words](name)",
        r"\[(?:[^\[\]\n]{0,100}[\s;])?-?@[\w{][^\[\]\n]{0,200}\]",
    ),
    _broken(
        "is not read as an image",
        "write ![what it shows](images/NAME), with no space in the name and the bracket closed",
        r"!\[[^\]\n]{0,300}\]\([^)\n]{0,200}\)?",
    ),
    _broken(
        "is not read as a link",
        "write [words](name), with no space in the name and the bracket closed",
        r"(?<!!)\[[^\[\]\n]{1,300}\]\([^)\n]{0,200}\)?",
    ),
    _kind(
        "a link whose target stands elsewhere",
        "write the target where the link stands: [words](name)",
        r"(?!\[\d+\]\[\d+\])\[[^\[\]\n]{1,300}\]\[[^\[\]\n]{0,80}\]",
    ),
    _kind(
        "a formula",
        "write it in words, or with the characters that Unicode has, such as ×, ² and √",
        r"\$\$(?!\$)(?:\\.|[^$\\]){1,300}\$\$(?!\$)",
        # "$5 and US$ 10" are amounts: a number, without what only formulas have, or before another.
        r"(?<![\w$])\$(?=[^\s$])(?!\d(?=[^$\\^_=+<>]*\s)[^$\\^_=+<>]*\$)(?:\\.|[^$\\]){1,300}"
        r"(?<!\s)\$(?![\w$]|\s\d)",
    ),
    _kind(
        "words crossed out",
        "take them out",
        r"(?<!~)~~(?=[^\s~])[^~\n]{1,300}(?<!\s)~~(?!~)",
    ),
    _kind(
        "a subscript or superscript",
        "write it with the characters that Unicode has, such as ₂ and ²",
        r"(?<=\w)~[^~\s]{1,20}~(?!~)",
        r"(?<=\w)\^[^\^\s]{1,20}\^(?!\^)",
    ),
    _kind(
        "marked text",
        "write *emphasis*",
        r"(?<![\w=])==(?=[^\s=])[^=\n]{1,300}(?<!\s)==(?!=)",
        r"(?<![\w+])\+\+(?=[^\s+])[^+\n]{1,300}(?<!\s)\+\+(?!\+)",
    ),
    _kind(
        "code of a template",
        "write the words themselves",
        r"\{\{[^{}\n]{1,200}\}\}",
        r"\{%[^{}\n]{1,200}%\}",
    ),
    _kind(
        "an attribute or a role",
        "leave the look to the styles",
        r"\{(?::|[#.][\w-]|[\w-]{1,40}=)[^{}\n]{0,200}\}",
        r"\{[\w:+-]{1,40}\}(?=`)",
    ),
    _kind("the name of an emoji", "type the emoji", r"(?<![\w:]):[a-z][a-z0-9_+-]{1,40}:(?![\w:])"),
    _broken(
        "is not the name of a character",
        "type the character itself",
        r"&(?:[a-z]{2,30}\d{0,2}|#\w{1,8});",
    ),
)
"""Marks that stand anywhere, at a character that no rule of CommonMark takes."""

_AT_A_LINE = (
    _kind(
        "a box of a list of tasks",
        "write an item of a list, '- ' and its words, and say in words what is done",
        r"(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]",
        r"\[[ xX]\][ \t]",
    ),
    _kind("a fenced block", "write a paragraph", r":{3,}[^\n]{0,80}", r"~{3,}[^\n]{0,80}"),
    _kind(
        "a block set apart",
        "write a paragraph",
        r"(?:!{3}|\?{3}\+?)[ \t]+[a-z][^\n]{0,80}",
        r"\[![A-Za-z]{1,20}\]",
    ),
    _kind("a table of contents", "add 'contents' to the report's parts", r"\[(?:TOC|toc)\][ \t]*$"),
    _kind("an abbreviation", "write it out where it stands", r"\*\[[^\]\n]{1,80}\]:"),
    _kind(
        "a row of a table",
        "write a list, or a figure with a CSV file",
        r"\|[^\n]{0,300}\|[ \t]*(?=\n|$)",
        r":?-{2,}:?[ \t]*\|[-:| \t]{0,200}(?=\n|$)",
    ),
    _kind("a heading", "write plain words here", r"#{1,6}[ \t]+[^\n]{1,80}"),
    _kind(
        "a list",
        "write sentences here, or a list in a section, with an empty line before it",
        r"[-*+][ \t]+[^\W\d_][^\n]{0,80}",
        r"\d{1,9}[.)][ \t][^\n]{1,300}(?=\n[ \t]*\d{1,9}[.)][ \t])",
    ),
    _kind("a quotation", "put the words between quotation marks", r">[ \t]*[^\W\d_][^\n]{0,80}"),
    _kind("a rule", "delete it", r"(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*(?=\n|$)"),
)
"""Marks that stand at the beginning of a line."""

_COMMAND = _kind(
    "a command of LaTeX",
    "write the words as they are to stand on the page",
    r"\\(?:newpage|pagebreak)\b",
    r"\\[a-z]{2,30}\{[^{}\n]{0,200}\}?",
)

_DEFINITION = _kind(
    "a definition of the line above it",
    "write both in one line, such as '**Term**: definition', or as an item of a list",
    r":[ \t]+[^\n]{1,80}",
)

MOST_PLACED = 50
"""Marks of one text that can be found again; of others, `nth` is 0."""

_FOUND = "marks"
"""Where the marks of a text are kept in the parser's environment."""


def refuse_marks(parser: MarkdownIt) -> MarkdownIt:
    """Have a parser note the marks that it has no rule for; `marks_in` reads them."""
    parser.inline.ruler.before("text", "marks_before", _before_all)
    parser.inline.ruler.push("marks_after", _after_all)
    return parser


def marks_in(environment: dict[str, list[Mark]]) -> tuple[Mark, ...]:
    """Return the marks that were noted while a text was parsed with an environment."""
    return tuple(environment.get(_FOUND, ()))


def unmatched(tokens: Iterable[Token]) -> Iterator[Mark]:
    """Return the marks of strong emphasis among tokens that have no counterpart."""
    before: Counter[str] = Counter()
    for token in tokens:
        if token.type == "text":
            for sign in (found[0] for found in _UNMATCHED.finditer(token.content)):
                message = f"'{sign}' has no counterpart, so that it is printed"
                hint = f"write {sign}words{sign}, with no space within; to print it, write \\"
                hint += "\\".join(sign)
                yield Mark(sign, message, hint, before[sign])
                before[sign] += 1
        elif token.type in ("strong_open", "strong_close"):
            before[token.markup] += 1
        elif token.type == "code_inline":
            before.update({sign: token.content.count(sign) for sign in ("**", "__")})


_UNMATCHED = re.compile(
    r"(?<!\*)\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?!\*)|(?<![\w_])__(?=[^\W_])|(?<=[^\W_])__(?![\w_])"
)
"""Strong emphasis that begins or ends at a word."""


def _before_all(state: StateInline, silent: bool) -> bool:
    """Note what stands at the beginning of a line, and commands: other rules would take them."""
    if silent:
        return False
    text, at = state.src, state.pos
    if text[at] == "\\":
        _note(state, (_COMMAND,))
    elif at == 0 or text[at - 1] in " \t\n":
        start = text.rfind("\n", 0, at) + 1
        if not text[start:at].strip(" \t"):
            # A term is the first line of its paragraph: so a colon of running text is none.
            is_second = start > 0 and text.find("\n", 0, start - 1) < 0
            _note(state, (*_AT_A_LINE, _DEFINITION) if is_second else _AT_A_LINE)
    return False


def _after_all(state: StateInline, silent: bool) -> bool:
    """Note what stands at a character that no other rule has taken."""
    if not silent:
        _note(state, _ANYWHERE)
    return False


def _note(state: StateInline, kinds: tuple[_Kind, ...]) -> None:
    """Note the mark that stands where the parser is, if there is one."""
    for kind in kinds:
        if found := kind.pattern.match(state.src, state.pos):
            text = found[0].partition("\n")[0].rstrip()
            number = len(text) - len(text.lstrip("0123456789"))
            hint = f"{kind.instead}; to print it as it is, write '{text[:number]}\\{text[number]}'"
            noted = state.env.setdefault(_FOUND, [])
            # To count for each of very many takes the square of their number.
            nth = _count(state.src, text, state.pos) if len(noted) < MOST_PLACED else 0
            message = f"'{text}' {kind.wrong}"
            noted.append(Mark(text, message, hint, nth))
            return


def _count(text: str, needle: str, end: int) -> int:
    """Return how many times some characters begin before a place in a text."""
    number, at = 0, text.find(needle)
    while 0 <= at < end:
        number, at = number + 1, text.find(needle, at + 1)
    return number
