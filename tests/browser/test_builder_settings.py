"""What is set in the builder: the page itself, a reusable block where it is used, a table; also without a network."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.looks import findings, sign_in_as
from tests.browser.test_builder import ENTER, WIDE, canvas, is_saved, opened
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser


def begun(owner: httpx.Client, title: str, *blocks: dict[str, Any], **more: Any) -> str:
    answer = owner.post("/pages/begin", json={"title": title, "content": {"title": title, "blocks": blocks}, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def blocks_of(owner: httpx.Client, page_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = owner.get(f"/pages/{page_id}/draft").json()["content"]["blocks"]
    return found


def hired(server: Server, email: str, name: str) -> None:
    """Make an editor's account by the command, beside the running server."""
    options = ["--email", email, "--name", name, "--role", "editor", "--password-stdin", "--data", str(server.folder)]
    subprocess.run(
        [sys.executable, "-m", "app", "user", "create", *options], input=PASSWORD, text=True, check=True, timeout=60
    )


def stand_below_another(page: Page, owner: httpx.Client, page_id: str) -> None:
    """Give the page a place: an error stands at its field; then it stands below another, for customers."""
    place = page.locator("[data-place]")
    place.get_by_label("Address").fill("not one")
    place.get_by_role("button", name="Change").click()
    expect(place.locator(".field-invalid")).to_contain_text("cannot be in an address")
    place.get_by_label("Address").fill("come")
    place.locator("[data-relation=parentId] input.control").fill("Abo")
    page.locator(".suggestions").get_by_role("option", name="About").click()
    place.get_by_label("Open to").select_option(label="Some roles")
    place.get_by_label("Customers").check()
    place.get_by_role("button", name="Change").click()
    expect(page.locator("[data-result-address]")).to_have_text(re.compile("/about/come$"))
    assert owner.get(f"/pages/{page_id}").json()["roles"] == ["customer"]


def write_in_table(page: Page, owner: httpx.Client, page_id: str) -> None:
    """Write from cell to cell with Tab, which begins a row; paste what a spreadsheet copied over it."""
    sheet = canvas(page)
    sheet.locator('[data-cell="2 2"]').click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("18:00")
    page.keyboard.press("Tab")
    page.keyboard.type("Wednesday")
    page.keyboard.press("Tab")
    page.keyboard.type("10 | 11")
    is_saved(page)
    assert blocks_of(owner, page_id)[0]["settings"]["cells"][2:] == [
        ["Tuesday", "9:00", "18:00"],
        ["Wednesday", "10 | 11", ""],
    ]
    grid = 'Thursday\t8:00\t"with ""tea"""\tfree\r\nFriday\t9:00\t17:00\tfree'
    sheet.locator('[data-cell="3 0"]').click()
    sheet.locator('[data-cell="3 0"]').evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        grid,
    )
    expect(sheet.locator("[data-block=tb] tr")).to_have_count(5)
    page.locator("[data-table] summary").click()
    page.get_by_role("button", name="Delete this column").click()
    is_saved(page)
    assert blocks_of(owner, page_id)[0]["settings"]["cells"][3:] == [
        ["Thursday", "8:00", 'with "tea"'],
        ["Friday", "9:00", "17:00"],
    ]


def differ_and_let_go(page: Page, owner: httpx.Client, page_id: str) -> None:
    """Let one setting of a reusable block differ, be as in the original again, and let the block go."""
    sheet = canvas(page)
    page.locator(".studio-row").nth(1).click()
    own = page.locator("[data-settings=use]")
    own.locator('[name="own.h.text"]').check()
    own.locator('[name="over.h.text"]').fill("Open to you")
    expect(sheet.locator("[data-block=use] .type-heading")).to_have_text("Open to you")
    own.locator('[name="own.h.text"]').uncheck()
    expect(sheet.locator("[data-block=use] .type-heading")).to_have_text("Open")
    own.locator('[name="own.h.text"]').check()
    expect(sheet.locator("[data-block=use] .type-heading")).to_have_text("Open to you")
    own.get_by_role("button", name="Detach").click()
    expect(sheet.locator("[data-block=use]")).to_have_count(0)
    is_saved(page)
    assert [(one["type"], one["settings"].get("text")) for one in blocks_of(owner, page_id)[1:]] == [
        ("heading", "Open to you")
    ]


