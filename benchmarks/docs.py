"""The place in the documentation where the results stand."""

from __future__ import annotations

BEGIN = "<!-- results of `make bench` begin -->"
END = "<!-- results of `make bench` end -->"


class BrokenDocsError(Exception):
    """The page has no place for the results."""


def with_results(page: str, results: str) -> str:
    """Give a page with new results between its two comments, in place of those that stood there.

    Raises:
        BrokenDocsError: the page has not both comments, in order, each once.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise BrokenDocsError(f"the page must have '{BEGIN}' and, below, '{END}', each once")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{results.strip()}\n\n{END}{after}"
