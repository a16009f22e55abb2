"""Every page of the admin, found by its links: sound to axe-core, still, and no wider than a phone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.furnished import THINGS, furnish
from tests.browser.linked import Linked, follow, page_routes
from tests.browser.looks import SETTLED, WATCH, seen, sign_in_as, wrong_with
from tests.factories.files import pdf
from tests.server import PASSWORD, Server

OWNER = "owner@example.org"
KEPT = ("Tall vase", "Espresso cup", "Linen tea towel")
PRODUCTS = ("products", "Look into it", "Name,Price\nStool,20\nNothing,much\n")
#: What nobody reads as a page, and why it is not found among the links.
NOT_PAGES = {
    "/admin/articles/{page_id:uuid}/draft": "read by the sheet",
    "/admin/builder/{page_id:uuid}/canvas": "shown in a frame",
    "/admin/builder/{page_id:uuid}/publishing": "read by the builder",
    "/admin/comments/{voice_id:uuid}": "looked at in test_voices",
    "/admin/devices/{device_id:uuid}/pairing": "part of the page with the code; looked at in test_kiosk",
    "/admin/events": "a stream",
    "/admin/fields/address": "part of a form",
    "/admin/links/options": "part of a form",
    "/admin/logs/events": "a stream",
    "/admin/me/passkeys/options": "read by a script",
    "/admin/media/picker": "part of a form",
    "/admin/media/picker/{media_id:uuid}": "part of a form",
    "/admin/network/visit": "part of a page",
    "/admin/pages/parts/options": "part of a form",
    "/admin/pages/{page_id:uuid}/versions/{version_id:uuid}/look": "shown in a frame",
    "/admin/reviews/{voice_id:uuid}": "looked at in test_voices",
    "/admin/missing-pages/{missing_id:uuid}": "looked at in test_furniture",
    "/admin/program/installs/{job_id:uuid}": "while a new version is fetched",
    "/admin/{resource}/options": "part of a form",
    "/admin/palette": "part of every page",
    "/admin/outbox/{message_id}/body": "shown in a frame",
    "/admin/email-templates/{template_id:uuid}/preview": "shown in a frame",
    "/admin/forms/{form_id:uuid}/preview": "shown in a frame",
    "/admin/services/plan": "while a service changes",
    "/admin/settings/theme/preview": "shown in a frame",
    "/admin/settings/theme/preview.css": "a style sheet",
    "/admin/sign-in": "for who is not signed in",
    "/admin/sign-in/passkey/options": "read by a script",
}
#: What runs is counted in the topbar, and its end is told there.
IDLE = """() => fetch("/admin/running").then((answer) => answer.text())
  .then((text) => !/job-line-(running|waiting|retrying)/.test(text))"""
SLOW_LINE = {"offline": False, "latency": 40, "downloadThroughput": 25_000, "uploadThroughput": 100_000}
BUSY = '<span class="running-pulse"></span><span class="running-words">128 werden bearbeitet</span>'
enter = sign_in_as(OWNER, PASSWORD, "/admin")


def fill(server: Server) -> None:
    """Furnish a shop with one of each thing that staff can look at."""
    furnish(server, [thing for thing in THINGS if thing[0] in KEPT])
    with server.client(OWNER) as owner:
        for path in ("/shop", "/old", "/older"):
            made = owner.post("/redirects", json={"sourcePath": path, "targetUrl": "/"})
        owner.delete(f"/redirects/{made.json()['id']}")
        fill_in(owner)
        write(owner)
    httpx.get(f"{server.url}/search", params={"q": "xyzzy"}).raise_for_status()


def fill_in(owner: httpx.Client) -> None:
    """Put a form together and send it with a file; keep a file for members."""
    fields = [{"id": "name", "type": "text", "label": "Name"}, {"id": "file", "type": "file", "label": "File"}]
    form = owner.post("/forms", json={"name": "Contact", "fields": fields}).json()["id"]
    sent = {"file": ("drawing.pdf", pdf(), "application/pdf")}
    token = owner.post("/form-uploads", data={"form": form, "field": "file"}, files=sent).json()["token"]
    answers = {"name": "Ada Lovelace", "file": [token]}
    owner.post(f"/forms/{form}/submit", json={"answers": answers}).raise_for_status()
    kept = owner.post("/files", json={"title": "Catalogue"}).json()["id"]
    owner.post("/file-contents", data={"of": kept}, files=sent).raise_for_status()


def write(owner: httpx.Client) -> None:
    """Write a page and an article in two versions each, and have somebody comment and review."""
    for kind, title in (("page", "About us"), ("article", "What we made this spring")):
        block = {"id": "words", "type": "text", "settings": {"text": "<p>We make pots.</p>"}}
        begun = owner.post("/pages/begin", json={"kind": kind, "content": {"title": title, "blocks": [block]}}).json()
        block["settings"] = {"text": "<p>We make pots, and linen.</p>"}
        saved = {"edit": begun["edit"], "content": {"title": title, "blocks": [block]}}
        owner.put(f"/pages/{begun['id']}/draft", json=saved).raise_for_status()
        owner.post(f"/pages/{begun['id']}/publish", json={}).raise_for_status()
    said = {"kind": "article", "subjectId": begun["id"], "text": "Lovely.", "name": "Ada", "email": "ada@example.org"}
    owner.post("/comments", json=said).raise_for_status()
    mug = owner.get("/products", params={"search": "Espresso"}).json()["items"][0]["id"]
    owner.post("/reviews", json={"kind": "product", "subjectId": mug, "stars": 5, "text": "Small."}).raise_for_status()


def import_site(page: Page) -> str:
    """Try to move a page in; return the address of the report."""
    page.goto("/admin/pages/import")
    page.locator("select[name=format]").select_option("markdown")
    file = FilePayload(name="hello.md", mimeType="text/markdown", buffer=b"# Hello\n\nText")
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing was changed")
    return urlsplit(page.url).path


def export_site(page: Page) -> str:
    """Have the site written into a file; return the address of the report."""
    page.goto("/admin/site-file")
    page.get_by_role("button", name="Export site", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Download"))).to_be_visible()
    return urlsplit(page.url).path


def back_up(page: Page) -> str:
    """Have a backup made; return the address of its job."""
    page.goto("/admin/backups")
    page.get_by_role("button", name="Make a backup", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("It is whole")
    return urlsplit(page.url).path


def upload_table(page: Page, path: str, button: str, table: str) -> str:
    """Hand a table to a list; return the address at which its columns are explained."""
    page.goto(f"/admin/{path}/import")
    file = FilePayload(name="table.csv", mimeType="text/csv", buffer=table.encode())
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_visible()
    return urlsplit(page.url).path


def import_table(page: Page, *what: str) -> str:
    """Bring a table into a list; return the address of the report."""
    upload_table(page, *what)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("The import is done")
    return urlsplit(page.url).path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them."""
    with Server(tmp_path_factory.mktemp("staff") / "installation") as running:
        running.claim(name="Kiln & Linen")
        fill(running)
        yield running


