"""From a settings model to the fields of a form, and from a posted form back to wire values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin

from babel.numbers import get_currency_symbol
from pydantic.fields import FieldInfo
from starlette.datastructures import FormData

from engine.core.emailsettings import ENCRYPTIONS
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.money import Money, parse_minor
from engine.core.setting import Meaning, Settings, is_secret
from engine.core.settings import Site
from ui.admin.settings import choices
from ui.admin.settings.plan import SettingsPlan
from ui.admin.settings.words import CHOICES, LABELS
from ui.fields import FieldView as AskedField
from ui.fields.moments import parse_datetime
from ui.fields.posted import Posted

FIXED = _("The environment sets this. Change it there, or remove the variable.")
_CREDENTIALS = {"host": "text", "port": "number", "encryption": "select", "username": "text", "password": "secret"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a field is asked for, whatever its value."""

    kind: str
    options: Sequence[Any] = ()
    suffix: str = ""


_PLAIN: Mapping[Any, Shape] = {bool: Shape("switch"), int: Shape("number"), Decimal: Shape("decimal", suffix="%")}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the form shows it. `name`: its wire name without the key, dotted."""

    name: str
    shape: Shape
    label: Message
    help: Message | None
    value: Any
    error: Message | str | None
    is_fixed: bool
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    """Fields under one heading."""

    title: Message
    help: Message | None
    fields: list[FieldView]


def groups_of(
    plan: SettingsPlan,
    kind: type[Settings],
    values: Mapping[str, Any],
    site: Site,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> list[GroupView]:
    """Return the form's groups. values: masked, in wire names; typed: what came back wrong, by field."""
    found = []
    for group in plan.groups:
        fields = []
        for name in group.fields:
            shape = shape_of(kind, name, site.general.language)
            label, help_text = LABELS[f"{plan.key}.{name}"]
            is_fixed = f"{plan.key}.{name}" in site.fixed
            kept = _shown(_at(values, name), shape, site)
            fields.append(
                FieldView(
                    name=name,
                    shape=shape,
                    label=label,
                    help=FIXED if is_fixed else help_text,
                    value=kept if is_fixed or typed is None or name not in typed else typed[name],
                    error=(errors or {}).get(name),
                    is_fixed=is_fixed,
                    prefix=_symbol(site) if shape.kind == "money" else "",
                )
            )
        found.append(GroupView(group.title, group.help, fields))
    return found


def shape_of(kind: type[Settings], name: str, locale: str) -> Shape:
    """Return how the model's field is asked for."""
    place, info = _field(kind, name)
    if info is None:
        wanted = _CREDENTIALS[place]
        return Shape(wanted, _named(("", *ENCRYPTIONS)) if wanted == "select" else ())
    if name.endswith("Minor"):
        return Shape("money")
    if is_secret(info.annotation, info.metadata):
        return Shape("secret")
    meaning = next((mark.name for mark in info.metadata if isinstance(mark, Meaning)), "")
    return _meant(meaning, locale) or _typed(info.annotation, place, locale)


def _meant(meaning: str, locale: str) -> Shape | None:
    match meaning:
        case "language":
            return Shape("select", choices.languages())
        case "timezone":
            return Shape("select", choices.timezones())
        case "currency":
            return Shape("select", choices.currencies(locale))
        case _:
            known = {
                "colour": "color",
                "email": "email",
                "link": "text",
                "picture": "picture",
                "paragraph": "textarea",
                "moment": "datetime-local",
                "time": "time",
            }.get(meaning)
            return Shape(known) if known else None


def _typed(annotation: Any, place: str, locale: str) -> Shape:
    if get_origin(annotation) is Literal:
        return Shape("select", _named(get_args(annotation)))
    if get_origin(annotation) is list:
        return Shape("countries", choices.countries(locale)) if place == "countries" else Shape("lines")
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return Shape("select", _named([member.value for member in annotation]))
    return _PLAIN.get(annotation, Shape("text"))


def _field(kind: type[Settings], name: str) -> tuple[str, FieldInfo | None]:
    """Return the last part of a wire name with its field; None inside a dictionary."""
    first, _dot, rest = name.partition(".")
    info = next(info for field, info in kind.model_fields.items() if (info.alias or field) == first)
    if not rest:
        return first, info
    if isinstance(info.annotation, type) and issubclass(info.annotation, Settings):
        return _field(info.annotation, rest)
    return rest, None


def _named(values: Sequence[str]) -> list[tuple[str, Any]]:
    return [(value, CHOICES.get(value, value)) for value in values]


def _shown(value: Any, shape: Shape, site: Site) -> Any:
    match shape.kind:
        case "money":
            return "" if value is None else str(Money(value, site.general.currency).decimal)
        case "datetime-local":
            local = datetime.fromisoformat(value).astimezone(site.general.zone) if value else None
            return local.strftime("%Y-%m-%dT%H:%M") if local else ""
        case "decimal":
            return f"{Decimal(value).normalize():f}"
        case "lines":
            return "\n".join(value)
        case _:
            return "" if value is None else value


def _symbol(site: Site) -> str:
    return get_currency_symbol(site.general.currency, locale=site.general.language.replace("-", "_"))


def _at(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def typed_in(plan: SettingsPlan, kind: type[Settings], form: FormData, site: Site) -> dict[str, Any]:
    """Return what was typed, by field; those that the environment sets are not asked."""
    typed: dict[str, Any] = {}
    for group in plan.groups:
        for name in group.fields:
            if f"{plan.key}.{name}" in site.fixed:
                continue
            match shape_of(kind, name, site.general.language).kind:
                case "switch":
                    typed[name] = form.get(name) == "true"
                case "countries":
                    typed[name] = [str(one) for one in form.getlist(name)]
                case _:
                    typed[name] = str(form.get(name, "")).replace("\r\n", "\n").strip()
    return typed


def wire_of(typed: Mapping[str, Any], kind: type[Settings], site: Site) -> dict[str, Any]:
    """Return what was typed as nested wire values. Raises Invalid for amounts that are none."""
    sent: dict[str, Any] = {}
    wrong: dict[str, Message | str] = {}
    for name, value in typed.items():
        place = sent
        *parents, last = name.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        match shape_of(kind, name, site.general.language).kind:
            case "money":
                try:
                    is_empty = not value and name == "freeFromMinor"
                    place[last] = None if is_empty else parse_minor(value, site.general.currency, name)
                except Invalid as error:
                    wrong |= error.fields
            case "datetime-local":
                asked = AskedField(name, "", "datetime", timezone=site.general.timezone)
                try:
                    place[last] = parse_datetime(asked, Posted(FormData([(name, value)])), name)
                except Invalid as error:
                    wrong |= error.fields
            case "lines":
                place[last] = [line.strip() for line in value.split("\n") if line.strip()]
            case "decimal":
                place[last] = value.replace(",", ".").rstrip("% ")
            case _:
                place[last] = value
    if wrong:
        raise Invalid(_("Some settings cannot be saved."), wrong)
    return sent


def errors_by_field(errors: Mapping[str, Message | str], plan: SettingsPlan) -> dict[str, Message | str]:
    """Return errors under the names of the form's fields: one inside a list belongs to the list."""
    names = [name for group in plan.groups for name in group.fields]
    return {
        next((name for name in names if path == name or path.startswith(f"{name}.")), ""): words
        for path, words in errors.items()
    }
