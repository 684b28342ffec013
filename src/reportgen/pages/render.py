"""Parts to HTML, through the project's Jinja2 templates.

Templates are the designer's files of the project. They run in a sandbox (see
:mod:`reportgen.pages.sandbox`), always escape, and see frozen data only.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.loaders import split_template_path
from jinja2.nodes import Node
from jinja2.parser import Parser
from markupsafe import Markup

from reportgen.locales.locale import Locale, cldr_locale
from reportgen.model.report import Figure, Report
from reportgen.pages import anchors
from reportgen.pages.catalogue import (
    grouped,
    member_name,
    members_by_name,
    selection_label,
    tally,
)
from reportgen.pages.contents import contents, placed_figures, printed_anchors
from reportgen.pages.figures import Drawing, draw, drawing_of
from reportgen.pages.parts import Part
from reportgen.pages.prose import ProseRenderer
from reportgen.pages.sandbox import Sandbox, bounded
from reportgen.project import Project
from reportgen.source.diagnostics import DiagnosedError, Diagnostics, Span
from reportgen.source.markdown import plain_text
from reportgen.source.text import read_text

TEMPLATES = PurePosixPath("templates")

MAX_FIGURE_WIDTH_MM = 1_000
"""How wide a template may have a figure drawn: what is drawn grows with it."""

_ADDRESS = re.compile(" at 0x[0-9a-fA-F]+")


class PageNumbers:
    """Answers where an anchor stands, and remembers what it answered."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._answers: dict[str, int | None] = {}

    def __call__(self, anchor: str) -> int | None:
        """Give the number of the page with an anchor, or nothing before it is laid out."""
        return self._answers.setdefault(anchor, self._known.get(anchor))

    def hold(self, known: Mapping[str, int]) -> bool:
        """Tell whether the answers would still be the same."""
        return all(known.get(anchor) == page for anchor, page in self._answers.items())


class PageRenderer:
    """Renders the parts of one report in one language."""

    def __init__(
        self,
        project: Project,
        report: Report,
        parts: tuple[Part, ...],
        locale: Locale,
        tokens: Mapping[str, str],
        draw: Callable[[Drawing], str] = draw,
    ) -> None:
        self.untranslated: set[str] = set()
        """The words of the interface that were asked for and had no translation."""
        self._environment = _environment(project, locale, self.untranslated)
        figures = placed_figures(report, parts)

        @cache
        def drawn(figure: Figure, width: float) -> Markup | None:
            if figure not in report.figures or not 1 <= width <= MAX_FIGURE_WIDTH_MM:
                raise SecurityError(
                    f"draw takes a figure of the report and a width of 1 to {MAX_FIGURE_WIDTH_MM}"
                )
            drawing = drawing_of(figure, report, locale, tokens, width)
            # Drawn by us, with its texts escaped.
            return None if drawing is None else Markup(draw(drawing))  # noqa: S704

        self._environment.filters.update(
            prose=ProseRenderer(report, printed_anchors(report, parts)), plain=_plain
        )
        self._environment.globals.update(
            report=report,
            locale=locale,
            selection=selection_label(report, locale),
            selection_in_pillar=selection_label(report, locale, in_pillar=True),
            contents=contents(report, parts, locale),
            figures=figures,
            figure_of={f"figure:{figure.id}": figure for figure in figures},
            figure_number={figure.id: number for number, figure in enumerate(figures, 1)},
            draw=drawn,
            grouped=lambda pillar: grouped(report, pillar, locale),
            tally=lambda pillar: tally(report, pillar),
            members_by_name=lambda: members_by_name(report, locale),
            member_name=lambda member: member_name(member, locale),
            anchor={
                "section": anchors.section_anchor,
                "pillar": anchors.pillar_anchor,
                "region": anchors.region_anchor,
                "commitment": anchors.commitment_anchor,
                "figure": anchors.figure_anchor,
                "member": anchors.member_anchor,
                "index": anchors.INDEX_ANCHOR,
            },
        )

    def __call__(self, part: Part, page_of: PageNumbers) -> str:
        """Give the HTML of a part.

        Raises:
            DiagnosedError: a template is missing, has an error or asks for what isn't there.
        """
        name = _name(part)
        try:
            return self._environment.get_template(name).render(part=part, page_of=page_of)
        except jinja2.TemplateNotFound as error:
            raise DiagnosedError(
                "missing-template",
                Span(str(TEMPLATES / (error.name or name))),
                f"the part '{part.key}' needs this template, and it is not there",
                "add the file, or correct the name where it is imported",
            ) from None
        except jinja2.TemplateSyntaxError as error:
            raise DiagnosedError(
                "template-syntax",
                Span(str(TEMPLATES / (error.name or name)), error.lineno),
                str(error.message),
                "correct the template",
            ) from None
        except DiagnosedError:  # a template that can't be read
            raise
        except MemoryError:
            raise  # its worker has a limit, and tells of it
        except Exception as error:  # a template may raise anything
            raise DiagnosedError(
                "template-failed", _template_span(error, name), _told(error), "correct the template"
            ) from error


