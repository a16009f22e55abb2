"""A form that asks for money: put together, paid on a phone with and without scripts, and given back by staff."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import sign_in_as, wrong_with
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser
OWNER = sign_in_as("owner@example.org", PASSWORD, "/admin")
#: What is not chosen looks like a field.
SAME_COLOUR = """() => new Set([".choice-dot", ".field input"].map((which) =>
  getComputedStyle(document.querySelector(which)).backgroundColor)).size === 1"""
FIELDS = [
    {"id": "name", "type": "text", "label": "Name", "required": True},
    {"id": "email", "type": "email", "label": "E-mail", "required": True},
]


def begin(server: Server) -> str:
    """Claim it, take cards, and make a form that stands in a page; return the form's id."""
    server.claim()
    with server.client("owner@example.org") as owner:
        owner.put("/settings/spam", json={"minSeconds": 0}).raise_for_status()
        owner.put("/settings/payments", json={"enabled": True}).raise_for_status()
        form = owner.post("/forms", json={"name": "Join us", "fields": FIELDS, "confirmation": "<p>Welcome.</p>"})
        content = {"title": "Members", "blocks": [{"type": "form", "settings": {"form": "join-us"}}]}
        page = owner.post("/pages/begin", json={"content": content})
        page.raise_for_status()
        owner.post(f"/pages/{page.json()['id']}/publish", json={}).raise_for_status()
        return str(form.json()["id"])


def build(page: Page, form: str, screenshot: Callable[[Page, str], None]) -> None:
    """Ask for a membership fee; an amount that is none is said beside it."""
    page.goto(f"/admin/forms/{form}")
    page.get_by_role("button", name="Payment", exact=True).click()
    page.get_by_label("What is paid for").fill("Membership")
    page.get_by_label("How much").select_option("choice")
    page.get_by_label(re.compile("Amounts in ")).fill("25\nforty Family")
    page.get_by_role("button", name="Save form").click()
    expect(page.get_by_text("“forty” is not an amount").first).to_be_visible()
    page.get_by_label(re.compile("Amounts in ")).fill("25\n£ 40 Family")
    page.get_by_role("button", name="Save form").click()
    expect(page.get_by_text("The form is saved.")).to_be_visible()
    page.locator(".builder-summary").last.click()
    screenshot(page, "form-payment-editor")


def fill_in(visitor: Page) -> None:
    visitor.get_by_label("Name").fill("Ada Lovelace")
    visitor.get_by_label("E-mail").fill("ada@example.org")
    expect(visitor.locator("input:checked")).to_have_count(0)
    for _turn in range(200):  # until it has faded in; a page without scripts cannot be asked to wait for it itself
        if visitor.evaluate(SAME_COLOUR):
            break
        visitor.wait_for_timeout(20)
    assert visitor.evaluate(SAME_COLOUR)
    visitor.get_by_text("Family").click()
    visitor.get_by_text("Card (test)").click()
    visitor.get_by_role("button", name="Send").click()
    visitor.wait_for_url(re.compile("/payment/"))
    expect(visitor.get_by_text("Pay £40.00").first).to_be_visible()


def test_a_fee_is_asked_for_paid_and_given_back(
    window: Callable[..., Page], chromium: Browser, server: Server, screenshot: Callable[[Page, str], None]
) -> None:
    form = begin(server)
    staff = window(DESK)
    OWNER(staff)
    build(staff, form, screenshot)

    visitor = window(PHONE)
    visitor.goto("/members")
    expect(visitor.locator("[name=ticket]")).to_have_count(1)
    visitor.get_by_role("button", name="Send").click()
    expect(visitor.get_by_text("Choose what you pay.").first).to_be_visible()
    screenshot(visitor, "form-payment-phone")
    fill_in(visitor)
    visitor.get_by_text("Decline the card").click()
    visitor.get_by_role("button", name=re.compile("Pay ")).click()
    expect(visitor.get_by_text("The payment did not go through", exact=True)).to_be_visible()
    visitor.get_by_role("button", name="Try again").click()
    visitor.get_by_role("button", name=re.compile("Pay ")).click()
    expect(visitor.get_by_role("heading", name="Thank you. Your payment is here.")).to_be_visible()
    expect(visitor.get_by_text("Welcome.")).to_be_visible()
    screenshot(visitor, "form-payment-thanks")

    plain = window(PHONE, scripts=False)
    plain.goto("/forms/join-us")
    fill_in(plain)
    plain.get_by_role("link", name="Back without paying").click()
    expect(plain.get_by_text("£40.00 is open")).to_be_visible()
    screenshot(plain, "form-payment-open")

    staff.goto(f"/admin/forms/{form}/entries")
    expect(staff.get_by_text("Awaiting payment")).to_be_visible()
    screenshot(staff, "form-payment-inbox")
    staff.locator("tr", has_text="Paid").get_by_role("link").first.click()
    screenshot(staff, "form-payment-entry")
    entry = staff.url
    staff.get_by_role("link", name="The order").click()
    screenshot(staff, "form-payment-order")
    staff.get_by_role("link", name="Cancel order").click()
    staff.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    staff.get_by_role("link", name="Refund £40.00").click()
    staff.get_by_role("dialog").get_by_role("button", name="Refund £40.00").click()
    expect(staff.get_by_text("Refunded", exact=True).first).to_be_visible()
    staff.get_by_role("link", name="The entry").click()
    expect(staff.locator("#payment").get_by_text("Refunded")).to_be_visible()

    assert wrong_with(chromium, server, [f"/admin/forms/{form}", entry], OWNER) == []
    assert wrong_with(chromium, server, ["/forms/join-us", "/members"]) == []
