"""From a posted form to the values that the API takes, back to what was typed, and from values to a form's texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData, UploadFile

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from ui.fields import FieldView, moments, numbers, picks, structures, words
from ui.fields.posted import Posted, refusal
from ui.fields.rows import places_of, row_path

MAX_ROWS = 500
_WRONG = _("Some answers need another look.")
_NO_ROWS = _("Add at least {least}.")
_TOO_MANY_ROWS = _("These are {count} rows; at most {most} can be kept.")


@dataclass(frozen=True, slots=True)
class Kind:
    """How the value of a widget is read from a form, given back as it was typed, and written into one."""

    parse: Callable[[FieldView, Posted, str], Any]
    typed: Callable[[FieldView, Posted, str], Any] = words.typed_text
    shown: Callable[[FieldView, Any, str], Any] = words.shown_text


def parse(
    view: FieldView, form: FormData, prefix: str = "", *, locale: str = "en", stored: Mapping[str, str] | None = None
) -> Any:
    """Return the field's value as the API takes it.

    prefix: before the name, such as `lines.0.`. locale: in whose way numbers are typed. stored: media ids of the files
    that came along (`uploads` names them). Raises Invalid naming the field (`prefix + name`, dotted), value and remedy.
    """
    return _parsed(view, Posted(form, locale, stored or {}), prefix + view.name)


def parse_all(
    views: Sequence[FieldView], form: FormData, prefix: str = "", *, locale: str = "en",
    stored: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the values of all fields by their names. Raises one Invalid that names every field that is wrong."""
    return _all_parsed(views, Posted(form, locale, stored or {}), prefix)


def typed(view: FieldView, form: FormData, prefix: str = "") -> Any:
    """Return what was typed, in the shape that the form's template shows again."""
    return KINDS[view.widget].typed(view, Posted(form), prefix + view.name)


def shown(view: FieldView, value: Any, locale: str = "en") -> Any:
    """Return what the form's template shows for a wire value: text, or texts by part, or a list of these."""
    return KINDS[view.widget].shown(view, value, locale)


def uploads(views: Sequence[FieldView], form: FormData, prefix: str = "") -> dict[str, UploadFile]:
    """Return the files that came along with pictures and files of these fields, by the name of their input."""
    found: dict[str, UploadFile] = {}
    for view in views:
        path = prefix + view.name
        if view.widget == "rows":
            for place in places_of(form, path):
                found |= uploads(view.rows, form, row_path(path, place))
        sent = form.get(f"{path}.file")
        if view.widget in ("image", "file") and isinstance(sent, UploadFile) and sent.filename:
            found[f"{path}.file"] = sent
    return found


def errors_of(errors: Mapping[str, Message | str], path: str) -> dict[str, Message | str]:
    """Return what is wrong with a field ("") and with its parts, by their names behind the field's own."""
    inside = {name.removeprefix(f"{path}."): words for name, words in errors.items() if name.startswith(f"{path}.")}
    return {"": errors[path], **inside} if path in errors else inside


def _parsed(view: FieldView, posted: Posted, path: str) -> Any:
    return KINDS[view.widget].parse(view, posted, path)