def template_of(part: Part) -> str:
    """Return the path of a part's template in the project."""
    return str(TEMPLATES / _name(part))


def _name(part: Part) -> str:
    return f"parts/{part.kind}.html.j2"


def _plain(text: object) -> str:
    # Made a text first: what is undefined then says its name.
    return plain_text(str(text))


def _environment(project: Project, locale: Locale, missing: set[str]) -> jinja2.Environment:
    def load(name: str) -> tuple[str, str, None] | None:
        # Jinja2's own rule: a name leads to nothing above the folder of the templates.
        path = TEMPLATES.joinpath(*split_template_path(name))
        if not project.is_file(path):
            return None
        # The name is what a traceback shows: it must be the template's place in the project.
        diagnostics = Diagnostics()
        text = read_text(project, path, diagnostics)
        if text is None:
            raise DiagnosedError.of(diagnostics.sorted())
        return text, str(path), None

    environment = Sandbox(jinja2.FunctionLoader(load), (PageNumbers,))
    install: Any = environment
    install.install_gettext_callables(*_marked(locale, missing), newstyle=True)
    environment.policies["ext.i18n.trimmed"] = True
    return environment


def _marked(locale: Locale, missing: set[str]) -> tuple[Callable[..., str], Callable[..., str]]:
    """Give gettext and ngettext that mark what is not translated with its language, and note it.

    With Jinja2's new style both give HTML, in which the values of placeholders are escaped.
    """

    def foreign(message: str) -> str:
        missing.add(message)
        direction = cldr_locale(locale.source).text_direction
        return f'<span lang="{locale.source}" dir="{direction}">{message}</span>'

    def gettext(message: str) -> str:
        return bounded(locale.find(message) or foreign(message))

    def ngettext(singular: str, plural: str, number: int) -> str:
        found = locale.find_plural(singular, plural, number)
        return bounded(found or foreign(singular if number == 1 else plural))

    return gettext, ngettext


def _told(error: Exception) -> str:
    """Give what an error says, the same in each run."""
    if isinstance(error, RecursionError | SyntaxError):  # the latter is Python's, of nested blocks
        return "it is nested too deeply, or includes, extends or calls itself without end"
    return f"{type(error).__name__}: {_ADDRESS.sub('', str(error))}"


def _template_span(error: BaseException, name: str) -> Span:
    """Give the innermost place in a template that an exception passed through.

    That is a line that was run, or else one that Jinja2 was reading or compiling.
    """
    line = None
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        path, found = frame.f_code.co_filename, frame.f_locals
        if path.startswith(f"{TEMPLATES}/"):
            return Span(path, number)
        this = found.get("self")
        if line is None:
            node = found.get("node", this)
            if isinstance(this, Parser):
                line = this.stream.current.lineno
            elif isinstance(node, Node):
                line = node.lineno
            elif isinstance(error, SyntaxError) and isinstance(found.get("source"), str):
                line = _template_line(found["source"], error.lineno or 1)
        if isinstance(this, jinja2.Environment) and found.get("filename"):
            return Span(found["filename"], line or 1)
    return Span(f"{TEMPLATES}/{name}")


def _template_line(python: str, line: int) -> int:
    """Give the line of a template that a line of its Python was made of, which Jinja2 notes."""
    pairs = re.findall(r"(\d+)=(\d+)", python.rpartition("debug_info")[2])
    return max((int(own) for own, made in pairs if int(made) <= line), default=1)
