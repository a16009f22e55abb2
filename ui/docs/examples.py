"""Examples of what is sent and answered, made from the shapes themselves."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
DEPTH = 5
ID = "01932f5c-7a3e-7c41-9b64-3f1d2a8e5c10"
_BY_FORMAT: Mapping[str, Any] = {"uuid": ID, "date-time": "2026-05-01T18:00:00Z", "binary": "(a file)"}
_BY_NAME: Mapping[str, Any] = {
    "accessToken": "eyJhbGciOiJIUzI1NiIs…",
    "alt": "A blue mug on a table",
    "amount": 1999,
    "city": "Mountain View",
    "country": "US",
    "currency": "USD",
    "currentPassword": "a quiet brown kettle",
    "description": "<p>Thrown by hand.</p>",
    "detail": "“ada@” is not an e-mail address. Write it like name@example.org.",
    "email": "ada@example.org",
    "expiresIn": 900,
    "ipAddress": "203.0.113.9",
    "language": "en",
    "limit": 20,
    "line1": "1600 Amphitheatre Parkway",
    "name": "Ada Lovelace",
    "note": "Please ring twice.",
    "number": "1001",
    "page": 1,
    "password": "a long quiet sentence",
    "path": "kitchen/mugs",
    "phone": "+1 650-253-0000",
    "postalCode": "94043",
    "quantity": 2,
    "refreshToken": "kV3yq1nQ…",
    "region": "CA",
    "requestId": ID,
    "shippingMethod": "flat_rate",
    "paymentMethod": "manual",
    "sku": "MUG-BLUE",
    "slug": "blue-mug",
    "stock": 7,
    "timezone": "Europe/London",
    "title": "Blue mug",
    "token": "Zq4T…",
    "total": 1,
    "type": "product",
    "url": "/products/blue-mug",
    "userAgent": "Mozilla/5.0",
}


def example_of(schema: Schema, schemas: Mapping[str, Schema], name: str = "", depth: int = 0) -> Any:
    """Return a value that fits the shape. schemas: by name, for references. name: the field that holds it."""
    match schema:
        case {"$ref": str(target)}:
            return example_of(schemas[target.rsplit("/", 1)[1]], schemas, name, depth)
        case {"enum": [first, *_rest]}:
            return first
        case {"anyOf": parts}:
            known = next((part for part in parts if part.get("type") != "null"), parts[0])
            return example_of(known, schemas, name, depth)
        case {"type": "object"}:
            return _object(schema, schemas, depth)
        case {"type": "array"}:
            return [example_of(schema.get("items", {}), schemas, name.removesuffix("s"), depth + 1)] * (depth < DEPTH)
        case _:
            return _plain(schema, str(schema.get("type")), name)


def _object(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> dict[str, Any]:
    if depth >= DEPTH:
        return {}
    fields = schema.get("properties", {})
    found = {name: example_of(part, schemas, name, depth + 1) for name, part in fields.items()}
    if "status" in found and "detail" in found:
        found |= {"title": "Invalid input", "status": 422, "errors": [{"field": "email", "message": found["detail"]}]}
        found |= {"type": "about:blank", "instance": "/api/v1/auth/register"}
    rest = schema.get("additionalProperties")
    if not fields and isinstance(rest, Mapping):
        found["name"] = example_of(rest, schemas, "", depth + 1)
    return found


def _plain(schema: Schema, kind: str, name: str) -> Any:
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    known = _BY_NAME.get(name)
    if schema.get("contentMediaType"):
        return _BY_FORMAT["binary"]
    if kind == "string":
        return known if isinstance(known, str) else schema.get("default") or "…"
    if kind == "boolean":
        return bool(schema.get("default", True))
    if kind in ("integer", "number"):
        return known if isinstance(known, int) else schema.get("default") or max(1, schema.get("minimum", 0))
    return None
