"""A process killed at each moment of a change: run as a program, with the change as an argument.

``python -m tests.kills FOLDER MODULE:FUNCTION`` calls the function with a copy of the folder in a
process of its own, which is killed (SIGKILL) at its nth call that touches the disk, for n = 1, 2, …
until it comes to its end. What is then in the copies is for the caller to look at.
"""

from __future__ import annotations

import functools
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CALLS = ("fsync", "mkdir", "open", "rename", "replace", "rmdir", "unlink", "chmod", "write")


def kill_at(moment: int) -> None:
    """Have this process killed at its nth call that touches the disk."""
    left = moment

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def wrapper(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return wrapper

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))


def main(folder: Path, target: str) -> None:
    """Kill a change at each moment, in copies of the folder called 1, 2, … beside it."""
    module, _, function = target.partition(":")
    change = getattr(importlib.import_module(module), function)
    for moment in range(1, 500):
        copy = folder.parent / str(moment)
        shutil.copytree(folder, copy)
        child = os.fork()
        if child == 0:
            kill_at(moment)
            change(copy)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            return
        assert os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
