"""What the page in the browser is told, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from reportgen.locales.locale import cldr_locale
from reportgen.preview.editors import editor_link
from reportgen.preview.live import News
from reportgen.preview.view import PageView, Translation, View
from reportgen.project import Project
from reportgen.source.diagnostics import Diagnostic


def news_as_json(news: News, project: Project, editor: str) -> str:
    """Give news as one line of JSON; `editor` is the one that links open."""
    locales, editions = news.choices
    data = {
        "project": project.root.name,
        "is_working": news.is_working,
        "locales": [_locale(tag) for tag in locales],
        "editions": editions,
        "view": _view(news.view, project, editor) if news.view else None,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _view(view: View, project: Project, editor: str) -> dict[str, Any]:
    return {
        "locale": _locale(view.shown.locale),
        "edition": view.shown.edition,
        "pages": [_page(page) for page in view.pages],
        "is_current": view.is_current,
        "diagnostics": [_diagnostic(found, project, editor) for found in view.diagnostics],
        "translations": [_translation(translation) for translation in view.translations],
        "seconds": round(view.seconds, 2),
    }


def _page(page: PageView) -> dict[str, Any]:
    return {**asdict(page), "image": f"/pages/{quote(page.key, safe='')}.png"}


def _diagnostic(found: Diagnostic, project: Project, editor: str) -> dict[str, Any]:
    span = found.span
    link = editor_link(editor, project.root / span.path, span.line, span.column)
    return {**found.flat(), "link": link}


def _translation(translation: Translation) -> dict[str, Any]:
    progress = translation.progress
    return {
        **_locale(translation.locale),
        # What isn't whole is never shown as 100.
        "percent": int(progress.percent),
        "fuzzy": progress.fuzzy,
        "missing": progress.missing,
        "words_to_go": progress.words_to_go,
    }


def _locale(tag: str) -> dict[str, str]:
    """Give a locale's tag, its name in English, and which way it is written."""
    try:
        cldr = cldr_locale(tag)
    except ValueError:
        return {"tag": tag, "name": tag, "direction": "ltr"}
    name = cldr.get_display_name("en") or tag
    return {"tag": tag, "name": name, "direction": cldr.text_direction}
