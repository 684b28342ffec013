"""Functions of the engine replaced for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOTHING = object()


@contextmanager
def replaced(owner: Any, **replacements: Any) -> Iterator[None]:
    """Have a module or class hold something else by some of its names in this block."""
    # Asked so, what a class holds is itself, not what it gives to an instance; what it inherits
    # is not its own.
    held = {name: vars(owner).get(name, _NOTHING) for name in replacements}
    try:
        for name, replacement in replacements.items():
            setattr(owner, name, replacement)
        yield
    finally:
        for name, before in held.items():
            if before is _NOTHING:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
