"""The fields of a form as the editor holds them: read from the form, posted back, changed by its buttons.

A *card* is one field as texts, complete or not: what is typed survives whatever is wrong with it.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from engine.content.forms.shapes import MOST_CONDITIONS, MOST_FIELDS, FieldType, FormField, kept
from ui.admin.forms.words import SETTINGS, TYPES, first_label, first_options

Texts = dict[str, Any]
_LINES = ("options", "default", "help")
_NUMBERS = ("minLength", "maxLength", "minimum", "maximum", "earliest", "latest", "maxMegabytes", "maxFiles")
_PLAIN = ("label", "help", "width", "placeholder", "default", "look", "pattern", "patternMessage")


@dataclass(frozen=True, slots=True)
class Card:
    """One field. texts: by wire name; options as lines; conditions as (field, comparison, value)."""

    id: str
    type: FieldType
    texts: Texts = field(default_factory=dict)
    takes: Sequence[str] = ()
    match: str = "all"
    conditions: Sequence[tuple[str, str, str]] = ()
    is_open: bool = False


def cards_of(fields: Sequence[FormField]) -> list[Card]:
    """Return the cards of a form as it is kept."""
    return [_card(one, stored) for one, stored in zip(fields, kept(fields), strict=True)]


def _card(one: FormField, stored: Mapping[str, Any]) -> Card:
    texts = {name: _text(value) for name, value in stored.items() if name not in ("id", "type", "takes", "show")}
    rule = one.show
    return Card(
        id=one.id,
        type=one.type,
        texts=texts,
        takes=[kind.value for kind in one.takes],
        match=rule.match if rule else "all",
        conditions=[(each.field, each.is_.value, each.value) for each in rule.conditions] if rule else (),
    )


def _text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else ""
        case list():
            return "\n".join(str(one) for one in value)
        case _:
            return str(value)


def posted(sent: FormData) -> list[Card]:
    """Return the cards that a form holds, in the order in which they stand in it."""
    order = [str(one)[:40] for one in sent.getlist("order") if isinstance(one, str)]
    return [found for one in dict.fromkeys(order[: MOST_FIELDS + 1]) if (found := _posted(one, sent)) is not None]


def _posted(card_id: str, sent: FormData) -> Card | None:
    at = f"f.{card_id}."
    kind = _one(sent, f"{at}type")
    if kind not in set(FieldType):
        return None
    names = (*_PLAIN, *_NUMBERS, "options", "required")
    asked = zip(*(_many(sent, f"{at}{name}") for name in ("source", "is", "value")), strict=False)
    return Card(
        id=card_id,
        type=FieldType(kind),
        texts={name: text for name in names if (text := _one(sent, at + name, is_long=name in _LINES))},
        takes=_many(sent, f"{at}takes")[:10],
        match="any" if _one(sent, f"{at}match") == "any" else "all",
        conditions=[(source, how, value) for source, how, value in asked if source][:MOST_CONDITIONS],
        is_open=bool(_one(sent, f"{at}open")),
    )


def _many(sent: FormData, name: str) -> list[str]:
    return [one.replace("\x00", "") for one in sent.getlist(name) if isinstance(one, str)]


def _one(sent: FormData, name: str, *, is_long: bool = False) -> str:
    found = (_many(sent, name) or [""])[-1].replace("\r\n", "\n")
    return found.strip() if is_long else " ".join(found.split())


def wire(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Return fields as the verbs take them, of each what its type knows."""
    return [_wire(card) for card in cards]


def _wire(card: Card) -> dict[str, Any]:
    found: dict[str, Any] = {"id": card.id, "type": card.type.value}
    known = SETTINGS[card.type]
    for name in known:
        text = card.texts.get(name, "")
        if name == "required":
            found[name] = bool(text)
        elif name == "options":
            found[name] = [line for each in text.split("\n") if (line := " ".join(each.split()))]
        elif text:
            found[name] = text
    if "takes" in known and card.takes:
        found["takes"] = list(card.takes)
    if card.conditions:
        found["show"] = {
            "match": card.match,
            "conditions": [{"field": one, "is": how, "value": value} for one, how, value in card.conditions],
        }
    return found


def acted(cards: Sequence[Card], act: str, removed: str, locale: str) -> tuple[list[Card], str]:
    """Return the cards after a button was pressed, and what was taken out as JSON, to be put back.

    act: `add:email`, `up:ID`, `down:ID`, `copy:ID`, `remove:ID`, `restore`, or nothing that changes anything.
    """
    verb, _colon, which = act.partition(":")
    found = list(cards)
    if verb == "add" and which in set(FieldType) and len(found) < MOST_FIELDS:
        kind = FieldType(which)
        texts = {**TYPES[kind].first, "label": first_label(kind, locale)}
        if "options" in SETTINGS[kind]:
            texts["options"] = first_options(locale)
        found.append(Card(new_id(kind), kind, texts, is_open=True))
        return found, ""
    if verb == "restore":
        return _restored(found, removed), ""
    place = next((at for at, card in enumerate(found) if card.id == which), None)
    if place is None:
        return found, removed
    card = found[place]
    match verb:
        case "up" | "down":
            other = place + (-1 if verb == "up" else 1)
            if 0 <= other < len(found):
                found[place], found[other] = found[other], found[place]
        case "copy":
            found.insert(place + 1, replace(card, id=new_id(card.type), is_open=True))
        case "remove":
            del found[place]
            return found, json.dumps({"place": place, "field": _wire(card)})
    return found, removed


def _restored(cards: list[Card], removed: str) -> list[Card]:
    try:
        kept_one = json.loads(removed)
        one = FormField.model_validate(kept_one["field"])
        place = int(kept_one["place"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return cards
    if any(card.id == one.id for card in cards):
        return cards
    return [*cards[:place], *cards_of([one]), *cards[place:]]


def new_id(kind: FieldType) -> str:
    """Return an id that no field had before: what older entries answered to another is never taken for its own."""
    return f"{kind.value.replace('_', '-')}-{secrets.token_hex(3)}"
