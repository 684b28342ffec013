"""Who may ask the preview's server: the browser that was given its token, and no other page."""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import URL, Headers, MutableHeaders, QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
"""The address that the server listens at: nobody else's machine can reach it."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What each answer says, so that a browser keeps other pages away from it."""

_REFUSED = "Open the address that `reportgen preview` has printed.\n"


class Access:
    """Lets a request through to an app if it may be answered, and else says why not.

    The token comes once, in the address that is opened; a cookie has it from then on. Cookies are
    shared between the ports of a host, so its name has the port.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._cookie = f"reportgen-preview-{port}"
        self._hosts = {f"{HOST}:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        answer = self._answer(Request(scope)) or self._app
        await answer(scope, receive, send_with_headers)

    def _answer(self, request: Request) -> Response | None:
        """Give the answer to a request that the app doesn't see: a refusal, or the way in."""
        headers = request.headers
        # A name of the web that was made to lead here is another host to the browser, not to us.
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("There is nothing for this host.\n", 403)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Only GET.\n", 405, {"Allow": "GET, HEAD"})
        if request.url.path == "/" and "token" in request.query_params:
            return self._let_in(request)
        if not self._is_known(headers) or not self._is_of_our_page(headers):
            return PlainTextResponse(_REFUSED, 403)
        return None

    def _let_in(self, request: Request) -> Response:
        if not self._is_token(request.query_params["token"]):
            return PlainTextResponse(_REFUSED, 403)
        rest = [(k, v) for k, v in request.query_params.multi_items() if k != "token"]
        there = URL(path="/", query=str(QueryParams(rest)))
        answer = RedirectResponse(str(there), 303, {"Cache-Control": "no-store"})
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
        return answer

    def _is_known(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and self._is_token(cookie.value)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())

    def _is_of_our_page(self, headers: Headers) -> bool:
        """Return whether a request comes from our own page or from the reader's hand.

        To a browser all ports of a host are one site, and a page of another port sends our cookie.
        What it asks for is not even begun. Old browsers and other programs don't say where they
        come from.
        """
        site, origin = headers.get("sec-fetch-site", "none"), headers.get("origin")
        is_ours = origin is None or origin.removeprefix("http://") in self._hosts
        return is_ours and site in ("none", "same-origin")