def test_a_page_a_reusable_block_and_a_table_are_set_without_leaving(
    server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    server.claim()
    with server.client("owner@example.org") as owner:
        begun(owner, "About")
        shared = begun(owner, "Hours", {"id": "h", "type": "heading", "settings": {"text": "Open"}}, kind="reusable")
        owner.post(f"/pages/{shared}/publish", json={})
        use = {"id": "use", "type": "reusable", "settings": {"source": shared}}
        page_id = begun(owner, "Visit", {"id": "tb", "type": "table"}, use)
        page = window(WIDE)
        ENTER(page)
        opened(page, f"/admin/builder/{page_id}")

        stand_below_another(page, owner, page_id)
        assert [one for one in findings(page) if one[1] in ("serious", "critical")] == []
        write_in_table(page, owner, page_id)
        screenshot(page, "builder-table")
        differ_and_let_go(page, owner, page_id)

        # It goes into the bin, and comes back.
        page.get_by_role("button", name="Page", exact=True).click()
        page.locator("[data-doing]").get_by_role("button", name="Delete").click()
        page.wait_for_url(re.compile("/admin/pages$"))
        page.get_by_role("button", name="Undo").click()
        page.wait_for_url(re.compile(f"/admin/builder/{page_id}$"))


def test_others_are_seen_at_their_block_and_settings_outlast_a_lost_network(server: Server, chromium: Browser) -> None:
    server.claim()
    with server.client("owner@example.org") as owner:
        blocks = (
            {"id": "one", "type": "heading", "settings": {"text": "First"}},
            {"id": "two", "type": "text"},
            {"id": "three", "type": "countdown", "settings": {"until": "2030-05-01T10:00:00Z"}},
        )
        page_id = begun(owner, "Shared", *blocks)
        hired(server, "edda@example.org", "Edda Editor")
        context, theirs = (chromium.new_context(viewport=WIDE, base_url=server.url) for _ in range(2))
        for one in (context, theirs):
            one.set_default_timeout(PATIENCE)
        page, other = context.new_page(), theirs.new_page()
        ENTER(page)
        opened(page, f"/admin/builder/{page_id}")
        sign_in_as("edda@example.org", PASSWORD, "/admin")(other)
        opened(other, f"/admin/builder/{page_id}")

        # Each sees the other at the block that is chosen there, until the window closes.
        other.locator(".studio-row").nth(1).click()
        page.locator(".studio-row").first.click()
        expect(page.get_by_role("button", name=re.compile("Edda Editor is at"))).to_be_visible()
        expect(canvas(page).locator(".studio-names > span")).to_have_text("EE")
        expect(other.get_by_role("button", name="Olive Owner is at “First”")).to_be_visible()
        other.close()
        expect(page.locator(".studio-person")).to_have_count(0)

        # Without a network settings are kept here, and are saved by the next window of this browser.
        expect(page.locator("[data-settings=one]")).to_be_visible()
        lost: Callable[[Route], None] = lambda route: route.abort()  # noqa: E731
        for address in ("**/admin/builder/**", "**/api/v1/**"):
            page.route(address, lost)
        page.get_by_label("Words above it").fill("At the kiln")
        page.get_by_label("Size").select_option("large")
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "offline")
        for address in ("**/admin/builder/**", "**/api/v1/**"):
            page.unroute(address)
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        expect(canvas(page).locator(".block-kicker")).to_have_text("At the kiln")
        is_saved(page)
        kept = blocks_of(owner, page_id)[0]["settings"]
        assert (kept["kicker"], kept["size"]) == ("At the kiln", "large")

        # So are those that the server alone can read, such as dates, also where the form was left since.
        page.locator(".studio-row").nth(2).click()
        day = page.locator("[data-settings=three] [name^=until]").first
        expect(day).to_be_visible()
        for address in ("**/admin/builder/**", "**/api/v1/**"):
            page.route(address, lost)
        day.fill(day.input_value().replace("2030", "2031"))
        expect(page.locator("[data-saved]")).to_have_attribute("data-state", "offline")
        page.locator(".studio-row").first.click()
        for address in ("**/admin/builder/**", "**/api/v1/**"):
            page.unroute(address)
        page.reload()
        is_saved(page)
        expect(page.locator(".toast")).to_contain_text("It is here again")
        is_saved(page)
        assert blocks_of(owner, page_id)[2]["settings"]["until"].startswith("2031-05-01")
        for one in (context, theirs):
            one.close()
