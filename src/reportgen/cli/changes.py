"""A comparison as text for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from reportgen.cli.words import compared_words
from reportgen.comparison.compare import Action, Change, Difference
from reportgen.comparison.sides import Comparison
from reportgen.comparison.stale import Stale
from reportgen.comparison.wording import (
    LACKS,
    SIGNS,
    about,
    groups,
    is_only_moved,
    label,
    name_of,
    stale_by_locale,
    stale_texts,
)
from reportgen.exchange.words import changed_words
from reportgen.source.diagnostics import visible

_COLORS = {
    Action.ADDED: "green",
    Action.REMOVED: "red",
    Action.CHANGED: "yellow",
    Action.MOVED: "cyan",
    Action.REWRITTEN: None,
}


def as_text(comparison: Comparison) -> str:
    """Give a comparison as lines of a terminal, with colours in them."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"from {visible(str(comparison.old))}"
    yield f"  to {visible(str(comparison.new))}"
    if not comparison.changes:
        yield "nothing has changed"
    for group in groups(comparison):
        yield ""
        yield click.style(group.title, bold=True) + f": {group.counts}"
        for change in group.changes:
            yield from _change(change)
        yield from (f"  {visible(told)}" for told in group.only_counted)
    if comparison.stale:
        yield ""
        counts = (f"{tag} {len(all_)}" for tag, all_ in stale_by_locale(comparison).items())
        yield (
            click.style("Translations that this makes stale", bold=True) + f": {', '.join(counts)}"
        )
    for text, locales in stale_texts(comparison):
        yield from _stale(text, locales)
    for told in comparison.untold:
        yield ""
        yield told


def _change(change: Change) -> Iterator[str]:
    sign = click.style(
        f"{SIGNS[change.action]} {visible(name_of(change))}", fg=_COLORS[change.action]
    )
    told = f"  {visible(about(change))}" if about(change) else ""
    more = "  (moved)" if change.moved else ""
    yield f"  {sign}{told}{more}"
    if change.action is Action.CHANGED:
        for difference in change.differences:
            yield f"      {visible(label(difference))}: {_difference(difference)}"


def _difference(difference: Difference) -> str:
    old, new = difference.old, difference.new
    if is_only_moved(difference):
        text = visible(new or "")
        return f"(moved) {text[:_SHORT]}{'…' if len(text) > _SHORT else ''}"
    moved = "(moved) " if difference.moved else ""
    return moved + compared_words(old or "", new or "")


_SHORT = 60
"""How many signs are shown of a text that only moved."""


def _stale(stale: Stale, locales: tuple[str, ...]) -> Iterator[str]:
    place = visible(stale.context or "template")
    yield f"  {place}  ({', '.join(locales)}: {LACKS[stale.lack]})"
    is_same = stale.old is None or stale.old == stale.text
    yield f"      {visible(stale.text) if is_same else compared_words(stale.old or '', stale.text)}"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as what JSON has; docs/comparing.md has the keys."""
    return {
        "old": asdict(comparison.old),
        "new": asdict(comparison.new),
        "language": comparison.language,
        "changes": [_change_as_json(change) for change in comparison.changes],
        "stale": [asdict(stale) for stale in comparison.stale],
        "not_compared": list(comparison.untold),
    }


def _change_as_json(change: Change) -> dict[str, Any]:
    data = asdict(change)
    return {**data, "differences": [_difference_as_json(d) for d in change.differences]}


def _difference_as_json(difference: Difference) -> dict[str, Any]:
    words = []
    if difference.old is not None and difference.new is not None:
        words = [asdict(run) for run in changed_words(difference.old, difference.new)]
    return {**asdict(difference), "words": words}
