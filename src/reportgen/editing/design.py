"""The design that the toolkit brings: the templates and styles that a new report begins with."""

from __future__ import annotations

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path


def design_folder() -> Traversable:
    """Give the folder with the toolkit's own `templates` and `styles`.

    The design is the one of the project that the toolkit is developed with: the wheel has copies of
    them, a checkout has them at its top.
    """
    starter = files("reportgen") / "starter"
    return starter if (starter / "templates").is_dir() else Path(__file__).parents[3]
