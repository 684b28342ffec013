# ruff: noqa: E501 - the lines that the command prints are written out as they are printed
"""What is said of a broken PO file: its line, what is wrong and what to do."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from polib import POEntry

from reportgen.locales.catalog import catalog_path, parse_catalog, read_catalog
from reportgen.locales.pofile import parse_po, strings_of, translated, write_po
from reportgen.locales.pseudo import LONGER, fill, pseudo_text
from reportgen.source.diagnostics import Diagnostics
from reportgen.source.markdown import marks, plain_text
from tests.conftest import Altered, Workspace

PATH = catalog_path("fr")
GOOD = r"""# The French of Clear Rivers.
msgid ""
msgstr ""
"Project-Id-Version: clear-rivers 2024-05\n"
"PO-Revision-Date: 2024-05-31 12:00+0200\n"
"Language: fr\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"Content-Type: text/plain; charset=utf-8\n"
"X-Generator: Poedit 3.4\n"

#. Paragraph of the section introduction.
#: content/sections/introduction.md:5
msgctxt "section:introduction"
msgid "A link to [the network](network), *words* and **more**, 50% of them."
msgstr ""
"Un lien vers [le réseau](network), des *mots* et **plus**, "
"50 % d’entre eux."

#: templates/components/figure.html.j2:4
#, python-format
msgid "Figure %(number)s"
msgstr "Figure %(number)s"

#, fuzzy
#| msgid "Contents of it"
msgid "Contents"
msgstr "Table"

msgid "commitment"
msgid_plural "commitments"
msgstr[0] "engagement"
msgstr[1] "engagements"

