"""What there is to build, and whether the content lets it be built."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.build.cache import Cache, Recalled
from reportgen.build.kept import diagnostics_as_json, diagnostics_from_json
from reportgen.project import Project, Recorder
from reportgen.source.diagnostics import Diagnostic

_KEY = "survey"


@dataclass(frozen=True)
class Survey:
    """The languages of a report, its own first, and all that is wrong with its content.

    There are no languages if the content has an error.
    """

    languages: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def survey(project: Project, cache: Cache | None = None) -> Survey:
    """Look at a project: at its files, or, if they have not changed, at what was seen then."""
    if cache and isinstance(found := cache.recall(_KEY), Recalled):
        value = found.value
        return Survey(tuple(value["languages"]), diagnostics_from_json(value["diagnostics"]))
    # Imported here: where nothing has changed nothing is read, and no form is needed.
    from reportgen.locales.load import locale_tags
    from reportgen.model.load import load_report

    recorder = Recorder.of(project)
    loaded = load_report(recorder)
    languages = locale_tags(recorder, loaded.report) if loaded.report else ()
    seen = Survey(languages, loaded.diagnostics)
    if cache and languages:
        value = {
            "languages": list(languages),
            "diagnostics": diagnostics_as_json(loaded.diagnostics),
        }
        cache.remember(_KEY, recorder.answers, value)
    return seen
