"""The order of the toolkit's floors, as the package's docstring tells it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import reportgen
from tests.conftest import Workspace

PACKAGE = Path(reportgen.__file__).parent

FREE = {
    # Each may ask for the version.
    "reportgen": "all",
    # Limits are constants: the window on the disk has one of its own.
    "reportgen.source.limits": "all",
    # The map of the world is data: who checks a member's code and who draws the map read it.
    "reportgen.atlas": ("model", "pages"),
}
"""What is imported besides the floors, and by which of them."""


def floors() -> list[str]:
    """Give the floors from the top to the bottom."""
    told = (reportgen.__doc__ or "").partition("Imports only go")[2]
    return re.findall(r"``(\w+)``", told)


def modules() -> dict[str, ast.Module]:
    """Give all modules of the package by name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("reportgen", *path.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(part for part in parts if part != "__init__")
        found[name] = ast.parse(path.read_text("utf-8"), str(path))
    return found


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """Give the modules of the package that one imports, at its top or in a function."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            for alias in node.names:
                within = f"{node.module}.{alias.name}"
                if within in MODULES or node.module in MODULES:
                    yield within if within in MODULES else str(node.module)


def floor(name: str) -> str:
    """Give the floor of a module, or its whole name if it is on none."""
    second = name.split(".")[1] if "." in name else ""
    return second if second in floors() else name


def test_the_docstring_tells_the_floors() -> None:
    assert len(floors()) == 18
    assert (floors()[0], floors()[-1]) == ("cli", "garbage")
    on_floors = {floor(name) for name in MODULES} - set(floors())
    assert on_floors == {"reportgen", "reportgen.atlas", "reportgen.__main__"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_only_go_downwards(name: str) -> None:
    order = floors()
    for imported in imports(name):
        if imported in FREE:
            allowed = FREE[imported]
            assert allowed == "all" or floor(name) in allowed, f"{name} imports {imported}"
        elif name == "reportgen.__main__":
            assert floor(imported) in ("cli", "garbage")
        elif name in ("reportgen", "reportgen.atlas"):
            pytest.fail(f"{name} imports {imported}")
        else:
            above, below = order.index(floor(name)), order.index(floor(imported))
            assert above <= below, f"{name} imports {imported}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " > ".join((*way[way.index(name) :], name))
        if name not in done:
            for imported in imports(name):
                visit(imported, (*way, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


HEAVY = (
    "PIL",
    "dask",
    "distributed",
    "jinja2",
    "page",
    "pikepdf",
    "pydyf",
    "pypdfium2",
    "starlette",
    "uvicorn",
    "vl_convert",
    "weasyprint",
)
HEAVY_FLOORS = ("reportgen.pages", "reportgen.typeset", "reportgen.build.make")


def loaded_by(workspace: Workspace, *arguments: str) -> tuple[int, set[str]]:
    """Run a command in a process of its own, and give its exit code and what it has loaded."""
    program = (
        "import json, sys\n"
        "from reportgen.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit as end:\n"
        "    print(json.dumps([end.code, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=workspace.root,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    return code, set(loaded)


@pytest.mark.parametrize(
    "command", ["check", "build", "build --help", "preview --help", "--version"]
)
def test_what_needs_no_typesetter_loads_none(workspace: Workspace, command: str) -> None:
    workspace.edit("content/figures/map.yaml", ("kind: map", "kind: mapp"))
    code, loaded = loaded_by(workspace, *command.split())
    assert code == (1 if command in ("check", "build") else 0)
    heavy = {name for name in loaded if name.split(".")[0] in HEAVY}
    heavy |= {name for name in loaded if name.startswith(HEAVY_FLOORS)}
    assert heavy == set()


@pytest.mark.parametrize("name", sorted(MODULES))
def test_all_that_is_public_says_what_it_is_for(name: str) -> None:
    undocumented = list(undocumented_in(MODULES[name], name))
    assert undocumented == []


def undocumented_in(node: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
    if not ast.get_docstring(node):
        yield name
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and not inner.name.startswith("_"):
            yield from undocumented_in(inner, f"{name}.{inner.name}")
        elif isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
            yield from () if ast.get_docstring(inner) else (f"{name}.{inner.name}",)
