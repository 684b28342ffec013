"""The preflight: every check that an edition must pass, run on a file.

What well-kept programs check, they check: qpdf the syntax, a port of veraPDF's rules PDF/A and
PDF/UA, littleCMS the profile, ghostscript the ink. No validator of PDF/X is free, so that its rules
are ours, each with the section that it comes from.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

import page
import pikepdf

from reportgen.pdf.editions import EDITIONS, Edition
from reportgen.pdf.reading import open_pdf
from reportgen.preflight import document, metadata
from reportgen.preflight.ink import SeparationError, total_ink
from reportgen.preflight.paint import (
    CMYK,
    GRAY,
    PATTERN,
    Line,
    Painted,
    Picture,
    Space,
    Text,
    painted,
)
from reportgen.preflight.result import Check, Finding, Outcome, Preflight, Wanted
from reportgen.project import read_regular_file
from reportgen.source.diagnostics import shortened, visible
from reportgen.source.limits import MAX_PDF_BYTES

MOST_FINDINGS = 200
"""How many findings of one check are kept: more would not be read."""

BLACK_TEXT = 0.85
"""From how much black ink on text counts as black."""

_ROUNDING = 0.005

_DEEPEST = 4096
"""How many references the validator follows in a row. Bookmarks are such a row: each names the
next. By itself it gives up at 256."""

_MOST_OBJECTS = 300_000
_STACK_BYTES = 256 * 1024 * 1024
"""The stack of the validator's threads. Some of its walks go as deep as a file has objects, before
it counts how deep: each takes about 600 bytes, and the end of the stack is the end of the process.
No more memory is taken than is used."""


class UnknownEditionError(ValueError):
    """A file that claims none of the standards that an edition is made for."""


def preflight(data: bytes, wanted: Wanted | None = None, edition: str | None = None) -> Preflight:
    """Check the bytes of a PDF against its edition.

    Args:
        data: the file.
        wanted: what it must keep on paper; by default A4, 3 mm of bleed, 300 % of ink.
        edition: the name of its edition; by default the one whose standards it claims in its XMP.

    Raises:
        UnreadablePdfError: it can't be opened.
        UnknownEditionError: it claims none of the editions' standards.
    """
    with open_pdf(data) as pdf:
        xmp = metadata.read_xmp(pdf)
        found = EDITIONS[edition] if edition else _edition_of(xmp)
        with _deep_stacks(), ThreadPoolExecutor() as executor:
            # The validator lets other checks run beside it.
            reports = {
                standard: executor.submit(_validated, data, profile)
                for standard, profile in zip(found.standards, found.profiles, strict=False)
            }
            file = _File(data, pdf, xmp, wanted or Wanted(), found, reports)
            checks = tuple(_run(name, source, check) for name, source, check in _checks(file))
        rules = {
            name: report.result().rules.total
            for name, report in reports.items()
            if not isinstance(report.result(), page.PageError)
        }
        return Preflight(found.name, checks, rules)


def preflight_file(path: Path, wanted: Wanted, edition: str | None) -> Preflight:
    """Check the file at a path; see `preflight`.

    Raises:
        OSError: it can't be read.
        UnreadablePdfError: it can't be opened, or is beyond a limit.
        UnknownEditionError: it claims none of the editions' standards.
    """
    return preflight(read_regular_file(path, MAX_PDF_BYTES), wanted, edition)


@contextmanager
def _deep_stacks() -> Iterator[None]:
    """Have the threads that are started in this block have a stack of `_STACK_BYTES`."""
    usual = threading.stack_size(_STACK_BYTES)
    try:
        yield
    finally:
        threading.stack_size(usual)


def _edition_of(xmp: dict[str, str]) -> Edition:
    if "pdfxid:GTS_PDFXVersion" in xmp:
        return EDITIONS["print"]
    if "pdfaid:part" in xmp:
        return EDITIONS["archive"]
    if "pdfuaid:part" in xmp:
        return EDITIONS["digital"]
    raise UnknownEditionError("it claims neither PDF/X, PDF/A nor PDF/UA: which edition is it?")


def _validated(data: bytes, profile: str) -> Any:
    """Give the validator's report, or why it can't read the file."""
    try:
        return page.validate_pdf_bytes(
            data,
            profile=getattr(page.ValidationProfile, profile),
            limits=page.SafetyLimits(max_reference_depth=_DEEPEST, max_object_count=_MOST_OBJECTS),
        )
    except page.PageError as error:
        return error


@dataclass(frozen=True)
class _File:
    """A file that is checked, and what several checks ask of it."""

    data: bytes
    pdf: pikepdf.Pdf
    xmp: dict[str, str]
    wanted: Wanted
    edition: Edition

    reports: Mapping[str, Future[Any]]
    """The validator's report by standard, or why it could not read the file."""

    @cached_property
    def painted(self) -> tuple[frozenset[Painted], ...] | Exception:
        """All that each page paints, or why that can't be told."""
        try:
            return painted(self.pdf)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - what a damaged file makes qpdf raise is any
            return error

    def paint(self, kind: type[Any]) -> Iterator[tuple[int, Any]]:
        """Give what is painted of one kind, with its page."""
        if isinstance(self.painted, Exception):
            raise self.painted
        for number, on_page in enumerate(self.painted, 1):
            for one in sorted((p for p in on_page if isinstance(p, kind)), key=repr):
                yield number, one


