"""The writing mode: what is typed, pressed, pasted and dropped on the sheet is a tree of blocks, and is never lost."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, untaken
from tests.browser.fieldpage import PASTE
from tests.browser.looks import sign_in_as, wrong_with
from tests.factories.pictures import photo
from tests.server import PASSWORD, Server

OWNER = "owner@example.org"
enter = sign_in_as(OWNER, PASSWORD, "/admin")
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{{margin:0}}</style></head>
<body><p class=MsoTitle style='font-size:28pt'>“Clay” &amp; water</p><h1>Care<o:p></o:p></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Wash</b> by
<span style='font-style:italic'>hand</span><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.&nbsp;</span>First</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a.&nbsp;</span>Inside</p>
<table><tr><td onclick="steal()">Cell</td></tr></table><img src="data:image/png;base64,{DOT}">
<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><a href="javascript:pwned=1">bad</a></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-7">
<h2 dir="ltr"><span>Docs</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:700">bold</span><span> and </span>
<span style="text-decoration:line-through">gone</span></p>
<ul style="margin:0"><li dir="ltr" aria-level="1"><p role="presentation"><span>one</span></p></li>
<li dir="ltr"><p><span>two</span></p></li></ul>
<div dir="ltr"><table style="border:none"><colgroup><col /></colgroup><tbody>
<tr><td style="border:solid"><p dir="ltr"><span style="font-weight:700">Cup</span></p></td>
<td><p dir="ltr"><span style="font-weight:700">Price</span></p></td></tr>
<tr><td rowspan="2"><p>Blue</p></td><td><p>12</p></td></tr><tr><td><p>14 &amp; up</p></td></tr></tbody></table></div>
<p><img src="https://lh3.googleusercontent.com/x" width="1"></p></b>"""


