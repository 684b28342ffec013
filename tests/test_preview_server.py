"""The preview's server, asked by real requests: who may see what, and what the answers say."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.preview import protocol
from reportgen.preview.editors import EDITORS, editor_link
from reportgen.preview.server import APP, Options, Preview, Server, address, listen
from reportgen.project import Project
from tests.preview import FakeEngine

TOKEN = "a-token-for-this-test"
WAIT = 30


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Client:
    """Asks a running server; it has the cookie."""

    port: int
    root: Path
    engine: FakeEngine = field(repr=False)

    @property
    def cookie(self) -> str:
        return f"reportgen-preview-{self.port}={TOKEN}"

    def ask(self, path: str, method: str = "GET", **headers: str | None) -> Answer:
        given: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders()
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()

    def news(self, query: str = "") -> list[dict[str, object]]:
        """Give the news until there is a view and nothing left to do."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request("GET", f"/events{query}", headers={"Cookie": self.cookie})
            got = connection.getresponse()
            assert got.status == 200
            assert str(got.getheader("Content-Type")).startswith("text/event-stream")
            told: list[dict[str, object]] = []
            while not told or not told[-1]["view"] or told[-1]["is_working"]:
                line = got.readline().decode()
                if line.startswith("data: "):
                    told.append(json.loads(line.removeprefix("data: ")))
            return told
        finally:
            connection.close()

    def image(self) -> str:
        """Give the path of the first page's image."""
        view = self.news("?locale=en&edition=digital")[-1]["view"]
        assert isinstance(view, dict)
        return str(view["pages"][0]["image"])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    root = tmp_path_factory.mktemp("report")
    (root / "content").mkdir()
    (root / "content/secret.yaml").write_text("secret: yes")
    engine = FakeEngine()
    with listen() as listening:
        port = listening.getsockname()[1]
        options = Options("vscode", TOKEN, port)
        running = Server(Preview(Project(root), lambda: engine, options))
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        yield Client(port, root, engine)
        running.should_exit = True
        thread.join(WAIT)
        assert not thread.is_alive()


def test_it_listens_at_the_loopback_address_alone() -> None:
    with listen() as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


def test_the_token_lets_in_once_and_leaves_the_address(client: Client) -> None:
    answer = client.ask(f"/?token={TOKEN}&locale=fr&edition=print", Cookie=None)
    assert (answer.status, answer.headers["location"]) == (303, "/?locale=fr&edition=print")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{client.cookie};")
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.lower().split("; "))
    assert "domain" not in cookie.lower()


def test_the_address_that_is_opened_has_the_token() -> None:
    opened = address(Options("none", "a b", 8000), locale="pt-BR")
    assert opened == "http://127.0.0.1:8000/?token=a+b&locale=pt-BR"


@pytest.mark.parametrize("path", ["/", "/preview.js", "/events", "/pages/en-1-0.png", "/nothing"])
@pytest.mark.parametrize(
    "cookie", [None, "", "{name}=", "{name}=wrong", "other={token}", "{name}=wörng", '="; ;']
)
def test_who_has_no_cookie_gets_nothing(client: Client, path: str, cookie: str | None) -> None:
    sent = cookie and cookie.format(name=client.cookie.partition("=")[0], token=TOKEN)
    answer = client.ask(path, Cookie=sent)
    assert answer.status == 403
    assert answer.body == b"Open the address that `reportgen preview` has printed.\n"


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], f"{TOKEN}x", "w%C3%B6rng"])
def test_a_wrong_token_lets_nobody_in(client: Client, token: str) -> None:
    answer = client.ask(f"/?token={token}")
    assert (answer.status, answer.headers.get("set-cookie")) == (403, None)


@pytest.mark.parametrize(
    "host", [None, "", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "127.0.0.1:{port}.evil"]
)
def test_no_other_host_is_answered(client: Client, host: str | None) -> None:
    answer = client.ask(f"/?token={TOKEN}", Host=host and host.format(port=client.port))
    assert answer.status in (400, 403)  # 400: without a host it is no request of HTTP/1.1
    assert "set-cookie" not in answer.headers


