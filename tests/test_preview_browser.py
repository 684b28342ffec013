"""`reportgen preview` in a process of its own, looked at by a browser."""

from __future__ import annotations

import contextlib
import functools
import http.server
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from benchmarks.peers import QUIET
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

import reportgen
from reportgen.build.start import start_project
from tests.conftest import Workspace

WAIT = 60
SECTION = "content/sections/introduction.md"
RECORD = "content/commitments/new-zealand.yaml"
CATALOG = "locales/ar/LC_MESSAGES/messages.po"
TEMPLATE = "templates/parts/closing.html.j2"
TOKENS = "styles/tokens.css"

pytestmark = [
    pytest.mark.slow,
    # One browser, and no more layouts at a time than there are processors.
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX systems"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("these tests need Chromium; Debian and Ubuntu: apt install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report as `reportgen init` writes it, with an Arabic catalog."""
    root = tmp_path_factory.mktemp("started") / "report"
    start_project(root)
    made = Workspace(root)
    assert made.run("translate", "init", "ar").exit_code == 0
    return root


@pytest.fixture
def report(started: Path, tmp_path: Path) -> Workspace:
    root = tmp_path / "a report"  # its path has a space
    shutil.copytree(started, root)
    return Workspace(root)


@dataclass(frozen=True)
class Preview:
    """The command at work."""

    process: subprocess.Popen[str]
    url: str

    @property
    def origin(self) -> str:
        return self.url.partition("/?")[0]


@contextlib.contextmanager
def previewing(report: Workspace, *options: str) -> Iterator[Preview]:
    with subprocess.Popen(
        [sys.executable, "-m", "reportgen", "preview", "--no-browser", *options],
        cwd=report.root,
        env={**os.environ, "PYTHONPATH": str(Path(reportgen.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=\S{40,}  \(Ctrl-C ends\)\n", line)
            yield Preview(process, line.split()[0])
        finally:
            process.kill()


@dataclass
class Reader:
    """Somebody who looks at the preview. What the browser complains of is in `complaints`."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, preview: Preview, query: str = "") -> Reader:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(preview.url + query)
        self.page.evaluate("window.isStillHere = true")
        return self

    def _note(self, told: ConsoleMessage) -> None:
        # A page that was asked for while its next one was on its way is gone: no harm is done.
        is_gone = "/pages/" in told.location["url"] and "404" in told.text
        if told.type == "error" and not is_gone:
            self.complaints.append(told.text)

    @property
    def is_still_here(self) -> bool:
        """Whether it is the page that was opened, not reloaded since."""
        return bool(self.page.evaluate("window.isStillHere === true"))

    def wait_until(self, state: str) -> None:
        """Wait until the bar says: current, outdated, working or ended."""
        self.page.locator(f"#state[data-state={state}]").wait_for()

    def sheet(self, part: str, place: int = 0) -> Sheet:
        return Sheet(self.page, f'.page[data-part="{part}"][data-place="{place}"]')

    @property
    def scrolled(self) -> float:
        return float(self.page.evaluate("document.getElementById('scroller').scrollTop"))


@dataclass(frozen=True)
class Sheet:
    """A page of the report on the reader's desk."""

    page: Page
    selector: str

    def look(self) -> Sheet:
        """Bring it into sight, and wait until its image is there."""
        self.page.locator(self.selector).evaluate("element => element.scrollIntoView()")
        self.page.locator(f"{self.selector}[data-shown] img").wait_for()
        return self

    @property
    def key(self) -> str:
        return self.page.locator(self.selector).get_attribute("data-shown") or ""

    def wait_for_another(self, than: str) -> None:
        self.page.locator(f'{self.selector}[data-shown]:not([data-shown="{than}"]) img').wait_for()

    def pixels(self) -> Image.Image:
        """Give what the browser shows as the page: its image, as it was sent."""
        source = self.page.locator(f"{self.selector} img").evaluate("image => image.src")
        answer = self.page.request.get(source)
        assert answer.ok
        return Image.open(io.BytesIO(answer.body())).convert("RGB")


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(WAIT * 1000)
    expect.set_options(timeout=WAIT * 1000)
    made = Reader(context.new_page())
    yield made
    context.close()


def files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@dataclass(frozen=True)
class Save:
    """What is saved while which page is looked at in which language."""

    file: str
    old: str
    new: str
    part: str
    place: int = 0
    locale: str = "en"


SUMMARY = "Plant native trees on both banks, with the people who live there."
ARABIC = "ازرعوا الأشجار على ضفتي النهر."
MORE = ("Records stand in", "All the records of it stand in")
THANKS = ('<p class="closing-about">', '<p class="closing-about">Thanks. ')
SAVES = {
    "section": Save(SECTION, *MORE, "sections-introduction"),
    "record": Save(RECORD, "title: Plant the banks", "title: Plant trees", "pillar-restore", 1),
    "translation": Save(
        CATALOG,
        f'msgid "{SUMMARY}"\nmsgstr ""',
        f'msgid "{SUMMARY}"\nmsgstr "{ARABIC}"',
        "pillar-restore",
        1,
        "ar",
    ),
    "style": Save(
        TOKENS, "--pillar-1-ground: #24306b;", "--pillar-1-ground: #aa1155;", "pillar-measure"
    ),
    "template": Save(TEMPLATE, *THANKS, "closing"),
}


@pytest.mark.parametrize("name", SAVES)
def test_a_save_shows_itself_in_place(report: Workspace, reader: Reader, name: str) -> None:
    save = SAVES[name]
    before = files(report.root)
    with previewing(report) as preview:
        reader.open(preview, f"&locale={save.locale}")
        reader.wait_until("current")
        sheet = reader.sheet(save.part, save.place).look()
        # Somewhere down on the page, so that a place that is lost is seen.
        reader.page.evaluate("document.getElementById('scroller').scrollBy(0, 123)")
        old, key, scrolled = sheet.pixels(), sheet.key, reader.scrolled
        report.edit(save.file, (save.old, save.new))
        sheet.wait_for_another(key)
        reader.wait_until("current")
        new = sheet.pixels()
        assert new.size == old.size
        assert new.tobytes() != old.tobytes()
        assert abs(reader.scrolled - scrolled) <= 1
        assert reader.is_still_here
        if name == "style":
            assert (0xAA, 0x11, 0x55) in {color for _, color in new.getcolors(1 << 24) or ()}
            assert (0xAA, 0x11, 0x55) not in {color for _, color in old.getcolors(1 << 24) or ()}
        # Back again, and it is what it was, to the pixel.
        key = sheet.key
        report.edit(save.file, (save.new, save.old))
        sheet.wait_for_another(key)
        assert sheet.pixels().tobytes() == old.tobytes()
        assert reader.is_still_here
    assert reader.complaints == []
    assert files(report.root) == before


def test_a_change_out_of_sight_can_be_gone_to(report: Workspace, reader: Reader) -> None:
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        reader.sheet("closing").look()
        jump = reader.page.locator("#jump")
        expect(jump).to_be_hidden()
        wait_for_comparisons(reader)
        report.edit(SECTION, MORE)
        # That page alone: the contents were laid out anew as well, and look as before.
        expect(jump).to_have_text("Go to the change: page 4")
        jump.click()
        expect(jump).to_be_hidden()
        expect(reader.page.locator("#page-4")).to_be_in_viewport()
        # What is changed back before anybody has seen it is no change.
        reader.sheet("closing").look()
        red = ("--pillar-1-ground: #24306b;", "--pillar-1-ground: #aa1155;")
        report.edit(TOKENS, red)
        expect(jump).to_contain_text("Go to the change: page")
        report.edit(TOKENS, red[::-1])
        expect(jump).to_be_hidden()
    assert reader.complaints == []


def wait_for_comparisons(reader: Reader) -> None:
    """Wait until all pages have been drawn once, also those never looked at."""
    all_compared = "[...document.querySelectorAll('.page')].every(e => !e.page.isToBeCompared)"
    for _ in range(WAIT * 10):
        if reader.page.evaluate(all_compared):
            return
        reader.page.wait_for_timeout(100)
    pytest.fail("the pages were not compared")


def test_the_place_is_kept_when_pages_come_before_it(report: Workspace, reader: Reader) -> None:
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        sheet = reader.sheet("pillar-restore", 1).look()
        where = "element => element.getBoundingClientRect().top"
        top = reader.page.locator(sheet.selector).evaluate(where)
        expect(reader.page.locator("#count")).to_have_text("11")
        report.append(SECTION, "\nMore and more of it. " * 300)
        expect(reader.page.locator("#count")).not_to_have_text("11")
        assert abs(reader.page.locator(sheet.selector).evaluate(where) - top) <= 1
        assert reader.is_still_here


def test_a_mistake_in_the_content_leaves_the_last_good_pages(
    report: Workspace, reader: Reader
) -> None:
    mistake = ("pillar: restore", "pillar: restor")
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        sheet = reader.sheet("pillar-restore", 1).look()
        old, key = sheet.pixels(), sheet.key
        report.edit(RECORD, mistake)
        reader.wait_until("outdated")
        banner = reader.page.get_by_role("alert")
        expect(banner).to_contain_text("These pages are not up to date.")
        expect(banner).to_contain_text(f"{RECORD}:6:13")
        expect(banner).to_contain_text("did you mean 'restore'?")
        link = reader.page.locator("#errors .where")
        expect(link).to_have_text(f"{RECORD}:6:13")
        there = str(report.root / RECORD).replace(" ", "%20")
        expect(link).to_have_attribute("href", f"vscode://file{there}:6:13")
        expect(reader.page.locator("#errors .code")).to_have_text("error[unknown-pillar] ")
        # A screen reader hears it.
        expect(reader.page.get_by_role("status")).to_have_text("1 error, 1 warning.")
        assert sheet.key == key
        assert sheet.pixels().tobytes() == old.tobytes()
        report.edit(RECORD, mistake[::-1])
        reader.wait_until("current")
        expect(banner).to_be_empty()
        report.edit(RECORD, ("title: Plant the banks", "title: Plant trees"))
        sheet.wait_for_another(key)
        assert sheet.pixels().tobytes() != old.tobytes()
        assert reader.is_still_here
    assert reader.complaints == []


def test_a_mistake_in_a_template_leaves_the_last_good_pages(
    report: Workspace, reader: Reader
) -> None:
    with previewing(report, "--editor", "textmate") as preview:
        reader.open(preview)
        reader.wait_until("current")
        sheet = reader.sheet("closing").look()
        old, key = sheet.pixels(), sheet.key
        good = (report.root / TEMPLATE).read_text(encoding="utf-8")
        report.edit(TEMPLATE, ("report.closing.about|prose", "report.closing.abot|prose"))
        reader.wait_until("outdated")
        expect(reader.page.get_by_role("alert")).to_contain_text(f"{TEMPLATE}:5:")
        there = str(report.root / TEMPLATE).replace(" ", "%20")
        link = reader.page.locator("#errors .where")
        expect(link).to_have_attribute(
            "href", re.compile(re.escape(f"txmt://open?url=file://{there}&line=5"))
        )
        assert sheet.pixels().tobytes() == old.tobytes()
        report.edit(TEMPLATE, good.replace(*THANKS))
        sheet.wait_for_another(key)
        reader.wait_until("current")
        assert sheet.pixels().tobytes() != old.tobytes()
        assert reader.is_still_here
    assert reader.complaints == []


def test_content_that_is_wrong_at_the_start_says_so(report: Workspace, reader: Reader) -> None:
    report.edit("content/report.yaml", ("slug: ", "slog: "))
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("outdated")
        expect(reader.page.get_by_role("alert")).to_contain_text("The pages can’t be made.")
        expect(reader.page.locator("#errors .where").first).to_contain_text("content/report.yaml:")
        report.edit("content/report.yaml", ("slog: ", "slug: "))
        reader.wait_until("current")
        reader.sheet("cover").look()
        expect(reader.page.locator("#locale")).to_have_value("en")
        assert reader.is_still_here
    assert reader.complaints == []


def test_languages_editions_and_facing_pages(report: Workspace, reader: Reader) -> None:
    page = reader.page
    with previewing(report, "--locale", "ar") as preview:
        reader.open(preview)
        reader.wait_until("current")
        assert "locale=ar" in page.url
        assert "token" not in page.url
        reader.sheet("cover").look()
        expect(page.locator(".translations")).to_contain_text("Arabic")
        page.get_by_role("button", name="Facing pages").click()
        left = {number: box(page, number)["x"] for number in (1, 2, 3)}
        assert left[3] < left[2]  # from right to left
        assert left[1] == left[3]  # alone, as the first page of a booklet is
        page.get_by_label("Language").select_option("en")
        page.locator("#pages[dir=ltr]").wait_for()
        left = {number: box(page, number)["x"] for number in (1, 2, 3)}
        assert left[2] < left[3]
        assert left[1] == left[3]
        width = box(page, 1)["width"]
        page.get_by_label("Edition").select_option("print")
        page.locator("#edition").wait_for()
        reader.wait_until("current")
        # A reload shows the same again.
        page.reload()
        reader.wait_until("current")
        expect(page.get_by_label("Edition")).to_have_value("print")
        expect(page.get_by_label("Language")).to_have_value("en")
        expect(page.get_by_role("button", name="Facing pages")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert box(page, 1)["width"] == pytest.approx(width, abs=2)  # it still fits
        assert reader.sheet("cover").look().pixels().size > (1, 1)
    assert reader.complaints == []


def box(page: Page, number: int) -> dict[str, float]:
    found = page.locator(f"#page-{number}").bounding_box()
    assert found
    return {name: float(found[name]) for name in ("x", "y", "width", "height")}


def test_pages_are_read_with_the_keyboard_and_by_their_links(
    report: Workspace, reader: Reader
) -> None:
    page = reader.page
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        reader.sheet("cover").look()
        page.get_by_role("main").focus()
        number = page.get_by_label("Page", exact=True)
        page.keyboard.press("ArrowRight")
        expect(number).to_have_value("2")
        page.keyboard.press("End")
        expect(number).to_have_value("11")
        number.fill("3")
        number.press("Enter")
        expect(page.locator("#page-3")).to_be_in_viewport()
        # The contents lead to the section.
        page.locator("#page-3").get_by_role("link", name="To page 4").first.click()
        expect(number).to_have_value("4")
        outer = page.locator('#page-4 a[target="_blank"]').first
        assert "noopener" in (outer.get_attribute("rel") or "")
        assert re.match("https://", outer.get_attribute("href") or "")
    assert reader.complaints == []


def test_images_have_the_pixels_of_the_screen(report: Workspace, browser: Browser) -> None:
    context = browser.new_context(device_scale_factor=2, viewport={"width": 700, "height": 800})
    context.set_default_timeout(WAIT * 1000)
    try:
        reader = Reader(context.new_page())
        with previewing(report) as preview:
            reader.open(preview)
            reader.wait_until("current")
            sheet = reader.sheet("cover").look()
            shown = box(reader.page, 1)["width"] * 2
            assert sheet.pixels().width == pytest.approx(shown, abs=2)
    finally:
        context.close()


def test_ctrl_c_ends_while_somebody_looks(report: Workspace, reader: Reader) -> None:
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(WAIT) == 0
        assert preview.process.stdout
        assert preview.process.stderr
        assert (preview.process.stdout.read(), preview.process.stderr.read()) == ("", "")
        reader.wait_until("ended")
        expect(reader.page.get_by_role("alert")).to_contain_text("The preview has ended.")


def test_ctrl_c_ends_in_the_middle_of_a_layout(report: Workspace, reader: Reader) -> None:
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("working")
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(WAIT) == 0
        assert preview.process.stderr
        assert preview.process.stderr.read() == ""


ATTACK = """<!doctype html><title>Another page</title><body><script type="module">
const there = ORIGIN;
const outcome = {};
const tried = async (name, work) => {
  outcome[name] = await work.catch(() => "refused");
};
const element = (tag, properties) => new Promise((resolve, reject) => {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made, { onload: () => resolve("loaded"), onerror: reject });
  document.body.append(made);
});
const read = (path) => fetch(there + path, { credentials: "include" }).then((got) => got.text());
const news = () => new Promise((resolve, reject) => {
  const events = new EventSource(`${there}/events`, { withCredentials: true });
  Object.assign(events, { onopen: () => resolve("open"), onerror: reject });
});
await Promise.all([
  tried("read", read("/")),
  tried("read image", read(IMAGE)),
  tried("news", news()),
  tried("image", element("img", { src: there + IMAGE })),
  tried("script", element("script", { src: `${there}/preview.js` })),
  tried("style", element("link", { rel: "stylesheet", href: `${there}/preview.css` })),
]);
document.body.append(Object.assign(document.createElement("iframe"), { src: `${there}/` }));
window.outcome = outcome;
</script>"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_another_page_sees_nothing(
    report: Workspace, reader: Reader, tmp_path: Path, host: str
) -> None:
    with previewing(report) as preview:
        reader.open(preview)
        reader.wait_until("current")
        image = reader.sheet("cover").look().page.locator(".page img").first.get_attribute("src")
        other = tmp_path / "other"
        other.mkdir()
        attack = ATTACK.replace("ORIGIN", repr(preview.origin)).replace("IMAGE", repr(image))
        (other / "index.html").write_text(attack, encoding="utf-8")
        with serving(other) as port:
            # In the same browser, which has the cookie.
            page = reader.page.context.new_page()
            page.goto(f"http://{host}:{port}/")
            page.locator("iframe").wait_for()
            outcome = page.evaluate("window.outcome")
            assert set(outcome.values()) == {"refused"}, outcome
            assert len(outcome) == 6
            frame = page.locator("iframe").element_handle().content_frame()
            assert frame
            frame.wait_for_load_state()
            assert frame.locator("#pages").count() == 0
    # Our own page has what the other one couldn't get.
    assert reader.complaints == []


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[int]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        thread = threading.Thread(target=other.serve_forever, daemon=True)
        thread.start()
        yield other.server_port
        other.shutdown()
        thread.join(WAIT)
