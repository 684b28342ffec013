"""ICC profiles: whether a file is one, and of what.

littleCMS reads them, through Pillow. It is loaded only where a project names a profile of its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

CMYK = "CMYK"
OUTPUT_DEVICE = "prtr"
"""The device class of a printing condition (ICC.1:2010, 7.2.5)."""


class NotAPrinterProfileError(ValueError):
    """A file is no ICC profile, or is not one of printing in four inks; the message says which."""


@dataclass(frozen=True)
class IccProfile:
    """A profile of printing in four inks, and how it describes itself."""

    data: bytes
    description: str


def read_printer_profile(data: bytes) -> IccProfile:
    """Give the bytes of a file as a profile of printing in four inks.

    Raises:
        NotAPrinterProfileError: they are not one.
    """
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile
    except (OSError, ValueError):
        raise NotAPrinterProfileError("is not an ICC profile") from None
    space, kind = profile.xcolor_space.strip(), profile.device_class.strip()
    if (space, kind) != (CMYK, OUTPUT_DEVICE):
        message = f"is a profile of {space} and of the class '{kind}', not of printing in CMYK"
        raise NotAPrinterProfileError(message)
    return IccProfile(data, " ".join((profile.profile_description or "").split()))
