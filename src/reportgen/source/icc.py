"""ICC profiles: whether a file is one that can be printed with, and of what.

littleCMS reads them, through Pillow. It is loaded only where a project names a profile of its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from importlib.resources import files

CMYK = "CMYK"
OUTPUT_DEVICE = "prtr"
"""The device class of a printing condition (ICC.1:2010, 7.2.5)."""


class NotAPrinterProfileError(ValueError):
    """A file is no ICC profile of printing in four inks, or a damaged one; the message says so."""


@dataclass(frozen=True)
class IccProfile:
    """A profile of printing in four inks, and how it describes itself, if it does in text."""

    data: bytes
    description: str


def toolkit_profile() -> bytes:
    """Return the bytes of the profile that is printed with unless a report names another."""
    return (files("reportgen") / "profiles" / "FOGRA39L-coated.icc").read_bytes()


def read_printer_profile(data: bytes) -> IccProfile:
    """Give the bytes of a file as a profile of printing in four inks.

    Raises:
        NotAPrinterProfileError: they are not one, or colours can't be converted with it.
    """
    from PIL import ImageCms

    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(data))
        profile = opened.profile
        space, kind = profile.xcolor_space.strip(), profile.device_class.strip()
    except (OSError, ValueError):
        raise NotAPrinterProfileError("is not an ICC profile") from None
    if (space, kind) != (CMYK, OUTPUT_DEVICE):
        message = f"is a profile of {space} and of the class '{kind}', not of printing in CMYK"
        raise NotAPrinterProfileError(message)
    size = int.from_bytes(data[:4], "big")  # the header's first field (ICC.1:2010, 7.2.2)
    if size > len(data):
        raise NotAPrinterProfileError(f"is damaged: it has {len(data):,} bytes of {size:,}")
    screen, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    try:
        # The header is read at once, the tables only here.
        ImageCms.buildTransform(screen, opened, "RGB", CMYK, intent)
        ImageCms.buildTransform(opened, lab, CMYK, "LAB", intent)
    except (ImageCms.PyCMSError, OSError, ValueError):
        message = "is a damaged ICC profile: colours can't be converted with it"
        raise NotAPrinterProfileError(message) from None
    try:
        description = profile.profile_description or ""
    except ValueError:  # its bytes are not text
        description = ""
    return IccProfile(data, " ".join(description.split()))
