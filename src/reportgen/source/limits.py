"""Limits of inputs: far above what a report needs, so that a hostile file is refused early."""

from __future__ import annotations

MAX_FILE_BYTES = 64_000_000
"""Size of any file of a project, in bytes."""

MAX_TEXT_BYTES = 4_000_000
"""Size of a YAML, Markdown, PO, CSS or template file, in bytes."""
