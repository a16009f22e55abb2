"""A page of 300 blocks to measure, and one block of it drawn alone, as the builder does after a change."""

import time
from itertools import cycle
from typing import Any

from engine.commerce.blocks import BLOCKS as SHOP_BLOCKS
from engine.content.blocks import BLOCKS
from engine.content.pages.loading import Loaded
from engine.core.blocks import tree
from engine.core.blocks.declaring import book_of
from tests.factories.blocks import every_block
from tests.server import Server
from ui.blocks.drawing import Drawing, outgoing
from ui.page import PageContext

COUNT = 300
PATH = "/three-hundred-blocks"


def page_of(count: int) -> list[dict[str, Any]]:
    """Return blocks, of every type, as many as were asked for."""
    found: list[dict[str, Any]] = []
    left = count
    for one in cycle(every_block()):
        size = sum(1 for _node in _walk(one))
        if size <= left:
            found.append(one)
            left -= size
        if not left:
            return found
    return found


def _walk(one: dict[str, Any]) -> Any:
    yield one
    for child in one.get("children", ()):
        yield from _walk(child)


def publish(server: Server) -> str:
    """Publish the page; return its id."""
    with server.client("owner@example.org") as owner:
        written = {"title": "Three hundred blocks", "blocks": page_of(COUNT)}
        made = owner.post("/pages/begin", json={"title": written["title"], "content": written})
        assert made.status_code == 201, made.text
        assert owner.post(f"/pages/{made.json()['id']}/publish", json={}).is_success
        return str(made.json()["id"])


def changed() -> dict[str, Any]:
    """Return what the builder sends after a change of one block."""
    block = next(one for one in every_block() if one["type"] == "statistics")
    return {"blocks": [{**block, "id": "b1a2c3d4"}]}


def drawn_alone(turns: int = 200) -> float:
    """Return the seconds of processor that reading and drawing one block takes: a section of figures."""
    book = book_of((*BLOCKS, *SHOP_BLOCKS))
    raw = [next(one for one in every_block() if one["type"] == "statistics")]
    frame = PageContext(title="A page")

    def draw() -> None:
        Drawing(book, Loaded(), frame, outgoing(""), is_editing=True).tree(tree.read(raw, book))

    draw()
    began = time.process_time()
    for _turn in range(turns):
        draw()
    return (time.process_time() - began) / turns
