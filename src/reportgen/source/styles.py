"""The design's style sheets, with the fonts, pictures and other style sheets that they name."""

from __future__ import annotations

import contextlib
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from reportgen.project import OutsideProjectError, Project
from reportgen.source.css import (
    Address,
    StyleSheet,
    length_of,
    read_style_sheet,
    required_variables,
    variables_in,
)
from reportgen.source.diagnostics import Diagnostic, Diagnostics
from reportgen.source.fonts import UnusableFontError, check_font
from reportgen.source.limits import MAX_CSS_DEPTH, MAX_CSS_IMPORTS, MAX_CSS_VALUE
from reportgen.source.pictures import UnusablePictureError, check_picture

STYLES = PurePosixPath("styles")

_PUT_IT = "put it into styles"

_Wrong = tuple[str, str, str]
"""The code, the message and the hint for a file that can't be used."""


def check_styles(project: Project) -> tuple[Diagnostic, ...]:
    """Give all that is wrong with a project's style sheets, and with what they name."""
    checker = _checked(project, project.walk(str(STYLES), ".css"))
    # What one sheet takes another may declare: so this is asked of all of them only.
    checker.check_names()
    return checker.found.sorted()


def check_style_sheets(project: Project, paths: Iterable[PurePosixPath]) -> tuple[Diagnostic, ...]:
    """Give all that is wrong with some style sheets, and with what they name."""
    return _checked(project, paths).found.sorted()


def _checked(project: Project, paths: Iterable[PurePosixPath]) -> _Checker:
    checker = _Checker(project)
    for path in paths:
        checker.check(path, 0)
    checker.check_variables()
    return checker


class _Checker:
    """Checks style sheets, each once, and notes what is wrong."""

    def __init__(self, project: Project) -> None:
        self.found = Diagnostics()
        self._project = project
        self._sheets: dict[PurePosixPath, StyleSheet | None] = {}
        self._open: list[PurePosixPath] = []
        self._named: dict[tuple[PurePosixPath, str], _Wrong | None] = {}

    def check(self, path: PurePosixPath, depth: int) -> None:
        """Check a style sheet, and what it names."""
        if path in self._sheets:
            return
        sheet = self._sheets[path] = read_style_sheet(self._project, path, self.found)
        self._open.append(path)
        for address in sheet.addresses if sheet else ():
            if address.text and not address.text.startswith(("data:", "#", "flag:")):
                self._check_address(address, path, depth)
        self._open.pop()

    def _check_address(self, address: Address, sheet: PurePosixPath, depth: int) -> None:
        target = _target(sheet, address.text)
        if target is None:
            self._error("outside-project", address, "is not a file of the project")
        elif address.use == "import" and (target in self._open or depth >= MAX_CSS_IMPORTS):
            message = "imports itself, or nests imports too deep"
            self._error("css-import", address, message, "import it in one place only")
        elif wrong := self._wrong(target, address.use):
            self._error(wrong[0], address, *wrong[1:])
        elif address.use == "import":
            self.check(target, depth + 1)

    def _wrong(self, target: PurePosixPath, use: str) -> _Wrong | None:
        """Return what is wrong with a file that is named; each is read once, however often."""
        if (target, use) not in self._named:
            self._named[target, use] = _wrong_with(self._project, target, use)
        return self._named[target, use]

    def _error(self, code: str, address: Address, message: str, hint: str = _PUT_IT) -> None:
        self.found.error(code, address.span, f"'{address.text}' {message}", hint)

    def check_variables(self) -> None:
        """Note each value that grows too long when the variables in it are resolved.

        How long a variable is follows from those that it takes: each round adds those that take
        only variables of the rounds before.
        """
        declared = [
            (one, length_of(one.value), tuple(variables_in(one.value)))
            for sheet in self._sheets.values()
            for one in (sheet.declarations if sheet else ())
        ]
        taking: defaultdict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for one, length, taken in declared:
            if one.name.startswith("--"):
                taking[one.name].append((length, taken))
        lengths: dict[str, int] = {}
        for _ in range(MAX_CSS_DEPTH):
            lengths |= {
                name: min(max(_length(*value, lengths) for value in values), MAX_CSS_VALUE + 1)
                for name, values in taking.items()
                if name not in lengths
                and all(n in lengths or n not in taking for _, taken in values for n in taken)
            }
        for one, length, taken in declared:
            if one.name in taking and one.name not in lengths:
                message = f"{one.name} takes itself, or variables more than {MAX_CSS_DEPTH} deep"
                self.found.error("css-variable", one.span, message, "write the value itself")
            # That a variable is too long is told where it is, and not wherever it is taken.
            elif _length(length, taken, lengths) > MAX_CSS_VALUE and all(
                lengths.get(name, 0) <= MAX_CSS_VALUE for name in taken
            ):
                message = f"{one.name} has more than {MAX_CSS_VALUE:,} words, with its variables"
                self.found.error("css-variable", one.span, message, "shorten it")

    def check_names(self) -> None:
        """Note each variable that no style sheet declares and no template sets."""
        declarations = [
            one for sheet in self._sheets.values() for one in (sheet.declarations if sheet else ())
        ]
        declared = {one.name for one in declarations if one.name.startswith("--")}
        missing = [
            (one, name)
            for one in declarations
            for name in dict.fromkeys(required_variables(one.value))
            if name not in declared
        ]
        # A template is read only if it may make a difference.
        declared |= self._set_by_templates() if missing else set()
        for one, name in missing:
            if name not in declared:
                otherwise = "declare it in styles/tokens.css, or take another one"
                hint = self.found.did_you_mean(name, declared, otherwise)
                message = f"there is no variable '{name}': '{one.name}' would be passed over"
                self.found.error("missing-token", one.span, message, hint)

    def _set_by_templates(self) -> set[str]:
        texts = []
        for path in self._project.walk("templates", ".j2"):
            with contextlib.suppress(OSError, OutsideProjectError):
                texts.append(self._project.read(path).decode("utf-8", "replace"))
        return {name.lower() for text in texts for name in _SET.findall(text)}


_SET = re.compile(r"(--[\w-]+)\s*:")


def _wrong_with(project: Project, target: PurePosixPath, use: str) -> _Wrong | None:
    """Return what is wrong with a file of a project that is used as something."""
    try:
        data = project.read(target)
        if use == "font":
            check_font(data)
        elif use == "picture":
            check_picture(data)
    except OutsideProjectError:
        return "outside-project", "lies outside of the project", _PUT_IT
    except UnusableFontError as error:
        return "unusable-font", str(error), "download the font again, or take the rule out"
    except UnusablePictureError as error:
        return "unusable-picture", str(error), error.hint
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return "missing-file", f"can't be read ({reason})", _PUT_IT
    return None


def _length(length: int, taken: tuple[str, ...], lengths: Mapping[str, int]) -> int:
    return length + sum(lengths.get(name, 0) for name in taken)


def _target(sheet: PurePosixPath, address: str) -> PurePosixPath | None:
    """Give the file that a style sheet names; nothing if it is no file of the project."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    # An address leads to nothing above the project's folder (RFC 3986, 5.2.4).
    path = posixpath.normpath(posixpath.join("/", sheet.parent, unquote(parts.path)))
    return PurePosixPath(path.lstrip("/"))