def _all_parsed(views: Sequence[FieldView], posted: Posted, prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    wrong: dict[str, Message | str] = {}
    for view in views:
        try:
            values[view.name] = _parsed(view, posted, prefix + view.name)
        except Invalid as refused:
            wrong |= refused.fields
    if wrong:
        raise Invalid(_WRONG, wrong)
    return values


def _parse_rows(view: FieldView, posted: Posted, path: str) -> list[dict[str, Any]]:
    """Return the rows in the order of their numbers. Errors name them by their place among those that stay."""
    kept = _kept_rows(view, posted, path)
    most, least = int(view.maximum or MAX_ROWS), int(view.minimum or view.required)
    if len(kept) > most:
        raise refusal(path, _TOO_MANY_ROWS, count=len(kept), most=most)
    if len(kept) < least:
        raise refusal(path, _NO_ROWS, least=least)
    rows: list[dict[str, Any]] = []
    wrong: dict[str, Message | str] = {}
    for place, own in enumerate(kept):
        try:
            known = {"id": id_} if (id_ := posted.text(own + "id").strip()) else {}
            rows.append(known | _all_parsed(view.rows, posted, own))
        except Invalid as refused:
            wrong |= {row_path(path, place) + name.removeprefix(own): said for name, said in refused.fields.items()}
    if wrong:
        raise Invalid(_WRONG, wrong)
    return rows


def _kept_rows(view: FieldView, posted: Posted, path: str) -> list[str]:
    """Return what the names of each row begin with; rows that are empty or ticked for removal are left out."""
    every = [row_path(path, place) for place in places_of(posted.form, path)]
    return [own for own in every if not posted.has(own + "remove") and _is_filled(view.rows, posted, own)]


def _is_filled(columns: Sequence[FieldView], posted: Posted, prefix: str) -> bool:
    """Return whether anything stands in a row; what is always chosen counts only where there is nothing else."""
    asked = [one for one in columns if one.widget not in ("choice", "switch", "colour")] or columns
    if posted.text(prefix + "id"):
        return True
    return any(_is_any(KINDS[one.widget].typed(one, posted, prefix + one.name), one) for one in asked) or any(
        f"{prefix}{one.name}.file" in posted.stored for one in asked
    )


def _is_any(value: Any, view: FieldView) -> bool:
    if isinstance(value, Mapping):
        silent = {"currency", "country"}
        return any(_is_any(part, view) for name, part in value.items() if name not in silent)
    return bool(value.strip() if isinstance(value, str) else value)


def _typed_rows(view: FieldView, posted: Posted, path: str) -> list[dict[str, Any]]:
    return [
        {
            "id": posted.text(own + "id"),
            **{one.name: KINDS[one.widget].typed(one, posted, own + one.name) for one in view.rows},
        }
        for own in _kept_rows(view, posted, path)
    ]


def _shown_rows(view: FieldView, value: Any, locale: str) -> list[dict[str, Any]]:
    return [
        {"id": str(row.get("id") or ""), **{one.name: shown(one, row.get(one.name), locale) for one in view.rows}}
        for row in value or ()
    ]


_LINE = Kind(words.parse_line)
_FILE = Kind(picks.parse_file, picks.typed_file, picks.shown_file)
_SWITCH = Kind(picks.parse_switch, picks.typed_switch, picks.shown_switch)

#: Every widget.
KINDS: Mapping[str, Kind] = {
    "text": _LINE,
    "textarea": Kind(words.parse_paragraphs),
    "richtext": Kind(words.parse_richtext, shown=words.shown_richtext),
    "email": Kind(words.parse_email),
    "url": Kind(words.parse_url),
    "tel": Kind(words.parse_tel),
    "slug": Kind(words.parse_slug),
    "secret": Kind(words.parse_secret, words.typed_secret, words.shown_secret),
    "colour": Kind(words.parse_colour),
    "number": Kind(numbers.parse_number, shown=numbers.shown_number),
    "decimal": Kind(numbers.parse_decimal, shown=numbers.shown_decimal),
    "money": Kind(numbers.parse_money, numbers.typed_money, numbers.shown_money),
    "date": Kind(moments.parse_date, shown=moments.shown_date),
    "datetime": Kind(moments.parse_datetime, moments.typed_datetime, moments.shown_datetime),
    "switch": _SWITCH,
    "checkbox": _SWITCH,
    "choice": Kind(picks.parse_choice, picks.typed_choice, picks.shown_choice),
    "tags": Kind(picks.parse_tags, picks.typed_tags, picks.shown_tags),
    "relation": Kind(picks.parse_relation, picks.typed_relation, picks.shown_relation),
    "image": _FILE,
    "file": _FILE,
    "address": Kind(structures.parse_address, structures.typed_address, structures.shown_address),
    "changes": Kind(structures.parse_json, shown=structures.shown_json),
    "json": Kind(structures.parse_json, shown=structures.shown_json),
    "rows": Kind(_parse_rows, _typed_rows, _shown_rows),
}
