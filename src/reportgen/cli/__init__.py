"""The command line: one module a command, each a thin layer over a library function."""

from __future__ import annotations

from reportgen.cli.main import main

__all__ = ["main"]
