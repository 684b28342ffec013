"""Markdown as it is written: one style for blocks; words stay as they were typed.

A block's words are what translators translate, and what a translation is found by. So emphasis,
escapes and the ends of lines within a paragraph are left alone: no translation gets stale.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from reportgen.source.markdown import commonmark

_PARSER = commonmark().disable("inline")


def format_markdown(text: str) -> str:
    """Give the text of Markdown blocks in style, with a line feed at its end, or nothing.

    The blocks are those that a report may have: paragraphs, headings, lists and block quotations.
    """
    found = _blocks(SyntaxTreeNode(_PARSER.parse(text)).children)
    return f"{found}\n" if found else ""


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> str:
    blocks: list[str] = []
    before, in_a_row = "", 0
    for node in nodes:
        # Two lists that follow each other would be one, if they had the same signs.
        in_a_row = in_a_row + 1 if node.type == before else 0
        before = node.type
        if node.type in _SIGNS:
            blocks.append(_list(node, _SIGNS[node.type][in_a_row % 2]))
        elif node.type == "blockquote":
            lines = _blocks(node.children).split("\n")
            blocks.append("\n".join(f"> {line}" if line else ">" for line in lines))
        elif node.type == "heading":
            blocks.append(f"{'#' * int(node.tag[1])} {node.children[0].content}")
        else:
            blocks.append(node.children[0].content)
    return "\n\n".join(blocks)


_SIGNS = {"bullet_list": "-*", "ordered_list": ".)"}
"""What stands before the items of a list, or behind their numbers."""


def _list(node: SyntaxTreeNode, sign: str) -> str:
    """Give a list; its numbers count on, with as many digits as the last one has."""
    is_numbered = node.type == "ordered_list"
    width = len(str(len(node.children)))
    items: list[str] = []
    for number, item in enumerate(node.children, 1):
        begin = f"{number:0{width}}{sign} " if is_numbered else f"{sign} "
        first, *others = _blocks(item.children).split("\n")
        indent = " " * len(begin)
        lines = (f"{begin}{first}", *(f"{indent}{line}" if line else "" for line in others))
        items.append("\n".join(lines))
    is_tight = all(block.hidden for item in node.children for block in item.children)
    return ("\n" if is_tight else "\n\n").join(items)
