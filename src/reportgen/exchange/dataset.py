"""The report's data as a set of files, with a manifest: what the archive edition carries.

The manifest is a Data Package (Frictionless Data, https://specs.frictionlessdata.io/data-package/):
programs that know the form can check and read the set without us.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from reportgen.exchange.export import commitments_csv, commitments_json, figure_csv
from reportgen.model.report import Report
from reportgen.source.markdown import plain_text

MANIFEST = "datapackage.json"

_CSV = "text/csv"
_JSON = "application/json"


@dataclass(frozen=True)
class DataFile:
    """A file of data: its name, its media type (RFC 6838), a line on what it holds, its bytes."""

    name: str
    media_type: str
    description: str
    data: bytes


def dataset(report: Report, content: str) -> tuple[DataFile, ...]:
    """Give the data of a report as files; the last one is the manifest.

    They are the records as CSV and JSON, and the numbers of each figure that has them in a table.

    Args:
        report: the report in the language of its content, or a brief of it.
        content: the SHA-256 of the content, as hex.
    """
    files = (
        DataFile(
            "commitments.csv", _CSV, "The commitments, a row each", commitments_csv(report).encode()
        ),
        DataFile("commitments.json", _JSON, "The commitments", commitments_json(report).encode()),
        *(
            DataFile(
                f"figure-{figure.id}.csv",
                _CSV,
                f"The numbers of the figure “{plain_text(figure.title)}”",
                figure_csv(figure.table).encode(),
            )
            for figure in report.figures
            if figure.table and figure.table.rows
        ),
    )
    return (*files, _manifest(report, content, files))


def _description(report: Report) -> str:
    return f"A selection of the report's records: {report.selection}. Others are not in this set."


def _manifest(report: Report, content: str, files: tuple[DataFile, ...]) -> DataFile:
    rights = report.imprint.license
    package: dict[str, Any] = {
        "profile": "data-package",
        "name": ".".join(filter(None, (report.slug, report.selection.name.replace("+", ".")))),
        "id": f"sha256:{content}",
        "title": plain_text(report.title),
        **({"description": _description(report)} if report.selection else {}),
        "version": report.version,
        "created": f"{report.year:04}-{report.month:02}-01T00:00:00Z",
        "licenses": [{"path": rights.url, "title": rights.name}],
        "contributors": [{"title": author.name, "role": "author"} for author in report.authors],
        "keywords": [plain_text(keyword) for keyword in report.keywords],
        "languages": [report.language],
        "resources": [
            {
                "name": file.name.replace(".", "-"),
                "path": file.name,
                "description": file.description,
                "mediatype": file.media_type,
                "encoding": "utf-8",
                "bytes": len(file.data),
                "hash": f"sha256:{hashlib.sha256(file.data).hexdigest()}",
            }
            for file in files
        ],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    return DataFile(MANIFEST, _JSON, "What the attached files are, with checksums", text.encode())
