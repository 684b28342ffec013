"""The preview's server: its page, the images of pages, and the news of them as they come."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import math
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reportgen.editing.watch import saves_of_all
from reportgen.preview.access import HOST, Access
from reportgen.preview.live import Engine, Live
from reportgen.preview.protocol import MAX_CONNECTIONS, Protocol
from reportgen.preview.wire import news_as_json
from reportgen.project import Project

APP = {
    "index.html": "text/html",
    "preview.css": "text/css",
    "preview.js": "text/javascript",
}
"""The files of the page, and what they are; no other file of the disk is given out."""

SCALES = (0.1, 4.0)
"""The smallest and the largest scale of an image, in its pixels per CSS pixel."""

_IMMUTABLE = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Options:
    """What a preview is opened with: which editor links open, who may look, and where."""

    editor: str
    token: str
    port: int


def listen(port: int = 0) -> socket.socket:
    """Give a socket that takes connections from this machine alone; port 0 is one that is free.

    Raises:
        OSError: the port is taken, or may not be used.
        OverflowError: there is no port of that number.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A port can be had again at once after a preview has ended, not after a minute.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except BaseException:
        listening.close()
        raise
    return listening


def address(options: Options, **query: str) -> str:
    """Give the address that opens a preview, with its token and what else the page is to know."""
    return f"http://{HOST}:{options.port}/?{urlencode({'token': options.token, **query})}"


class Server(uvicorn.Server):
    """Serves a preview; `run` with a socket ends at Ctrl-C, and raises it again then."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(
            uvicorn.Config(
                preview,
                http=Protocol,
                limit_concurrency=MAX_CONNECTIONS,
                loop="asyncio",
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
            )
        )
        self._preview = preview

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; the news end first, as the server waits for all answers to be whole."""
        await self._preview.live.end()
        await super().shutdown(sockets)


class Preview:
    """The preview of a project as an ASGI app, which watches the project while it runs."""

    def __init__(
        self, project: Project, open_engine: Callable[[], Engine], options: Options
    ) -> None:
        self.live = Live(open_engine)
        self._project = project
        handlers = _Handlers(project, self.live, options.editor)
        self.routes = (
            Route("/", handlers.file),
            Route("/favicon.ico", handlers.no_icon),
            Route("/events", handlers.events),
            Route("/pages/{key}.png", handlers.image),
            Route("/{name}", handlers.file),
        )
        app = Starlette(routes=self.routes, lifespan=self._running)
        self._app = Access(app, options.token, options.port)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        await self._app(scope, receive, send)

    @contextlib.asynccontextmanager
    async def _running(self, app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        tasks = (asyncio.create_task(self.live.run()), asyncio.create_task(self._watch(stop)))
        yield
        stop.set()
        tasks[0].cancel()
        self.live.close()
        await asyncio.wait(tasks, timeout=1)

    async def _watch(self, stop: asyncio.Event) -> None:
        async for _ in saves_of_all(self._project, stop):
            await self.live.saved()


@dataclass(frozen=True)
class _Handlers:
    """Answers to requests that may be answered."""

    project: Project
    live: Live
    editor: str

    async def file(self, request: Request) -> Response:
        """Give a file of the page."""
        name = request.path_params.get("name", "index.html")
        if name not in APP:
            return _nothing_here()
        data = (files("reportgen.preview") / "app" / name).read_bytes()
        return Response(data, media_type=APP[name], headers={"Cache-Control": "no-cache"})

    async def no_icon(self, request: Request) -> Response:
        """Say that there is no icon, which browsers ask for by themselves."""
        return Response(status_code=204)

    async def events(self, request: Request) -> Response:
        """Give all news of a locale in an edition, as Server-Sent Events."""
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        asked = request.query_params
        all_news = self.live.follow(asked.get("locale"), asked.get("edition"))

        async def told() -> AsyncIterator[str]:
            async with contextlib.aclosing(all_news):
                async for news in all_news:
                    yield f"event: news\ndata: {news_as_json(news, self.project, self.editor)}\n\n"

        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(told(), media_type="text/event-stream", headers=headers)

    async def image(self, request: Request) -> Response:
        """Give the image of a page, which never changes: what is laid out anew has a new key."""
        scale = _scale(request.query_params.get("scale", "1"))
        if scale is None:
            least, most = SCALES
            return PlainTextResponse(f"The scale is a number from {least} to {most}.\n", 400)
        try:
            data = await self.live.image(request.path_params["key"], scale)
        except KeyError:
            return _nothing_here()
        digest = f'"{hashlib.sha256(data).hexdigest()}"'
        headers = {"ETag": digest, "Cache-Control": _IMMUTABLE}
        if request.headers.get("if-none-match") == digest:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type="image/png", headers=headers)


def _nothing_here() -> Response:
    return PlainTextResponse("There is nothing here.\n", 404, {"Cache-Control": "no-store"})


def _scale(given: str) -> float | None:
    try:
        scale = float(given)
    except ValueError:
        return None
    least, most = SCALES
    return scale if math.isfinite(scale) and least <= scale <= most else None
