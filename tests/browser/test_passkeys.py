"""A passkey from a real browser: made in one's account, and enough to sign in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_it_signs_its_holder_in_without_a_password(server: Server, window: Callable[..., Page]) -> None:
    server.claim()
    at = f"http://localhost:{server.port}"  # a passkey is bound to a name, never to an address
    page = window(DESK)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{at}/admin/sign-in")
    page.locator("[name=email]").fill("owner@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin")
    page.goto(f"{at}/admin/me/passkeys")
    page.locator("[name=name]").fill("Laptop at home")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("Laptop at home")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{at}/admin/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin")
    page.goto(f"{at}/admin/me/passkeys")
    page.get_by_role("button", name="Take away").click()
    expect(page.get_by_text("Laptop at home")).to_have_count(0)