class House:
    """The server's API in the owner's name."""

    def __init__(self, server: Server) -> None:
        server.claim()
        self.client = httpx.Client(base_url=f"{server.url}/api/v1", timeout=30)
        said = self.client.post("/auth/login", json={"email": OWNER, "password": PASSWORD}).json()
        self.client.headers["Authorization"] = f"Bearer {said['accessToken']}"

    def begin(self, title: str, *blocks: dict[str, Any]) -> str:
        body = {"kind": "article", "content": {"title": title, "blocks": list(blocks)}}
        return str(self.client.post("/pages/begin", json=body).raise_for_status().json()["id"])

    def draft(self, page_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/pages/{page_id}/draft").raise_for_status().json()
        return found

    def save(self, page_id: str, blocks: list[dict[str, Any]]) -> None:
        draft = self.draft(page_id)
        body = {"edit": draft["edit"], "content": {**draft["content"], "blocks": blocks}}
        self.client.put(f"/pages/{page_id}/draft", json=body).raise_for_status()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them, each of which writes an article of its own."""
    with Server(tmp_path_factory.mktemp("writing") / "installation") as running:
        yield running


@pytest.fixture(scope="module")
def house(server: Server) -> Iterator[House]:
    made = House(server)
    yield made
    made.client.close()


def sheet(page: Page) -> Any:
    return page.locator(".ProseMirror")


def saved(page: Page) -> None:
    expect(page.locator("[data-sheet-saved]")).to_have_text("Saved")


def text(words: str, id: str = "t1") -> dict[str, Any]:  # noqa: A002
    return {"id": id, "type": "text", "settings": {"text": f"<p>{words}</p>"}}


@pytest.mark.browser
def test_an_article_is_written_from_an_empty_sheet_and_published(
    house: House, window: Callable[..., Page], screenshot: Callable[[Page, str], None]
) -> None:
    page = window(DESK)
    enter(page)
    page.goto("/admin/articles/new")
    title = untaken("Bees")
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    page.keyboard.type(
        "# Hives\n**Bold** and _soft_ [site](example.org) \n- one\ntwo\n\n> quoted\n\n---\n### Small\n```"
    )
    page.keyboard.type(" x = 1")
    page.wait_for_url(re.compile(r"/admin/articles/[0-9a-f-]{36}/write$"))
    page_id = page.url.split("/")[-2]
    saved(page)
    draft = house.draft(page_id)
    (block,) = draft["content"]["blocks"]
    html = block["settings"]["text"]
    for part in (
        "<h2>Hives</h2>", "<strong>Bold</strong>", "<em>soft</em>", 'href="https://example.org"', "<li>one</li>",
        "<blockquote><p>quoted</p></blockquote>", "<hr>", "<h3>Small</h3>", "<pre><code>",
    ):  # fmt: skip
        assert part in html, html
    assert (draft["title"], draft["url"]) == (title, f"/blog/{title.lower()}")
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowDown")
    sheet(page).press("Control+End")
    page.keyboard.type("\n\n\n/quo")
    page.get_by_role("option", name="Quote").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").first.fill("Be kind")
    dialog.get_by_role("button", name="Done").click()
    expect(page.locator(".piece")).to_contain_text("Be kind")
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Excerpt").fill("About bees")
    page.get_by_label("Tags").fill("Honey,")
    page.keyboard.press("Escape")
    saved(page)
    screenshot(page, "writing-desk")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. Visitors see it now.")).to_be_visible()
    seen = house.client.get(f"/articles/{page_id}").json()
    assert (seen["excerpt"], seen["authorName"]) == ("About bees", "Olive Owner")
    kinds = [one["type"] for one in house.draft(page_id)["content"]["blocks"]]
    assert kinds == ["text", "quote"]
    page.goto(draft["url"])
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("link", name="Honey")).to_be_visible()


@pytest.mark.browser
def test_what_word_and_google_docs_put_on_the_clipboard_comes_in_clean(
    house: House, window: Callable[..., Page]
) -> None:
    page_id = house.begin("Pasted", text("Before", "keep1"))
    page = window(DESK)
    enter(page)
    page.goto(f"/admin/articles/{page_id}/write")
    sheet(page).click()
    for html in (WORD, DOCS):
        sheet(page).press("Control+End")
        sheet(page).press("Enter")
        sheet(page).evaluate(PASTE, html)
    expect(page.locator(".piece")).to_have_count(2)
    expect(page.get_by_text("Pictures of other sites were left out")).to_be_visible()
    saved(page)
    blocks = house.draft(page_id)["content"]["blocks"]
    written = "".join(one["settings"].get("text", "") for one in blocks)
    for part in (
        "“Clay” &amp; water", "<h2>Care</h2>", "<strong>Wash</strong>", "<em>hand</em>", "<ol><li>First<ol><li>Inside",
        "Cell", "<h2", "<strong>bold</strong> and <s>gone</s>", "<li>two</li>", "one</li>",
    ):  # fmt: skip
        assert part in written, written
    assert not re.search(r"style|class|mso|script|javascript|onerror|onclick|data:|guid|googleusercontent", written)
    assert page.evaluate("window.pwned") is None
    assert blocks[0]["id"] == "keep1"
    (table,) = [one["settings"] for one in blocks if one["type"] == "table"]
    assert table["cells"] == [["Cup", "Price"], ["Blue", "12"], ["", "14 & up"]]
    assert table["hasHeaderRow"]
    (picture,) = (one for one in blocks if one["type"] == "image")
    assert house.client.get(f"/media/{picture['settings']['image']}").status_code == 200


@pytest.mark.browser
def test_ids_and_parts_that_the_sheet_cannot_write_stay_as_they_are(house: House, window: Callable[..., Page]) -> None:
    table = {"id": "tab1", "type": "text", "settings": {"text": "<table><tbody><tr><td>1</td></tr></tbody></table>"}}
    nested = {"id": "sec1", "type": "section", "children": [text("Deep", "deep1")], "look": {"background": "soft"}}
    heading = {"id": "head1", "type": "heading", "settings": {"text": "A part", "level": "3"}}
    looked = {**text("Two", "t2"), "look": {"align": "center"}}
    page_id = house.begin("Kept", text("One"), looked, heading, nested, table, text("Last", "t3"))
    before = house.draft(page_id)["content"]["blocks"]
    page = window(DESK)
    enter(page)
    page.goto(f"/admin/articles/{page_id}/write")
    sheet(page).press("Control+End")
    page.keyboard.type("!")
    saved(page)
    after = house.draft(page_id)["content"]["blocks"]
    assert [one["id"] for one in after] == ["t1", "t2", "head1", "sec1", "tab1", "t3"]
    assert after[:-1] == before[:-1]
    assert after[-1]["settings"]["text"] == "<p>Last!</p>"


@pytest.mark.browser
def test_a_dropped_network_and_a_second_writer_lose_nothing(house: House, window: Callable[..., Page]) -> None:
    page_id = house.begin("Shared", text("Mine", "t1"), {**text("Theirs", "t2"), "look": {"align": "center"}})
    page = window(DESK)
    enter(page)
    page.goto(f"/admin/articles/{page_id}/write")
    sheet(page).get_by_text("Mine").click()
    blocks = house.draft(page_id)["content"]["blocks"]
    house.save(page_id, [blocks[0], {**blocks[1], "settings": {"text": "<p>Theirs, and more</p>"}}])
    page.keyboard.press("End")
    page.keyboard.type(" too")
    expect(page.get_by_text("wrote on this article too")).to_be_visible()
    expect(sheet(page)).to_contain_text("Theirs, and more")
    saved(page)
    assert "Mine too" in json.dumps(house.draft(page_id)["content"])
    blocks = house.draft(page_id)["content"]["blocks"]
    house.save(page_id, [{**blocks[0], "settings": {"text": "<p>Hers</p>"}}, *blocks[1:]])
    sheet(page).get_by_text("Mine too").click()
    page.keyboard.press("End")
    page.keyboard.type("!")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert "Mine too!" in json.dumps(house.draft(page_id)["content"])


@pytest.mark.browser
def test_what_was_not_saved_is_offered_on_return(house: House, window: Callable[..., Page]) -> None:
    page_id = house.begin("Away", text("Here"))
    page = window(PHONE)
    enter(page)
    page.goto(f"/admin/articles/{page_id}/write")
    page.route("**/draft", lambda route: route.fulfill(status=422, json={"detail": "no"}))
    sheet(page).press("Control+End")
    page.keyboard.type(" and gone")
    expect(page.locator("[data-sheet-saved]")).to_contain_text("Not saved")
    page.unroute("**/draft")
    page.goto("/admin/articles")
    page.goto(f"/admin/articles/{page_id}/write")
    page.get_by_role("button", name="Bring them back").click()
    saved(page)
    assert "Here and gone" in json.dumps(house.draft(page_id)["content"])


@pytest.mark.browser
def test_without_scripts_it_is_a_form(house: House, window: Callable[..., Page]) -> None:
    page = window(DESK, scripts=False)
    enter(page)
    page.goto("/admin/articles/new")
    title = untaken("Plain")
    page.get_by_label("Title", exact=True).first.fill(title)
    page.get_by_label("Text", exact=True).fill("One\n\nTwo <b>& more</b>")
    page.get_by_label("Tags").fill("Tea, Cake")
    page.get_by_role("button", name="Save").click()
    page_id = page.url.split("/")[-2]
    draft = house.draft(page_id)
    content = draft["content"]
    assert content["title"] == title
    assert len(content["article"]["tags"]) == 2
    page.get_by_label("Text 1").fill("<p>Changed</p>")
    page.get_by_role("button", name="Publish").click()
    page.goto(draft["url"])
    expect(page.get_by_text("Changed")).to_be_visible()


@pytest.mark.browser
def test_the_blog_and_the_sheet_look_right(house: House, server: Server, chromium: Any) -> None:
    cover = house.client.post("/media", files={"file": ("a.jpg", photo(1200, 800), "image/jpeg")}).json()["id"]
    picture = {"id": "p1", "type": "image", "settings": {"image": cover, "alt": "Bees"}}
    page_id = house.begin(untaken("Bees"), text("They fly."), picture)
    draft = house.draft(page_id)
    content = {**draft["content"], "cover": cover, "excerpt": "About bees"}
    house.client.put(f"/pages/{page_id}/draft", json={"edit": 1, "content": content}).raise_for_status()
    house.client.post(f"/pages/{page_id}/publish", json={}).raise_for_status()
    assert wrong_with(chromium, server, ["/blog", draft["url"], "/blog/archive"]) == []
    staff = ["/admin/articles", f"/admin/articles/{page_id}/write", "/admin/articles/new", f"/admin/articles/{page_id}"]
    assert wrong_with(chromium, server, staff, enter) == []
