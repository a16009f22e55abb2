"""Every call that the API describes, made by Schemathesis: whoever asks and whatever is sent, the answer is described.

The same cases each time, about a minute of them; `make fuzz` goes on for longer, against a real server.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
import schemathesis
from httpx import AsyncClient, Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Request
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from engine.core.actor import Role
from tests.factories import people

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
#: How many cases are made of a call: such as are described, and such as are not; each is sent by everybody.
CASES = {POSITIVE: 1, NEGATIVE: 1}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
#: What would end the sessions that the test stands on.
LEFT_OUT = ("endSessions", "endSession")
FAST = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """A description knows no database; texts and numbers that one cannot keep are tried on both elsewhere."""
    return sqlite_url


def cases(operation: APIOperation, mode: GenerationMode, count: int) -> Iterator[Case]:
    """Yield cases of a call, the same each time; none where a call takes nothing that could be wrong."""
    found: list[Case] = []

    @settings(FAST, max_examples=count)
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return
    yield from found[:count]


async def ask(client: AsyncClient, case: Case, headers: Mapping[str, str]) -> Response:
    sent = Request(**case.as_transport_kwargs(base_url=str(client.base_url))).prepare()
    return await client.request(sent.method, sent.url, headers={**sent.headers, **headers}, content=sent.body or b"")


async def ids_by_list(client: AsyncClient, document: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """Return the id of something in each list, by the list's address."""
    found = {}
    for path in document["paths"]:
        if "get" not in document["paths"][path] or "{" in path:
            continue
        answer = await client.get(f"{path}?limit=1", headers=headers)
        match answer.json() if answer.headers["content-type"].endswith("json") else None:
            case {"items": [{"id": str(id_)}, *_]}:
                found[path] = id_
    return found


def place(case: Case, known: Mapping[str, str]) -> None:
    """Have a case be about something that is there, where the address names it by its id."""
    for before, name in re.findall(r"([^{}]+)/{(\w+)}", case.operation.path)[:1]:
        if before in known and case.path_parameters:
            case.path_parameters[name] = known[before]


@pytest.fixture
async def furnished(shop, owner) -> None:
    """Something in the lists that hold the most."""
    assert owner.is_staff
    await shop.with_sizes()
    await shop.order()
    await shop.category("Mugs")
    await shop.tag("Blue")


def calls(document: dict[str, Any]) -> Iterator[APIOperation]:
    """Yield every call. Who asks is not a part that is left out of a case: each is sent by everybody."""
    bare = copy.deepcopy(document)
    del bare["components"]["securitySchemes"]
    for operations in bare["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    for found in schemathesis.openapi.from_dict(bare).get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] not in LEFT_OUT:
            yield operation


def told(case: Case, caller: str, group: FailureGroup) -> str:
    """Return what was found, and how to send it again."""
    found = "; ".join(f"{one.title}: {one.message}"[:500] for one in group.exceptions)
    return f"{case.operation.label} as {caller}: {found}\n    {case.as_curl_command()[:600]}"


class TestEveryCall:
    async def test_it_is_answered_as_described(self, house, client, owner, furnished) -> None:
        document = (await client.get("/api/openapi.json")).json()
        customer = await people.account(house, Role.CUSTOMER, email="cara@example.org")
        callers = {
            "stranger": {},
            "customer": await people.bearer(house, customer),
            "owner": await people.bearer(house, owner),
        }
        known = await ids_by_list(client, document, callers["owner"])
        failed: list[str] = []
        tried: Counter[int] = Counter()
        for operation in calls(document):
            made = [case for mode, count in CASES.items() for case in cases(operation, mode, count)]
            place(made[0], known)
            for case, (caller, headers) in product(made, callers.items()):
                answer = await ask(client, case, headers)
                tried[answer.status_code // 100] += 1
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as group:
                    failed.append(told(case, caller, group))
        assert failed == [], "\n".join(failed)
        assert min(tried[2], tried[4]) > 200, tried