@pytest.fixture(scope="module")
def linked(chromium: Browser, server: Server) -> Linked:
    """What the owner can click to."""
    context = chromium.new_context(base_url=server.url)
    page = context.new_page()
    enter(page)
    starts = [
        import_table(page, *PRODUCTS),
        upload_table(page, *PRODUCTS),
        import_site(page),
        import_table(page, "categories", "Go on", "Name\nChairs\n"),
        back_up(page),
        export_site(page),
        "/admin/backups/restore",
        "/admin/services/progress",
        "/admin",
        "/admin/search?q=vase",
        "/admin/demo",
        "/api/docs",
    ]
    page.wait_for_function(IDLE)
    found = follow(context.request, starts, lambda address: address.startswith(("/admin", "/api/docs")))
    context.close()
    return found


def test_every_page_of_the_admin_can_be_clicked_to(linked: Linked) -> None:
    assert linked.dead == []
    missing = {route.path for route in page_routes() if route.path.startswith("/admin")} - linked.routes
    assert missing == set(NOT_PAGES)


def test_each_says_what_it_is(linked: Linked) -> None:
    titles: dict[str, list[str]] = {}
    for address, markup in linked.pages.items():
        assert len(re.findall("<h1", markup)) == 1, address
        # the first leads to one of the settings, a letter is called as what it tells of: an alert, on a busy machine
        if address != "/admin/settings" and not address.startswith("/admin/outbox/"):
            titles.setdefault(re.findall("<title>(.+?)</title>", markup)[0], []).append(address)
    assert {title: same for title, same in titles.items() if len(same) > 1} == {}


def test_the_way_in_and_the_steps_of_an_import_look_right(chromium: Browser, server: Server) -> None:
    wrong = wrong_with(chromium, server, ["/admin/sign-in"])
    context = chromium.new_context(viewport=PHONE, base_url=server.url, reduced_motion="reduce")  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page = context.new_page()
    enter(page)
    for path, button in (("categories", "Go on"), ("products", "Look into it")):
        upload_table(page, path, button, "Name,Price,What\nChairs,1,x\n")
        wrong += [f"{path}: {one}" for one in seen(page)]
    context.close()
    assert wrong == []


def test_nothing_moves_when_a_job_begins_or_ends(chromium: Browser, server: Server) -> None:
    for size in (DESK, PHONE):
        context = chromium.new_context(viewport=size, base_url=server.url)  # type: ignore[arg-type]
        page = context.new_page()
        enter(page)
        page.wait_for_function(IDLE)
        bell = page.locator(".topbar-jobs")
        before = bell.bounding_box()
        page.locator("#running-count").evaluate("(words, busy) => { words.innerHTML = busy; }", BUSY)
        expect(page.locator(".running-pulse")).to_be_visible()
        assert bell.bounding_box() == before
        context.close()


def test_nothing_moves_while_a_page_still_comes(chromium: Browser, server: Server) -> None:
    """What stands beside or above a thing can come after it: the bytes of a page, on a slow line or a busy machine."""
    context = chromium.new_context(viewport=PHONE, base_url=server.url)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page = context.new_page()
    enter(page)
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_LINE)
    moved = {}
    for address in ("/admin/settings/theme", "/admin/products/new"):
        for size in (PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(address)
            page.wait_for_function(SETTLED)
            moved[address, size["width"]] = page.evaluate("window.moved")
    context.close()
    assert {key: what for key, what in moved.items() if what} == {}


def test_each_looks_right(chromium: Browser, server: Server, linked: Linked) -> None:
    wrong = wrong_with(chromium, server, list(linked.pages), enter, sample=4)
    assert not wrong, "\n".join(wrong)
