"""What Schemathesis cannot say: bodies that are no JSON, no form and no text, to every call that takes one."""

from tests.factories import people

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


class TestEveryCall:
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
