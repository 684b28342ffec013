"""What the typesetter may read: files of the project's design and content, flags, nothing else.

By default WeasyPrint fetches whatever HTML, CSS and SVG name, from the web and from the whole
disk. Here a path is resolved first and then asked whether it lies within the project.
"""

from __future__ import annotations

import io
import mimetypes
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import woff2
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reportgen.project import NotTakenError, OutsideProjectError, Project
from reportgen.source.pictures import UnusablePictureError, check_picture

BASE = "file:///"
"""The base of relative addresses: the project's folder is all of the disk that is seen."""

FLAGS = "flag:"
"""What a flag's address begins with; a country's code (ISO 3166-1 alpha-2) follows."""


class ProjectFetcher(URLFetcher):  # type: ignore[misc]
    """Fetches `file:///path` from the project, `flag:xx`, and data in the address itself."""

    def __init__(self, project: Project) -> None:
        super().__init__(allowed_protocols=("data",))
        self._project = project

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Give the response for an address.

        Raises:
            FatalURLFetchingError: it is not the project's, is missing, or is a damaged picture;
                layout stops with it.
        """
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if url.startswith(FLAGS):
            return self._flag(url)
        if not url.startswith(BASE):
            raise FatalURLFetchingError(f"'{url}' is not a file of the project")
        path = PurePosixPath(unquote(urlsplit(url).path).lstrip("/"))
        try:
            data = self._project.read(path)
        except OutsideProjectError:
            raise FatalURLFetchingError(f"'{path}' lies outside of the project") from None
        except NotTakenError:
            raise FatalURLFetchingError(f"'{path}' isn't sent to a cluster") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FatalURLFetchingError(f"'{path}' can't be read ({reason})") from None
        if path.suffix == ".woff2":
            data = _unpacked(data)
        response = _response(url, data, path.name)
        if response.content_type.startswith("image/"):
            try:
                check_picture(data)
            except UnusablePictureError as error:
                raise FatalURLFetchingError(f"'{path}' {error}") from None
        return response

    def _flag(self, url: str) -> URLFetcherResponse:
        name = f"{url.removeprefix(FLAGS).lower()}.svg"
        flag = files("reportgen") / "flags" / "4x3" / name
        if "/" in name or not flag.is_file():
            raise FatalURLFetchingError(f"there is no flag '{url}'")
        return _response(url, flag.read_bytes(), name)


@lru_cache(maxsize=64)
def _unpacked(font: bytes) -> bytes:
    """Give a font as it was before it was packed: the engine would unpack it each time anew."""
    unpacked = io.BytesIO()
    try:
        woff2.decompress(io.BytesIO(font), unpacked)
    except Exception:  # noqa: BLE001 - it may raise anything; the engine says that it is damaged
        return font
    return unpacked.getvalue()


def _response(url: str, data: bytes, name: str) -> URLFetcherResponse:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return URLFetcherResponse(url, data, {"Content-Type": kind})
