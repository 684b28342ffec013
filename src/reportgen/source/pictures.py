"""Pictures: whether a file is a whole one, which every edition can show.

Each is decoded here from its first byte to its last: the typesetter shows what there is of a
damaged one, and leaves the rest black.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from math import prod
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from reportgen.source.limits import (
    MAX_DRAWING_DEPTH,
    MAX_DRAWING_ELEMENTS,
    MAX_FILE_BYTES,
    MAX_PICTURE_PIXELS,
)

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
"""The forms of pictures that are made of pixels, by Pillow's names; others are SVG."""

_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK"})
"""How colours may be stored, by Pillow's names: those with 8 bits at most."""


class UnusablePictureError(ValueError):
    """A picture is damaged, too large or of a form that isn't shown; the message says which.

    `hint` says what to do.
    """

    def __init__(self, message: str, hint: str = "export it again, or copy it again") -> None:
        super().__init__(message)
        self.hint = hint


Size = tuple[int, int]
"""Width and height of a picture, in pixels, as it is shown."""

_known: dict[bytes, UnusablePictureError | Size | None] = {}
"""What came of each picture in this process, by its digest: a build asks for each several times."""


def check_picture(data: bytes) -> Size | None:
    """Decode a picture whole; of one that moves, the first frame, which is the one that is shown.

    Returns:
        Its size; nothing for a drawing, which has no pixels.

    Raises:
        UnusablePictureError: it can't be shown as it is.
    """
    key = hashlib.sha256(data).digest()
    if key not in _known:
        try:
            _known[key] = _check(data)
        except UnusablePictureError as error:
            _known[key] = error
    found = _known[key]
    if isinstance(found, UnusablePictureError):
        raise UnusablePictureError(str(found), found.hint)
    return found


def _check(data: bytes) -> Size | None:
    if len(data) > MAX_FILE_BYTES:
        message = f"is larger than {MAX_FILE_BYTES // 1_000_000} MB"
        raise UnusablePictureError(message, "scale it down")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        _check_drawing(data)
        return None
    return _check_pixels(data)


def _check_pixels(data: bytes) -> Size:
    """Return the size of a picture that can be shown."""
    from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

    large = UnusablePictureError(
        f"has more than {MAX_PICTURE_PIXELS // 1_000_000} million pixels", "scale it down"
    )
    # The typesetter has Pillow make up for what is missing, which is to be told here.
    is_lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PICTURE_PIXELS:
                raise large
            if picture.format == "PNG":
                picture.verify()  # the checksums, down to the end; what was verified can't be used
                picture = Image.open(io.BytesIO(data), formats=FORMATS)
            mode, size = picture.mode, picture.size
            picture.load()
            if "exif" in picture.info:
                size = ImageOps.exif_transpose(picture).size
    except Image.DecompressionBombError:
        raise large from None
    except UnusablePictureError:
        raise
    except UnidentifiedImageError:
        message = "is not a picture in PNG, JPEG, GIF, WebP or SVG, or is damaged"
        raise UnusablePictureError(message, "export it as PNG, JPEG or SVG") from None
    except Exception as error:  # noqa: BLE001 - a decoder may raise anything
        raise UnusablePictureError(f"is damaged ({str(error) or type(error).__name__})") from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = is_lenient
    if mode not in _MODES:
        message = f"stores its colours in a form that isn't shown right everywhere ({mode})"
        raise UnusablePictureError(message, "export it with 8 bits a channel, in RGB or grey")
    return size


_URL = re.compile(r"url\(\s*[\"']?([^)\"']*)", re.IGNORECASE)


def _check_drawing(data: bytes) -> None:
    drawing = _Drawing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = drawing.start
    parser.EndElementHandler = drawing.end
    parser.CharacterDataHandler = drawing.text
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, UnusablePictureError):
            raise
        raise UnusablePictureError(f"can't be read as SVG ({error})") from None
    drawing.count("")


def _refuse_entity(*_: object) -> None:
    raise UnusablePictureError("declares entities of its own", "export it as plain SVG")


