"""From the plain form of an article to its content: what was typed stands in place of what it was made from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from starlette.datastructures import FormData

from engine.content.articles.models import MAX_NAME, ArticleTag
from engine.content.articles.resources import ARTICLE_TAGS
from engine.core.actor import Actor
from engine.core.blocks.tree import new_block_id
from engine.core.records import writing as records
from engine.core.transaction import Tx
from ui.fields.paragraphs import as_html
from ui.fields.picks import split_tags

TEXTS = ("excerpt", "seoTitle", "seoDescription")
SWITCHES = ("featured", "pinned", "comments")


def content_of(form: FormData, before: Mapping[str, Any], tags: Sequence[str]) -> dict[str, Any]:
    """Return content as JSON: what stood there before, with what the form says. tags: ids."""
    raw = dict(before)
    raw["title"] = str(form.get("title", "")).strip() or str(before.get("title", ""))
    for name in TEXTS:
        raw[name] = str(form.get(name, "")).strip()
    removed = form.getlist("cover.remove")
    raw["cover"] = next((str(one) for one in form.getlist("cover") if one and one not in removed), "")
    article = {
        **(raw.get("article") or {}),
        "categories": [str(one) for one in form.getlist("categories") if one],
        "tags": list(tags),
        "author": str(form.get("author", "")),
        "series": str(form.get("series", "")),
        "seriesPlace": int(place) if (place := str(form.get("seriesPlace", ""))).isdigit() and len(place) < 6 else 0,
        **{name: form.get(name) == "true" for name in SWITCHES},
    }
    raw["article"] = article
    raw["blocks"] = [_typed(block, form) for block in before.get("blocks", ())]
    if words := str(form.get("text", "")).strip():
        raw["blocks"].append({"id": new_block_id(), "type": "text", "settings": {"text": str(as_html(words))}})
    return raw


def _typed(block: Mapping[str, Any], form: FormData) -> dict[str, Any]:
    typed = form.get(f"text-{block.get('id')}")
    if block.get("type") != "text" or not isinstance(typed, str):
        return dict(block)
    return {**block, "settings": {**(block.get("settings") or {}), "text": str(as_html(typed))}}


def names_in(form: FormData) -> list[str]:
    """Return the tags that were typed, with commas between."""
    return split_tags(str(form.get("tags", "")))


async def tags_named(tx: Tx, actor: Actor, names: Sequence[str]) -> list[str]:
    """Return the ids of these tags; those that are new are added. Raises NotAllowed."""
    ids: list[str] = []
    for name in dict.fromkeys(" ".join(one.split())[:MAX_NAME] for one in names if one.strip()):
        found: UUID | None = await tx.scalar(select(ArticleTag.id).where(func.lower(ArticleTag.name) == name.lower()))
        if found is None:
            found = (await records.create(tx, actor, ARTICLE_TAGS, {"name": name})).id
        ids.append(str(found))
    return list(dict.fromkeys(ids))
