"""Hostile texts in forms and their answers, articles and their shelves, files, menus, comments and reviews."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from engine.api.ports import Ports
from engine.content.files import files
from engine.core.html import clean_html
from tests.factories.files import pdf
from tests.factories.forms import STAFF
from tests.factories.pages import block
from tests.security.test_texts import Visitor, own, read_letters, told, visitor
from tests.security.values import MARKUP, TEXTS, samples

__all__ = ["visitor"]
#: Kinds of fields that take any words for an answer.
WORDS = ("text", "long_text", "hidden")
SHELVES = {
    "categories": "article-categories", "tags": "article-tags", "author": "article-authors", "series": "article-series",
}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a database makes of texts is shown by those of products."""
    return sqlite_url


def asked(text: str) -> list[dict[str, Any]]:
    """Return a form that says a text in every place, and takes any answer."""
    words = {"label": text, "help": text, "placeholder": text}
    email = {"id": "email", "type": "email", "required": True, **words}
    choice = {"id": "choice", "type": "choices", **words, "options": [text]}
    price = {"label": text, "amountMinor": 500}
    fee = {"id": "fee", "type": "payment", **words, "prices": [price], "currency": "USD", "required": True}
    fields = [{"id": kind, "type": kind, **words, "default": text} for kind in WORDS]
    layout = [{"id": "part", "type": "section", "label": text, "help": text}]
    return [email, *fields, choice, *layout, fee]


async def ask(visitor: Visitor, texts: Sequence[str]) -> None:
    """Put texts into forms and what is answered to them, and look at all that shows them."""
    for number, text in enumerate(texts):
        sent = {
            "name": text, "fields": asked(text), "intro": text, "confirmation": text, "closedText": text,
            "submitLabel": text[:80], "notify": ["desk@example.org"], "replySubject": text, "replyText": text,
        }  # fmt: skip
        form = await visitor.send("POST", "/forms", sent, but=(422,))
        if not form:
            continue
        if form["intro"] != clean_html(text):
            visitor.wrong.append(f"{text!r} is not as nh3 leaves it")
        answers = {**dict.fromkeys(WORDS, text), "email": f"a{number}@example.org", "choice": [" ".join(text.split())]}
        answers["fee"] = {"way": "manual"}
        entry = await visitor.send("POST", f"/forms/{form['id']}/submit", {"answers": answers}, but=(422,))
        await visitor.see(f"/forms/{form['slug']}")
        await visitor.see(f"/forms/{form['slug']}/thanks")
        for path in ("", "/entries", "/preview", "/history"):
            await visitor.see(f"/admin/forms/{form['id']}{path}")
        if entry:
            await visitor.send("POST", f"/form-entries/{entry['id']}/notes", {"text": text}, but=(404, 405, 422))
            await visitor.see(f"/admin/form-entries/{entry['id']}")
            if entry["payUrl"]:
                await visitor.see(str(entry["payUrl"]))
    for path in ("/admin/forms", "/admin/form-entries", "/admin/orders", "/admin/audit"):
        await visitor.see(path)
    assert await count(visitor, "/form-entries") > len(texts) / 2


async def count(visitor: Visitor, path: str) -> int:
    return int(str((await visitor.send("GET", path, None))["total"]))


