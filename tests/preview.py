"""A stand-in for the preview's engine, which makes pages of next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reportgen.locales.status import Progress
from reportgen.preview.view import Area, PageView, Shown, Translation, View
from reportgen.source.diagnostics import Diagnostic, Severity, Span

WARNING = Diagnostic(Severity.WARNING, "stray-file", Span("content/a b#1.md", 3, 7), "what", "do")


def view_of(shown: Shown, serial: int = 1, *diagnostics: Diagnostic) -> View:
    areas = (Area(0.1, 0.2, 0.3, 0.4, page=1), Area(0, 0, 1, 0.5, url="https://example.org/"))
    pages = tuple(
        PageView(f"{shown.locale}-{serial}-{place}", "text", place, place + 1, 600, 800, areas)
        for place in range(2)
    )
    return View(shown, pages, True, diagnostics, (Translation("fr", Progress(199, 1)),), 0.25)


class FakeEngine:
    """Counts its updates. `updating` is called in each, on the engine's thread."""

    def __init__(self, updating: Callable[[int], None] = lambda serial: None) -> None:
        self.updates: list[Shown] = []
        self.finished = 0
        self.padding = b""
        self._updating = updating
        self._view: View | None = None

    def choices(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (("en", "fr") if self.updates else ()), ("digital", "print")

    def update(self, shown: Shown) -> Iterator[View]:
        self.updates.append(shown)
        self._updating(len(self.updates))
        self._view = view_of(shown, len(self.updates))
        yield self._view
        yield view_of(shown, len(self.updates), WARNING)
        self.finished += 1

    def image(self, key: str, scale: float) -> bytes:
        if not self._view or key not in {page.key for page in self._view.pages}:
            raise KeyError(key)
        return f"{key} at {scale:g}".encode() + self.padding
