"""A case: the files of a report that are changed, and the command; kept as YAML in the corpus."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

CORPUS = Path(__file__).parent / "corpus"


class Target(StrEnum):
    """The commands that are fuzzed."""

    CHECK = "check"
    IMPORT = "import"
    BUILD = "build"
    PREFLIGHT = "preflight"


class Special(StrEnum):
    """What may stand in the place of a regular file."""

    MISSING = "missing"
    FOLDER = "folder"
    FIFO = "fifo"
    LINK_OUTSIDE = "link outside"
    LINK_LOOP = "link loop"


Content = bytes | Special


@dataclass(frozen=True)
class Case:
    """Files that replace those of the seed report, and the arguments of the command."""

    target: Target
    name: str
    files: Mapping[str, Content]
    arguments: tuple[str, ...] = ()


def put(path: Path, content: Content, outside: Path) -> None:
    """Put a file, or what stands in its place, into a folder; what was there is removed."""
    clear(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is Special.FOLDER:
            path.mkdir()
        elif content is Special.FIFO:
            os.mkfifo(path)
        elif content is Special.LINK_OUTSIDE:
            path.symlink_to(outside)
        elif content is Special.LINK_LOOP:
            path.symlink_to(path.name)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTDIR):
            raise


def clear(path: Path) -> None:
    """Remove whatever stands at a path."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_case(case: Case, why: str, folder: Path) -> Path:
    """Write a case in a form that can be read and edited."""
    value = {
        "why": why,
        "target": str(case.target),
        "arguments": list(case.arguments),
        "files": {path: _as_yaml(content) for path, content in sorted(case.files.items())},
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{case.name}.yaml"
    text = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=98)
    path.write_text(text, encoding="utf-8")
    return path


def read_case(path: Path) -> Case:
    """Read a case that `write_case` wrote, or a person."""
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    files = {name: _from_yaml(content) for name, content in value["files"].items()}
    return Case(Target(value["target"]), path.stem, files, tuple(value["arguments"]))


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text.rstrip("\n") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text_node)

_REPEATED = re.compile(r"(.{1,60}?)\1{39,}", re.DOTALL)


def _as_yaml(content: Content) -> Any:
    """Give a text with its long repetitions as `[text, times]`, or bytes that are no text."""
    if isinstance(content, Special):
        return {"is": str(content)}
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    runs = list(_runs(text))
    return text if all(isinstance(run, str) for run in runs) else runs


def _runs(text: str) -> Iterator[str | list[str | int]]:
    end = 0
    for run in _REPEATED.finditer(text):
        if run.start() > end:
            yield text[end : run.start()]
        yield [run[1], len(run[0]) // len(run[1])]
        end = run.end()
    if end < len(text) or not text:
        yield text[end:]


def _from_yaml(value: Any) -> Content:
    if isinstance(value, dict):
        return Special(value["is"])
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8")
    runs = (run if isinstance(run, str) else run[0] * run[1] for run in value)
    return "".join(runs).encode("utf-8")
