"""A review from its product's page on a phone to everybody's eyes, judged by one key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.fieldpage import serious
from tests.browser.test_keyboard import OWNER, sign_in
from tests.factories.pictures import photo
from tests.server import Server

pytestmark = pytest.mark.browser


def test_a_review_is_written_in_place_judged_by_a_key_and_answered(
    server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    server.claim()
    with server.client(OWNER) as client:
        price = {"amount": 2400, "currency": "GBP"}
        made = client.post("/products", json={"name": "Blue mug", "status": "active", "price": price})
        assert made.status_code == 201, made.text
        client.patch("/settings/spam", json={"minSeconds": 0})
    picture = tmp_path / "mug.jpg"
    picture.write_bytes(photo(600, 450))

    shopper = window(PHONE)
    shopper.goto("/products/blue-mug")
    shopper.get_by_role("link", name="Write the first review").click()
    form = shopper.locator("#review-form")
    form.get_by_role("button", name="Send review").click()
    expect(form.get_by_text("Choose one to five stars.").first).to_be_visible()
    form = shopper.locator("#review-form")
    form.locator("label", has_text="4 stars").click()
    form.get_by_label("In a few words").fill("Holds heat")
    form.get_by_label("What is it like?").fill("Warm for an **hour**.")
    form.get_by_label("Pictures").set_input_files(picture)
    form.get_by_label("Your name").fill("Ada")
    form.get_by_label("Your e-mail").fill("ada@example.org")
    form.get_by_role("button", name="Send review").click()
    expect(shopper.get_by_text("Your review appears as soon as")).to_be_visible()
    expect(shopper.get_by_text("Holds heat")).to_have_count(0)

    staff = window(DESK)
    sign_in(staff)
    expect(staff.locator("#moderation")).to_contain_text("Holds heat")
    staff.goto("/admin/reviews")
    expect(staff.get_by_text("Pictures wait for your approval.")).to_be_visible()
    screenshot(staff, "review-queue")
    staff.keyboard.press("j")
    staff.keyboard.press("r")
    answer = staff.locator(".queued-reply textarea")
    expect(answer).to_be_focused()
    staff.keyboard.type("Thank you, and sad dads")  # its letters are words here, not acts
    expect(answer).to_have_value("Thank you, and sad dads")
    staff.get_by_role("button", name="Publish answer").click()
    expect(staff.get_by_text("Your answer is published.")).to_be_visible()
    staff.keyboard.press("j")
    staff.keyboard.press("a")
    expect(staff.get_by_text("Published.")).to_be_visible()
    expect(staff.locator("[data-queued]")).to_be_focused()
    assert serious(staff) == []

    shopper.goto("/products/blue-mug")
    expect(shopper.get_by_role("heading", name="Holds heat")).to_be_visible()
    expect(shopper.locator("#reviews .review-photos img")).to_have_count(1)
    expect(shopper.get_by_text("sad dads")).to_be_visible()
    screenshot(shopper, "reviews-on-a-phone")
    assert serious(shopper) == []