@dataclass
class _Group:
    """What an element with a name draws: how many elements of its own, and others by name."""

    elements: int = 0
    references: list[str] = field(default_factory=list)


class _Drawing:
    """Reads an SVG drawing, and counts what it draws. The whole of it has the name ''."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {"": _Group()}
        self._open: list[str] = []
        self._style: list[str] = []
        self._pixels = self._references = 0
        self._counts: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = tag.rpartition(" ")[2]
        if not self._open and name != "svg":
            raise UnusablePictureError("is not a drawing in SVG", "export it as SVG, PNG or JPEG")
        if len(self._open) >= MAX_DRAWING_DEPTH:
            message = f"nests elements more than {MAX_DRAWING_DEPTH} deep"
            raise UnusablePictureError(message, "export it as plain SVG")
        if attributes.get("spreadMethod", "pad") != "pad":
            message = "has a gradient that repeats, which may take very long to draw"
            raise UnusablePictureError(message, "draw it without spreadMethod, or export it as PNG")
        self._open.append(attributes.get("id", ""))
        for group in self._around():
            group.elements += 1
        _refuse_many("draws", self._groups[""].elements, "elements")
        for key, value in attributes.items():
            # A link leads elsewhere, but shows nothing from there.
            if key.rpartition(" ")[2] == "href" and name != "a":
                self._refer(value.strip())
            self._refer_all(value)
        self._style = []

    def end(self, tag: str) -> None:
        """End an element."""
        if tag.rpartition(" ")[2] == "style":
            self._refer_all("".join(self._style))
        self._open.pop()

    def text(self, text: str) -> None:
        """Take note of what stands in an element."""
        self._style.append(text)

    def count(self, name: str, depth: int = 0) -> int:
        """Give how many elements are drawn for the element of a name.

        Raises:
            UnusablePictureError: they are too many, or draw each other without end.
        """
        if depth > MAX_DRAWING_DEPTH:
            message = "has elements that draw each other without end"
            raise UnusablePictureError(message, "export it as plain SVG")
        if name not in self._counts:
            group = self._groups.get(name, _Group())
            total = group.elements
            for reference in group.references:
                total += self.count(reference, depth + 1)
                if total > MAX_DRAWING_ELEMENTS:
                    break
            _refuse_many("draws", total, "elements")
            self._counts[name] = total
        return self._counts[name]

    def _around(self) -> list[_Group]:
        """Give the groups that the place being read stands in."""
        names = dict.fromkeys(("", *self._open))
        return [self._groups.setdefault(name, _Group()) for name in names]

    def _refer_all(self, css: str) -> None:
        for address in _URL.findall(css):
            self._refer(address.strip())

    def _refer(self, address: str) -> None:
        self._references += 1
        _refuse_many("has", self._references, "references")
        if address.startswith("#"):
            for group in self._around():
                group.references.append(address[1:])
        elif address.startswith("data:"):
            try:
                self._pixels += prod(_check_pixels(_data_in(address)))
            except UnusablePictureError as error:
                message = f"has a picture in it that {error}"
                raise UnusablePictureError(message, error.hint) from None
            if self._pixels > MAX_PICTURE_PIXELS:
                message = (
                    f"has pictures of more than {MAX_PICTURE_PIXELS // 1_000_000} million pixels"
                )
                raise UnusablePictureError(message, "scale them down")
        elif address:
            message = f"needs another file or address ('{address[:80]}')"
            raise UnusablePictureError(message, "export it with all that it shows embedded")


def _refuse_many(verb: str, number: int, what: str) -> None:
    if number > MAX_DRAWING_ELEMENTS:
        message = f"{verb} more than {MAX_DRAWING_ELEMENTS:,} {what}"
        raise UnusablePictureError(message, "simplify it, or export it as PNG")


def _data_in(address: str) -> bytes:
    """Give the data that an address holds itself (RFC 2397)."""
    head, _, content = address.partition(",")
    data = unquote_to_bytes(content)
    try:
        return base64.b64decode(data) if head.endswith(";base64") else data
    except ValueError:
        raise UnusablePictureError("is damaged (it is not in Base64)") from None
