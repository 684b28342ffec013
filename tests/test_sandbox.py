"""A template can do nothing but print: all that it can reach is in the lists below."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import BuiltinMethodType, MethodType, ModuleType
from typing import Any

import jinja2
import pytest
from jinja2.runtime import Undefined
from pydantic import BaseModel

from reportgen.locales.locale import Locale
from reportgen.model.load import load_report
from reportgen.model.report import Marks, Report
from reportgen.model.selection import Selection
from reportgen.pages.parts import parts_of
from reportgen.pages.render import PageNumbers, PageRenderer
from reportgen.pages.sandbox import Sandbox
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError
from tests.conftest import ROOT, Altered
from tests.translations import started

Render = Callable[[str], str]

COVER = "templates/parts/cover.html.j2"

FUNCTIONS = """
_ cycler dict draw gettext grouped joiner member_name members_by_name namespace ngettext
page_of range tally
anchor.commitment anchor.figure anchor.member anchor.pillar anchor.region anchor.section
"""
"""The functions that templates have."""

DATA = """
contents figure_number figure_of figures locale part report selection selection_in_pillar
anchor anchor.index npgettext pgettext
"""
"""What else they have. Two functions of Jinja2 are there without a value."""

FILTERS = """
abs attr capitalize count d default dictsort e escape first float groupby int items join last
length list lower map max min plain prose reject rejectattr replace reverse round safe select
selectattr sort string striptags sum title trim truncate unique upper urlencode wordcount
"""

TESTS = """
!= < <= == > >= boolean defined divisibleby eq equalto escaped even false filter float ge gt
greaterthan in integer iterable le lessthan lower lt mapping ne none number odd sameas sequence
string test true undefined upper
"""

METHODS = {
    "str": """
        capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower
        isnumeric isspace istitle isupper lower lstrip partition removeprefix removesuffix rfind
        rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title upper
    """,
    "tuple": "count index",
    "list": "count index",
    "dict": "get items keys values",
    "Locale": "country date language listing month number percent",
    "LoopContext": "changed cycle",
    "Cycler": "next reset",
}
"""The methods that templates have, by type. A type has those of its base."""

TEXTS = {
    "builtins": "NoneType bool float int str",
    "markupsafe": "Markup",
    "pathlib": "PurePosixPath",
    "reportgen.model.schema": "ChartKind Colors Count Grouping LinkStatus Order Setting Unit",
    "reportgen.source.prose": "Prose",
}
CONTAINERS = {
    "builtins": "dict dict_items dict_keys dict_values list tuple",
    "jinja2.filters": "_GroupTuple",
}
RECORDS = {
    "jinja2.environment": "TemplateModule",
    "jinja2.runtime": "BlockReference LoopContext Macro TemplateReference",
    "jinja2.utils": "Cycler Joiner Namespace",
    "reportgen.locales.locale": "Locale",
    "reportgen.model.report": """
        Commitment Figure Link Marks Member Pillar Region Report Section
    """,
    "reportgen.model.schema": """
        Author Closing Imprint License PillarPart Pointer PrintRules Publisher SectionsPart
    """,
    "reportgen.model.selection": "Selection",
    "reportgen.pages.catalogue": "MemberGroup RegionGroup Tally",
    "reportgen.pages.contents": "Entry",
    "reportgen.pages.parts": "Part",
    "reportgen.source.csv": "Row Table",
    "reportgen.source.diagnostics": "Span",
    "reportgen.source.markdown": "Heading Image ItemList ListItem Paragraph PullOut",
}
"""The types of all values that a template can get hold of, besides its functions."""


def name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def names_of(types: Mapping[str, str]) -> set[str]:
    return {f"{module}.{name}" for module, names in types.items() for name in names.split()}


EVERYTHING = """\
{% import "components/member.html.j2" as module with context %}
{% macro called() %}{% do reach(caller) %}{% endmacro %}
{% set spaces = namespace(number=1) %}
{% do reach(self) %}{% do reach(self.main) %}{% do reach(module) %}{% do reach(called) %}
{% do reach(spaces) %}{% do reach(cycler(1, 2)) %}{% do reach(joiner()) %}
{% for commitment in report.commitments[:2] recursive %}{% do reach(loop) %}{% endfor %}
{% for group in report.commitments|groupby("year") %}{% do reach(group) %}{% endfor %}
{% call called() %}{% endcall %}
{% do reach({"a": [1.5, True, none]}) %}{% do reach(gettext("Contents")) %}
{% do reach(grouped(report.pillars[0])) %}{% do reach(tally(report.pillars[0])) %}
{% do reach(page_of("index")) %}{% do reach(page_of) %}{% do reach(part) %}
{% block main %}{% do reach(self.main.super) %}{% endblock %}
"""
"""A template that hands over what is there only while one runs."""


class Walk:
    """Goes wherever the sandbox lets a template go, and notes what is not in the lists."""

    def __init__(self, sandbox: Sandbox, context: jinja2.runtime.Context) -> None:
        self._sandbox, self._context = sandbox, context
        self._seen: dict[int, object] = {}
        self.types: set[str] = set()
        self.wrong: dict[str, str] = {}

    def go(self, value: Any, path: str) -> None:
        if id(value) in self._seen or isinstance(value, Undefined):
            return
        self._seen[id(value)] = value  # kept, so that no other value gets its number
        kind = name_of(type(value))
        if isinstance(value, BaseModel | ModuleType | io.IOBase | type):
            self.wrong[path] = kind
        elif isinstance(value, MethodType | BuiltinMethodType):
            bases = [base.__name__ for base in type(value.__self__).__mro__]
            allowed = next((METHODS[base] for base in bases if base in METHODS), "")
            if value.__name__ in allowed.split():
                self._call(value, path)
            else:
                self.wrong[path] = kind
        elif kind in names_of(TEXTS):
            # One text has what all have, and too many methods to call them of each.
            if kind not in self.types:
                self.types.add(kind)
                self._into(value, path)
        elif kind in names_of(RECORDS) | names_of(CONTAINERS):
            self.types.add(kind)
            self._into(value, path)
        else:
            self.wrong[path] = kind

    def _call(self, function: Callable[..., Any], path: str) -> None:
        try:
            made = self._sandbox.call(self._context, function)
        except TypeError:  # it takes arguments
            return
        self.go(made, f"{path}()")

    def _into(self, value: Any, path: str) -> None:
        more: Iterable[str] = vars(value) if hasattr(value, "__dict__") else ()
        for name in sorted({*dir(type(value)), *more, "__class__", "__dict__", "__self__"}):
            for found in (self._sandbox.getattr(value, name), self._sandbox.getitem(value, name)):
                self.go(found, f"{path}.{name}")
        if isinstance(value, Mapping):
            for key, item in value.items():
                self.go(key, f"{path}'s key")
                self.go(item, f"{path}[{key!r}]")
        elif name_of(type(value)) in names_of(CONTAINERS):
            for index, item in enumerate(value):
                self.go(item, f"{path}[{index}]")


def renderer_of(project: Project, report: Report, locale: Locale) -> PageRenderer:
    return PageRenderer(project, report, parts_of(report), locale, {}, draw=lambda _: "<svg/>")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    workspace = started(tmp_path_factory.mktemp("project") / "report")
    workspace.append("content/sections/introduction.md", "\n## More\n\n- One\n")
    more = "closing:\n  more: [{text: More, url: https://example.org}]\n"
    workspace.edit("content/report.yaml", ("closing:\n", more))
    return Project(workspace.root)


@pytest.fixture(scope="module")
def report(project: Project) -> Report:
    report = load_report(project).report
    assert report
    return report


@pytest.fixture
def rendered(project: Project, report: Report) -> Render:
    """Gives what a template prints as a cover: it begins in line 3."""

    def render(template: str) -> str:
        altered = Altered(project.root, COVER, f"\n\n{template}".encode())
        renderer = renderer_of(altered, report, Locale("en", "en"))
        return renderer(parts_of(report)[0], PageNumbers({})).strip()

    return render


def test_all_that_a_template_can_reach_is_listed(project: Project, report: Report) -> None:
    report = replace(
        report,
        marks=Marks("2020-01-01", (report.commitments[0].id,), ()),
        selection=Selection.of([("region", report.regions[0].id)]),
    )
    altered = Altered(project.root, COVER, EVERYTHING.encode())
    renderer = renderer_of(altered, report, Locale("en", "en"))
    sandbox = renderer._environment
    assert isinstance(sandbox, Sandbox)
    assert set(sandbox.filters) == set(FILTERS.split())
    assert set(sandbox.tests) == set(TESTS.split())
    names = {*sandbox.globals, "part", "page_of"}
    given: Mapping[str, Any] = {**sandbox.globals}
    names |= {f"anchor.{name}" for name in given["anchor"]}
    assert names == {*FUNCTIONS.split(), *DATA.split()}

    reached: list[Any] = []

    def reach(value: object) -> None:
        reached.append(value)

    sandbox.globals["reach"] = reach
    cover = parts_of(report)[0]
    pages = PageNumbers({"index": 7})
    renderer(cover, pages)
    del sandbox.globals["reach"]
    context = sandbox.from_string("").new_context({"part": cover, "page_of": pages})
    walk = Walk(sandbox, context)
    for function in (*given.values(), *given["anchor"].values()):
        # A function has nothing that a template could take from it.
        for attribute in dir(function) if callable(function) else ():
            assert isinstance(sandbox.getattr(function, attribute), Undefined)
    walk.go(given["members_by_name"](), "members_by_name()")
    for name in DATA.split():
        if "." not in name and name != "anchor":
            walk.go(context.resolve(name), name)
    reached.remove(pages)
    for value in reached:
        walk.go(value, type(value).__name__)
    assert walk.wrong == {}
    assert names_of(RECORDS) - walk.types == set()


def test_the_walk_finds_what_is_not_listed() -> None:
    class Careless(Sandbox):
        def is_safe_attribute(self, obj: Any, attr: str, value: Any = None) -> bool:
            return not attr.startswith("_")

    sandbox = Careless(jinja2.DictLoader({}))
    walk = Walk(sandbox, sandbox.from_string("").new_context())
    walk.go(Locale("en", "en"), "locale")
    assert {"locale.cldr", "locale.find"} <= set(walk.wrong)
    assert any(path.endswith(".format") for path in walk.wrong)


def test_a_pickle_is_not_read(
    rendered: Render, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    attack = (
        "{% do report.print.parse_raw(\"cposix\\nsystem\\n(S'id > PWNED'\\ntR.\","
        ' content_type="pickle", allow_pickle=true) %}'
    )
    with pytest.raises(DiagnosedError, match=r":3:1: .*PrintRules object' has no .*'parse_raw'"):
        rendered(attack)
    assert not (tmp_path / "PWNED").exists()


def test_a_file_is_not_opened(rendered: Render) -> None:
    with pytest.raises(DiagnosedError, match=r":3:1: .*PrintRules object' has no .*'parse_file'"):
        rendered("{% do report.print.parse_file('/etc/passwd') %}")


MAY_NOT = "SecurityError: templates may not use"
TOO_DEEP = "it is nested too deeply, or includes, extends or calls itself without end;"
REPEATED = "SecurityError: '*' makes at most 100,000 characters or items;"
BITS = "SecurityError: '*' and '**' make whole numbers of at most 10,000 bits;"
WIDTH = "SecurityError: '%' fills a value up to at most 1,000 characters, given as digits;"
PRINT = "is not a text or a number to print;"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ ''.__class__.__mro__ }}", f"{MAY_NOT} '__class__' of str object;"),
        ("{{ ''['__class__'] }}", f"{MAY_NOT} '__class__' of str object;"),
        ("{{ ''|attr('__class__') }}", f"{MAY_NOT} '__class__' of str object;"),
        ("{{ ['']|map(attribute='__class__')|first }}", f"{MAY_NOT} '__class__'"),
        ("{{ ['']|map('attr', '__class__')|first }}", f"{MAY_NOT} '__class__'"),
        ("{{ ['']|sort(attribute='__class__.__name__') }}", f"{MAY_NOT} '__class__'"),
        ("{% for kind, list in ['']|groupby('__class__') %}{{ kind }}{% endfor %}", MAY_NOT),
        ("{{ ['']|selectattr('__class__')|first }}", f"{MAY_NOT} '__class__'"),
        ("{{ cycler.__init__.__globals__ }}", f"{MAY_NOT} '__init__' of type object;"),
        ("{{ joiner.__init__ }}", f"{MAY_NOT} '__init__'"),
        ("{{ dict.fromkeys }}", f"{MAY_NOT} 'fromkeys'"),
        ("{{ self._TemplateReference__context }}", f"{MAY_NOT} '_TemplateReference__context'"),
        ("{{ self['_TemplateReference__context'] }}", f"{MAY_NOT} '_TemplateReference__context'"),
        ("{% for x in 'ab' %}{{ loop._iterator }}{% endfor %}", f"{MAY_NOT} '_iterator'"),
        ("{{ namespace(a=1)._Namespace__attrs }}", f"{MAY_NOT} '_Namespace__attrs'"),
        (
            "{% set n = namespace() %}{% set n.__class__ = 1 %}{{ n.__class__ }}",
            f"{MAY_NOT} '__class__'",
        ),
        (
            "{% import 'components/wordmark.html.j2' as m %}{{ m._body_stream }}",
            f"{MAY_NOT} '_body_stream'",
        ),
        ("{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}", f"{MAY_NOT} '_func'"),
        ("{{ gettext.__globals__ }}", f"{MAY_NOT} '__globals__' of function object;"),
        ("{{ draw.__wrapped__ }}", f"{MAY_NOT} '__wrapped__'"),
        ("{{ draw.cache_clear() }}", f"{MAY_NOT} 'cache_clear'"),
        ("{{ page_of.hold({}) }}", f"{MAY_NOT} 'hold'"),
        ("{{ locale.cldr }}", f"{MAY_NOT} 'cldr'"),
        ("{{ locale.translations }}", f"{MAY_NOT} 'translations'"),
        ("{{ locale._collator }}", f"{MAY_NOT} '_collator'"),
        ("{{ locale.month.__func__ }}", f"{MAY_NOT} '__func__'"),
        ("{{ report.title.origin }}", f"{MAY_NOT} 'origin'"),
        ("{{ report.__dataclass_fields__ }}", f"{MAY_NOT} '__dataclass_fields__'"),
        ("{{ report.print.__pydantic_validator__ }}", f"{MAY_NOT} '__pydantic_validator__'"),
        ("{{ '{0.__class__}'.format(1) }}", f"{MAY_NOT} 'format'"),
        ("{{ '{a.__class__}'.format_map({'a': 1}) }}", f"{MAY_NOT} 'format_map'"),
        ("{{ ('{0.__class__}'|safe).format(1) }}", f"{MAY_NOT} 'format'"),
        ("{{ '{0.__class__}'|format(1) }}", "No filter named 'format'."),
        ("{{ [].append(1) }}", f"{MAY_NOT} 'append'"),
        ("{{ {'a': 1}.pop('a') }}", f"{MAY_NOT} 'pop'"),
        ("{{ foo() }}", "UndefinedError: 'foo' is undefined;"),
        ("{{ foo.bar }}", "UndefinedError: 'foo' is undefined;"),
        ("{{ report.titel }}", "UndefinedError: 'reportgen.model.report.Report object' has no"),
        ("{{ {}.items.__self__ }}", f"{MAY_NOT} '__self__'"),
        ("{{ ''() }}", "SecurityError: str object is not a function that templates have;"),
        ("{{ range(10**9) }}", "SecurityError: a range has at most 100,000 numbers;"),
        ("{{ range(10**30) }}", "SecurityError: a range has at most 100,000 numbers;"),
        ("{{ range(0, -10**9, -2) }}", "SecurityError: a range has at most 100,000 numbers;"),
        ("{{ 'a' * 10**9 }}", REPEATED),
        ("{{ 10**9 * 'a' }}", REPEATED),
        ("{{ [1] * 10**9 }}", REPEATED),
        ("{{ ('<'|e) * 10**9 }}", REPEATED),
        ("{{ 9**(9**9) }}", BITS),
        ("{{ 9**3000 * 9**3000 }}", BITS),
        ("{{ '%999999999d' % 1 }}", WIDTH),
        ("{{ '%.999999999f' % 1 }}", WIDTH),
        ("{{ '%(n)-0999999999d' % {'n': 1} }}", WIDTH),
        ("{{ '%*d' % (10**9, 1) }}", WIDTH),
        ("{{ '%%%l%%999999999d' % 1 }}", WIDTH),
        ("{{ '%(a(b))999999999d' % {'a(b)': 1} }}", "the name of a placeholder has no parentheses"),
        ("{{ gettext('%(n)999999999d', n=1) }}", WIDTH),
        ("{{ 1|round(10**9, 'ceil') }}", "'round' takes a precision of at most 100;"),
        ("{{ draw(figures[0], 10**12) }}", "draw takes a figure of the report and a width of 1 to"),
        ("{{ draw(namespace(count=none), 9) }}", "draw takes a figure of the report and a width"),
        ("{{ lipsum(n=100000) }}", "UndefinedError: 'lipsum' is undefined;"),
        ("{{ 'a'|center(10**9) }}", "No filter named 'center'."),
        ("{{ 'a'|indent(10**9) }}", "No filter named 'indent'."),
        ("{{ 'a'|pprint }}", "No filter named 'pprint'."),
        ("{{ 5 is callable }}", "No test named 'callable'."),
        ("{{ draw }}", PRINT),
        ("{{ [draw] }}", PRINT),
        ("{{ ['a']|map('upper') }}", f"SecurityError: generator object {PRINT}"),
        ("{{ {}[draw] }}", "dict object has no element <functools._lru_cache_wrapper object>;"),
        ("{{ dict[1:2] }}", f"SecurityError: types.GenericAlias object {PRINT}"),
        ("{{ {}['a' * 99999] }}", "aaa … aaa"),
        ("{% include 'parts/cover.html.j2' %}", TOO_DEEP),
        ("{% extends 'parts/cover.html.j2' %}", TOO_DEEP),
        ("{% import 'parts/cover.html.j2' as cover %}", TOO_DEEP),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", TOO_DEEP),
        ("{{ " + "(" * 10_000 + "1" + ")" * 10_000 + " }}", TOO_DEEP),
        ("{{ 1" + " + 1" * 10_000 + " }}", TOO_DEEP),
        ("{{ report" + ".a" * 10_000 + " }}", TOO_DEEP),
        ("{% if 1 %}" * 10_000 + "{% endif %}" * 10_000, TOO_DEEP),
        ("{% for a in 'a' %}" * 30 + "{% endfor %}" * 30, TOO_DEEP),
    ],
    ids=lambda text: text[:60],
)
def test_what_a_template_may_not_do(rendered: Render, template: str, message: str) -> None:
    with pytest.raises(DiagnosedError) as raised:
        rendered(template)
    (diagnostic,) = raised.value.diagnostics
    assert str(diagnostic).startswith(f"{COVER}:3:1: error[template-")
    assert message in str(diagnostic)
    assert "0x" not in str(diagnostic)


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{ report.title.upper()[:5] }}", "CLEAR"),
        ("{{ report.keywords|length }}", "2"),
        ("{{ report['year'] }}", "2024"),
        ("{{ {'get': 1}['get'] }}", "1"),
        ("{{ {'a': 1}.a }}", "1"),
        ("{{ {'a': 1}.get('b', 2) }}", "2"),
        ("{% for a in [1, 2] %}{{ loop.index }}{{ loop.cycle('x', 'y') }}{% endfor %}", "1x2y"),
        (
            "{% for a in [1, 0] recursive %}[{% if a %}{{ loop([0, 0]) }}{% endif %}]{% endfor %}",
            "[[][]][]",
        ),
        ("{% set n = namespace(a=1) %}{% set n.a = 2 %}{{ n.a }}", "2"),
        ("{% set c = cycler('x', 'y') %}{{ c.next() }}{{ c.current }}", "xy"),
        ("{% set j = joiner('|') %}{{ j() }}a{{ j() }}b", "a|b"),
        ("{% block a %}1{% endblock %}{{ self.a() }}", "11"),
        (
            "{% macro m(x) %}<{{ x }}{{ caller() }}>{% endmacro %}{% call m(1) %}2{% endcall %}",
            "<12>",
        ),
        (
            "{% for g in [{'a': 1}]|groupby('a') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
            "11",
        ),
        ("{{ [{'a': 2}, {'a': 1}]|sort(attribute='a')|map(attribute='a')|join }}", "12"),
        ("{{ '%d and %5.1f%%' % (7, 2.25) }}", "7 and   2.2%"),
        ("{{ 'ab' * 3 }}{{ 2 ** 10 }}{{ 2.5 * 2 }}{{ 2 ** -1 }}", "ababab10245.00.5"),
        ("{{ 2.345|round(2) }}", "2.35"),
        (
            "{{ _('Contents') }}{% trans n=2 %}one{% pluralize %}{{ n }} things{% endtrans %}",
            "Contents2 things",
        ),
        ("{{ range(3)|join }}{{ 'x' if false }}{{ none }}", "012None"),
    ],
    ids=lambda text: text[:60],
)
def test_what_a_template_may_do(rendered: Render, template: str, printed: str) -> None:
    assert rendered(template) == printed


@pytest.mark.parametrize("names", [FUNCTIONS, FILTERS, *METHODS.values()], ids=lambda n: n[:20])
def test_all_that_templates_may_use_is_documented(names: str) -> None:
    text = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    assert [n for n in names.split() if not re.search(rf"`{re.escape(n)}(?:\(.*?\))?`", text)] == []