async def tell(visitor: Visitor, texts: Sequence[str], product: str) -> None:
    """Put texts into articles with their shelves, comments and reviews, and look at all that shows them."""
    stranger = Visitor(visitor.client, {}, {})
    for number, text in enumerate(texts):
        shelves: dict[str, Any] = {"categories": [], "tags": [], "author": "", "series": ""}
        for name, path in SHELVES.items():
            words = {"bio": text} if name == "author" else {"description": text}
            made = await visitor.send("POST", f"/{path}", {"name": text, **words}, but=(422,))
            if made:
                shelves[name] = [made["id"]] if isinstance(shelves[name], list) else made["id"]
                await visitor.see(f"/admin/{path}/{made['id']}")
        line = " ".join(text.split())
        content = {
            "title": line, "excerpt": text, "seoTitle": line, "seoDescription": text, "socialTitle": line,
            "article": shelves, "blocks": [block("text", text=text), block("latest-articles", title=line)],
        }  # fmt: skip
        page = await visitor.send("POST", "/pages/begin", {"kind": "article", "content": content}, but=(422,))
        if not page:
            continue
        await visitor.send("POST", f"/pages/{page['id']}/publish", {})
        about = {"text": text, "name": line, "email": f"a{number}@example.org"}
        comment = {"kind": "article", "subjectId": page["id"], **about}
        await stranger.send("POST", "/comments", comment, but=(409, 422))
        review = {"kind": "product", "subjectId": product, "stars": 4, "title": line[:120], **about}
        await stranger.send("POST", "/reviews", review, but=(409, 422))
        await visitor.see(str(page["url"]))
        await visitor.see(f"/admin/articles/{page['id']}/write")
        await visitor.see(f"/admin/articles/{page['id']}/history")
    for path in ("/blog", "/admin/articles", "/admin/comments", "/admin/reviews", "/admin", "/search?q=script"):
        await visitor.see(path)
    visitor.wrong += stranger.wrong
    for path in ("comments", "reviews"):
        found = 0
        for standing in ("pending", "published", "spam"):
            found += await count(visitor, f"/{path}/queue?status={standing}")
            await visitor.see(f"/admin/{path}?view={standing}")
        assert found > 0
    for path in ("/blog/feed.xml", "/blog/atom.xml"):
        answer = await visitor.client.get(path)
        assert answer.status_code in (200, 404)
        visitor.wrong += [f"{path} holds {one}" for one in ("<script", "<img src=x") if one in answer.text]


async def point(visitor: Visitor, house: Ports, texts: Sequence[str]) -> None:
    """Put texts into menus, redirects and files, and look at all that shows them."""
    items = [{"label": " ".join(text.split())[:120] or "-", "target": "/blog", "children": [
        {"label": text[:120], "target": ""}]} for text in texts]  # fmt: skip
    assert visitor.wrong == [], told(visitor)
    menu = next(one for one in (await visitor.send("GET", "/navigation", None))["items"] if one["location"] == "header")
    await visitor.send("PATCH", f"/navigation/{menu['id']}", {"name": texts[0][:90], "items": items})
    await visitor.see(f"/admin/navigation/{menu['id']}")
    for text in texts:
        wrong = {"name": "Links", "location": "side", "items": [{"label": "x", "target": text}]}
        await visitor.send("POST", "/navigation", wrong, but=(409, 422))
        await visitor.send("POST", "/redirects", {"sourcePath": f"/{text}", "targetUrl": text}, but=(409, 422))
        file = await visitor.send("POST", "/files", {"title": text, "text": text, "rule": "everybody"}, but=(422,))
        if file:
            await files.put(house.db, house.blobs, STAFF, UUID(str(file["id"])), pdf(), f"{text}.pdf")
            await visitor.see(f"/admin/files/{file['id']}")
            await visitor.see(f"/files/{file['slug']}")
    for path in ("/", "/blog", "/admin/navigation", "/admin/redirects", "/admin/files"):
        await visitor.see(path)


class TestOwnTexts:
    async def test_in_forms_answers_and_their_letters_they_are_only_words(self, visitor, shop):
        await shop.set("payments", manualEnabled=True)
        await ask(visitor, own(TEXTS)[::4])
        await shop.house.jobs.run_until_idle()
        await read_letters(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_in_articles_comments_and_reviews_they_are_only_words(self, visitor, shop):
        await shop.set("blog", commentsNotify=["desk@example.org"])
        await shop.set("reviews", enabled=True, notify=["desk@example.org"], who="everyone")
        product = await shop.product(name="Blue mug")
        await tell(visitor, own(TEXTS)[::4], str(product.id))
        await shop.house.jobs.run_until_idle()
        await read_letters(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_in_menus_redirects_and_files_they_are_only_words(self, visitor, house):
        await point(visitor, house, own(TEXTS)[::2])
        assert visitor.wrong == [], told(visitor)


class TestSamples:
    async def test_nothing_made_of_the_samples_runs_anything(self, visitor, shop):
        texts = own(samples(*MARKUP))
        product = await shop.product(name="Blue mug")
        await ask(visitor, texts[::300])
        await tell(visitor, texts[1::300], str(product.id))
        await point(visitor, shop.house, texts[2::120])
        await shop.house.jobs.run_until_idle()
        await read_letters(visitor)
        assert visitor.wrong == [], told(visitor)
