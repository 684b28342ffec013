"""Write a report for other programs: `python -m benchmarks.peer_files PROJECT FOLDER`.

The folder gets one HTML document and one of Typst, with all that they need. What is printed is the
number of pages that reportgen makes of the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.same_html import NotAloneError, composed, write_same_html
from benchmarks.typst_source import write_typst
from reportgen.project import Project


def main() -> int:
    """Write, and give the exit code."""
    project, folder = Project(Path(sys.argv[1])), Path(sys.argv[2])
    try:
        made = composed(project)
        write_same_html(project, made, folder)
        write_typst(project, made, folder)
    except NotAloneError as error:
        print(error, file=sys.stderr)
        return 1
    print(made.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
