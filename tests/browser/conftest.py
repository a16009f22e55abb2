"""A real Chromium, and pictures of what it shows where `AGORA_SCREENSHOTS` names a folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.server import Server

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000


#: The first draws the same and opens no window: it costs a fifth less for each page.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """Return where this machine has its Chromium."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with its module: Playwright's loop, while it runs, keeps every asynchronous test after it from running."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed (Debian: chromium)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "installation") as running:
        yield running


def untaken(word: str) -> str:
    """Return a title that no page has yet: its address is the same in small letters, also at a second try."""
    return f"{word}{token_hex(3)}"


#: What the browser and htmx say of a line that a test cuts.
CUT = ("ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError")


def is_wrong(said: ConsoleMessage, *, is_cut: bool = False) -> bool:
    """Return whether the console complains; what was refused (422) or overtaken by somebody (409) is an answer.

    is_cut: the test cuts the line of this window.
    """
    answers = ("status of 422", "status of 409", *(CUT if is_cut else ()))
    return said.type == "error" and not any(one in said.text for one in answers)


@pytest.fixture
def window(chromium: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """`window(PHONE, scripts=False)`: a fresh browser of one person, whose errors fail the test.

    is_cut: the test cuts its line.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_window(
        size: dict[str, int],
        *,
        scripts: bool = True,
        scheme: str = "light",
        locale: str = "en",
        is_cut: bool = False,
    ) -> Page:
        context = chromium.new_context(
            viewport=size, java_script_enabled=scripts, color_scheme=scheme, locale=locale, base_url=server.url
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: wrong.append(f"{page.url}: {said.text}") if is_wrong(said, is_cut=is_cut) else None,
        )
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keep a picture of a page under a name, where `AGORA_SCREENSHOTS` says so."""
    folder = os.environ.get("AGORA_SCREENSHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep
