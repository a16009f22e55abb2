"""What a menu is made of: items that lead somewhere or are headings, inside each other, and what they must be."""

from collections.abc import Container, Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.ids import new_secret
from engine.core.linking import MAX_LINK, checked_link, split_reference
from engine.core.plaintext import line_of
from engine.core.validation import fields_of

MAX_ITEMS = 200
MAX_DEPTH = 3
MAX_LABEL = 120
MAX_COLUMNS = 4


class MenuItem(BaseModel):
    """One item. target: a link (`engine/core/linking.py`); without one it is a heading.

    label: empty takes the title of what it leads to, and follows it. columns: what stands below is laid out in so many
    columns (of items at the top); 0 is a plain list.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")] = Field(default_factory=new_secret)
    label: Annotated[str, Field(max_length=MAX_LABEL)] = ""
    target: Annotated[str, Field(max_length=MAX_LINK)] = ""
    new_tab: bool = False
    columns: Annotated[int, Field(ge=0, le=MAX_COLUMNS)] = 0
    children: "list[MenuItem]" = Field(default=[], max_length=MAX_ITEMS)


_ITEMS = TypeAdapter(list[MenuItem])


def checked_items(sent: Any) -> list[dict[str, Any]]:
    """Return a menu's items as they are kept. Raises Invalid naming each field: `items.0.children.2.target`."""
    if not isinstance(sent, list) or _depth(sent) > MAX_DEPTH:
        message = _("A menu is a list of items, at most {most} levels deep.").having(most=MAX_DEPTH)
        raise Invalid(message, {"items": message})
    try:
        items = _ITEMS.validate_python(sent)
    except ValidationError as error:
        wrong = {f"items.{name}" if name else "items": words for name, words in fields_of(error).items()}
        raise Invalid(_("Some items of the menu need another look."), wrong) from None
    found = list(walked(items))
    if len(found) > MAX_ITEMS:
        message = _("A menu holds at most {most} items; this one has {count}.").having(most=MAX_ITEMS, count=len(found))
        raise Invalid(message, {"items": message})
    if len({item.id for _path, item in found}) < len(found):
        message = _("Two items of the menu have the same id.")
        raise Invalid(message, {"items": message})
    wrong = {}
    kept = [_kept(item, f"items.{place}", wrong) for place, item in enumerate(items)]
    if wrong:
        raise Invalid(_("Some items of the menu need another look."), wrong)
    return kept


def items_of(kept: Sequence[Any]) -> list[MenuItem]:
    """Return kept items as they are."""
    return _ITEMS.validate_python(list(kept))


def refuse_nameless(items: Sequence[Any], named: Container[str]) -> None:
    """Raise Invalid for items that have no words and lead to nothing whose title they could bear.

    named: the addresses that have a title.
    """
    found = walked(items_of(items))
    bare = [path for path, item in found if not (item.label or item.target in named or split_reference(item.target))]
    if bare:
        message = _("Say what stands in the menu.")
        raise Invalid(message, {f"{path}.label": message for path in bare})


def walked(items: Sequence[MenuItem], path: str = "items") -> Iterator[tuple[str, MenuItem]]:
    """Yield (path, item) of every item, each before those below it."""
    for place, item in enumerate(items):
        yield f"{path}.{place}", item
        yield from walked(item.children, f"{path}.{place}.children")


def _depth(sent: list[Any], level: int = 1) -> int:
    """Return how deep a tree is that has not been looked at yet; no further than one level too many."""
    below = [one["children"] for one in sent if isinstance(one, dict) and isinstance(one.get("children"), list)]
    below = [children for children in below if children]
    if not below or level > MAX_DEPTH:
        return level
    return max(_depth(children, level + 1) for children in below)


def _kept(item: MenuItem, path: str, wrong: dict[str, Message | str]) -> dict[str, Any]:
    label = line_of(item.label)
    target = item.target
    try:
        target = checked_link(item.target, f"{path}.target")
    except Invalid as error:
        wrong |= error.fields
    children = [_kept(child, f"{path}.children.{place}", wrong) for place, child in enumerate(item.children)]
    columns = item.columns if path.count(".") == 1 and children else 0
    return {
        "id": item.id,
        "label": label,
        "target": target,
        "newTab": item.new_tab,
        "columns": columns,
        "children": children,
    }