class _SkippedError(Exception):
    """A check can't be made here; the message says why."""


class _WarnedError(Exception):
    """A check found what is to be looked at, but need not be wrong."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings


def _run(name: str, source: str, check: Callable[[], Iterable[Finding]]) -> Check:
    found: Iterable[Finding]
    try:
        found = tuple(islice(check(), MOST_FINDINGS))
        outcome = Outcome.FAILED if found else Outcome.PASSED
    except _SkippedError as error:
        outcome, found = Outcome.SKIPPED, (Finding(str(error)),)
    except _WarnedError as error:
        outcome, found = Outcome.WARNED, error.findings[:MOST_FINDINGS]
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file makes libraries raise any
        # What is wrong with the file breaks the check itself: the file fails it.
        outcome = Outcome.FAILED
        found = (Finding(f"can't be checked ({type(error).__name__}: {error})"),)
    return Check(name, source, outcome, tuple(map(_readable, found)))


def _readable(finding: Finding) -> Finding:
    """Give a finding whose text, which may quote the file, is one line that can be printed."""
    return Finding(visible(shortened(finding.text)), finding.page)


_Checks = Iterator[tuple[str, str, Callable[[], Iterable[Finding]]]]


def _checks(file: _File) -> _Checks:
    """Give the checks of a file's edition: their names, their sources, themselves."""
    pdf, wanted = file.pdf, file.wanted
    yield "syntax", "qpdf", partial(_syntax, file)
    for standard in file.reports:
        yield standard, "page-validation", partial(_conformance, file, standard)
    yield "fonts", "ISO 32000-1, 9.9", partial(document.fonts, pdf)
    required = metadata.REQUIRED | (metadata.OF_PRINT if file.edition.on_paper else {})
    yield "metadata", "ISO 16684-1", partial(metadata.missing_properties, file.xmp, required)
    yield "info", "ISO 32000-1, 14.3", partial(metadata.disagreements, pdf, file.xmp)
    if file.edition.on_paper:
        yield (
            "boxes",
            "ISO 15930-7; ISO 32000-1, 14.11.2",
            partial(document.boxes_on_paper, pdf, wanted),
        )
        yield "page count", "the project", partial(document.page_count, pdf, wanted)
        yield "version", "ISO 15930-7", partial(_version, file)
        yield (
            "output intent",
            "ISO 15930-7; ISO 32000-1, 14.11.5",
            partial(document.output_intent, pdf, "/GTS_PDFX"),
        )
        yield "colour", "ISO 15930-7; ISO 32000-1, 8.6", partial(_colour, file)
        yield "black text", "the printer", partial(_black_text, file)
        yield "total ink", "ghostscript", partial(_total_ink, file)
        yield "lines", "the printer", partial(_lines, file)
        yield "pictures", "the printer", partial(_pictures, file)
        yield "nothing live", "ISO 15930-7; ISO 32000-1, 12.5", partial(document.nothing_live, pdf)
    else:
        yield "boxes", "ISO 32000-1, 14.11.2", partial(document.boxes_on_screen, pdf)
        yield "tags", "ISO 14289-1, 7", partial(document.tags, pdf)
        yield "links", "ISO 14289-1, 7.18", partial(document.links, pdf)
    if file.edition.carries_data:
        yield (
            "output intent",
            "ISO 19005-3, 6.2.3",
            partial(document.output_intent, pdf, "/GTS_PDFA1"),
        )
        yield "data", "ISO 19005-3, 6.8", partial(document.data, pdf)
    else:
        yield "no data", "the edition", partial(document.no_data, pdf)


