"""Connections to the preview's server that don't wait for a slow client for ever."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

REQUEST_SECONDS = 10.0
"""How long a client may take to send a request: from its connection, or from the last answer."""

RESPONSE_SECONDS = 30.0
"""How long a client may leave an answer unread that doesn't fit into the system's buffers."""

MAX_CONNECTIONS = 500
"""How many connections are answered at once; 50 browsers have no more than 300."""


class Protocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it; a client that is slow to write or to read is dropped."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, though not for long."""
        super().connection_made(transport)
        self._set_deadline(REQUEST_SECONDS)

    def on_response_complete(self) -> None:
        """Wait for the next request, though not for long."""
        super().on_response_complete()
        self._set_deadline(REQUEST_SECONDS)

    def pause_writing(self) -> None:
        """Wait until the client reads, though not for long."""
        super().pause_writing()
        self._set_deadline(RESPONSE_SECONDS)

    def resume_writing(self) -> None:
        """Go on writing: the client reads."""
        super().resume_writing()
        self._set_deadline(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._set_deadline(None)

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._drop)

    def _drop(self) -> None:
        """Drop the connection, unless an answer is under way that the client reads."""
        cycle: RequestResponseCycle | None = self.cycle  # there is none before the first request
        is_answering = cycle is not None and not cycle.response_complete
        if not is_answering or self.flow.write_paused:
            self.transport.abort()
