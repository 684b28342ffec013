"""How much ink lies in one place, as ghostscript separates the pages."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

from PIL import Image, ImageMath

from reportgen.pdf.reading import UnreadablePdfError

DOTS_PER_INCH = 48
"""Fine enough for any area that ink could pool in; at 72 ghostscript takes four times as long."""

_MOST_SECONDS = 300

HOW_TO_GET = "ghostscript is not installed; Debian: apt install ghostscript, macOS: brew install it"


class SeparationError(Exception):
    """The pages can't be separated; the message says why."""


def total_ink(data: bytes) -> Iterator[tuple[int, int]]:
    """Give each page, from 1, with the most ink in one place of it, in per cent.

    What lies outside of the bleed, such as crop marks, doesn't count: it is cut off.

    Raises:
        SeparationError: ghostscript is missing, or can't read the file.
        UnreadablePdfError: it takes more than `_MOST_SECONDS` of processing time.
    """
    program = shutil.which("gs")
    if program is None:
        raise SeparationError(HOW_TO_GET)
    try:
        yield from enumerate(map(_most, _separated(program, data)), 1)
    except OSError as error:
        raise SeparationError(error.strerror or str(error)) from None


def _separated(program: str, data: bytes) -> Iterator[Image.Image]:
    """Have ghostscript separate each page into its inks.

    No file has a name, and pages come through a pipe: nothing is left if this process is killed.

    Raises:
        OSError: there is no room for the file.
        SeparationError: ghostscript can't read the file.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as told:
        source.write(data)
        source.flush()
        path = f"/dev/fd/{source.fileno()}"
        command = [
            program,
            "-q",
            "-dSAFER",
            f"--permit-file-read={path}",
            "-dBATCH",
            "-dNOPAUSE",
            "-dUseBleedBox",
            "-sDEVICE=pamcmyk32",
            f"-r{DOTS_PER_INCH}",
            "-sstdout=%stderr",
            "-sOutputFile=%stdout",
            path,
        ]
        with subprocess.Popen(  # noqa: S603 - the arguments are ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=told,
            pass_fds=(source.fileno(),),
        ) as process:
            number = 0
            if sys.platform == "linux":
                # If this process is ended by a limit, nobody else ends the program.
                limits = (_MOST_SECONDS, _MOST_SECONDS)
                resource.prlimit(process.pid, resource.RLIMIT_CPU, limits)
            try:
                while (page := _read_page(process.stdout)) is not None:
                    number += 1
                    yield page
                process.wait()
            finally:
                process.kill()
        if process.returncode < 0:
            raise UnreadablePdfError(f"ghostscript can't read it within {_MOST_SECONDS} s")
        if process.returncode or not number:
            told.seek(0)
            message = told.read(_LONGEST_MESSAGE).decode("utf-8", "replace")
            raise SeparationError(" ".join(message.split()) or "no pages")


_LONGEST_MESSAGE = 2000


def _read_page(stream: IO[bytes] | None) -> Image.Image | None:
    """Read a page as the format PAM has it; None at the end.

    Raises:
        SeparationError: it isn't whole.
    """
    if stream is None or not (first := stream.readline()):
        return None
    header = dict(_fields(stream)) if first == b"P7\n" else {}
    try:
        size = int(header[b"WIDTH"]), int(header[b"HEIGHT"])
        return Image.frombytes("CMYK", size, stream.read(4 * size[0] * size[1]))
    except (KeyError, ValueError):
        raise SeparationError("a page isn't whole") from None


def _fields(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while (line := stream.readline()) and line != b"ENDHDR\n":
        name, _, value = line.strip().partition(b" ")
        yield name, value


def _most(page: Image.Image) -> int:
    """Give the greatest sum of the four inks of any pixel, in per cent."""
    cyan, magenta, yellow, black = page.split()
    total = ImageMath.lambda_eval(
        lambda ink: ink["c"] + ink["m"] + ink["y"] + ink["k"], c=cyan, m=magenta, y=yellow, k=black
    )
    _, most = total.getextrema()
    return round(float(most) / 2.55)
