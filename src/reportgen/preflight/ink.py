"""How much ink lies in one place, as ghostscript separates the pages."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageMath

DOTS_PER_INCH = 48
"""Fine enough for any area that ink could pool in; at 72 ghostscript takes four times as long."""

HOW_TO_GET = "ghostscript is not installed; Debian: apt install ghostscript, macOS: brew install it"


class SeparationError(Exception):
    """The pages can't be separated; the message says why."""


def total_ink(data: bytes) -> Iterator[tuple[int, int]]:
    """Give each page, from 1, with the most ink in one place of it, in per cent.

    What lies outside of the bleed, such as crop marks, doesn't count: it is cut off.

    Raises:
        SeparationError: ghostscript is missing, or can't read the file.
    """
    program = shutil.which("gs")
    if program is None:
        raise SeparationError(HOW_TO_GET)
    with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
        source = Path(folder, "file.pdf")
        source.write_bytes(data)
        command = [
            program,
            "-q",
            "-dSAFER",
            "-dBATCH",
            "-dNOPAUSE",
            "-dUseBleedBox",
            "-sDEVICE=tiff32nc",
            "-sCompression=lzw",
            f"-r{DOTS_PER_INCH}",
            f"-sOutputFile={folder}/%04d.tif",
            str(source),
        ]
        done = subprocess.run(  # noqa: S603 - the arguments are ours
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        pages = sorted(Path(folder).glob("*.tif"))
        if done.returncode or not pages:
            raise SeparationError(" ".join((done.stdout + done.stderr).split()) or "no pages")
        for number, path in enumerate(pages, 1):
            with Image.open(path) as page:
                yield number, _most(page)


def _most(page: Image.Image) -> int:
    """Give the greatest sum of the four inks of any pixel, in per cent."""
    cyan, magenta, yellow, black = page.split()
    total = ImageMath.lambda_eval(
        lambda ink: ink["c"] + ink["m"] + ink["y"] + ink["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    _, most = total.getextrema()
    return round(float(most) / 2.55)
