"""What the design must have for the content: tokens for drawings and pillars, and matching inks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportgen.model.files import CONTENT, ContentFiles
from reportgen.model.rules import FIGURE
from reportgen.model.schema import ChartKind, Colors, Count
from reportgen.model.validate import read
from reportgen.project import OutsideProjectError, Project
from reportgen.source.diagnostics import Diagnostic, Diagnostics, Span
from reportgen.source.icc import NotAPrinterProfileError, read_printer_profile, toolkit_profile
from reportgen.source.ink import check_inks, ink_table
from reportgen.source.markdown import Image
from reportgen.source.tokens import OF_CHARTS, OF_MAPS, TOKENS, TokenFiles, number_of


def check_design(project: Project, files: ContentFiles) -> tuple[Diagnostic, ...]:
    """Return what the design tokens of a project lack for its content.

    That a style sheet of tokens can't be read is told by who checks or needs the style sheets.
    """
    try:
        sheets = TokenFiles.read(project)
    except (OSError, OutsideProjectError, UnicodeDecodeError):
        return ()
    tokens = sheets.values()
    found = Diagnostics()
    _check_drawings(files, sheets, tokens, found)
    _check_pillars(files, tokens, found)
    _check_series(files, tokens, found)
    return (*found.sorted(), *_inks(project, files, sheets, tokens))


def _check_drawings(
    files: ContentFiles, sheets: TokenFiles, tokens: Mapping[str, str], found: Diagnostics
) -> None:
    """Note the tokens that are missing for the kinds of figures that there are."""
    kinds = {figure.form.kind for figure in files.figures.values()} - {None}
    needed: list[tuple[str, Iterable[str]]] = []
    if kinds - {ChartKind.MAP}:
        needed.append(("charts", OF_CHARTS))
    if ChartKind.MAP in kinds:
        needed.append(("maps", OF_MAPS))
    for what, names in needed:
        for name in (name for name in names if not tokens.get(name)):
            hint = found.did_you_mean(name, tokens, "add it to this file")
            message = f"{what} need the token '--{name}', and it is not there"
            found.error("missing-token", Span(TOKENS[0]), message, hint)
    size = tokens.get("size-note", "1pt")
    if kinds - {ChartKind.MAP} and not size.removesuffix("pt").replace(".", "", 1).isdecimal():
        message = f"charts need '--size-note' in points, and it is '{size}'"
        found.error("missing-token", sheets.place("size-note"), message, "write it as 7.75pt")


def _check_pillars(files: ContentFiles, tokens: Mapping[str, str], found: Diagnostics) -> None:
    """Note each pillar that the design has no colours for, if it has any, or a chart needs them."""
    colored = number_of(tokens, "pillar-{}-ground")
    counted = any(figure.form.count is Count.PILLAR for figure in files.figures.values())
    if not colored and not counted:
        return
    for number, pillar in enumerate(files.pillars.values(), 1):
        if number > colored:
            found.error(
                "missing-token",
                pillar.key_span(),
                f"the design has colours for {colored} pillars, and this is number {number}:"
                f" '--pillar-{number}-ground' is not in {TOKENS[0]}",
                f"add the colours of pillar {number} to the styles, as pillar 1 has them",
            )


def _check_series(files: ContentFiles, tokens: Mapping[str, str], found: Diagnostics) -> None:
    """Note each figure whose series would have the same colours."""
    colors = number_of(tokens, "chart-{}")
    placed = {
        block.source.removeprefix(FIGURE): block.span
        for section in files.sections.values()
        for block in section.file.blocks
        if isinstance(block, Image) and block.source.startswith(FIGURE)
    }
    for name, table in files.tables.items():
        series = len(table.columns) - 1
        if colors and series > colors:
            found.error(
                "too-many-series",
                placed.get(name, Span(str(table.path))),
                f"the figure '{name}' has {series} series, and the design has {colors} chart"
                " colours: several would look the same",
                f"leave series out of {table.path}, make two figures of them, or add the token"
                f" '--chart-{colors + 1}' to {TOKENS[0]}",
            )


def _inks(
    project: Project, files: ContentFiles, sheets: TokenFiles, tokens: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the inks; of a report or a profile with errors, they are told."""
    rules = read(files.report.form.print) if files.report else None
    if rules is None or read(rules.ink_limit) is None:
        return ()
    _, wrong = ink_table(tokens, sheets.place, rules.ink_limit)
    if rules.colors is Colors.GRAY:
        return wrong
    try:
        profile = (
            toolkit_profile()
            if rules.profile is None
            else read_printer_profile(project.read(CONTENT / rules.profile)).data
        )
    except (OSError, OutsideProjectError, NotAPrinterProfileError):
        return wrong
    return (*wrong, *check_inks(tokens, sheets.place, profile))
