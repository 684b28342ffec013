"""Two texts as one, with the words marked that went and that came."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from reportgen.exchange.words import Fate, changed_words
from reportgen.source.diagnostics import visible

_CONTEXT = 6
"""How many unchanged words are shown before and behind a change."""


def compared_words(old: str, new: str) -> str:
    """Give two texts as `git diff --word-diff` shows them; long runs that stay are cut."""
    return "".join(_shown(old, new))


def _shown(old: str, new: str) -> Iterator[str]:
    runs = changed_words(old, new)
    for index, run in enumerate(runs):
        # What can't be seen would make two texts look the same.
        text = visible(run.text).replace("\u00a0", "\\xa0")
        if run.fate is Fate.SAME:
            yield _shortened(text, is_first=index == 0, is_last=index == len(runs) - 1)
        else:
            stripped = text.rstrip(" ")
            sign, end, color = (
                ("[-", "-]", "red") if run.fate is Fate.REMOVED else ("{+", "+}", "green")
            )
            yield click.style(f"{sign}{stripped}{end}", fg=color) + " " * (
                len(text) - len(stripped)
            )


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    """Give an unchanged text with only what is near to a change."""
    words = re.findall(r"\S+\s*|\s+", text)
    start = 0 if is_first else _CONTEXT
    end = len(words) - (0 if is_last else _CONTEXT)
    return text if end - start < 2 else f"{''.join(words[:start])}… {''.join(words[end:])}"
