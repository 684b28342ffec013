"""What the tests share: a small report to spoil, and the command line to tell what is wrong."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from PIL import Image

import reportgen
from reportgen.cli import main
from reportgen.project import Project

ROOT = Path(__file__).parents[1]
STARTER = Path(reportgen.__file__).parent / "starter" / "content"

# The same examples in every run: a test that fails does so at once, and on every machine.
settings.register_profile("tests", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("tests")

Edit = tuple[str, str] | tuple[bytes, bytes] | str | bytes
"""A change of a file: what stands there and what is to stand there, or all that is to stand."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-references",
        action="store_true",
        help="take the pages as they are now for right: write them to tests/report/references",
    )


@dataclass(frozen=True)
class Workspace:
    """A folder with a report, and the command run in it."""

    root: Path

    def edit(self, file: str, edit: Edit) -> Path:
        """Change a file. What is to be replaced stands there, and once only."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(edit, tuple):
            old, new = (text.encode() if isinstance(text, str) else text for text in edit)
            data = path.read_bytes()
            assert data.count(old) == 1, f"{data.count(old)} times in {file}: {old!r}"
            edit = data.replace(old, new)
        path.write_bytes(edit.encode() if isinstance(edit, str) else edit)
        return path

    def append(self, file: str, text: str) -> Path:
        """Add text to the end of a file."""
        return self.edit(file, (self.root / file).read_bytes() + text.encode())

    def run(self, *arguments: str, within: str = ".") -> Result:
        """Run the command in the report's folder, or in one below; an exception is raised."""
        with contextlib.chdir(self.root / within):
            return CliRunner().invoke(main, [*arguments], catch_exceptions=False)

    def check(self, *arguments: str) -> str:
        """Give what `reportgen check` prints."""
        return self.run("check", *arguments).output


@pytest.fixture
def report_copy(tmp_path: Path) -> Path:
    """A copy of the real report, to change."""
    for name in ("content", "locales", "styles", "templates"):
        shutil.copytree(ROOT / name, tmp_path / "report" / name)
    return tmp_path / "report"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The content that `reportgen init` writes, with its missing numbers filled in: no warnings."""
    root = tmp_path / "report"
    shutil.copytree(STARTER, root / "content")
    made = Workspace(root)
    made.edit("content/figures/clean-rivers.csv", "year,Clean rivers\n2023,61.5\n2024,64\n")
    return made


def encoded(mode: str, form: str) -> bytes:
    """Give a picture that is not of one colour, by Pillow's names of modes and forms."""
    made = io.BytesIO()
    noise = Image.effect_noise((1400, 90), 90)
    noise.convert("I" if mode == "I;16" else "RGB").convert(mode).save(made, form)
    return made.getvalue()


@dataclass(frozen=True)
class Altered(Project):
    """A project in which one file is another one, without writing it."""

    file: str = ""
    data: bytes = b""

    def read(self, path: PurePosixPath | str) -> bytes:
        """Give the bytes of a file, or the other ones."""
        return self.data if str(path) == self.file else super().read(path)
