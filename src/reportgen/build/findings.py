"""What was found in pages and files, as diagnostics with their places in the content."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.build.places import Places
from reportgen.pages.render import TEMPLATES, template_of
from reportgen.preflight.result import Outcome, Preflight
from reportgen.preflight.words import Misread
from reportgen.source.diagnostics import Diagnostic, Severity, Span, shortened
from reportgen.typeset.overflow import cut_off


def told_by_preflight(checked: Preflight, name: str, places: Places) -> tuple[Diagnostic, ...]:
    """Give what a preflight found: what failed as errors, what is to be looked at as warnings."""
    hints = {
        Outcome.FAILED: "correct the template, style or content that makes it; nothing was written",
        Outcome.WARNED: "look at it, or put a better one in its place",
        Outcome.SKIPPED: "install what is missing, and build again",
    }
    return tuple(
        Diagnostic(
            Severity.ERROR if check.outcome is Outcome.FAILED else Severity.WARNING,
            "not-conformant" if check.outcome is Outcome.FAILED else "preflight",
            places.of_finding(found),
            f"{check.name}: {found.text}",
            hints[check.outcome],
            f"{name}, page {found.page}" if found.page else name,
        )
        for check in checked.checks
        if check.outcome in hints
        for found in check.findings
    )


_MOST_WORDS = 20
"""How many words that a reader gets wrong are told of a file: as a rule, all have one cause."""


def told_by_reader(wrong: Sequence[Misread], name: str, places: Places) -> tuple[Diagnostic, ...]:
    """Return the words that a reader doesn't find in a file as they stand in the report."""
    return tuple(
        Diagnostic(
            Severity.ERROR,
            "misread-words",
            places.of_words(one.around) or Span(str(TEMPLATES)),
            shortened(f"readers find “{one.got}” where “{one.put}” was put in"),
            "use a font that shows these words with letters of their own, or write them otherwise",
            name,
        )
        for one in wrong[:_MOST_WORDS]
    )


_FIRST_WORDS = 6
"""How many words of a picture's alternative text are looked for: numbers may follow."""


def told_of_edges(places: Places) -> tuple[Diagnostic, ...]:
    """Return what is cut at the edge of a page, once for each text or picture."""
    found: dict[str, Diagnostic] = {}
    for part, laid_out in places.result.parts:
        for one in cut_off(laid_out.document):
            what = "the picture" if one.is_picture else "the text"
            words = one.text.split()
            text = " ".join(words)
            page = laid_out.first_page + one.page
            found.setdefault(
                text,
                Diagnostic(
                    Severity.ERROR,
                    "off-page",
                    places.of_words(words)
                    or places.of_words(words[:_FIRST_WORDS])
                    or Span(template_of(part)),
                    f"{what} “{text[:60]}” is cut at the edge of page {page}",
                    "make it smaller or shorter, or give it another place",
                ),
            )
    return tuple(found.values())[:_MOST_WORDS]