def _syntax(file: _File) -> Iterator[Finding]:
    """Qpdf reads the whole file without a complaint, and needs no password for it."""
    if file.pdf.is_encrypted:
        yield Finding("the file is encrypted")
    yield from (Finding(str(problem)) for problem in file.pdf.check_pdf_syntax())


def _conformance(file: _File, standard: str) -> Iterator[Finding]:
    """A validator that we did not write finds no rule of a standard broken."""
    report = file.reports[standard].result()
    if isinstance(report, page.PageError):
        yield Finding(f"the validator can't read the file ({report})")
        return
    for failure in report.failures:
        yield Finding(f"{failure.rule_id}: {failure.message}")


def _version(file: _File) -> Iterator[Finding]:
    """The file claims PDF/X-4 and is PDF 1.6."""
    claimed = file.xmp.get("pdfxid:GTS_PDFXVersion")
    if claimed != "PDF/X-4":
        yield Finding(f"the file claims {claimed}, not PDF/X-4")
    if file.pdf.pdf_version != "1.6":
        yield Finding(f"the file is PDF {file.pdf.pdf_version}, not 1.6")


def _colour(file: _File) -> Iterator[Finding]:
    """Every colour is in the four inks (ISO 15930-7; ISO 32000-1, 8.6)."""
    for number, space in file.paint(Space):
        if space.family not in (CMYK, GRAY, PATTERN):
            yield Finding(f"{space.where} is in {space.family}", number)


def _black_text(file: _File) -> Iterator[Finding]:
    """Black text is black ink alone: others beneath would show where plates don't meet."""
    for number, text in file.paint(Text):
        *others, black = text.ink
        if black >= BLACK_TEXT and any(others):
            inks = " ".join(f"{value:.0%}" for value in text.ink)
            yield Finding(f"text is printed in {inks}", number)


def _total_ink(file: _File) -> Iterator[Finding]:
    """Nowhere does more ink lie than the paper takes."""
    if isinstance(file.painted, Exception):
        raise file.painted  # what we can't follow would keep ghostscript busy without end
    try:
        for number, total in total_ink(file.data):
            if total > file.wanted.ink_limit:
                yield Finding(f"{total} % of ink, more than {file.wanted.ink_limit} %", number)
    except SeparationError as error:
        raise _SkippedError(str(error)) from None


def _lines(file: _File) -> Iterator[Finding]:
    """No line is so thin that it breaks up."""
    thinnest = file.wanted.thinnest
    for number, line in file.paint(Line):
        if not line.width >= thinnest - _ROUNDING:  # which holds for what is no number
            yield Finding(f"a line is {line.width:.3f} pt thick, less than {thinnest:g}", number)


def _pictures(file: _File) -> Iterator[Finding]:
    """Pictures are fine enough for the press; a coarse one is to be looked at."""
    coarse = tuple(
        Finding(f"a picture has {picture.resolution:.0f} pixels an inch", number)
        for number, picture in file.paint(Picture)
        if not picture.resolution >= file.wanted.resolution - 1
    )
    if coarse:
        raise _WarnedError(coarse)
    return iter(())
