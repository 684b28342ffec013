"""The pages of a report after each save: only what has changed is laid out again."""

from __future__ import annotations

import copy
import io
import secrets
import time
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import count
from typing import Any

from reportgen.build.composition import (
    Composition,
    compose,
    lay_out_parts,
    layouter_for,
    told_by_numbers,
    told_by_typesetter,
)
from reportgen.build.failure import fault
from reportgen.build.job import Step
from reportgen.build.places import Places
from reportgen.locales.check import check_locales
from reportgen.locales.load import LocalizedReport, load_locale, locale_tags
from reportgen.locales.translate import locale_status
from reportgen.model.design import check_design
from reportgen.model.load import load_report
from reportgen.model.report import Report
from reportgen.model.schema import PrintRules
from reportgen.pages.parts import Part
from reportgen.pdf.editions import EDITIONS, Edition
from reportgen.pdf.metadata import identify
from reportgen.pdf.press import Press
from reportgen.pdf.raster import draw_page
from reportgen.pdf.sheet import sheet_margin
from reportgen.pdf.write import write_pdf
from reportgen.preview.view import Area, PageView, Shown, Translation, View
from reportgen.project import Project
from reportgen.source.diagnostics import (
    DiagnosedError,
    Diagnostic,
    Span,
    did_you_mean,
    has_errors,
)
from reportgen.typeset.layout import FAILURES, LaidOut
from reportgen.typeset.memory import RememberingLayouter
from reportgen.worker import tell


@dataclass(frozen=True)
class _Source:
    """What the image of a page is drawn from."""

    part: LaidOut
    page: Any
    report: Report
    edition: Edition
    press: Press | None

    @cached_property
    def pdf(self) -> bytes:
        """The page by itself as a PDF.

        Raises:
            DiagnosedError: the engine can't draw it.
        """
        identity = identify(self.report, self.report.language, "")
        draw = partial(write_pdf, identity=identity, edition=self.edition, press=self.press)
        try:
            return draw(self.part.document.copy([self.page])).data
        except MemoryError:
            raise
        except FAILURES as error:
            raise self.part.fault(error, draw) from error


@dataclass
class _Desk:
    """What is kept between one update and the next, for one locale and edition."""

    layouter: RememberingLayouter | None = None
    rules: PrintRules | None = None
    names: dict[str, tuple[LaidOut, str]] = field(default_factory=dict)
    """The parts as they were laid out, and what the keys of their pages begin with."""
    expected: Mapping[str, int] = field(default_factory=dict)
    pages: tuple[PageView, ...] = ()


