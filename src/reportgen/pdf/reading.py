"""PDF files from elsewhere, read within limits.

Nothing in a file is trusted: trees may be loops, counts may lie, and bytes may unpack to very many.
Each node is visited once, and what is longer than a limit is refused.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf

from reportgen.source.limits import (
    MAX_ATTACHMENT_BYTES,
    MAX_PDF_ENTRIES,
    MAX_PDF_PAGES,
    MAX_STREAM_BYTES,
)

_MOST_WARNINGS = 1000
"""How many problems of a file qpdf notes. Some files have one for each pair of their entries."""


_JPEG_LIMIT = 2**32 - 1
"""The greatest that qpdf takes. It refuses a JPEG that unpacks to more than a twentieth of it."""

_DEEPEST = 100
"""How deep a tree of names may be: one of a million names is rarely deeper than 4."""


class UnreadablePdfError(ValueError):
    """A file that can't be read as a PDF, or that is beyond a limit; the message says why."""


class _Bytes(io.BytesIO):
    """The bytes of a file, as qpdf names them in what it says."""

    def __repr__(self) -> str:
        return "of the file"


def _limit_qpdf() -> None:
    """Have qpdf give up at streams that unpack to very many bytes, and at very many problems."""
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=_MOST_WARNINGS,
        dct_max_memory=_JPEG_LIMIT,
        flate_max_memory=MAX_STREAM_BYTES,
        png_max_memory=MAX_STREAM_BYTES,
        run_length_max_memory=MAX_STREAM_BYTES,
        tiff_max_memory=MAX_STREAM_BYTES,
    )


def open_pdf(data: bytes) -> pikepdf.Pdf:
    """Open a PDF.

    Raises:
        UnreadablePdfError: it can't be opened, needs a password, or has too many pages.
    """
    _limit_qpdf()
    try:
        pdf = pikepdf.open(_Bytes(data))
        count = len(pdf.pages)
        _check_trees(pdf)
    except pikepdf.PasswordError:
        raise UnreadablePdfError("it is encrypted; give one that is not") from None
    except (MemoryError, UnreadablePdfError):
        raise
    except Exception as error:  # noqa: BLE001 - what a damaged file makes qpdf raise is any
        raise UnreadablePdfError(f"it can't be opened as a PDF ({error})") from None
    if count > MAX_PDF_PAGES:
        raise UnreadablePdfError(f"it has {count} pages, more than {MAX_PDF_PAGES}")
    return pdf


def name_tree(root: Any) -> Mapping[str, Any]:
    """Give what a tree of names holds (ISO 32000-1, 7.9.6); of two equal names, the first.

    Raises:
        UnreadablePdfError: it has more entries than `MAX_PDF_ENTRIES`.
    """
    found: dict[str, Any] = {}
    entries = 0
    for node in _nodes(root):
        names = node.get("/Names")
        if isinstance(names, pikepdf.Array):
            entries += len(names)
            if entries > MAX_PDF_ENTRIES:
                raise UnreadablePdfError(f"a tree of names has more than {MAX_PDF_ENTRIES} entries")
            flat = list(names)
            for name, value in zip(flat[::2], flat[1::2], strict=False):
                found.setdefault(str(name), value)
    return found


def _nodes(root: Any) -> Iterator[Any]:
    """Give the nodes of a tree of names or numbers in order.

    Raises:
        UnreadablePdfError: it is no tree, as a node stands in two places, or it is very deep or
            large.
    """
    seen: set[tuple[int, int]] = set()
    entries = 0
    left = [(root, 0)]
    while left:
        node, depth = left.pop()
        if not isinstance(node, pikepdf.Dictionary):
            continue
        if node.objgen in seen or depth > _DEEPEST:
            raise UnreadablePdfError("a tree of names has a node in two places, or is very deep")
        if node.is_indirect:
            seen.add(node.objgen)
        yield node
        kids = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            entries += len(kids)
            if entries > MAX_PDF_ENTRIES:
                raise UnreadablePdfError(f"a tree has more than {MAX_PDF_ENTRIES} branches")
            left += ((kid, depth + 1) for kid in reversed(list(kids)))


def _check_trees(pdf: pikepdf.Pdf) -> None:
    """Make sure that a file's trees are trees: qpdf would follow each way through them.

    Raises:
        UnreadablePdfError: one isn't.
    """
    root: Any = pdf.Root
    names, tags = root.get("/Names"), root.get("/StructTreeRoot")
    trees: list[Any] = list(names.values()) if isinstance(names, pikepdf.Dictionary) else []
    trees.append(root.get("/PageLabels"))
    if isinstance(tags, pikepdf.Dictionary):
        trees += (tags.get("/ParentTree"), tags.get("/IDTree"))
    for tree in trees:
        for _ in _nodes(tree):
            pass


def page_annotations(pdf: pikepdf.Pdf) -> Iterator[list[Any]]:
    """Give the annotations of each page.

    Raises:
        UnreadablePdfError: all pages together have more than `MAX_PDF_ENTRIES`.
    """
    entries = 0
    for page in pdf.pages:
        found: Any = page.get("/Annots", ())
        entries += len(found)
        if entries > MAX_PDF_ENTRIES:
            raise UnreadablePdfError(f"its pages have more than {MAX_PDF_ENTRIES} annotations")
        yield list(found)


def embedded_files(pdf: pikepdf.Pdf) -> Mapping[str, Any]:
    """Give the file specifications of what is attached to a file, by name.

    Raises:
        UnreadablePdfError: there are more than `MAX_PDF_ENTRIES`.
    """
    names: Any = pdf.Root.get("/Names", {})
    return name_tree(names.get("/EmbeddedFiles"))


def embedded_bytes(specification: Any, most: int = MAX_ATTACHMENT_BYTES) -> bytes:
    """Give the bytes of an attached file.

    Args:
        specification: the file's, as `embedded_files` gives it.
        most: what is left of the bytes that all attachments together may have.

    Raises:
        UnreadablePdfError: there are more than `most`, or they are packed as reportgen doesn't.
    """
    embedded = specification.EF
    stream = embedded.get("/UF", embedded.get("/F"))
    filters = stream.get("/Filter")
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters or ())
    raw: bytes = stream.read_raw_bytes()
    if not names:
        unpacked = raw
    elif names == ["/FlateDecode"] and "/DecodeParms" not in stream:
        unpacked = zlib.decompressobj().decompress(raw, most + 1)
    else:
        raise UnreadablePdfError("it is packed in a way that reportgen doesn't write")
    if len(unpacked) > most:
        raise UnreadablePdfError(
            "with what is attached before it, it is larger than"
            f" {MAX_ATTACHMENT_BYTES // 1_000_000} MB"
        )
    return unpacked
