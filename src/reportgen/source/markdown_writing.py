"""Markdown as it is written: one style for blocks, by mdformat; words stay as they were typed.

A block's words are what translators translate, and what a translation is found by. So emphasis,
escapes and the ends of lines within a paragraph are left alone: no translation gets stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt
from mdformat.renderer import MDRenderer, RenderContext, RenderTreeNode

from reportgen.source.markdown import commonmark


def format_markdown(text: str) -> str:
    """Give the text of Markdown blocks in style, with a line feed at its end, or nothing."""
    parser = commonmark()
    # Lists are numbered on, as they are printed, not with a 1 in each line.
    parser.options["mdformat"] = {"number": True}
    parser.options["parser_extension"] = [_AsTyped]
    env: dict[str, Any] = {}
    return MDRenderer().render(parser.parse(text, env), parser.options, env)


def _paragraph(node: RenderTreeNode, _: RenderContext) -> str:
    return node.children[0].content


def _heading(node: RenderTreeNode, _: RenderContext) -> str:
    return f"{'#' * int(node.tag[1])} {node.children[0].content}"


def _item(node: RenderTreeNode, context: RenderContext) -> str:
    """Give a list's item; mdformat would look at all items of the list for each."""
    return "\n\n".join(child.render(context) for child in node.children)


class _AsTyped:
    """What mdformat calls a parser extension: other renderers for the blocks that have words."""

    CHANGES_AST = False
    RENDERERS: Mapping[str, Any] = MappingProxyType(
        {"paragraph": _paragraph, "heading": _heading, "list_item": _item}
    )

    @staticmethod
    def update_mdit(mdit: MarkdownIt) -> None:
        """Leave the parser as it is."""
