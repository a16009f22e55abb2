"""Every call of the API with wrong types, sizes, characters and forms: refused with a reason, never a 500."""

import json
import random
from typing import Any
from urllib.parse import quote

from engine.core.actor import Role
from tests.factories import people
from tests.security.values import ODD, TEXTS, UNKEEPABLE

SEED = 20_260_501
TRIES = 2
WHOLE = (0, 1, 2, 1999, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, -5)
PLAIN = {"integer": WHOLE, "number": WHOLE, "boolean": (True, False), "null": (None,)}
BYTES = (
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"\xff\xfe{}", "application/json"),
    (b"[" * 20_000, "application/json"),
    (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "application/json"),
    (b'{"name": "\\ud800", "email": "\\udfff"}', "application/json"),
    (b'{"price": NaN, "quantity": Infinity, "stock": -1e999}', "application/json"),
    (b"1" * 6_000, "application/json"),
    (b"<a/>", "application/xml"),
    (b"name=%FF%FE%00", "application/x-www-form-urlencoded"),
    (b"no boundary", "multipart/form-data"),
    (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00"\r\n\r\n\xff\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--", "multipart/form-data; boundary=x"),
    (b"{}", "application/json; charset=utf-7"),
    (b"{}", "\xe9/\xe9"),
)


class Fuzzer:
    """Makes bodies that nearly fit, with one or two things in them that do not."""

    def __init__(self, document: dict[str, Any], ids: dict[str, str], seed: object) -> None:
        self.schemas = document["components"]["schemas"]
        self.ids = ids
        self.random = random.Random(f"{SEED} {seed}")

    def nasty(self) -> Any:
        kind = self.random.random()
        if kind < 0.3:
            return self.random.choice(UNKEEPABLE)
        return self.random.choice(TEXTS) if kind < 0.5 else self.random.choice(ODD)

    def value(self, schema: dict[str, Any], name: str = "", depth: int = 0) -> Any:
        """Return something that fits the shape, or now and then something that does not."""
        if self.random.random() < 0.18:
            return self.nasty()
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], name, depth)
        if "anyOf" in schema:
            return self.value(self.random.choice(schema["anyOf"]), name, depth)
        if schema.get("type") == "object":
            return self.object(schema, depth)
        if schema.get("type") == "array":
            return [self.value(schema.get("items", {}), name, depth + 1) for _ in range(self.random.randint(0, 3))]
        chosen = PLAIN.get(schema.get("type", ""), schema.get("enum"))
        return self.random.choice(chosen) if chosen else self.text(schema, name)

    def object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        fields = schema.get("properties", {})
        needed = schema.get("required", ())
        kept = [one for one in fields if one in needed or self.random.random() < 0.5]
        made = {one: self.value(fields[one], one, depth + 1) for one in kept}
        if not fields:
            made = {str(self.nasty())[:40]: self.value({"type": "string"}, "", depth + 1)}
        return made if self.random.random() < 0.95 else {**made, "surprise": self.nasty()}

    def text(self, schema: dict[str, Any], name: str) -> Any:
        known = {"currency": "USD", "email": "ada@example.org", "language": "en", "timezone": "UTC", "country": "US"}
        if name in known:
            return known[name]
        if schema.get("format") == "uuid":
            return self.random.choice([*self.ids.values(), "0" * 32, "not-an-id"])
        return self.random.choice(["Blue mug", "", *TEXTS])

    def query(self, schema: dict[str, Any]) -> str:
        value = self.value(schema)
        return value if isinstance(value, str) else json.dumps(value)


def encoded(text: str) -> str:
    """Return a text in an address; what UTF-8 cannot hold goes as raw bytes."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def bodies(fuzzer: Fuzzer, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        body = fuzzer.value(content["application/json"]["schema"])
        return {"content": json.dumps(body), "headers": {"content-type": "application/json"}}
    if "multipart/form-data" in content:
        text = str(fuzzer.nasty())[:2_000].encode("utf-8", "surrogatepass")
        return {
            "files": {"file": ("a\r\nX: y.csv", text or b"x", "text/csv")},
            "data": {"dryRun": str(fuzzer.nasty())[:90].encode("utf-8", "replace"), "mapping": "[1]", "alt": "\x00"},
        }
    return {}


async def known_ids(shop, owner) -> dict[str, str]:
    product = await shop.with_sizes()
    order = await shop.order()
    return {
        "productId": str(product.id),
        "categoryId": str(await shop.category("Mugs")),
        "tagId": str(await shop.tag("Blue")),
        "orderId": str(order.id),
        "userId": str(owner.user_id),
        "variantId": str(product.variants[0].id),
        "key": "general",
    }


class TestEveryCall:
    async def test_whatever_is_sent_is_answered_and_never_by_a_failure(self, house, shop, client, owner):
        document = (await client.get("/api/openapi.json")).json()
        ids = await known_ids(shop, owner)
        fuzzer = Fuzzer(document, ids, house.db.is_sqlite)
        admin = await people.account(house, Role.SUPER_ADMIN, email="second@example.org")
        failed: list[str] = []
        calls = [(p, m, o) for p, found in document["paths"].items() for m, o in found.items()]
        tried = dict.fromkeys((f"{m} {p}" for p, m, _o in calls), 0)
        for _round in range(TRIES):
            headers = await people.bearer(house, admin)
            for path, method, operation in calls:
                if operation["operationId"] in ("endSessions", "endSession") and _round % 5:
                    continue
                address, query, sent = path, [], dict(headers)
                for parameter in operation.get("parameters", ()):
                    name, value = parameter["name"], fuzzer.query(parameter["schema"])
                    if parameter["in"] == "path":
                        chosen = ids.get(name, value) if fuzzer.random.random() < 0.6 else value
                        address = address.replace("{" + name + "}", encoded(chosen)[:2_000] or "-")
                    elif parameter["in"] == "query":
                        query.append(f"{name}={encoded(value)[:3_000]}")
                    else:
                        sent[name] = (
                            value.encode("utf-8", "replace")
                            .replace(b"\x00", b"0")
                            .replace(b"\n", b" ")
                            .replace(b"\r", b" ")
                        )
                body = bodies(fuzzer, operation)
                sent |= body.pop("headers", {})
                url = address + ("?" + "&".join(query) if query else "")
                if operation["operationId"] == "endSessions":
                    sent |= await people.bearer(house, owner)
                answer = await client.request(method.upper(), url, headers=sent, **body)
                tried[f"{method} {path}"] += 1
                if answer.status_code >= 500:
                    failed.append(f"{method} {url[:200]} {body!r:.600} -> {answer.text[:300]}")
        assert failed == [], "\n".join(str(one) for one in failed)
        assert min(tried.values()) > 0

    async def test_bodies_of_the_wrong_kind_are_refused(self, house, client, owner):
        document = (await client.get("/api/openapi.json")).json()
        headers = await people.bearer(house, owner)
        failed = []
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if "requestBody" not in operation or operation["operationId"] == "logout":
                    continue
                taken = () if operation["requestBody"].get("required") else (200, 202, 204)
                address = path.replace("{", "").replace("}", "")
                for body, kind in BYTES:
                    sent = {**headers, "content-type": kind.encode("latin-1")}
                    answer = await client.request(method.upper(), address, headers=sent, content=body)
                    if answer.status_code not in (400, 401, 403, 404, 405, 409, 413, 415, 422, *taken):
                        failed.append((method, path, body[:60], kind, answer.status_code, answer.text[:200]))
        assert failed == [], "\n".join(str(one) for one in failed)
