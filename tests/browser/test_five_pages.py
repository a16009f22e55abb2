"""A site of five pages with a blog, a contact form and a shop page, made in the browser alone, from nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.looks import sign_in_as, wrong_with
from tests.server import PASSWORD, Server

#: Wide enough for the page to stand at its own scale: Playwright's pointer knows nothing of a frame's scale.
WIDE = {"width": 1680, "height": 900}
OWNER = "owner@example.org"
ENTER = sign_in_as(OWNER, PASSWORD, "/admin")
PAGES = (("Welcome", "Home"), ("About us", "About us"), ("Visit", "Contact"), ("Our shop", "Shop front"))


def begin(page: Page, title: str, template: str) -> FrameLocator:
    """Begin a page from a template; return it as it stands in the builder."""
    page.goto("/admin/pages")
    page.get_by_role("link", name="Add page").first.click()
    page.get_by_label("Title").fill(title)
    page.get_by_text(template, exact=True).click()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile("/admin/builder/"))
    expect(page.locator("[data-builder][data-ready]")).to_be_attached()
    sheet = page.frame_locator("[data-canvas]")
    expect(sheet.locator(".blocks > .block").first).to_be_visible()
    return sheet


def publish(page: Page) -> None:
    page.locator("[data-publishes]").click()
    page.locator("[data-publishing]").get_by_role("button", name=re.compile("Publish")).click()
    expect(page.locator("[data-status]")).to_have_text("Published")


def add_form(page: Page, sheet: FrameLocator) -> None:
    """Put the contact form on the page that is open."""
    page.get_by_role("tab", name="Add").click()
    page.get_by_label("Search blocks").first.fill("form")
    page.locator("[data-palette] [data-drags=form]").first.click()
    choice = page.locator("[data-settings]").get_by_role("combobox", name="Form")
    choice.fill("Contact")
    page.get_by_role("option", name="Contact").click()
    expect(sheet.get_by_label("Message")).to_be_visible()


def sell(page: Page) -> None:
    page.goto("/admin/products/new")
    page.get_by_label("Name", exact=True).fill("Blue mug")
    page.get_by_label("Price", exact=True).first.fill("20")
    page.get_by_label("Status").select_option("active")
    page.get_by_role("button", name="Add product").click()
    expect(page).to_have_url(re.compile(r"/admin/products/[0-9a-f-]{36}$"))


def open_at_front(page: Page) -> None:
    """Have visitors meet the first page at the site's own address."""
    page.goto("/admin/pages")
    page.get_by_role("link", name="Welcome", exact=True).click()
    expect(page.locator("[data-builder][data-ready]")).to_be_attached()
    page.locator(".studio-top-end summary").click()
    page.get_by_role("button", name=re.compile("Its place")).click()
    page.get_by_role("button", name="Make it the front page").click()
    expect(page.get_by_text("It is the front page now.")).to_be_visible()


def write(page: Page) -> None:
    page.goto("/admin/articles")
    page.get_by_role("link", name="Add article").first.click()
    page.get_by_role("textbox", name="Title", exact=True).first.fill("The kiln is hot")
    page.keyboard.press("Enter")
    page.keyboard.type("We fired for two days.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published").first).to_be_visible()


def lead(page: Page) -> None:
    """Let the header lead to all of it."""
    page.goto("/admin/navigation")
    page.get_by_role("link", name="Main menu").click()
    for target in ("/about-us", "/our-shop", "/blog", "/visit"):
        count = page.locator("[data-item]").count()
        page.get_by_role("button", name="Add item").press("Enter")
        expect(page.locator("[data-item]")).to_have_count(count + 1)
        own = page.locator("[data-item]").last.get_by_role("combobox", name="Leads to")
        own.fill(target)
        own.press("Escape")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("The menu is saved. Visitors see it now.")).to_be_visible()


@pytest.mark.browser
def test_five_pages_from_nothing(
    server: Server, chromium: Browser, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    server.claim()
    page = window(WIDE)
    ENTER(page)
    page.goto("/admin/forms/new")
    page.get_by_role("button", name="Begin with “Contact”").click()
    expect(page.get_by_role("heading", name="Contact")).to_be_visible()
    sell(page)
    for title, template in PAGES:
        sheet = begin(page, title, template)
        if title == "Visit":
            add_form(page, sheet)
        screenshot(page, f"five-{title}")
        publish(page)
    write(page)
    open_at_front(page)
    lead(page)

    visitor = window(PHONE)
    visitor.goto("/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("What you do, in a few words")
    for words, heading in (("Our shop", "Made here, by hand"), ("About us", "About us"), ("Blog", "Blog")):
        visitor.get_by_role("link", name="Menu", exact=True).click()
        visitor.get_by_role("dialog").get_by_role("link", name=words, exact=True).click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(heading)
    visitor.get_by_role("link", name="The kiln is hot").first.click()
    expect(visitor.get_by_text("We fired for two days.")).to_be_visible()
    visitor.goto("/our-shop")
    expect(visitor.get_by_role("link", name="Blue mug").first).to_be_visible()
    visitor.goto("/visit")
    visitor.get_by_label("Name").fill("Ada Lovelace")
    visitor.get_by_label("E-mail").fill("ada@example.org")
    visitor.get_by_label("Message").fill("Are you open on Sunday?")
    visitor.get_by_label("You may use this").check()
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("Thank you. We read every message")).to_be_visible()
    page.goto("/admin/form-entries")
    expect(page.get_by_text("Ada Lovelace").first).to_be_visible()
    screenshot(visitor, "five-sent")
    site = ["/", "/about-us", "/visit", "/our-shop", "/blog", "/blog/the-kiln-is-hot"]
    assert wrong_with(chromium, server, site, sample=3) == []
