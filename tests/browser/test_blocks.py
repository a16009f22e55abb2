"""Every block as a visitor meets it: nothing serious to axe-core on any ground, nothing that moves, and what opens."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.furnished import still_life
from tests.browser.looks import wrong_with
from tests.factories.blocks import every_block, looking, on_grounds
from tests.factories.pages import block
from tests.server import Server

#: Those whose colours depend on the ground that they stand on.
COLOURED = frozenset(
    {"heading", "text", "buttons", "features", "pricing", "testimonials", "faq", "tabs", "table", "quote", "statistics"}
    | {"code", "logos", "countdown", "share", "search", "social", "team"}
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a page of every block, one of them on every ground, and a header and footer of blocks."""
    with Server(tmp_path_factory.mktemp("blocks") / "installation") as running:
        running.claim()
        with running.client("owner@example.org") as owner:
            things = (("mug", "#d2bd98", "#dcd7ce"), ("bowl", "#2c3a57", "#cfd4d1"))
            files = [{"file": (f"{shape}.jpg", still_life(shape, *rest), "image/jpeg")} for shape, *rest in things]
            ids = [owner.post("/media", files=one).json()["id"] for one in files]
            every = every_block(ids)

            def publish(title: str, blocks: list[dict[str, Any]], kind: str = "page") -> None:
                written = {"title": title, "blocks": blocks}
                made = owner.post("/pages/begin", json={"title": title, "kind": kind, "content": written})
                assert made.status_code == 201, made.text
                assert owner.post(f"/pages/{made.json()['id']}/publish", json={}).is_success

            publish("Every", every)
            bare = [{name: value for name, value in one.items() if name != "look"} for one in every]
            publish("Grounds", on_grounds([one for one in bare if one["type"] in COLOURED]))
            behind = block("hero", title="Behind", image=ids[1], layout="behind", label="Go", href="/every")
            publish("Openings", [looking(behind, width="full"), looking(block("hero", title="Words"), align="center")])
            line = [block("logo"), block("navigation"), block("search", kind="button"), block("account"), block("cart")]
            publish("Header", [block("stack", *line, direction="across", justify="between")], "header")
            publish(
                "Footer", [looking(block("columns", block("column", block("logo"))), background="inverse")], "footer"
            )
        yield running


def test_every_block_on_every_ground(chromium: Browser, site: Server) -> None:
    assert wrong_with(chromium, site, ("/every", "/grounds", "/openings"), sample=3) == []


@pytest.fixture
def page(chromium: Browser, site: Server) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESK, base_url=site.url, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_what_opens_opens_by_keyboard_and_nothing_is_asked_of_others(page: Page, site: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/every")
    groups = page.get_by_role("tab", name="Groups")
    groups.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Schools")).to_be_focused()
    expect(page.get_by_text("Schools come free on Tuesdays.")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_have_count(1)

    page.locator(".block-gallery a[data-large]").first.press("Enter")
    expect(page.locator("dialog.lightbox")).to_be_visible()
    expect(page.locator("dialog.lightbox .lightbox-slide")).to_have_count(6)
    page.keyboard.press("Escape")
    expect(page.locator("dialog.lightbox")).to_have_count(0)

    page.locator("summary", has_text="Getting here by train").press("Enter")
    page.locator("summary", has_text="By car").press("Enter")
    expect(page.locator(".type-accordion details[open]")).to_have_count(1)
    expect(page.locator(".block-countdown-part")).to_have_count(4)

    assert [url for url in asked if not url.startswith(site.url) and not url.startswith("data:")] == []
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="a film"))
    page.get_by_role("link", name="Play “The wheel at work”").click()
    expect(page.frame_locator("iframe[title='The wheel at work']").locator("body")).to_have_text("a film")


def test_without_scripts_everything_can_be_read(chromium: Browser, site: Server) -> None:
    context = chromium.new_context(viewport=PHONE, base_url=site.url, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/every")
    expect(page.get_by_text("Schools come free on Tuesdays.")).to_be_visible()
    expect(page.get_by_role("heading", name="Schools")).to_be_visible()
    expect(page.get_by_text("May 1, 2027")).to_be_visible()
    assert (
        page.get_by_role("link", name="Play “The wheel at work”").get_attribute("href")
        == "https://youtu.be/dQw4w9WgXcQ"
    )
    context.close()
