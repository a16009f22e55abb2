"""What every resource promises over the wire, whichever it is: one suite over all that are registered."""

import tempfile
from pathlib import Path
from typing import Any

import pytest

from app.settings import load_settings
from app.wiring import wire
from engine.api.ports import Ports
from engine.core.access import LEAST_ROLE
from engine.core.actor import Role
from engine.core.i18n import Message
from engine.core.records.kinds import is_required, widget_of, wire_name
from engine.core.resource import Resource
from tests.resources import samples
from tests.resources.conftest import Call, Ledger
from ui.fields.parsing import KINDS


def _declared() -> list[Resource]:
    """Return what the wired house offers, wired over a folder that is gone at once."""
    with tempfile.TemporaryDirectory() as folder:
        return list(wire(load_settings(data_dir=Path(folder))).resources.values())


DECLARED = _declared()
RESOURCES = [one for one in DECLARED if not one.own_wire]
MADE = [one for one in RESOURCES if one.makes]
CHANGED = [one for one in MADE if one.changes]
DELETED = [one for one in MADE if one.deletes]


def by_path(resources: list[Resource]) -> Any:
    return pytest.mark.parametrize("resource", resources, ids=lambda one: one.path)


def below(role: Role) -> Role | None:
    """Return the role just under the one that is needed."""
    return list(Role)[role.rank - 1] if role.rank else None


class TestDeclaration:
    @by_path(DECLARED)
    def test_every_field_has_a_label_and_help_and_a_widget(self, resource: Resource) -> None:
        for field in resource.fields:
            assert str(field.label), field.name
            assert str(field.help), f"{resource.path}.{field.name} needs a help text"
            assert widget_of(field) in KINDS
        assert isinstance(resource.singular, Message)
        assert isinstance(resource.plural, Message)
        assert resource.columns

    @by_path(DECLARED)
    def test_words_can_look_for_it(self, resource: Resource) -> None:
        assert any(field.search for field in resource.fields)
        assert not resource.is_found or resource.makes or resource.changes


class TestList:
    @by_path(RESOURCES)
    async def test_it_answers_a_page(self, resource: Resource, call: Call) -> None:
        answer = await call("GET", f"/{resource.path}?limit=5")
        assert answer.status_code == 200, answer.text
        assert {"items", "total", "page", "limit"} <= answer.json().keys()

    @by_path(MADE)
    async def test_words_filters_and_sorts_are_taken_and_unknown_ones_named(
        self, resource: Resource, call: Call
    ) -> None:
        for field in resource.fields:
            if field.sort:
                for sort in (wire_name(field), f"-{wire_name(field)}"):
                    assert (await call("GET", f"/{resource.path}?sort={sort}")).status_code == 200, sort
        assert (await call("GET", f"/{resource.path}?search=%25_%27%22")).status_code == 200
        for asked in ("sort=nonsense", "nonsense=1"):
            refused = await call("GET", f"/{resource.path}?{asked}")
            assert refused.status_code == 422
            assert "nonsense" in refused.json()["detail"]

    @by_path(RESOURCES)
    async def test_who_may_not_is_refused(self, resource: Resource, call: Call) -> None:
        if resource.read is None:
            assert (await call("GET", f"/{resource.path}", role=None)).status_code == 200
            return
        least = LEAST_ROLE[resource.read]
        assert (await call("GET", f"/{resource.path}", role=None)).status_code == 401
        assert least is not None
        if (too_low := below(least)) is not None:
            assert (await call("GET", f"/{resource.path}", role=too_low)).status_code == 403


class TestCreate:
    @by_path(MADE)
    async def test_it_makes_one_audit_line_one_fact_and_no_other(
        self, resource: Resource, call: Call, ledger: Ledger
    ) -> None:
        await call("POST", f"/{resource.path}", json=samples.new(resource, 2))  # brings an author
        await ledger.since()
        made = await call("POST", f"/{resource.path}", json=samples.new(resource, 1))
        assert made.status_code == 201, made.text
        facts, lines = await ledger.since()
        assert len(facts) == 1, facts
        assert lines == [f"{resource.noun}.create"]
        read = await call("GET", f"/{resource.path}/{made.json()['id']}")
        assert read.json() == made.json()

    @by_path(MADE)
    async def test_an_unknown_field_and_one_that_is_not_writable_are_refused_by_name(
        self, resource: Resource, call: Call, ledger: Ledger
    ) -> None:
        body = samples.new(resource, 1)
        own = {wire_name(field) for field in resource.fields if not field.is_written}
        for name in {"nonsense", "id", "createdAt", *own} - {wire_name(one) for one in resource.written}:
            refused = await call("POST", f"/{resource.path}", json={**body, name: "x"})
            assert refused.status_code == 422, name
            assert name in {one["field"] for one in refused.json()["errors"]}
        assert await ledger.since() == ([], [])

    @by_path(MADE)
    async def test_what_is_required_is_asked_for_by_name(self, resource: Resource, call: Call, ledger: Ledger) -> None:
        body = samples.new(resource, 1)
        for field in resource.written:
            if is_required(field):
                name = wire_name(field)
                refused = await call("POST", f"/{resource.path}", json={k: v for k, v in body.items() if k != name})
                assert refused.status_code == 422, name
                assert [one["field"] for one in refused.json()["errors"]] == [name]
        assert await ledger.since() == ([], [])

    @by_path(MADE)
    async def test_a_role_that_is_too_low_makes_nothing(self, resource: Resource, call: Call, ledger: Ledger) -> None:
        least = LEAST_ROLE[resource.write]
        assert least is not None
        too_low = below(least)
        before = await ledger.count(resource.model)
        body = samples.new(resource, 1)
        assert (await call("POST", f"/{resource.path}", json=body, role=None)).status_code == 401
        assert (await call("POST", f"/{resource.path}", json=body, role=too_low)).status_code == 403
        assert await ledger.count(resource.model) == before


