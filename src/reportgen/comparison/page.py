"""A comparison as a page: HTML that stands by itself, and the same as a PDF."""

from __future__ import annotations

from importlib.resources import files

import jinja2
from markupsafe import Markup

from reportgen.comparison.sides import Comparison
from reportgen.comparison.wording import (
    ACTIONS,
    LACKS,
    about,
    groups,
    is_only_moved,
    label,
    name_of,
    stale_by_locale,
    stale_texts,
)
from reportgen.exchange.words import changed_words
from reportgen.locales.locale import cldr_locale


def as_html(comparison: Comparison) -> str:
    """Give a comparison as an HTML page that needs no other file."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reportgen.comparison", ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("changes.html.j2").render(
        comparison=comparison,
        groups=groups(comparison),
        stale=stale_by_locale(comparison),
        stale_texts=stale_texts(comparison),
        actions=ACTIONS,
        lacks=LACKS,
        name_of=name_of,
        about=about,
        label=label,
        is_only_moved=is_only_moved,
        changed_words=changed_words,
        direction=direction,
        css=style("changes.css"),
    )


def style(name: str) -> Markup:
    """Give a style sheet of this package, which holds no word of anyone else's."""
    return Markup((files("reportgen.comparison") / name).read_text("utf-8"))  # noqa: S704


def direction(tag: str) -> str:
    """Give the way that the script of a language runs: `ltr` or `rtl`."""
    try:
        return str(cldr_locale(tag).text_direction)
    except ValueError:
        return "auto"