class Session:
    """Shows a project's pages. It is for one thread: the engine isn't made for several.

    Nothing is written to the project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._desks: dict[Shown, _Desk] = {}
        self._sources: dict[Shown, dict[str, _Source]] = {}
        self._locales: tuple[str, ...] = ()
        self._translations: tuple[Translation, ...] = ()
        self._serial = count(1)
        # A browser keeps images by their names, also those of an earlier session.
        self._prefix = secrets.token_hex(4)

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the locales and the editions that can be shown.

        There are no locales before the first update, nor while the content was never right.
        """
        return self._locales, tuple(EDITIONS)

    def update(self, shown: Shown) -> Iterator[View]:
        """Read the project anew, and give what there is to see: first the pages, then all.

        The second view adds what is wrong with the translations, and how far they are. Nothing is
        raised for what is wrong with the project's files: it is among the diagnostics.
        """
        started = time.perf_counter()
        desk = self._desks.setdefault(shown, _Desk())
        tell(Step("reading the content", "content"))
        loaded = load_report(self._project)
        found = loaded.diagnostics + check_design(self._project, loaded.files)
        if loaded.report is None:
            yield self._view(shown, found, started, is_current=False)
            return
        try:
            self._locales = locale_tags(self._project, loaded.report)
            found += self._lay_out(shown, desk, loaded.report)
        except DiagnosedError as error:
            found += error.diagnostics
        except MemoryError:
            raise  # its worker has a limit, and tells of it
        except Exception as error:  # noqa: BLE001 - a preview goes on
            found += (fault("templates", error),)
        view = self._view(shown, found, started, is_current=not has_errors(found))
        yield view
        found = tuple(dict.fromkeys(found + check_locales(self._project, loaded.report)))
        try:
            self._translations = tuple(
                Translation(one.status.locale, one.status.whole)
                for one in locale_status(self._project, loaded.report, self._locales[1:])
                if one.status
            )
        except DiagnosedError as error:  # a template, whose message the pages may have as well
            found = tuple(dict.fromkeys(found + error.diagnostics))
        yield replace(view, diagnostics=found, translations=self._translations)

    def image(self, key: str, scale: float) -> bytes:
        """Give the image of a page as PNG. `scale` is device pixels per CSS pixel.

        Raises:
            DiagnosedError: the engine can't draw the page.
            KeyError: the page is gone.
        """
        source = ChainMap(*self._sources.values())[key]
        tell(Step("drawing a page", "templates"))
        image = io.BytesIO()
        draw_page(source.pdf, scale=scale).save(image, "PNG", compress_level=1)
        return image.getvalue()

    def _view(
        self, shown: Shown, found: tuple[Diagnostic, ...], started: float, *, is_current: bool
    ) -> View:
        return View(
            shown,
            self._desks[shown].pages,
            is_current,
            found,
            self._translations,
            time.perf_counter() - started,
        )

    def _lay_out(self, shown: Shown, desk: _Desk, report: Report) -> tuple[Diagnostic, ...]:
        """Bring the pages up to date, and give what was found on the way.

        Raises:
            DiagnosedError: they can't be made; those that are there stay.
        """
        if shown.locale not in self._locales:
            raise DiagnosedError(
                "missing-locale",
                Span("locales"),
                f"the report has no language '{shown.locale}' (any more)",
                did_you_mean(shown.locale, self._locales, "choose another one"),
            )
        localized = load_locale(self._project, report, shown.locale)
        if localized.report is None:
            return localized.diagnostics
        edition = EDITIONS[shown.edition]
        composition = compose(self._project, localized.report, localized.locale, edition)
        layouter = self._layouter(desk, localized, edition, composition)
        layouter.begin()
        result = lay_out_parts(composition, layouter, tell, desk.expected)
        layouter.forget()
        desk.expected = result.anchors
        places = Places(self._project, localized.report, result)
        said = told_by_typesetter(places, layouter.messages)
        found = (*localized.diagnostics, *said, *told_by_numbers(result))
        if not has_errors(found):
            self._name_pages(shown, desk, result.parts, localized.report, composition)
        return found

    def _layouter(
        self,
        desk: _Desk,
        localized: LocalizedReport,
        edition: Edition,
        composition: Composition,
    ) -> RememberingLayouter:
        # Another profile or bleed needs other images, also of pages that stay as they are.
        rules = localized.report.print if localized.report else None
        if desk.layouter is None or desk.rules != rules or not desk.layouter.is_current():
            desk.layouter = RememberingLayouter(
                layouter_for(self._project, localized.locale, edition, composition.press)
            )
            desk.rules = rules
        return desk.layouter

    def _name_pages(
        self,
        shown: Shown,
        desk: _Desk,
        parts: tuple[tuple[Part, LaidOut], ...],
        report: Report,
        composition: Composition,
    ) -> None:
        """Give each page a key of its own; what was not laid out again keeps its key."""
        edition, press = EDITIONS[shown.edition], composition.press
        names: dict[str, tuple[LaidOut, str]] = {}
        sources: dict[str, _Source] = {}
        pages: list[PageView] = []
        known = self._sources.get(shown, {})
        for part, laid_out in parts:
            before = desk.names.get(part.key)
            name = (
                before[1]
                if before and before[0] is laid_out
                else f"{self._prefix}-{next(self._serial)}"
            )
            names[part.key] = laid_out, name
            for place, page in enumerate(laid_out.document.pages):
                key = f"{name}-{place}"
                sources[key] = known.get(key) or _Source(
                    laid_out, _without_links(page), report, edition, press
                )
                pages.append(
                    _page_view(key, part, place, laid_out.first_page + place, page, desk, press)
                )
        # Areas lead to pages by number: they are those of this update also on a page that stayed.
        desk.names, desk.pages = names, tuple(pages)
        self._sources[shown] = sources


def _without_links(page: Any) -> Any:
    """Give a page without its links: they lead to pages that are in other files."""
    alone = copy.copy(page)
    alone.links = []
    return alone


def _page_view(
    key: str, part: Part, place: int, number: int, page: Any, desk: _Desk, press: Press | None
) -> PageView:
    margin = sheet_margin(press.sheet) if press else 0.0
    areas = tuple(_areas(page, desk.expected)) if press is None else ()
    return PageView(
        key,
        part.key,
        place,
        number,
        page.width + 2 * margin,
        page.height + 2 * margin,
        areas,
    )


def _areas(page: Any, anchors: Mapping[str, int]) -> Iterator[Area]:
    for kind, target, (left, top, right, bottom), box in page.links:
        if not box.link:
            continue
        place = (
            left / page.width,
            top / page.height,
            (right - left) / page.width,
            (bottom - top) / page.height,
        )
        if kind == "internal" and target in anchors:
            yield Area(*place, page=anchors[target] - 1)
        elif kind == "external":
            yield Area(*place, url=target)
