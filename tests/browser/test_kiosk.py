"""A screen is let in by a code and shut out again, beside the staff who do it; and how a device is told to trust it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.looks import WATCH, seen, sign_in_as
from tests.server import PASSWORD, Server, free_port

Window = Callable[..., Page]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "installation", {"AGORA_HTTPS_PORT": str(free_port())}) as running:
        running.claim()
        yield running


def watched(window: Window, size: dict[str, int], *, is_cut: bool = False) -> Page:
    """A window in which what moves is added up. is_cut: its line will be cut."""
    page = window(size, is_cut=is_cut)
    page.add_init_script(WATCH)
    return page


def answers_prices(screen: Page, server: Server) -> list[str]:
    """Scan what is known and what is not, with the line and without it; return what is wrong with how it looks."""
    price = {"amount": 2400, "currency": "GBP"}
    sent = {"name": "Blue mug", "status": "active", "price": price, "barcode": "4006381333931", "sku": "MUG-1"}
    with server.client("owner@example.org") as client:
        assert client.post("/products", json=sent).status_code == 201
    screen.clock.install()
    screen.reload()
    screen.get_by_text("Front door").last.click()  # the focus is elsewhere, as after a touch
    screen.keyboard.type("4006381333931\n")
    answer, idle = screen.locator("#price-answer"), screen.locator(".price-idle")
    expect(answer).to_contain_text("£24.00")
    expect(idle).to_be_hidden()
    wrong = seen(screen)
    screen.keyboard.type("mug-2\n")
    expect(answer).to_contain_text("“mug-2” is not known here")
    wrong += seen(screen)
    screen.clock.run_for(16_000)
    expect(idle).to_be_visible()
    expect(screen.get_by_label("Scan a code")).to_be_focused()

    screen.context.set_offline(True)
    screen.keyboard.type("mug-1\n")
    expect(answer).to_contain_text("No connection")
    expect(screen.locator(".kiosk-state-bad")).to_be_visible()
    wrong += seen(screen)
    screen.context.set_offline(False)
    expect(screen.get_by_text("Connected")).to_be_visible()
    screen.keyboard.type("mug-1\n")
    expect(answer).to_contain_text("Blue mug")
    return wrong


@pytest.mark.browser
def test_a_screen_is_paired_answers_prices_and_is_shut_out(window: Window, server: Server) -> None:
    staff, screen = watched(window, DESK), watched(window, PHONE, is_cut=True)
    wrong = []
    sign_in_as("owner@example.org", PASSWORD, "/admin")(staff)
    staff.goto("/admin/devices")
    staff.get_by_role("link", name="Pair a device").first.click()
    wrong += seen(staff)
    staff.get_by_label("What it is called").fill("Front door")
    staff.get_by_role("button", name="Show its code").click()
    code = staff.locator(".pairing-code").inner_text()
    wrong += seen(staff)

    screen.goto("/kiosk")
    wrong += seen(screen)
    screen.get_by_label("Code").fill("AAAA-AAAA")
    screen.get_by_role("button", name="Pair this screen").click()
    expect(screen.get_by_text("unknown, used or over")).to_be_visible()
    screen.get_by_label("Code").fill(code.lower())
    screen.get_by_role("button", name="Pair this screen").click()
    expect(screen.get_by_role("heading", name="Front door")).to_be_visible()
    expect(screen.get_by_text("Connected")).to_be_visible()
    wrong += seen(screen)
    wrong += answers_prices(screen, server)
    expect(staff.locator("#pairing-state")).to_contain_text("is paired")

    staff.get_by_role("link", name="Open it in the list").click()
    staff.get_by_label("Name").fill("Back door")
    staff.get_by_role("button", name="Save device").click()
    expect(staff.get_by_role("heading", name="Back door")).to_be_visible()
    staff.goto("/admin/devices")
    staff.get_by_label("Select Back door").check()
    staff.get_by_role("button", name="Shut out").click()
    expect(staff.get_by_text("1 done")).to_be_visible()
    screen.reload()
    expect(screen).to_have_url(re.compile("/kiosk/pair$"))
    assert wrong == []


@pytest.mark.browser
def test_https_is_switched_on_and_the_page_about_it_looks_right(window: Window) -> None:
    staff = watched(window, PHONE)
    sign_in_as("owner@example.org", PASSWORD, "/admin")(staff)
    staff.goto("/admin/network")
    staff.get_by_role("button", name="Switch https on").click()
    expect(staff.locator("#https")).to_contain_text("On, at port")
    wrong = seen(staff)
    staff.goto("/admin/network/check")
    wrong += seen(staff)
    staff.goto("/trust")
    wrong += seen(staff)
    plain = window(DESK, scripts=False)
    plain.goto("/trust")
    plain.get_by_text("iPhone and iPad").click()
    expect(plain.get_by_role("link", name="Download the profile")).to_be_visible()
    assert wrong == []
