"""What a browser sent of a form, by field id: texts, choices, parts of an address, and files kept until it is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile

from engine.api.ports import Ports
from engine.content.forms import uploads
from engine.content.forms.queries import FormView
from engine.content.forms.shapes import FieldType, FormField
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from ui.storefront.forms_shown import FileKept, prefix_of
from ui.storefront.postal import PARTS

Text = Message | str


def typed(form: FormView, sent: FormData) -> dict[str, Any]:
    """Return what was typed, files that were kept before among it. Names that are no field's are not looked at."""
    prefix = prefix_of(form)
    found: dict[str, Any] = {}
    for one in form.fields:
        if one.asks:
            value = _typed(one, prefix + one.id, sent)
            if value not in (None, "", [], {}):
                found[one.id] = value
    return found


def _typed(one: FormField, name: str, sent: FormData) -> Any:
    match one.type:
        case FieldType.CHOICES:
            return [text for text in _texts(sent, name) if text][:300]
        case FieldType.ADDRESS:
            parts = {part: (_texts(sent, f"{name}.{part}") or [""])[-1] for part in PARTS}
            return parts if any(parts.values()) else None
        case FieldType.PAYMENT:
            parts = {part: (_texts(sent, f"{name}.{part}") or [""])[-1] for part in ("amount", "way")}
            return parts if any(parts.values()) else None
        case FieldType.FILE:
            dropped = set(_texts(sent, f"{name}.drop"))
            kept = [_kept(text) for text in _texts(sent, f"{name}.kept")[:20]]
            return [one for one in kept if one is not None and one.token not in dropped]
        case _:
            return (_texts(sent, name) or [""])[-1]


def _texts(sent: FormData, name: str) -> list[str]:
    return [one.replace("\x00", "") for one in sent.getlist(name) if isinstance(one, str)]


def _kept(text: str) -> FileKept | None:
    token, _colon, rest = text.partition(":")
    size, _colon, name = rest.partition(":")
    if not token or not (size.isascii() and size.isdigit() and len(size) < 12):
        return None
    return FileKept(token[:60], name[:200] or "file", int(size))


async def with_files(
    house: Ports, form: FormView, sent: FormData, values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Text]]:
    """Return what was typed with the files that came now, kept; and what is wrong with those that are not, by field."""
    found, wrong = dict(values), dict[str, Text]()
    prefix = prefix_of(form)
    for one in form.fields:
        if one.type is not FieldType.FILE:
            continue
        files = [file for file in sent.getlist(prefix + one.id) if isinstance(file, UploadFile) and file.filename]
        kept: list[FileKept] = list(found.get(one.id, []))
        for file in files[: one.max_files + 1]:
            if len(kept) >= one.max_files:
                if one.max_files > 1:
                    wrong[one.id] = _("Send at most {count} files.").having(count=one.max_files)
                    break
                kept.clear()  # another one in its place
            try:
                made = await uploads.take(house.db, house.blobs, form.id, one, await file.read(), file.filename or "")
            except Invalid as error:
                wrong[one.id] = error.message
                continue
            kept.append(FileKept(made.token, made.name, made.size_bytes))
        if kept:
            found[one.id] = kept
    return found, wrong


def as_answers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed as the verb takes it: of files their tokens."""
    return {name: _named(value) if isinstance(value, list) else value for name, value in values.items()}


def _named(several: Sequence[Any]) -> list[Any]:
    return [one.token if isinstance(one, FileKept) else one for one in several]
