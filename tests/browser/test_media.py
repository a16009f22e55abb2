"""The media library in a browser: files dropped, a broken line, a focal point, and without scripts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import DESK, PHONE
from tests.factories.files import pdf
from tests.factories.pictures import photo
from tests.server import PASSWORD, Server

pytestmark = pytest.mark.browser


def sign_in(page: Page) -> None:
    page.goto("/admin/sign-in")
    page.get_by_label("E-mail").fill("owner@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "files"
    folder.mkdir()
    made = {"mug.jpg": photo(2400, 1800), "bowl.jpg": photo(900, 1200, colour="#335577"), "menu.pdf": pdf()}
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def test_files_come_in_and_are_cropped(
    window: Callable[..., Page], server: Server, files: list[Path], screenshot: Callable[[Page, str], None]
) -> None:
    server.claim()
    page = window(DESK)
    sign_in(page)
    page.goto("/admin/media")
    page.get_by_label("Choose files, or drop them here").set_input_files(files)
    expect(page.locator(".media-tile")).to_have_count(3)
    page.get_by_label("Choose files, or drop them here").set_input_files(files[0])
    expect(page.get_by_text("Was here already", exact=True)).to_be_visible()
    screenshot(page, "media")

    page.get_by_role("link", name="mug.jpg").click()
    page.wait_for_load_state()  # what the picture's point is set by is a script, and runs with the last of the page
    picture = page.locator(".focal-picture")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(page.get_by_label("From the left")).to_have_value("25")
    page.get_by_label("From the top").fill("80")
    expect(page.locator("circle").first).to_have_attribute("cy", "80%")
    page.get_by_label("Description").fill("A blue mug")
    page.get_by_role("button", name="Save file").click()
    expect(page.get_by_text("The file is saved.")).to_be_visible()
    expect(page.get_by_label("From the top")).to_have_value("80")

    page.goto("/admin/media?kind=document")
    page.get_by_label("Select menu.pdf").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 file is in the bin.")).to_be_visible()


def test_a_broken_line_is_taken_up_again(chromium: Browser, server: Server, tmp_path: Path) -> None:
    server.claim()
    page = chromium.new_context(viewport=DESK, base_url=server.url).new_page()  # its errors are the test's own
    sign_in(page)
    page.goto("/admin/media")
    large = tmp_path / "large.jpg"
    large.write_bytes(photo() + b"\0" * 12_000_000)  # three parts
    sent: list[str] = []

    def break_once(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request.headers["upload-offset"])
            if len(sent) == 2:
                route.abort("internetdisconnected")
                return
        route.continue_()

    page.route(re.compile(r"/admin/media/uploads/"), break_once)
    page.get_by_label("Choose files, or drop them here").set_input_files(large)
    expect(page.locator(".media-tile")).to_have_count(1)
    page.context.close()
    assert sent[1] == sent[2]
    assert "0" not in sent


def test_it_works_without_scripts_on_a_phone(window: Callable[..., Page], server: Server, files: list[Path]) -> None:
    server.claim()
    page = window(PHONE, scripts=False)
    sign_in(page)
    page.goto("/admin/media")
    page.get_by_label("Choose files, or drop them here").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("3 files are in the library.")).to_be_visible()
    page.get_by_role("link", name="mug.jpg").click()
    page.get_by_label("From the left").fill("10")
    page.get_by_role("button", name="Save file").click()
    expect(page.get_by_label("From the left")).to_have_value("10")