#~ msgid "Gone"
#~ msgstr "Parti"
"""


def told(text: str, tag: str = "fr", path: PurePosixPath = PATH) -> tuple[str, ...]:
    """Give what is said of the text of a catalog, without its path."""
    diagnostics = Diagnostics()
    catalog = parse_catalog(text, tag, path, diagnostics)
    assert (catalog is None) == bool(len(diagnostics))
    return tuple(str(problem).removeprefix(f"{path}:") for problem in diagnostics.sorted())


def test_a_good_one_is_read() -> None:
    assert told(GOOD) == ()
    catalog = parse_catalog(GOOD, "fr", PATH, Diagnostics())
    assert catalog is not None
    assert [strings_of(m) for m in translated(catalog)] == [
        ("Un lien vers [le réseau](network), des *mots* et **plus**, 50 % d’entre eux.",),
        ("Figure %(number)s",),
        ("engagement", "engagements"),
    ]


ORDER = "a message is not whole, or its lines are out of order; a message is msgctxt if it has one, msgid, msgid_plural if it has one, and msgstr"
QUOTES = 'this is not a line of a PO file; put each text between quotation marks, with \\" for one within it and \\\\ for a backslash'
RULE = "write Plural-Forms: nplurals=2; plural=(n > 1);"
WORDS = "put it where the words stand that say the same"

Case = tuple[str, str, str, *tuple[str, ...]]
"""A name, what stands in the good file, what stands there instead, and what is said."""

CASES: list[Case] = [
    (
        "lost link",
        "[le réseau](network)",
        "le réseau",
        f"14:1: error[lost-in-translation]: the translation has a link to 'network' nowhere, the source once; {WORDS}",
    ),
    (
        "link that leads elsewhere",
        "[le réseau](network)",
        "[le réseau](reseau)",
        f"14:1: error[lost-in-translation]: the translation has a link to 'network' nowhere, the source once; {WORDS}",
        "14:1: error[not-in-source]: the translation has a link to 'reseau' once, the source nowhere; take it away",
    ),
    (
        "lost emphasis",
        "*mots*",
        "mots",
        f"14:1: error[lost-in-translation]: the translation has *emphasis* nowhere, the source once; {WORDS}",
    ),
    (
        "strong emphasis that was opened only",
        "**plus**",
        "**plus",
        f"14:1: error[lost-in-translation]: the translation has **strong emphasis** nowhere, the source once; {WORDS}",
    ),
    (
        "HTML",
        "Un lien",
        "<b>Un</b> lien",
        "14:1: error[not-in-source]: the translation has the HTML '</b>' once, the source nowhere; take it away",
        "14:1: error[not-in-source]: the translation has the HTML '<b>' once, the source nowhere; take it away",
    ),
    (
        "image",
        "Un lien",
        "![](figure:map)",
        "14:1: error[not-in-source]: the translation has an image 'figure:map' once, the source nowhere; take it away",
    ),
    (
        "broken placeholder",
        'msgstr "Figure %(number)s"',
        'msgstr "Figure %(number)"',
        f"21:1: error[lost-in-translation]: the translation has %(number)s nowhere, the source once; {WORDS}",
        "21:1: error[not-in-source]: the translation has a % that belongs to no placeholder once, the source nowhere; take it away",
    ),
    (
        "translated placeholder",
        'msgstr "Figure %(number)s"',
        'msgstr "Figure %(numéro)s"',
        f"21:1: error[lost-in-translation]: the translation has %(number)s nowhere, the source once; {WORDS}",
        "21:1: error[not-in-source]: the translation has %(numéro)s once, the source nowhere; take it away",
    ),
    (
        "HTML in a word of the templates",
        'msgstr "Figure %(number)s"',
        'msgstr "<b>Figure %(number)s"',
        "21:1: error[not-in-source]: the translation has <b> once, the source nowhere; take it away",
    ),
    (
        "line feed at the end",
        'd’entre eux."',
        'd’entre eux.\\n"',
        "14:1: error[not-in-source]: the translation has a line feed at its end once, the source nowhere; take it away",
    ),
    (
        "missing quotation mark",
        'msgstr "Table"',
        'msgstr "Table',
        f"27:1: error[po-syntax]: {QUOTES}",
    ),
    (
        "quotation mark within",
        'msgstr "Table"',
        'msgstr "Table "des" matières"',
        f"27:1: error[po-syntax]: {QUOTES}",
    ),
    ("no quotation marks", 'msgstr "Table"', "msgstr Table", f"27:1: error[po-syntax]: {QUOTES}"),
    (
        "backslash",
        'msgstr "Table"',
        'msgstr "Table \\& matières"',
        f"27:1: error[po-syntax]: {QUOTES}",
    ),
    (
        "words outside",
        'msgstr "Table"',
        'msgstr "Table"\ndes matières',
        f"28:1: error[po-syntax]: {QUOTES}",
    ),
    (
        "misspelt keyword",
        'msgstr "Table"',
        'msgstring "Table"',
        f"27:1: error[po-syntax]: {QUOTES}",
    ),
    (
        "msgstr deleted",
        'msgstr "Table"\n',
        "",
        f"28:1: error[po-syntax]: {ORDER}",
    ),
    (
        "msgid deleted",
        'msgid "Contents"\n',
        "",
        f"26:1: error[po-syntax]: {ORDER}",
    ),
    (
        "two translations",
        'msgstr "Table"',
        'msgstr "Table"\nmsgstr "Sommaire"',
        f"28:1: error[po-syntax]: {ORDER}",
    ),
    (
        "message twice",
        'msgid "Contents"',
        'msgid "Figure %(number)s"',
        "26:1: error[po-syntax]: the message stands in line 21 already; keep the better translation, and delete the other message",
    ),
    (
        "unfinished merge",
        'msgstr "Table"',
        '<<<<<<< HEAD\nmsgstr "Table"\n=======\nmsgstr "Sommaire"\n>>>>>>> other',
        f"27:1: error[po-syntax]: {QUOTES}",
    ),
    (
        "too few plural forms",
        'msgstr[1] "engagements"\n',
        "",
        "29:1: error[po-plural]: the message has 1 plural form, 'fr' has 2; give it msgstr[0] to msgstr[1]",
    ),
    (
        "too many plural forms",
        'msgstr[1] "engagements"',
        'msgstr[1] "engagements"\nmsgstr[2] "engagements"',
        "29:1: error[po-plural]: the message has 3 plural forms, 'fr' has 2; give it msgstr[0] to msgstr[1]",
    ),
    (
        "wrong number of plural forms in the header",
        "nplurals=2; plural=(n > 1)",
        "nplurals=1; plural=0",
        f"7:1: error[po-plural]: the header has nplurals=1, but 'fr' has 2 plural forms; {RULE}",
    ),
    (
        "endless number of plural forms",
        "nplurals=2;",
        "nplurals=1000000000;",
        f"7:1: error[po-plural]: the header has no rule for plurals, but 'fr' has 2 plural forms; {RULE}",
    ),
    (
        "no rule for plurals",
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n',
        "",
        f"1:1: error[po-plural]: the header has no rule for plurals, but 'fr' has 2 plural forms; {RULE}",
    ),
    (
        "rule that is none",
        "plural=(n > 1)",
        "plural=(n > ",
        f"7:1: error[po-plural]: 'plural=(n > ' does not give one of 2 forms for each number; {RULE}",
    ),
    (
        "rule that gives a form too many",
        "plural=(n > 1)",
        "plural=n % 3",
        f"7:1: error[po-plural]: 'plural=n % 3' does not give one of 2 forms for each number; {RULE}",
    ),
    (
        "other encoding",
        "charset=utf-8",
        "charset=ISO-8859-1",
        "8:1: error[po-encoding]: the header says that the file is encoded in ISO-8859-1; have your editor save it as UTF-8, which sets the header too",
    ),
    (
        "other language",
        "Language: fr",
        "Language: es",
        "6:1: error[po-header]: the header says that this is 'es', the folder 'fr'; move the file to its folder, or correct the header",
    ),
    (
        "date that is none",
        "2024-05-31 12:00+0200",
        "yesterday",
        "5:1: error[po-header]: 'yesterday' is no date as PO files have it; write it as 2024-05-31 12:00+0000",
    ),
    (
        "no header",
        GOOD[: GOOD.index("#. Paragraph")],
        "",
        "1:1: error[po-header]: the file has no header: no message with an empty msgid; open it in a PO editor and save it again",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_what_is_wrong_is_told(case: Case) -> None:
    _, old, new, *expected = case
    assert GOOD.count(old) == 1
    assert list(told(GOOD.replace(old, new))) == expected


def test_the_encoding_is_told_at_the_byte(workspace: Workspace) -> None:
    workspace.edit(str(PATH), GOOD.encode("latin-1", "replace").replace(b"r?seau", b"r\xe9seau"))
    assert workspace.check().splitlines()[0] == (
        f"{PATH}:16:20: error[invalid-utf8]: byte 0xE9 is not valid UTF-8; save the file with the encoding UTF-8"
    )


def test_a_folder_that_is_no_language_is_told(workspace: Workspace) -> None:
    workspace.edit("locales/klingonese/LC_MESSAGES/messages.po", GOOD)
    assert workspace.check().splitlines()[0] == (
        "locales/klingonese/LC_MESSAGES/messages.po:1:1: error[unknown-locale]: 'klingonese' is not"
        " the tag of a language, such as fr or pt-BR; name the folder after a language, such as fr or pt_BR"
    )


def test_a_plural_form_may_leave_the_number_out_where_the_source_does() -> None:
    def plural(*forms: str) -> str:
        lines = "".join(f'msgstr[{n}] "{form}"\n' for n, form in enumerate(forms))
        return f'{GOOD}\nmsgid "one river"\nmsgid_plural "%(num)s rivers"\n{lines}'

    assert told(plural("une rivière", "%(num)s rivières")) == ()
    assert told(plural("%(num)s rivière", "%(num)s rivières")) == ()
    assert len(told(plural("%(name)s rivière", "%(num)s rivières"))) == 1


def test_a_message_without_words_has_no_marks() -> None:
    message = '\nmsgctxt "section:introduction"\nmsgid ""\nmsgstr "{}"\n'
    assert told(GOOD + message.format("Rien")) == ()
    (problem,) = told(GOOD + message.format("[Rien](network)"))
    assert "error[not-in-source]: the translation has a link to 'network' once" in problem


def test_what_is_fuzzy_or_empty_may_be_unfinished() -> None:
    assert told(GOOD.replace('msgstr "Table"', 'msgstr "[Table](nowhere)"')) == ()
    assert told(GOOD.replace('msgstr "Figure %(number)s"', 'msgstr ""')) == ()


@pytest.mark.parametrize("tag", ["fr", "pt-BR", "ar", "zh-Hant", "sr-Latn"])
def test_a_rule_of_a_po_editor_is_as_good_as_the_cldr_s(tag: str) -> None:
    rules = {
        "fr": "nplurals=2; plural=n>1;",
        "pt-BR": "nplurals=2; plural=(n > 1);",
        # As Poedit writes it; Babel's own has the last two forms in the other order.
        "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        "zh-Hant": "nplurals=1; plural=0;",
        "sr-Latn": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    }
    header = GOOD[: GOOD.index("#. Paragraph")]
    text = header.replace("nplurals=2; plural=(n > 1);", rules[tag])
    assert told(text.replace("Language: fr", f"Language: {tag}"), tag, catalog_path(tag)) == ()


def test_fields_of_po_editors_and_previous_texts_stay() -> None:
    long = "It flows, and " * 20
    text = GOOD.replace(
        '#| msgid "Contents of it"', f'#| msgid ""\n#| "{long}"\n#| "on \\"and\\" on"'
    )
    catalog = parse_po(text.replace("#~ msgid", '#~| msgid "Going"\n#~ msgid'))
    written = write_po(catalog)
    assert b'"X-Generator: Poedit 3.4\\n"' in written
    again = parse_po(written.decode())
    contents = again.find("Contents")
    assert contents is not None
    assert contents.previous_msgid == f'{long}on "and" on'
    assert write_po(again) == written
    assert told(written.decode()) == ()


def test_a_percent_sign_in_prose_is_no_placeholder() -> None:
    written = write_po(parse_po(GOOD)).decode()
    assert written.count("python-format") == 1


# Any inline Markdown: words and signs, wrapped in marks, one in another.
WORDS_ = st.text(st.sampled_from("abc éß.,!~%-_`*[]()<>\\&\n"), max_size=12)
INLINE = st.recursive(
    WORDS_
    | st.sampled_from(["%(number)s", "%(file)s", "<https://example.org/a_b>", "\\*", "`code`"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(" ".join)
        | inner.map("*{}*".format)
        | inner.map("**{}**".format)
        | st.tuples(
            inner, st.sampled_from(["network", "commitment:CH001", "https://a.org/(b)"])
        ).map(lambda pair: f"[{pair[0]}]({pair[1]})")
    ),
    max_leaves=8,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@given(INLINE)
@example("`content/links.yaml` and <https://example.org/>, [a](b(c)d) \\* %(x)s")
@example("[a")
def test_pseudo_text_keeps_marks_and_placeholders(text: str) -> None:
    pseudo = pseudo_text(text)
    assert marks(pseudo) == marks(text)
    assert PLACEHOLDER.findall(pseudo) == PLACEHOLDER.findall(text)
    assert pseudo.startswith("⟦")
    assert pseudo.endswith("⟧")
    assert len(plain_text(pseudo)) >= len(plain_text(text)) * (1 + LONGER * 0.75)


@given(st.lists(INLINE.map(str.strip).filter(bool), unique=True, max_size=4))
def test_a_pseudo_catalog_has_no_error(texts: list[str]) -> None:
    catalog = parse_po(GOOD[: GOOD.index("#. Paragraph")].replace("Language: fr", "Language: en"))
    for text in texts:
        catalog.append(POEntry(msgid=text, msgctxt="section:introduction"))
    fill(catalog)
    written = write_po(catalog).decode()
    assert told(written, "en-XA", catalog_path("en-XA")) == ()


@given(st.binary(max_size=400) | st.lists(st.sampled_from([
    b'msgid ""\n', b'msgid "x"\n', b'msgstr "', b'"', b"#, fuzzy\n", b"#~ ", b"#| ", b"#: \xe2\x81\xa8a",
    b"msgctxt ", b"msgstr[0] ", b"msgstr[9] ", b"msgid_plural ", b"Plural-Forms: nplurals=9; plural=n/0;\\n",
    b"Content-Type: text/plain; charset=utf-16\\n", b"PO-Revision-Date: 2024-99-99 00:00+9999\\n", b"\n", b"\\n",
]), max_size=12).map(b"".join))  # fmt: skip
def test_no_bytes_raise(data: bytes) -> None:
    for file in (data, GOOD.encode() + data, GOOD.encode().replace(b"Table", data)):
        project = Altered(Path(), file=str(PATH), data=file)
        diagnostics = Diagnostics()
        catalog = read_catalog(project, "fr", diagnostics)
        assert (catalog is None) == bool(len(diagnostics))
        if catalog is not None:
            written = write_po(catalog)
            assert write_po(parse_po(written.decode())) == written
