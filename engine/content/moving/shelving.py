"""What stands around incoming items: categories, tags and authors, their comments, and menus."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.orm import InstrumentedAttribute

from engine.content.articles.models import MAX_NAME, ArticleAuthor, ArticleCategory, ArticleTag
from engine.content.articles.resources import ARTICLE_AUTHORS, ARTICLE_CATEGORIES, ARTICLE_TAGS
from engine.content.comments.imports import ImportedComment
from engine.content.comments.imports import bring as bring_comment
from engine.content.menus.declared import PLAIN as MENUS
from engine.content.menus.items import MAX_DEPTH, MAX_ITEMS, MAX_LABEL, checked_items
from engine.content.menus.models import Menu
from engine.content.moving.incoming import (
    Incoming,
    IncomingAuthor,
    IncomingItem,
    IncomingKind,
    IncomingMenu,
    IncomingMenuItem,
    IncomingTerm,
)
from engine.content.moving.models import ImportedItem
from engine.content.moving.report import MovingReport
from engine.content.speech.standing import Standing
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid
from engine.core.html import clean_html, lines_of, text_of
from engine.core.i18n import _
from engine.core.linking import reference_to
from engine.core.records import writing
from engine.core.resource import Resource
from engine.core.slugs import slugify
from engine.core.transaction import Tx

LONGEST_SOURCE = 40
#: Ids of what was brought in, by (kind, key of the old system).
Shelves = Mapping[tuple[str, str], UUID]


async def bring(
    db: Database, actor: Actor, incoming: Incoming, report: MovingReport, accounts: Mapping[str, UUID]
) -> dict[tuple[str, str], UUID]:
    """Bring in categories, tags and authors; those of the same address here are taken for the same.

    accounts: whose account an author has here, by their key; their author is then the one of that account.
    """
    ids: dict[tuple[str, str], UUID] = {}
    for kind, resource, slug, terms in (
        ("category", ARTICLE_CATEGORIES, ArticleCategory.slug, incoming.categories),
        ("tag", ARTICLE_TAGS, ArticleTag.slug, incoming.tags),
        ("author", ARTICLE_AUTHORS, ArticleAuthor.slug, incoming.authors),
    ):
        for term in terms:
            async with db.write() as tx:
                found, outcome = await _term(tx, actor, incoming.source, kind, resource, slug, term)
                if kind == "author" and term.key in accounts:
                    found = await _account(tx, incoming.source, term.key, found, accounts[term.key])
            ids[kind, term.key] = found
            report.count({"category": "categories"}.get(kind, f"{kind}s"), outcome)
    return ids


async def _term(
    tx: Tx,
    actor: Actor,
    source: str,
    kind: str,
    resource: Resource,
    slug_of: InstrumentedAttribute[str],
    term: IncomingTerm | IncomingAuthor,
) -> tuple[UUID, str]:
    known = await tx.get(ImportedItem, (source, kind, term.key[:300]))
    if known is not None and await tx.get(resource.model, known.target_id) is not None:
        return known.target_id, "unchanged"
    slug = slugify(getattr(term, "slug", "") or term.name, kind)
    found: UUID | None = await tx.scalar(select(resource.model.id).where(slug_of == slug))  # type: ignore[attr-defined]
    outcome = "unchanged"
    if found is None:
        found, outcome = await _made(tx, actor, resource, term, slug), "created"
    if known is None:
        tx.add(ImportedItem(source=source, kind=kind, key=term.key[:300], target_id=found))
    else:
        known.target_id = found
    return found, outcome


async def _account(tx: Tx, source: str, key: str, found: UUID, user_id: UUID) -> UUID:
    """Return the author that stands for an account: the one that it has, else the one that was found, which gets it."""
    theirs: UUID | None = await tx.scalar(select(ArticleAuthor.id).where(ArticleAuthor.user_id == user_id))
    if theirs is None:
        author = await tx.get(ArticleAuthor, found)
        if author is None or author.user_id is not None:
            return found
        author.user_id, theirs = user_id, found
    known = await tx.get(ImportedItem, (source, "author", key[:300]))
    if known is not None:
        known.target_id = theirs
    await tx.flush()
    return theirs


async def _made(tx: Tx, actor: Actor, resource: Resource, term: IncomingTerm | IncomingAuthor, slug: str) -> UUID:
    name = text_of(term.name)[:MAX_NAME] or slug
    values: dict[str, Any] = {"name": name, "slug": slug}
    if isinstance(term, IncomingTerm):
        values["description"] = clean_html(term.description)[:5_000]
    else:
        values["bio"] = clean_html(term.bio)[:5_000]
    for attempt in ({}, {"name": f"{name[: MAX_NAME - 40]} ({slug[:30]})"}):
        try:
            async with tx.attempt():
                made: UUID = (await writing.create(tx, actor, resource, {**values, **attempt})).id
                return made
        except Invalid:
            if attempt:
                raise
    raise AssertionError("the second attempt answers or raises")


def article_fields(item: IncomingItem, shelves: Shelves) -> dict[str, Any]:
    """Return where an article stands, as its content has it."""
    author = next((shelves["author", key] for key in item.author_keys if ("author", key) in shelves), None)
    return {
        "categories": [str(shelves["category", key]) for key in item.category_keys if ("category", key) in shelves],
        "tags": [str(shelves["tag", key]) for key in item.tag_keys if ("tag", key) in shelves],
        "author": str(author) if author else "",
        "featured": item.is_featured,
        "comments": item.allows_comments,
    }


def voice_source(source: str) -> str:
    """Return what comments of a site are known by: its source, within the length that their table has."""
    if len(source) <= LONGEST_SOURCE:
        return source
    return f"{source[: LONGEST_SOURCE - 17]}:{hashlib.sha256(source.encode()).hexdigest()[:16]}"


async def comments(
    db: Database, actor: Actor, source: str, item: IncomingItem, own_id: UUID, report: MovingReport
) -> None:
    """Bring in an item's comments, each after the one that it answers."""
    told_by = voice_source(source)
    for one in sorted(item.comments, key=lambda comment: int(comment.key) if comment.key.isdigit() else 0):
        standing = Standing.PUBLISHED if one.is_approved else Standing.PENDING
        try:
            async with db.write() as tx:
                given = ImportedComment(
                    told_by,
                    one.key,
                    one.name,
                    lines_of(one.text),
                    one.at or tx.now,
                    one.email,
                    one.parent_key,
                    standing,
                )
                _row, is_new = await bring_comment(tx, actor, str(item.kind), own_id, given)
        except AgoraError as problem:
            report.say(item.title, _("A comment by {name} did not come in: {reason}").having(
                name=one.name[:60], reason=problem.message), item.line)  # fmt: skip
            report.count("comments", "failed")
        else:
            report.count("comments", "created" if is_new else "unchanged")


