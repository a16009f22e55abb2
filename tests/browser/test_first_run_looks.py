"""The first run: each question of the setup, sound to axe-core and still, on a desk and a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import WATCH, seen
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser


def test_each_question_looks_right_and_keys_answer_it(
    server: Server, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    wrong: list[str] = []
    for size in (PHONE, DESK):
        page = window(size)
        page.context.add_init_script(WATCH)
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"/setup?token={server.claim_token}")
        page.locator("[name=name]").fill("Kiln & Linen")
        for number in range(1, 6):
            wrong += [f"question {number} at {size['width']}: {one}" for one in seen(page)]
            page.emulate_media(color_scheme="light")
            screenshot(page, f"first-run-{number}-{size['width']}")
            if number < 5:
                page.locator("form button[type=submit]").first.press("Enter")
                expect(page.locator("[name=step]")).not_to_have_value(
                    ("name", "language", "timezone", "currency")[number - 1]
                )
    page.locator("[name=owner_name]").fill("Olive Owner")
    page.locator("[name=owner_email]").fill("owner@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin")
    assert wrong == []