class TestUpdate:
    @by_path(CHANGED)
    async def test_what_changed_is_audited_with_the_difference_and_can_be_put_back(
        self, resource: Resource, call: Call, ledger: Ledger
    ) -> None:
        made = (await call("POST", f"/{resource.path}", json=samples.new(resource, 1))).json()
        field = samples.changed_field(resource)
        name, path = wire_name(field), f"/{resource.path}/{made['id']}"
        await ledger.since()
        changed = await call("PATCH", path, json={name: samples.value(resource, field, 2)})
        assert changed.status_code == 200, changed.text
        assert changed.json()[name] != made[name]
        facts, lines = await ledger.since()
        assert len(facts) == 1
        assert lines == [f"{resource.noun}.update"]
        latest = (await call("GET", f"{path}/history")).json()["items"][0]
        assert field.name in latest["changes"]
        back = await call("POST", f"{path}/history/{latest['id']}/restore")
        assert back.status_code == 200, back.text
        assert back.json()[name] == made[name]

    @by_path(CHANGED)
    async def test_the_same_again_is_no_change(self, resource: Resource, call: Call, ledger: Ledger) -> None:
        made = (await call("POST", f"/{resource.path}", json=samples.new(resource, 1))).json()
        name = wire_name(samples.changed_field(resource))
        await ledger.since()
        assert (await call("PATCH", f"/{resource.path}/{made['id']}", json={name: made[name]})).status_code == 200
        assert await ledger.since() == ([], [])

    @by_path(CHANGED)
    async def test_null_for_what_cannot_be_empty_is_refused(self, resource: Resource, call: Call) -> None:
        made = (await call("POST", f"/{resource.path}", json=samples.new(resource, 1))).json()
        for field in resource.written:
            if is_required(field) and not field.once:
                sent = {wire_name(field): None}
                refused = await call("PATCH", f"/{resource.path}/{made['id']}", json=sent)
                assert refused.status_code == 422, field.name


class TestDelete:
    @by_path(DELETED)
    async def test_it_goes_into_the_bin_and_comes_back_the_same(
        self, resource: Resource, call: Call, ledger: Ledger
    ) -> None:
        made = (await call("POST", f"/{resource.path}", json=samples.new(resource, 1))).json()
        await ledger.since()
        path = f"/{resource.path}/{made['id']}"
        assert (await call("DELETE", path)).status_code == 204
        facts, lines = await ledger.since()
        assert len(facts) == 1
        assert lines == [f"{resource.noun}.delete"]
        assert (await call("GET", path)).status_code == 404
        (binned,) = (await call("GET", f"/{resource.path}/bin")).json()["items"]
        assert binned["title"] == made["title"]
        back = await call("POST", f"/{resource.path}/bin/{binned['id']}/restore")
        assert back.status_code == 200, back.text
        kept = made.keys() - {"createdAt", "updatedAt"}
        assert {name: back.json()[name] for name in kept} == {name: made[name] for name in kept}
        assert (await call("GET", f"/{resource.path}/bin")).json()["items"] == []

    @by_path(DELETED)
    async def test_many_go_at_once_and_those_that_cannot_are_named(self, resource: Resource, call: Call) -> None:
        ids = [(await call("POST", f"/{resource.path}", json=samples.new(resource, n))).json()["id"] for n in (1, 2)]
        gone = "00000000-0000-7000-8000-000000000000"
        report = (await call("POST", f"/{resource.path}/bulk", json={"ids": [*ids, gone], "act": "delete"})).json()
        assert sorted(report["done"]) == sorted(ids)
        assert [one["id"] for one in report["refused"]] == [gone]


class TestExport:
    @by_path(RESOURCES)
    @pytest.mark.parametrize("kind", ["csv", "json"])
    async def test_the_whole_list_comes_as_a_file(self, resource: Resource, kind: str, call: Call) -> None:
        if resource.makes:
            await call("POST", f"/{resource.path}", json=samples.new(resource, 1))
        answer = await call("GET", f"/{resource.path}/export?format={kind}")
        assert answer.status_code == 200
        assert resource.path in answer.headers["content-disposition"]


class TestFound:
    @by_path([one for one in MADE if one.is_found])
    async def test_staff_find_it_by_its_words(self, resource: Resource, call: Call, house: Ports) -> None:
        made = (await call("POST", f"/{resource.path}", json=samples.new(resource, 7))).json()
        await house.jobs.run_until_idle()
        found = (await call("GET", f"/search?type={resource.path}", params={"q": made["title"]})).json()
        assert made["id"] in {one["id"] for one in found["items"]}
        assert (await call("GET", "/search", params={"q": made["title"]}, role=None)).json()["items"] == []
