"""What the writing mode shows of an article: its text, what is said of it, and what its scripts must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from markupsafe import Markup
from pydantic.fields import FieldInfo
from sqlalchemy import Connection
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.content.articles import queries
from engine.content.articles.queries import Named
from engine.content.articles.standing import fields_in
from engine.content.pages.models import PageKind, PageStatus
from engine.content.pages.queries import draft
from engine.core.blocks.declaring import Block, meaning_of
from engine.core.html import json_for_script
from engine.core.i18n import Message, _, format_message
from engine.core.ids import parse_id
from engine.media.public import urls
from ui.fields import FieldView
from ui.fields.parsing import shown as shown_in_form

#: Blocks that the slash menu offers, in its order, where the house has them.
OFFERED = ("image", "gallery", "quote", "button", "video", "divider", "download", "code", "table", "html")
EASY = frozenset({"line", "lines", "richtext", "code", "href", "image", "moment", "html", ""})
COVER = FieldView("cover", _("Cover"), "image", help=_("Stands above the article and in lists."), nullable=True)
APPEARS = FieldView("publishAt", _("Appears"), "datetime", help=_("It is published by itself then."), nullable=True)
TAGS = FieldView("tags", _("Tags"), "tags", help=_("With commas between; new ones are added."))
Text = Message | str
Options = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Sheet:
    """An article as it is being written. texts: (block's id, its HTML) for the plain form; others: what else is there.

    data: JSON for the scripts; drawn: that of the parts that are no text, as visitors see them, by their ids.
    """

    id: UUID | None
    kind: PageKind
    title: str
    status: PageStatus
    edit: int
    url: str
    slug: str
    texts: Sequence[tuple[str, str]]
    others: Sequence[Text]
    values: Mapping[str, Any]
    cover: Sequence[Mapping[str, str]]
    publish_at: str
    offered: Mapping[str, Sequence[Named]]
    categories: Options
    authors: Options
    series: Options
    tags: str
    data: Markup
    is_draft_newer: bool
    errors: Mapping[str, Message | str] = field(default_factory=dict)
    cover_view: FieldView = COVER
    appears_view: FieldView = APPEARS
    site_name: str = ""
    tags_view: FieldView = TAGS
    drawn: Markup = Markup("{}")


def sheet_of(connection: Connection, house: Ports, page_id: UUID | None, form: FormData | None = None) -> Sheet | None:
    """Return the sheet of an article, an empty one for none, or None where there is no such page.

    form: what was typed and refused.
    """
    shown = draft(connection, page_id) if page_id else None
    if page_id and shown is None:
        return None
    content: Mapping[str, Any] = shown.content if shown else {}
    said = fields_in(content)
    offered = queries.offered(connection)
    named = {str(one.id): one.name for one in offered["tag"]}
    blocks = content.get("blocks") or []
    typed = {name: str(value) for name, value in (form or {}).items() if isinstance(value, str)}
    appears = replace(APPEARS, timezone=house.site.general.timezone)
    at = shown.publish_at.isoformat() if shown and shown.publish_at else ""
    return Sheet(
        id=page_id,
        kind=shown.kind if shown else PageKind.ARTICLE,
        title=typed.get("title", str(content.get("title") or "")),
        status=shown.status if shown else PageStatus.DRAFT,
        edit=shown.edit if shown else 0,
        url=(shown.path or "") if shown else "",
        slug=typed.get("slug", shown.slug if shown else ""),
        texts=[(str(one["id"]), typed.get(f"text-{one['id']}", _html(one))) for one in blocks if _is_text(one)],
        others=[house.blocks[one["type"]].label for one in blocks if not _is_text(one) and one["type"] in house.blocks],
        values={**content, "article": said},
        cover=_cover(connection, str(content.get("cover") or "")),
        publish_at=shown_in_form(appears, at),
        offered=offered,
        categories=_options(offered["category"]),
        authors=[("", _("Nobody")), *_options(offered["author"])],
        series=[("", _("None")), *_options(offered["series"])],
        tags=typed.get("tags", ", ".join(named[one].replace(",", "\\,") for one in said.tags if one in named)),
        data=_data(house, page_id, shown.edit if shown else 0, content, offered["tag"]),
        is_draft_newer=bool(shown and shown.is_draft_newer),
        appears_view=appears,
        site_name=house.site.general.site_name,
    )


def _options(named: Sequence[Named]) -> list[tuple[str, Text]]:
    return [(str(one.id), one.name) for one in named]


def _is_text(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "text"


def _html(block: Mapping[str, Any]) -> str:
    return str((block.get("settings") or {}).get("text", ""))


def _cover(connection: Connection, text: str) -> list[dict[str, str]]:
    id_ = parse_id(text)
    found = urls(connection, [id_]).get(id_) if id_ else None
    return [{"id": text, "url": found.thumbnail, "alt": found.alt, "name": ""}] if found else []


def _data(house: Ports, page_id: UUID | None, edit: int, content: Mapping[str, Any], tags: Sequence[Named]) -> Markup:
    locale = house.site.general.language
    book = {name: _described(block, locale) for name, block in house.blocks.items()}
    slash = [name for name in OFFERED if name in book]
    found = {
        "id": str(page_id) if page_id else "",
        "edit": edit,
        "content": content,
        "book": book,
        "slash": slash,
        "tags": [[str(one.id), one.name] for one in tags],
        "locale": locale,
    }
    return Markup(json_for_script(found))  # noqa: S704 - json_for_script made it safe


def _described(block: Block, locale: str) -> dict[str, Any]:
    """Return a block as the scripts know it. fields: those of its settings that a small form can ask for."""

    def words(text: Text) -> str:
        return format_message(text, locale) if isinstance(text, Message) else text

    return {
        "label": words(block.label),
        "icon": block.icon,
        "words": block.words,
        "holds": bool(block.holds),
        "fields": [
            {
                "name": info.alias or name,
                "label": words(block.labels.get(name, name.replace("_", " ").capitalize())),
                "kind": _kind(info),
                "choices": [[value, words(text)] for value, text in block.choices.get(name, {}).items()],
                "initial": info.get_default() if isinstance(info.get_default(), str | int | bool) else "",
            }
            for name, info in block.settings.model_fields.items()
            if _kind(info)
        ],
    }


def _kind(info: FieldInfo) -> str:
    meaning = meaning_of(info)
    if info.annotation is bool:
        return "switch"
    if meaning in EASY and info.annotation not in (int, tuple, dict):
        return meaning or "line"
    return ""