def test_the_name_of_this_machine_is_the_same_host(client: Client) -> None:
    assert client.ask("/", Host=f"localhost:{client.port}").status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_is_not_answered_though_the_browser_sends_the_cookie(
    client: Client, site: str
) -> None:
    assert client.ask("/events", Sec_Fetch_Site=site).status == 403
    assert client.ask("/pages/en-1-0.png", Sec_Fetch_Site=site).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_there_is_nothing_to_be_changed(client: Client, method: str) -> None:
    answer = client.ask("/", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_each_answer_keeps_other_pages_away(client: Client) -> None:
    paths = ["/", "/preview.css", "/preview.js", client.image(), "/nothing"]
    for answer in [*(client.ask(path) for path in paths), client.ask("/", Cookie=None)]:
        policy = dict(
            part.strip().split(" ", 1)
            for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not any(name.startswith("access-control") for name in answer.headers)
        assert "server" not in answer.headers


def test_the_page_has_no_script_or_style_of_its_own(client: Client) -> None:
    page = client.ask("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    html = page.body.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=", html) == []
    # All that it names is given out.
    for path in re.findall(r'(?:src|href)="(/[^"]+)"', html):
        assert client.ask(path).status == 200


def test_head_says_what_get_would(client: Client) -> None:
    assert client.ask("/events", "HEAD").status == 200
    for path in ("/", client.image()):
        get, head = client.ask(path), client.ask(path, "HEAD")
        assert (head.status, head.body) == (200, b"")
        for name in ("content-length", "content-type", "cache-control"):
            assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    "path",
    [
        "/content/secret.yaml",
        "/../content/secret.yaml",
        "/..%2fcontent%2fsecret.yaml",
        "/pages/..%2f..%2fcontent%2fsecret.yaml",
        "/pages/../../content/secret.yaml",
        "/server.py",
        "/app/index.html",
        "/%2e%2e/live.py",
    ],
)
def test_no_other_file_is_given_out(client: Client, path: str) -> None:
    assert client.ask(path).status == 404


def test_the_package_has_all_files_of_the_page() -> None:
    app = Path(str(__import__("reportgen").__file__)).parent / "preview/app"
    assert {path.name for path in app.iterdir()} == set(APP)


def test_images_never_change(client: Client) -> None:
    image = client.image()
    answer = client.ask(f"{image}?scale=1.5")
    assert (answer.status, answer.body) == (200, f"{Path(image).stem} at 1.5".encode())
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]
    digest = answer.headers["etag"]
    again = client.ask(f"{image}?scale=1.5", If_None_Match=digest)
    assert (again.status, again.body) == (304, b"")
    other = client.ask(f"{image}?scale=2", If_None_Match=digest)
    assert (other.status, other.headers["etag"] == digest) == (200, False)


def test_an_image_that_is_gone_is_not_remembered_as_such(client: Client) -> None:
    answer = client.ask("/pages/en-0-0.png")
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize("scale", ["0", "-1", "99", "nan", "inf", "x", ""])
def test_an_image_has_a_size_that_a_screen_has(client: Client, scale: str) -> None:
    assert client.ask(f"{client.image()}?scale={scale}").status == 400


def test_news_are_what_the_page_shows(client: Client) -> None:
    *_, last = client.news("?locale=en&edition=digital")
    assert last["project"] == client.root.name
    assert last["locales"] == [
        {"tag": "en", "name": "English", "direction": "ltr"},
        {"tag": "fr", "name": "French", "direction": "ltr"},
    ]
    view = last["view"]
    assert isinstance(view, dict)
    assert view["pages"][1]["image"] == f"/pages/{view['pages'][1]['key']}.png"
    assert view["pages"][0]["areas"][0]["page"] == 1
    (found,) = view["diagnostics"]
    assert (found["severity"], found["code"], found["line"]) == ("warning", "stray-file", 3)
    assert found["link"] == f"vscode://file{client.root}/content/a%20b%231.md:3:7"
    # 199 of 200: not all.
    assert view["translations"][0]["percent"] == 99


def test_a_save_is_news(client: Client) -> None:
    client.news()
    before = len(client.engine.updates)
    (client.root / "content/text.md").write_text("new")
    until = time.monotonic() + WAIT
    while len(client.engine.updates) == before and time.monotonic() < until:
        client.news()
    assert len(client.engine.updates) > before


# Each route, also one that is new


def routes() -> list[str]:
    """Give a path of each route that the app has."""
    preview = Preview(Project(Path("/")), FakeEngine, Options("none", TOKEN, 1))
    paths = [route.path for route in preview.routes]
    return [path.format(key="en-1-0", name="preview.js") for path in paths]


REFUSED: dict[str, dict[str, str | None]] = {
    "no token": {"Cookie": None},
    "another token": {"Cookie": "reportgen-preview-{port}=wrong"},
    "the token of another port": {"Cookie": "reportgen-preview-1={token}"},
    "another host": {"Host": "evil.example:{port}"},
    "another port": {"Host": "127.0.0.1:1"},
    "another site": {"Sec_Fetch_Site": "cross-site"},
    "another port of this host": {"Sec_Fetch_Site": "same-site"},
    "another origin": {"Origin": "http://evil.example"},
    "no origin of the web": {"Origin": "null"},
    "this host's other origin": {"Origin": "http://127.0.0.1:1"},
}


