"""The real report, built once by the real command, and read back by its tags."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest

ROOT = Path(__file__).parents[2]
BLOCKS = {"H1", "H2", "H3", "H4", "H5", "H6", "P", "LBody", "Lbl", "Figure", "Caption", "TH", "TD"}
"""The tags that a reader meets one by one; what they hold is their text."""


@dataclass(frozen=True)
class Block:
    """A block of a tagged PDF as a screen reader meets it."""

    tag: str
    text: str
    page: int


def run_reportgen(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digital edition in English."""
    out = tmp_path_factory.mktemp("out")
    result = run_reportgen("build", "--locale", "en", "--out", str(out), "--quiet")
    assert result.returncode == 0, result.stderr
    assert not result.stderr, "the typesetter or the content complains"
    (path,) = out.glob("*.pdf")
    return path


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The digital editions in all languages, by their tags, built by one command."""
    out = tmp_path_factory.mktemp("all")
    result = run_reportgen("build", "--all-locales", "--out", str(out), "--json")
    assert result.returncode == 0, result.stdout
    outputs = json.loads(result.stdout)["outputs"]
    assert not any(output["diagnostics"] for output in outputs)
    assert not any(output["untranslated"] for output in outputs)
    return {output["locale"]: Path(output["path"]) for output in outputs}


@pytest.fixture(scope="session")
def blocks(built: Path) -> tuple[Block, ...]:
    """What the digital edition says, in the order of its tags."""
    return tuple(read_blocks(built))


def embedded_fonts(path: Path) -> set[str]:
    """Give the names of a PDF's fonts, all of which are embedded."""
    names = set()
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                names.add(str(item.FontName).split("+")[-1])
                assert any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    assert names
    return names


def read_blocks(path: Path) -> Iterator[Block]:
    with pdfplumber.open(path) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            marked: dict[int, list[str]] = {}
            for char in page.chars:
                if char["mcid"] is not None:
                    marked.setdefault(char["mcid"], []).append(char["text"])
            for element in page.structure_tree:
                yield from _blocks(element, marked, number)


def _blocks(element: dict[str, Any], marked: dict[int, list[str]], page: int) -> Iterator[Block]:
    kids = element.get("children", ())
    if element["type"] in BLOCKS and not any(_holds_block(kid) for kid in kids):
        yield Block(element["type"], "".join(_text(element, marked)), page)
        return
    for kid in kids:
        yield from _blocks(kid, marked, page)


def _holds_block(element: dict[str, Any]) -> bool:
    return element["type"] in BLOCKS or any(map(_holds_block, element.get("children", ())))


def _text(element: dict[str, Any], marked: dict[int, list[str]]) -> Iterator[str]:
    for mcid in element.get("mcids", ()):
        yield from marked.get(mcid, ())
    for kid in element.get("children", ()):
        yield from _text(kid, marked)
