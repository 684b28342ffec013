"""Compile a Typst document to PDF/UA-1: `python -m benchmarks.compile_typst DOCUMENT PDF FONTS`."""

from __future__ import annotations

import sys

import typst


def main() -> int:
    """Compile, and give the exit code."""
    document, pdf, fonts = sys.argv[1:]
    typst.compile(
        document,
        output=pdf,
        format="pdf",
        font_paths=[fonts],
        pdf_standards="ua-1",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
