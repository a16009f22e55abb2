"""The admin by keys alone: the palette, lists, the help sheet, and the word that one's own job is done."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.fieldpage import serious
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser
OWNER = "owner@example.org"
#: Answers begin to arrive and end only when they are overtaken.
NEVER_WHOLE = """window.overtaken = 0;
const usual = window.fetch;
window.fetch = (address, asked) => !String(address).includes("/palette") ? usual(address, asked) : Promise.resolve({
  ok: true, redirected: false, text: () => new Promise((_, fail) => asked.signal.addEventListener("abort", () => {
    window.overtaken += 1;
    fail(asked.signal.reason);
  })) });"""


def sign_in(page: Page) -> None:
    page.goto("/admin/sign-in")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin")


@pytest.fixture
def redirects(server: Server) -> list[str]:
    """The addresses of three redirects' pages: /old-1, /old-2, /old-3."""
    server.claim()
    with server.client(OWNER) as client:
        made = []
        for number in (1, 2, 3):
            sent = {"sourcePath": f"/old-{number}", "targetUrl": "/new", "statusCode": 301}
            answer = client.post("/redirects", json=sent)
            assert answer.status_code == 201, answer.text
            made.append(f"/admin/redirects/{answer.json()['id']}")
    return made


def palette(page: Page, question: str = "") -> Locator:
    """Open the palette by its keys and type; return the line that Enter would open, once it fits."""
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find or do something")
    expect(field).to_be_focused()
    page.keyboard.type(question)
    expect(page.locator(".palette-list")).to_have_attribute("data-question", question)
    return page.locator(".palette [aria-selected=true]")


@pytest.mark.usefixtures("redirects")
def test_everything_is_reached_without_a_mouse(
    window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    page = window(DESK)
    sign_in(page)

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    assert serious(page) == []
    screenshot(page, "shortcuts")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()

    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/admin/redirects")
    rows = page.locator(".table-row")
    for key in ("j", "j", "k", "k", "k", "j"):
        page.keyboard.press(key)
    expect(rows.nth(1).locator(".table-link")).to_be_focused()
    page.keyboard.press("x")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
    expect(page.locator(".bulk-bar")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search redirects")).to_be_focused()
    page.keyboard.type("old-3gn?")
    expect(page.get_by_role("searchbox", name="Search redirects")).to_have_value("old-3gn?")
    rows.nth(0).locator(".table-link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/redirects/[0-9a-f-]{36}"))

    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type("-jk")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"/admin/redirects/[0-9a-f-]{36}"))


def test_the_palette_finds_goes_and_does(
    window: Callable[..., Page], redirects: list[str], screenshot: Callable[[Page, str], None]
) -> None:
    page = window(DESK)
    sign_in(page)

    expect(palette(page, "add redir")).to_contain_text("Add redirect")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/redirects/new")
    page.goto(redirects[1])

    page.goto("/admin")
    expect(palette(page)).to_contain_text("/old-2")
    assert serious(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{redirects[1]}")

    expect(palette(page, "orders")).to_contain_text("Orders")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    opened.value.wait_for_url("**/admin/orders")
    opened.value.close()
    page.bring_to_front()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Find or do something")).to_be_hidden()  # Ctrl-K would close it, too

    expect(palette(page, "dark")).to_contain_text("Dark colours")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(palette(page, "tax")).to_contain_text("Tax")
    assert serious(page) == []
    screenshot(page, "palette-dark")
    page.keyboard.press("Escape")
    expect(page.locator(".palette")).to_be_hidden()

    page.keyboard.press("?")
    expect(page.get_by_role("switch", name="Single keys do something")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    expect(palette(page, "out of here")).to_contain_text("Search everything")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/search?q=out+of+here")

    page.add_init_script(NEVER_WHOLE)  # that is no error, which `window` would tell of
    page.goto("/admin")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find or do something")).to_be_focused()
    page.keyboard.type("tax", delay=300)
    page.wait_for_function("window.overtaken >= 2")


def test_a_job_that_ended_meanwhile_is_told_and_fingers_reach_it_all(
    window: Callable[..., Page], redirects: list[str]
) -> None:
    page = window(PHONE)
    sign_in(page)
    page.goto("/admin/redirects/import")
    table = {"name": "more.csv", "mimeType": "text/csv", "buffer": b"sourcePath,targetUrl,statusCode\n/a,/b,301\n"}
    page.locator("input[type=file]").set_input_files([table])
    page.locator("main form button[type=submit]").first.click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(re.compile(r"/admin/redirects/import/[0-9a-f-]{36}$"))
    expect(page.get_by_text("Created")).to_be_visible()
    own = page.url.rsplit("/", 1)[-1]

    # As if it had still run when the person left. On a page of the admin, a job that ends now would be compared there.
    page.goto("/robots.txt")
    page.evaluate("ids => localStorage.setItem('agora-own-jobs', ids)", json.dumps([own]))
    page.goto("/admin/media")
    said = page.locator(".toast", has_text="Done: Import a table into a list.")
    expect(said.get_by_role("link", name="Show")).to_have_attribute("href", f"/admin/redirects/import/{own}")
    page.reload()
    page.locator(".topbar-jobs").click()
    expect(page.locator(".running-sheet").get_by_text("more.csv")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)
    assert serious(page) == []

    page.get_by_role("searchbox", name="Search everything").click()
    page.get_by_role("combobox", name="Find or do something").fill("old-1")
    page.get_by_role("option", name="/old-1").click()
    page.wait_for_url(f"**{redirects[0]}")

    plain = window(DESK, scripts=False)
    sign_in(plain)
    plain.get_by_role("searchbox", name="Search everything").fill("old-1")
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="/old-1").click()
    plain.wait_for_url(f"**{redirects[0]}")
    plain.locator(".topbar-jobs").click()
    plain.get_by_role("link", name="Show all").click()
    expect(plain.get_by_role("heading", name="What is running")).to_be_visible()