@pytest.mark.parametrize("reason", REFUSED)
@pytest.mark.parametrize("path", routes())
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_route_is_open(client: Client, path: str, method: str, reason: str) -> None:
    headers = {
        name: value and value.format(port=client.port, token=TOKEN)
        for name, value in REFUSED[reason].items()
    }
    answer = client.ask(path, method, **headers)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", routes())
def test_our_own_page_is_answered(client: Client, path: str) -> None:
    for origin in (f"http://127.0.0.1:{client.port}", f"http://localhost:{client.port}"):
        assert client.ask(path, "HEAD", Origin=origin).status in (200, 204, 404)


# Clients that are slow, and many of them


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have slow clients dropped soon."""
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(protocol, "RESPONSE_SECONDS", 0.2)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"],
    ids=["nothing", "half a request", "half of the next request"],
)
@pytest.mark.usefixtures("hurried")
def test_who_does_not_finish_a_request_is_dropped(client: Client, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", client.port), WAIT) as slow:
        slow.sendall(begun)
        assert ended(slow)


@pytest.mark.usefixtures("hurried")
def test_a_letter_now_and_then_is_no_request(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), WAIT) as slow:
        until = time.monotonic() + WAIT
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < until:
                slow.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() < until


@pytest.mark.usefixtures("hurried")
def test_who_does_not_read_is_dropped(client: Client) -> None:
    image = client.image()
    client.engine.padding = b"0" * 20_000_000
    try:
        with socket.create_connection(("127.0.0.1", client.port), WAIT) as slow:
            request = f"GET {image}?scale=3 HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
            slow.sendall(f"{request}Cookie: {client.cookie}\r\n\r\n".encode())
            time.sleep(1)
            assert len(everything(slow)) < 20_000_000
    finally:
        client.engine.padding = b""
    assert client.ask("/").status == 200


@pytest.mark.usefixtures("hurried")
def test_who_waits_for_news_is_not_dropped(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), WAIT) as patient:
        request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
        patient.sendall(f"{request}Cookie: {client.cookie}\r\n\r\n".encode())
        assert patient.recv(1)
        time.sleep(0.6)
        before = len(client.engine.updates)
        (client.root / "content/text.md").write_text("newer")
        until = time.monotonic() + WAIT
        patient.settimeout(WAIT)
        while len(client.engine.updates) == before and time.monotonic() < until:
            assert patient.recv(4096)


def ended(connection: socket.socket) -> bool:
    everything(connection)
    return True


def everything(connection: socket.socket) -> bytes:
    """Read until the server ends the connection."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(1_000_000):
            got += data
    return got


def test_many_readers_and_many_saves(client: Client) -> None:
    def follow(number: int) -> str:
        client.news(f"?locale={('en', 'fr')[number % 2]}&edition=digital")
        return str(client.ask("/").status)

    with contextlib.ExitStack() as stack, ThreadPoolExecutor(50) as readers:
        for _ in range(10):  # who asks and doesn't read
            slow = socket.create_connection(("127.0.0.1", client.port), WAIT)
            stack.callback(slow.close)
            request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n"
            slow.sendall(f"{request}Cookie: {client.cookie}\r\n\r\n".encode())
        answers = [readers.submit(follow, number) for number in range(50)]
        for number in range(50):
            (client.root / "content/text.md").write_text(f"save {number}")
            time.sleep(0.02)
        assert {answer.result(WAIT) for answer in answers} == {"200"}
    assert client.ask("/").status == 200


@given(
    st.sampled_from(sorted(set(EDITORS) - {"none"})),
    st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1),
)
def test_a_link_to_the_editor_holds_any_path(editor: str, name: str) -> None:
    path = Path("/reports") / f"x{name}"
    link = editor_link(editor, path, 12, 3)
    assert link
    assert re.fullmatch(r"[a-z]+://[!-~]+", link)
    # The path is one piece: none of its signs begins a query, a fragment or a line's number.
    (piece,) = re.findall(r"/reports/[\w.~%-]+", link)
    assert unquote(piece) == str(path)
    assert re.fullmatch(r"(:12:3|&line=12(&column=3)?)", link[link.index(piece) + len(piece) :])


def test_without_an_editor_there_is_no_link() -> None:
    assert editor_link("none", Path("/a"), 1, 1) is None
