"""The description of the API: complete, with names that clients can keep."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
REFUSED = {"401", "403", "404", "409", "413", "422", "429", "503"}
_kept: dict[str, Any] = {}
Call = tuple[str, str, dict[str, Any]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A description knows no database."""
    return sqlite_url


@pytest.fixture
async def document(owner, client) -> dict[str, Any]:
    assert owner.is_signed_in  # only a claimed site answers
    if not _kept:
        answer = await client.get("/api/openapi.json")
        assert answer.status_code == 200
        _kept.update(answer.json())
    return _kept


def calls(document: dict[str, Any]) -> Iterator[Call]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method, path, operation


def call(document: dict[str, Any], wanted: str) -> dict[str, Any]:
    method, path = wanted.split(" ")
    return document["paths"][path][method.lower()]


def references(value: Any) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(value.get("$ref"), str):
                yield value["$ref"].rsplit("/", 1)[1]
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)


class TestEveryCall:
    def test_it_has_a_known_tag_a_line_that_says_what_it_does_and_an_id_of_its_own(self, document):
        known = {tag["name"] for tag in document["tags"]}
        ids = [operation["operationId"] for _method, _path, operation in calls(document)]
        assert len(ids) == len(set(ids))
        for method, path, operation in calls(document):
            assert set(operation["tags"]) <= known, (method, path)
            assert len(operation["tags"]) == 1, (method, path)
            assert CAMEL.fullmatch(operation["operationId"]), operation["operationId"]
            assert 3 <= len(operation["summary"]) <= 120, operation["summary"]
            assert not operation["summary"].endswith("."), operation["summary"]

    def test_its_refusals_are_problems_and_it_says_which_there_are(self, document):
        for method, path, operation in calls(document):
            answers = operation["responses"]
            assert any(status.startswith("2") for status in answers), (method, path)
            for status in REFUSED & set(answers) - ({"503"} if path == "/health/ready" else set()):
                (content,) = answers[status]["content"].items()
                expected = {"schema": {"$ref": "#/components/schemas/Problem"}}
                assert content == ("application/problem+json", expected), (method, path, status)
            if path.startswith("/api/"):
                assert "429" in answers, (method, path)
            if "{" in path:
                assert "404" in answers, (method, path)
            if "requestBody" in operation or operation.get("parameters"):
                assert "422" in answers, (method, path)

    def test_what_two_may_change_at_once_says_that_the_later_is_told(self, document):
        for wanted in ("PUT /api/v1/pages/{pageId}/draft", "POST /api/v1/pages/{pageId}/publish"):
            assert "409" in call(document, wanted)["responses"]
        assert "403" in call(document, "GET /api/v1/products")["responses"]  # drafts are the staff's
        assert {"404", "409"} <= set(call(document, "POST /api/v1/pages/begin")["responses"])

    def test_what_needs_an_account_says_so(self, document):
        for method, path, operation in calls(document):
            needs = operation.get("security") == [{"bearer": []}]
            assert needs == ("x-least-role" in operation), (method, path)
            assert ("401" in operation["responses"]) >= needs, (method, path)
            assert ("403" in operation["responses"]) >= ("x-permission" in operation), (method, path)
        assert call(document, "GET /api/v1/users")["x-least-role"] == "admin"
        assert call(document, "GET /api/v1/cart")["security"] == [{}, {"bearer": []}]
        assert "security" not in call(document, "GET /health")
        assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"

    def test_names_on_the_wire_are_camel_case(self, document):
        for method, path, operation in calls(document):
            for parameter in operation.get("parameters", ()):
                if parameter["in"] != "header":
                    assert CAMEL.fullmatch(parameter["name"]), (method, path, parameter["name"])
            assert not re.search(r"{\w*_\w*}", path)
        for name, schema in document["components"]["schemas"].items():
            assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name), name
            for field in schema.get("properties", {}):
                assert CAMEL.fullmatch(field), (name, field)

    def test_paths_differ_by_more_than_the_name_of_a_parameter(self, document):
        bare = [re.sub(r"{\w+}", "{}", path) for path in document["paths"]]
        assert len(bare) == len(set(bare))

    def test_a_paths_parameters_are_described(self, document):
        for method, path, operation in calls(document):
            named = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), (method, path)


class TestSchemas:
    def test_lists_have_names_of_their_own(self, document):
        for method, path, operation in calls(document):
            for content in operation["responses"].get("200", {}).get("content", {}).values():
                name = next(references(content.get("schema", {})), "")
                if {"page", "limit"} <= {one["name"] for one in operation.get("parameters", ())}:
                    assert name.endswith("Page"), (method, path, name)

    def test_all_that_is_referred_to_is_there_and_nothing_else(self, document):
        schemas = set(document["components"]["schemas"])
        used = set(references(document))
        assert used <= schemas
        assert schemas - used == set()

    def test_a_form_with_files_is_described(self, document):
        body = call(document, "POST /api/v1/products/import")["requestBody"]["content"]["multipart/form-data"]
        (name,) = references(body)
        assert name == "ImportProductsForm"
        form = document["components"]["schemas"][name]
        assert set(form["properties"]) == {"file", "format", "dryRun", "mapping", "images"}
        assert form["required"] == ["file"]

    def test_settings_are_described_by_key(self, document):
        operation = call(document, "PUT /api/v1/settings/{key}")
        sent = operation["requestBody"]["content"]["application/json"]["schema"]
        assert {"General", "Theme", "Tax"} <= set(references(sent))
        assert "general" in operation["parameters"][0]["schema"]["enum"]


class TestHeaders:
    def test_the_checkout_names_its_key_and_the_cart_its_id(self, document):
        named = {(one["in"], one["name"]) for one in call(document, "POST /api/v1/checkout")["parameters"]}
        assert {("header", "Idempotency-Key"), ("header", "X-Cart-Id")} <= named


class TestTheDocument:
    def test_it_is_built_once_and_kept(self, client):
        app = client._transport.app
        assert app.openapi() is app.openapi()
