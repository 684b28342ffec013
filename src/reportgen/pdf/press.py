"""What an edition on paper is printed with: the inks, and the sheet around each page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.model.files import CONTENT
from reportgen.model.schema import Colors, PrintRules
from reportgen.pdf.inks import Inks
from reportgen.pdf.sheet import Sheet
from reportgen.project import Project
from reportgen.source.icc import read_printer_profile, toolkit_profile
from reportgen.source.ink import Ink, Screen

FOGRA39 = "FOGRA39"
"""The registered name of the printing condition that the toolkit's own profile describes."""


@dataclass(frozen=True)
class Press:
    """The inks, and the sheet around each page."""

    inks: Inks
    sheet: Sheet


def press_of(rules: PrintRules, project: Project, table: Mapping[Screen, Ink]) -> Press:
    """Give what a report is printed with: its printer's profile, or else the toolkit's.

    Args:
        rules: what the report says of its print edition.
        project: where its printer's profile is.
        table: the ink of the screen colours that the design names.

    Raises:
        OSError: the profile can't be read.
        NotAPrinterProfileError: it is not one of printing in four inks.
    """
    if rules.profile is None:
        data = toolkit_profile()
        name = FOGRA39
    else:
        data = project.read(CONTENT / rules.profile)
        name = read_printer_profile(data).description or rules.profile
    inks = Inks(data, table, gray=rules.colors is Colors.GRAY)
    return Press(inks, Sheet(rules.bleed, rules.condition or name))
