"""What there is to build and to select, and whether the content lets it be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from reportgen.build.cache import Cache, Recalled
from reportgen.build.executors import preload_engine
from reportgen.model.selection import KEYS, Facets, Selection
from reportgen.project import Project, Recorder
from reportgen.source.diagnostics import Diagnostic, Severity, Span, has_errors

_KEY = "survey"


@dataclass(frozen=True)
class Survey:
    """The languages of a report, its own first, and all that is wrong with its content.

    There are no languages if the content has an error. `known` has the values that each key of a
    selection may have; `records` has what the records can be selected by, the same ones once.
    `figures` is how many figures there are.

    Raises:
        ValueError: a language or a value couldn't be part of a file's name.
    """

    languages: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    records: tuple[Facets, ...] = ()
    figures: int = 0

    def __post_init__(self) -> None:
        values = (self.languages, *self.known.values(), *self.records)
        if any(not text or "/" in text or "\0" in text for text in chain(*values)):
            raise ValueError("not the values of a report")
        if self.languages and self.known.keys() != set(KEYS):
            raise ValueError("values of each key are expected")

    def has(self, selection: Selection) -> bool:
        """Tell whether a selection has a record."""
        return any(map(selection.takes, self.records))

    def each(self, key: str, within: Selection) -> tuple[Selection, ...]:
        """Give a selection for each value of a key that a selection has records of, in order."""
        found = {getattr(record, key) for record in self.records if within.takes(record)}
        # A member is of one region: that it was asked for only says which members.
        left = replace(within, region=()) if key == "member" else within
        return tuple(left.narrowed(key, value) for value in self.known[key] if value in found)


def nothing_selected(selection: Selection) -> Diagnostic:
    """Give the diagnostic of a selection without a record."""
    return Diagnostic(
        Severity.ERROR,
        "empty-selection",
        Span("content/commitments"),
        f"no record is of the selection '{selection}'",
        "ask for less at once, or add the record",
    )


def survey(project: Project, cache: Cache | None = None) -> Survey:
    """Look at a project: at its files, or, if they have not changed, at what was seen then."""
    if cache and isinstance(found := cache.recall(_KEY, Survey), Recalled):
        return found.value
    # Pages are likely to be made: the engine is loaded while the content is read.
    preload_engine()
    # Imported here: where nothing has changed nothing is read, and no form is needed.
    from reportgen.locales.load import locale_tags
    from reportgen.model.brief import facets_of, selectable
    from reportgen.model.design import check_design
    from reportgen.model.load import load_report
    from reportgen.source.styles import check_styles

    recorder = Recorder.of(project)
    loaded = load_report(recorder)
    # The same as `reportgen check` says, so that both agree on what can be built.
    design = check_styles(recorder) + check_design(recorder, loaded.files)
    diagnostics = loaded.diagnostics + design
    if loaded.report is None or has_errors(diagnostics):
        return Survey((), diagnostics)
    languages = locale_tags(recorder, loaded.report)
    records = tuple(dict.fromkeys(map(facets_of, selectable(loaded.report))))
    known = {
        "member": tuple(member.id for member in loaded.report.members),
        "region": tuple(region.id for region in loaded.report.regions),
        "pillar": tuple(pillar.id for pillar in loaded.report.pillars),
        "year": tuple(sorted({record.year for record in records})),
    }
    seen = Survey(languages, diagnostics, known, records, len(loaded.report.figures))
    if cache:
        cache.remember(_KEY, recorder.answers, seen)
    return seen
