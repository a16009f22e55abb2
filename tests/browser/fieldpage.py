"""The style guide's page of fields, under the policy that real pages have, and what people do on it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page

from engine.api.gateway.headers import CONTENT_SECURITY_POLICY
from tests.browser.conftest import DESK, PATIENCE
from ui.components.preview import write

AXE = Path("ui/node_modules/axe-core/axe.min.js")
PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plain");
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
SERIOUS = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => `${one.id}: ${one.nodes[0].html}`)"""


class _Pages(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY.format(ancestors="'none'", homes=""))
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@contextmanager
def style_guide(folder: Path) -> Iterator[str]:
    """Serve the style guide; the address of its files."""
    write(folder, ["fields"])
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Open a window for all tests of a module: a new one reads every script anew, which costs more than a test."""
    context = browser.new_context(viewport=DESK, base_url=address)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    context.route("**/admin/running", lambda route: route.fulfill(status=204))  # what the frame asks for by itself
    context.route("**/admin/events", lambda route: route.fulfill(body="", content_type="text/event-stream"))
    yield context.new_page()
    context.close()


@contextmanager
def as_new(page: Page, allowed: str | None = None) -> Iterator[Page]:
    """Load the page of fields as if nobody had been there; its errors, and what its policy refuses, fail the test.

    allowed: what the console may complain of.
    """
    wrong: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error" and not (allowed and allowed in said.text):
            wrong.append(said.text)

    def keep(error: Error) -> None:
        wrong.append(str(error))

    page.on("pageerror", keep)
    page.on("console", listen)
    page.goto("/fields.html")
    yield page
    page.remove_listener("pageerror", keep)
    page.remove_listener("console", listen)
    page.unroute_all()
    page.mouse.move(0, 0)
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    assert wrong == []


def sent(page: Page, prefix: str = "") -> list[list[str]]:
    """Return what the form would send, of the fields whose names begin so."""
    found: list[list[str]] = page.evaluate(
        "prefix => [...new FormData(document.querySelector('main form'))]"
        ".filter(([name, value]) => name.startsWith(prefix) && typeof value === 'string')",
        prefix,
    )
    return found


def value(page: Page, name: str) -> str:
    """Return the one value that the form would send under a name."""
    found = [text for key, text in sent(page, name) if key == name]
    assert len(found) == 1, found
    return found[0]


def editor(page: Page, label: str) -> Locator:
    """Return the text of an editor, emptied."""
    found = page.get_by_role("textbox", name=label)
    found.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    return found


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(SERIOUS)
    return found


PICKER = """<h2 class="dialog-title">Choose a file</h2>
<button type="button" data-media-id>Red mug</button>"""
CHOSEN = """(choice) => {
  const detail = { id: "0192f3c1-0000-7000-8000-000000000009", url: "/picture-3.svg", alt: "A red mug" };
  choice.dispatchEvent(new CustomEvent("media:chosen", { bubbles: true, detail }));
  choice.closest("dialog")?.close();
}"""


def pick(page: Page) -> None:
    """Choose the red mug in the media library's picker, which is open."""
    page.get_by_role("button", name="Red mug").evaluate(CHOSEN)


def offer_pictures(page: Page) -> None:
    """Answer the picker as the media library does."""
    page.route("**/admin/media/picker*", lambda route: route.fulfill(body=PICKER, content_type="text/html"))
