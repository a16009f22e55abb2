"""A form put together in a browser, filled in by others: by hand, by key, on a phone, and without scripts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import sign_in_as, wrong_with
from tests.factories.files import pdf
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser
OWNER = sign_in_as("owner@example.org", PASSWORD, "/admin")


def begin(server: Server) -> None:
    """Claim it, and take nobody for a machine who is quick."""
    server.claim()
    with server.client("owner@example.org") as owner:
        owner.put("/settings/spam", json={"minSeconds": 0}).raise_for_status()


def order(page: Page) -> list[str]:
    """Return the questions of the editor, from the top."""
    return [one.inner_text() for one in page.locator(".builder-label").all()]


def show_sometimes(page: Page, screenshot: Callable[[Page, str], None]) -> None:
    """Show the message by the topic; a topic that there is not is said, and nothing typed is lost."""
    page.locator("#card-message > details > summary").click()
    page.locator("#card-message").get_by_text("Show it only sometimes").click()
    page.locator("#card-message").get_by_label("Answer to").first.select_option("topic")
    page.locator("#card-message").get_by_label("Value").first.fill("An elephant")
    page.get_by_role("button", name="Save form").click()
    expect(page.get_by_text("“An elephant” is not a choice of").first).to_be_visible()
    page.locator("#card-message").get_by_label("Value").first.fill("An order")
    screenshot(page, "form-editor")
    page.get_by_role("button", name="Save form").click()
    expect(page.get_by_text("The form is saved.")).to_be_visible()


def fill_in(visitor: Page, screenshot: Callable[[Page, str], None]) -> None:
    """Send the form from a phone, the first time without all that it asks."""
    visitor.goto("/forms/contact")
    expect(visitor.get_by_label("Message")).to_be_hidden()
    visitor.get_by_label("What is it about?").select_option("An order")
    expect(visitor.get_by_label("Message")).to_be_visible()
    visitor.get_by_label("A picture of it").set_input_files(
        {"name": "drawing.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_role("alert")).to_be_focused()
    expect(visitor.get_by_text("drawing.pdf")).to_be_visible()
    screenshot(visitor, "form-refused")
    visitor.get_by_label("Name").fill("Ada Lovelace")
    visitor.get_by_label("E-mail").fill("ada@example.org")
    visitor.get_by_label("Message").fill("Where is my order? It has been a week.")
    visitor.get_by_label("You may use this").check()
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("Thank you. We read every message")).to_be_visible()


def read(page: Page, editor: str) -> str:
    """Read the entry, save its file, note and finish it; return its address."""
    page.goto(f"{editor}/entries")
    page.get_by_role("link", name="An order").click()
    expect(page.get_by_text("Where is my order?")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="drawing.pdf").click()
    assert Path(saved.value.path()).read_bytes() == pdf()
    page.get_by_label("A note").fill("Called back")
    page.get_by_role("button", name="Keep note").click()
    expect(page.get_by_text("Called back")).to_be_visible()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_text("It is done.")).to_be_visible()
    return page.url.partition("#")[0]


def test_a_form_is_built_filled_in_and_read(
    window: Callable[..., Page],
    chromium: Browser,
    server: Server,
    screenshot: Callable[[Page, str], None],
) -> None:
    begin(server)
    page = window(DESK)
    OWNER(page)
    page.goto("/admin/forms/new")
    page.get_by_role("button", name="Begin with “Contact”").click()
    expect(page.get_by_role("heading", name="Contact")).to_be_visible()
    editor = page.url
    preview = page.frame_locator(".builder-preview-frame:not([data-waits])")

    page.get_by_role("button", name="File", exact=True).click()
    added = page.get_by_role("textbox", name="Question", exact=True).last
    expect(added).to_be_focused()
    added.fill("A picture of it")
    expect(preview.get_by_label("A picture of it")).to_be_attached()
    expect(page.locator(".builder-label").last).to_have_text("A picture of it")

    page.locator(".builder-summary").last.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".builder-label").nth(4)).to_have_text("A picture of it")
    page.locator("#card-topic [data-handle]").drag_to(page.locator("#card-name [data-handle]"))
    expect(page.locator(".builder-label").first).to_have_text("What is it about?")
    page.locator("#card-email").get_by_role("button", name="Take out").click()
    expect(page.locator(".builder-label")).to_have_count(5)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".builder-label")).to_have_count(6)

    show_sometimes(page, screenshot)
    fill_in(window(PHONE), screenshot)
    entry = read(page, editor)
    staff = ["/admin/forms", "/admin/forms/new", editor, f"{editor}/entries", "/admin/form-entries", entry]
    assert wrong_with(chromium, server, staff, OWNER, sample=3) == []
    assert wrong_with(chromium, server, ["/forms/contact", "/forms/contact/thanks"]) == []


def test_it_is_built_and_sent_without_scripts(window: Callable[..., Page], server: Server) -> None:
    begin(server)
    page = window(DESK, scripts=False)
    OWNER(page)
    page.goto("/admin/forms/new")
    page.get_by_role("button", name="Begin with “New form”").click()
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_role("textbox", name="Question", exact=True).fill("Your name")
    page.get_by_role("button", name="New step").click()
    page.get_by_role("button", name="Stars").click()
    page.locator("summary", has_text="How was it?").click()
    page.get_by_role("button", name="Save form").click()
    expect(page.get_by_text("The form is saved.")).to_be_visible()
    assert order(page) == ["Your name", "Step", "How was it?"]

    visitor = window(PHONE, scripts=False)
    visitor.goto("/forms/new-form")
    visitor.get_by_label("Your name").fill("Ada")
    visitor.get_by_role("button", name="Next").click()
    visitor.get_by_title("4 stars").click()
    visitor.get_by_role("button", name="Back").click()
    expect(visitor.get_by_label("Your name")).to_have_value("Ada")
    visitor.get_by_role("button", name="Next").click()
    expect(visitor.get_by_label("4 stars")).to_be_checked()
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_url(re.compile("/thanks$"))
    page.goto("/admin/form-entries")
    expect(page.get_by_role("link", name="Ada")).to_be_visible()