async def menus(
    db: Database,
    actor: Actor,
    incoming: Incoming,
    ids: Mapping[tuple[IncomingKind, str], UUID],
    shelves: Shelves,
    report: MovingReport,
) -> None:
    """Bring in menus under their own names; where they stand on the site is for people to say."""
    known = await db.query(_menus_known, incoming.source)
    for menu in incoming.menus:
        if menu.key in known:
            report.count("menus", "unchanged")
            continue
        items = _items(menu, ids, shelves, report)
        try:
            async with db.write() as tx:
                values = {
                    "name": menu.name[:120] or menu.key,
                    "location": await _free_place(tx, slugify(menu.key, "menu")[:50]),
                    "items": checked_items(items),
                }
                made = await writing.create(tx, actor, MENUS, values)
                tx.add(ImportedItem(source=incoming.source, kind="menu", key=menu.key[:300], target_id=made.id))
        except AgoraError as problem:
            report.say(menu.name, problem.message)
            report.count("menus", "failed")
        else:
            report.count("menus", "created")


async def _free_place(tx: Tx, wished: str) -> str:
    number, place = 1, wished
    while await tx.scalar(select(Menu.id).where(Menu.location == place)) is not None or place in ("header", "footer"):
        number += 1
        place = f"{wished}-{number}"
    return place


def _items(
    menu: IncomingMenu, ids: Mapping[tuple[IncomingKind, str], UUID], shelves: Shelves, report: MovingReport
) -> list[dict[str, Any]]:
    keys = {one.key for one in menu.items}

    def below(parent: str, level: int) -> list[dict[str, Any]]:
        found = []
        for one in menu.items:
            if (one.parent_key if one.parent_key in keys else "") != parent:
                continue
            children = below(one.key, level + 1) if level < 2 * MAX_DEPTH else []
            flat = children if level >= MAX_DEPTH - 1 else []
            target = _target(one, ids, shelves)
            if one.item_key and not target:
                report.say(menu.name, _("“{label}” led to something that did not come in.").having(label=one.label))
                found += children
                continue
            label = one.label[:MAX_LABEL]
            if label or target:
                found.append({"label": label or "" if target else label, "target": target,
                              "children": [] if flat else children})  # fmt: skip
            found += flat
        return found

    return below("", 0)[:MAX_ITEMS]


def _target(one: IncomingMenuItem, ids: Mapping[tuple[IncomingKind, str], UUID], shelves: Shelves) -> str:
    if one.item_key:
        for kind in IncomingKind:
            if (kind, one.item_key) in ids:
                return reference_to(str(kind), ids[kind, one.item_key])
        return ""
    if one.term_key:
        found = shelves.get(("category", one.term_key))
        return reference_to("article-category", found) if found else ""
    return one.address if one.address not in ("#", "") else ""


def _menus_known(connection: Connection, source: str) -> Sequence[str]:
    rows = connection.scalars(
        select(ImportedItem.key).where(ImportedItem.source == source, ImportedItem.kind == "menu")
    )
    return rows.all()
