"""Inline Markdown to HTML, with the report's named links in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from markdown_it.token import Token
from markupsafe import Markup

from reportgen.locales.locale import cldr_locale
from reportgen.model.report import Report
from reportgen.model.rules import TARGETS
from reportgen.pages.anchors import target_anchor
from reportgen.source.markdown import commonmark


class ProseRenderer:
    """Renders the prose of one report. `anchors` are the places in it that links can lead to."""

    def __init__(self, report: Report, anchors: Collection[str] = ()) -> None:
        self._anchors = anchors
        self._links: Mapping[str, str | None] = {link.name: link.url for link in report.links}
        self._parser = commonmark()
        is_rtl = cldr_locale(report.language).text_direction == "rtl"
        # An address runs from left to right: without the mark its last slash would stand first.
        self._behind_address = "\u200e" if is_rtl else ""

    def __call__(self, text: object) -> Markup:
        """Give a piece of inline Markdown as HTML. A link without a known target is its text."""
        parser = self._parser
        (block,) = parser.parseInline(str(text))
        tokens = self._with_targets(block.children or [])
        html = parser.renderer.render(tokens, parser.options, {})
        if language := getattr(text, "language", None):
            direction = cldr_locale(language).text_direction
            html = f'<span lang="{language}" dir="{direction}">{html}</span>'
        return Markup(html)  # noqa: S704

    def _with_targets(self, tokens: list[Token]) -> list[Token]:
        kept: list[Token] = []
        dropped: list[bool] = []
        for token in tokens:
            if token.type == "link_open":
                href = self._href(str(token.attrGet("href") or ""))
                dropped.append(href is None)
                if href is None:
                    continue
                token.attrs = {"href": href}
            elif token.type == "link_close" and dropped.pop():
                continue
            elif token.type == "text" and kept and kept[-1].info == "auto":
                token.content += self._behind_address
            kept.append(token)
        return kept

    def _href(self, target: str) -> str | None:
        kind, colon, name = target.partition(":")
        if not colon:
            return self._links[target]
        if kind not in TARGETS:
            return target
        anchor = target_anchor(kind, name)
        return f"#{anchor}" if anchor in self._anchors else None
