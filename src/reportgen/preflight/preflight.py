"""The preflight: every check that an edition must pass, run on a file.

What well-kept programs check, they check: qpdf the syntax, a port of veraPDF's rules PDF/A and
PDF/UA, littleCMS the profile, ghostscript the ink. No validator of PDF/X is free, so that its rules
are ours, each with the section that it comes from.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import page
import pikepdf

from reportgen.pdf.editions import EDITIONS, Edition
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
    painted_on,
)
from reportgen.preflight.result import Check, Finding, Outcome, Preflight, Wanted

MOST_FINDINGS = 200
"""How many findings of one check are kept: more would not be read."""

BLACK_TEXT = 0.85
"""From how much black ink on text counts as black."""

_ROUNDING = 0.005

_DEEPEST = 4096
"""How many references the validator follows in a row. Bookmarks are such a row: each names the
next. By itself it gives up at 256; at three times ours, its stack still holds."""


class NotAPdfError(ValueError):
    """A file that can't be opened as a PDF; the message says why."""


class UnknownEditionError(ValueError):
    """A file that claims none of the standards that an edition is made for."""


def preflight(data: bytes, wanted: Wanted | None = None, edition: str | None = None) -> Preflight:
    """Check the bytes of a PDF against its edition.

    Args:
        data: the file.
        wanted: what it must keep on paper; by default A4, 3 mm of bleed, 300 % of ink.
        edition: the name of its edition; by default the one whose standards it claims in its XMP.

    Raises:
        NotAPdfError: it can't be opened.
        UnknownEditionError: it claims none of the editions' standards.
    """
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise NotAPdfError(f"can't be opened as a PDF ({error})") from None
    with pdf:
        xmp = metadata.read_xmp(pdf)
        found = EDITIONS[edition] if edition else _edition_of(xmp)
        with ThreadPoolExecutor() as executor:
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


def _edition_of(xmp: dict[str, str]) -> Edition:
    if "pdfxid:GTS_PDFXVersion" in xmp:
        return EDITIONS["print"]
    if "pdfaid:part" in xmp:
        return EDITIONS["archive"]
    if "pdfuaid:part" in xmp:
        return EDITIONS["digital"]
    raise UnknownEditionError("claims neither PDF/X, PDF/A nor PDF/UA: which edition is it?")


def _validated(data: bytes, profile: str) -> Any:
    """Give the validator's report, or why it can't read the file."""
    try:
        return page.validate_pdf_bytes(
            data,
            profile=getattr(page.ValidationProfile, profile),
            limits=page.SafetyLimits(max_reference_depth=_DEEPEST),
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
    def painted(self) -> tuple[frozenset[Painted], ...]:
        """All that each page paints."""
        return tuple(painted_on(each) for each in self.pdf.pages)

    def paint(self, kind: type[Any]) -> Iterator[tuple[int, Any]]:
        """Give what is painted of one kind, with its page."""
        for number, painted in enumerate(self.painted, 1):
            for one in sorted((p for p in painted if isinstance(p, kind)), key=repr):
                yield number, one


class _SkippedError(Exception):
    """A check can't be made here; the message says why."""


class _WarnedError(Exception):
    """A check found what is to be looked at, but need not be wrong."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings


def _run(name: str, source: str, check: Callable[[], Iterable[Finding]]) -> Check:
    try:
        found = tuple(check())
    except _SkippedError as error:
        return Check(name, source, Outcome.SKIPPED, (Finding(str(error)),))
    except _WarnedError as error:
        return Check(name, source, Outcome.WARNED, error.findings[:MOST_FINDINGS])
    except (pikepdf.PdfError, AttributeError, LookupError, TypeError, ValueError) as error:
        # What is wrong with the file breaks the check itself: the file fails it.
        found = (Finding(f"can't be checked ({type(error).__name__}: {error})"),)
    return Check(name, source, Outcome.FAILED if found else Outcome.PASSED, found[:MOST_FINDINGS])


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
        if line.width < thinnest - _ROUNDING:
            yield Finding(f"a line is {line.width:.3f} pt thick, less than {thinnest:g}", number)


def _pictures(file: _File) -> Iterator[Finding]:
    """Pictures are fine enough for the press; a coarse one is to be looked at."""
    coarse = tuple(
        Finding(f"a picture has {picture.resolution:.0f} pixels an inch", number)
        for number, picture in file.paint(Picture)
        if picture.resolution < file.wanted.resolution - 1
    )
    if coarse:
        raise _WarnedError(coarse)
    return iter(())
