"""The fields of a form as the editor holds them: read from the form, posted back, changed by its buttons.

A *card* is one field as texts, complete or not: what is typed survives whatever is wrong with it.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from engine.content.forms.shapes import MOST_CONDITIONS, MOST_FIELDS, FieldType, FormField, kept
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money, parse_minor
from ui.admin.forms.words import SETTINGS, TYPES, first_label, first_options

Texts = dict[str, Any]
_LINES = ("options", "default", "help", "prices")
_NUMBERS = ("minLength", "maxLength", "minimum", "maximum", "earliest", "latest", "maxMegabytes", "maxFiles")
_AMOUNTS = ("leastMinor", "mostMinor")
_PRICED = ("prices", *_AMOUNTS)
#: What is no text by itself.
_OTHERWISE = ("id", "type", "takes", "show", "prices", "currency")
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
    texts = {name: _text(value) for name, value in stored.items() if name not in _OTHERWISE}
    if one.type is FieldType.PAYMENT:
        texts["prices"] = "\n".join(price.named(one.currency) for price in one.prices)
        texts |= {name: f"{Money(stored[name], one.currency).decimal:f}" for name in _AMOUNTS if name in stored}
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
    names = (*_PLAIN, *_NUMBERS, *_AMOUNTS, "options", "prices", "pays", "required", "taxed")
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


def wire(cards: Sequence[Card], currency: str) -> list[dict[str, Any]]:
    """Return fields as the verbs take them, of each what its type knows. Raises Invalid naming what is no amount."""
    found, wrong = [], dict[str, Message | str]()
    for place, card in enumerate(cards):
        try:
            found.append(_wire(card, currency))
        except Invalid as error:
            wrong |= {f"fields.{place}.{name}": text for name, text in error.fields.items()}
    if wrong:
        raise Invalid(_("The form cannot be saved like this."), wrong)
    return found


def _wire(card: Card, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": card.id, "type": card.type.value}
    known = SETTINGS[card.type]
    for name in [one for one in known if one not in _PRICED]:
        text = card.texts.get(name, "")
        if name in ("required", "taxed"):
            found[name] = bool(text)
        elif name == "options":
            found[name] = [line for each in text.split("\n") if (line := " ".join(each.split()))]
        elif text:
            found[name] = text
    if "takes" in known and card.takes:
        found["takes"] = list(card.takes)
    if card.type is FieldType.PAYMENT:
        found |= _paying(card, currency)
    if card.conditions:
        found["show"] = {
            "match": card.match,
            "conditions": [{"field": one, "is": how, "value": value} for one, how, value in card.conditions],
        }
    return found


def _paying(card: Card, currency: str) -> dict[str, Any]:
    """Return what of a payment is in a currency: the amounts of its kind only."""
    if card.texts.get("pays") == "own":
        bounds = {name: text for name in _AMOUNTS if (text := card.texts.get(name))}
        return {"currency": currency, **{name: parse_minor(text, currency, name) for name, text in bounds.items()}}
    lines = [line for each in card.texts.get("prices", "").split("\n") if (line := " ".join(each.split()))]
    return {"currency": currency, "prices": [_price(line, currency) for line in lines]}


def readable(card: Card, currency: str) -> dict[str, Any]:
    """Return a card as `wire` does, without amounts that are none."""
    try:
        return _wire(card, currency)
    except Invalid:
        return _wire(replace(card, texts={**card.texts, **dict.fromkeys(_PRICED, "")}), currency)


def _price(line: str, currency: str) -> dict[str, Any]:
    """Return an amount and the words behind it: `25.00 Family`, `25 € Family`, `€ 25`."""
    first, _space, rest = line.partition(" ")
    second, _space, after = rest.partition(" ")
    if not (_has_figure(first) and _has_figure(second)):  # "25 10" are not 2510
        with suppress(Invalid):
            return {"label": after, "amountMinor": parse_minor(f"{first} {second}", currency, "prices")}
    return {"label": rest, "amountMinor": parse_minor(first, currency, "prices")}


def _has_figure(word: str) -> bool:
    return any(one.isdecimal() for one in word)


def acted(cards: Sequence[Card], act: str, removed: str, locale: str, currency: str) -> tuple[list[Card], str]:
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
            return found, json.dumps({"place": place, "field": readable(card, currency)})
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
