"""From the OpenAPI document to what the reference shows: calls by part, their fields, and every shape."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from engine.core.i18n import Message, _
from ui.docs.examples import example_of

Schema = Mapping[str, Any]
SECTIONS: Mapping[str, Message] = {"path": _("In the address"), "query": _("Query"), "header": _("Headers")}
_strong = re.compile(r"\*\*(.+?)\*\*")
_code = re.compile(r"`(.+?)`")


@dataclass(frozen=True)
class FieldView:
    """One field. href: where its shape is described."""

    name: str
    kind: str
    href: str | None
    is_required: bool
    text: str


@dataclass(frozen=True)
class Fields:
    """Fields that belong together, with an example of all of them."""

    title: Message | str
    fields: Sequence[FieldView]
    example: str | None = None


@dataclass(frozen=True)
class CallView:
    """One call. needs: the permission or account it asks for; refusals: (status, what it means)."""

    id: str
    method: str
    path: str
    summary: str
    text: Markup
    needs: Message | None
    sent: Sequence[Fields]
    answers: Sequence[tuple[str, str, Fields | None]]
    refusals: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """The calls about one noun."""

    id: str
    name: str
    text: str
    calls: Sequence[CallView]


@dataclass(frozen=True)
class Shape:
    """A shape that bodies are made of. values: of an enumeration."""

    id: str
    name: str
    text: Markup
    fields: Sequence[FieldView]
    values: Sequence[str]
    example: str


@dataclass(frozen=True)
class Reference:
    """The whole reference."""

    intro: Sequence[Markup]
    parts: Sequence[Part]
    shapes: Sequence[Shape]


def reference_of(document: Mapping[str, Any]) -> Reference:
    """Return the reference of an OpenAPI document."""
    schemas = document["components"]["schemas"]
    by_tag: dict[str, list[CallView]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            by_tag[operation["tags"][0]].append(_call(method, path, operation, schemas))
    parts = [
        Part(f"part-{tag['name'].replace(' ', '-')}", tag["name"].capitalize(), tag["description"], calls)
        for tag in document["tags"]
        if (calls := by_tag[tag["name"]])
    ]
    shapes = [
        Shape(
            f"shape-{name}",
            name,
            prose(schema.get("description", "")),
            _fields(schema),
            [str(value) for value in schema.get("enum", ())],
            _json(example_of(schema, schemas)) if "properties" in schema else "",
        )
        for name, schema in schemas.items()
    ]
    return Reference([prose(one) for one in document["info"]["description"].split("\n\n")], parts, shapes)


def prose(text: str) -> Markup:
    """Return a sentence of the description with its `code` and **strong** words marked; all else is text."""
    marked = _code.sub(r"<code>\1</code>", str(escape(" ".join(text.split()))))
    return Markup(_strong.sub(r"<strong>\1</strong>", marked))  # noqa: S704 - escaped first


def _call(method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Schema]) -> CallView:
    answers, refusals = [], []
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if "application/problem+json" in content:
            refusals.append((status, answer["description"]))
        else:
            answers.append((status, answer["description"], _body(content, schemas, _("Answer"))))
    parameters = operation.get("parameters", ())
    sent = [
        Fields(title, [_parameter(one) for one in parameters if one["in"] == place])
        for place, title in SECTIONS.items()
        if any(one["in"] == place for one in parameters)
    ]
    body = _body(operation.get("requestBody", {}).get("content", {}), schemas, _("Body"))
    return CallView(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        text=_rest(operation.get("description", ""), operation["summary"]),
        needs=_needs(operation),
        sent=[*sent, body] if body else sent,
        answers=answers,
        refusals=refusals,
    )


def _rest(text: str, summary: str) -> Markup:
    """Return what a description says beyond its first line."""
    rest = " ".join(text.split()).removeprefix(summary).lstrip(".;: ")
    return prose(rest[:1].upper() + rest[1:])


def _needs(operation: Mapping[str, Any]) -> Message | None:
    role = str(operation.get("x-least-role", "")).replace("_", " ")
    if "x-permission" in operation:
        return _("Needs an account with the role {role} or above (permission {permission}).").having(
            role=role, permission=operation["x-permission"]
        )
    return _("Needs an account.") if role else None


def _parameter(one: Mapping[str, Any]) -> FieldView:
    shown = {**one["schema"], "description": one.get("description", one["schema"].get("description", ""))}
    return _field(one["name"], shown, is_required=one.get("required", False))


def _body(content: Mapping[str, Any], schemas: Mapping[str, Schema], title: Message) -> Fields | None:
    for kind, held in content.items():
        schema = held.get("schema", {})
        target = _target(schema)
        shape = schemas[target] if target else schema
        fields = _fields(shape) or ([_field("body", schema)] if schema else [])
        is_form = kind == "multipart/form-data"
        name = _("{title}, as a form with files ({kind})") if is_form else _("{title} ({kind})")
        shown = None if is_form or kind.startswith("image/") else _json(example_of(schema, schemas))
        return Fields(name.having(title=title, kind=kind), fields, shown)
    return None


def _fields(schema: Schema) -> list[FieldView]:
    required = schema.get("required", ())
    return [_field(name, part, is_required=name in required) for name, part in schema.get("properties", {}).items()]


def _field(name: str, schema: Schema, *, is_required: bool = False) -> FieldView:
    target = next(iter(_targets(schema)), None)
    is_one = len(set(_targets(schema))) == 1
    notes = [schema.get("description", ""), _limits(schema)]
    text = " ".join(note for note in notes if note)
    return FieldView(name, _kind(schema), f"#shape-{target}" if target and is_one else None, is_required, text)


def _target(schema: Schema) -> str | None:
    reference: str | None = schema.get("$ref")
    return reference.rsplit("/", 1)[1] if reference else None


def _targets(schema: Any) -> list[str]:
    if not isinstance(schema, Mapping):
        return []
    own = _target(schema)
    inner = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    return [own] if own else [target for part in inner for target in _targets(part)]


def _kind(schema: Schema) -> str:
    match schema:
        case {"$ref": str(target)}:
            return target.rsplit("/", 1)[1]
        case {"anyOf": parts}:
            return " or ".join(dict.fromkeys(_kind(part) for part in parts))
        case {"enum": values}:
            return " | ".join(json.dumps(value) for value in values)
        case {"type": "array"}:
            return f"list of {_kind(schema.get('items', {}))}"
        case {"type": "object", "additionalProperties": {"type": _} as rest}:
            return f"object of {_kind(rest)}"
        case _:
            kind = "binary" if "contentMediaType" in schema else schema.get("format", schema.get("type", "anything"))
            return _WORDS.get(kind, str(kind))


_WORDS = {"uuid": "id", "date-time": "time", "binary": "file", "string": "text"}


def _limits(schema: Schema) -> str:
    """Return what is allowed, in words."""
    parts = [schema, *schema.get("anyOf", ())]
    limits = {key: part[key] for part in parts for key in _LIMITS if key in part}
    words = [_LIMITS[key].format(f"{value:,}") for key, value in limits.items()]
    default = schema.get("default")
    if default not in (None, "", [], {}) and not isinstance(default, Mapping):
        words.append(f"Usually {json.dumps(default)}.")
    return " ".join(words)


_LIMITS = {
    "minLength": "At least {} characters.",
    "maxLength": "At most {} characters.",
    "minimum": "From {}.",
    "maximum": "Up to {}.",
    "maxItems": "At most {} of them.",
}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
