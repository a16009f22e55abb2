"""Alerts: the table of the guide, raised once, over once, told in their hours. On SQLite only."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select

from adapters.web.hook import WebHook
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.alertsettings import AlertSettings
from engine.core.errors import Invalid, Unavailable
from engine.core.measures import Measures
from engine.core.signatures import check
from engine.messaging.models import Message
from engine.operations.alerting import raising
from engine.operations.alerting.alarm import Alarm
from engine.operations.alerting.models import Alert, Severity
from engine.operations.alerting.rules import BY_KEY, RULES, Standing, standing
from engine.operations.alerting.webhooks import webhook_job
from engine.operations.ports import MachineState, MemoryHook, MemoryMachine
from engine.operations.watch.checks import ServiceCheck, ServiceState
from engine.operations.watch.samples import Sample
from engine.operations.watch.watching import EVERY_SECONDS, Watch
from tests.clock import TestClock
from tests.factories import people


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


BEGAN = datetime(2026, 6, 1, 12, tzinfo=UTC)
WELL = Sample(BEGAN, MachineState(), (), 0, 0, [0] * 12, (0, 10), 0)


def looks(minutes: float, **changes: object) -> list[Sample]:
    """Return looks over so many minutes, all alike."""
    count = int(minutes * 60 / EVERY_SECONDS) + 1
    return [replace(WELL, at=BEGAN + timedelta(seconds=n * EVERY_SECONDS), **changes) for n in range(count)]  # type: ignore[arg-type]


def how(key: str, samples: list[Sample], **settings: int) -> Standing:
    return standing(BY_KEY[key], samples, AlertSettings(**settings))  # type: ignore[arg-type]


class TestTheGuidesTable:
    def test_each_line_is_a_rule_with_its_severity_and_number(self) -> None:
        numbers = AlertSettings()
        assert {
            (rule.key, str(rule.severity), numbers.limit(rule.limit), rule.minutes) for rule in RULES if rule.limit
        } == {
            ("service_down", "critical", 2, 0),
            ("high_cpu", "warning", 80, 5),
            ("high_memory", "warning", 85, 5),
            ("disk_space", "critical", 90, 0),
            ("slow_response", "warning", 2, 0),
            ("error_rate", "critical", 1, 0),
            ("database_connections", "warning", 80, 1),
            ("bus_lag", "warning", 10_000, 0),
            ("account_lockouts", "warning", 10, 0),
        }

    def test_backups_and_upkeep_are_watched_beside_it(self) -> None:
        assert {(rule.key, rule.minutes) for rule in RULES if not rule.limit} == {
            ("backups", 10),
            ("one_place", 60),
            ("upkeep", 0),
        }
        assert how("one_place", looks(59, concerns={"one_place": "..."})) is Standing.UNSURE
        assert how("one_place", looks(60, concerns={"one_place": "..."})) is Standing.HIGH
        assert how("one_place", looks(3, concerns={"upkeep": "..."})) is Standing.CALM

    def test_a_service_is_down_after_two_minutes(self) -> None:
        down = (ServiceState("database", "Database", 1.0, "gone"),)
        assert how("service_down", looks(1, services=down)) is Standing.UNSURE
        assert how("service_down", looks(2, services=down)) is Standing.HIGH
        assert how("service_down", looks(2.5, services=down), down_minutes=5) is Standing.UNSURE

    def test_the_processor_must_be_busy_for_five_minutes_without_a_break(self) -> None:
        busy = looks(5, machine=MachineState(cpu_percent=80.1))
        assert how("high_cpu", busy) is Standing.HIGH
        busy[8] = replace(busy[8], machine=MachineState(cpu_percent=79))
        assert how("high_cpu", busy) is Standing.UNSURE
        assert how("high_cpu", looks(9, machine=MachineState(cpu_percent=80))) is Standing.CALM

    def test_disk_lag_and_lockouts_are_told_at_once(self) -> None:
        assert how("disk_space", looks(0, machine=MachineState(disk_percent=90.1))) is Standing.HIGH
        assert how("bus_lag", looks(0, bus_lag=10_001)) is Standing.HIGH
        assert how("account_lockouts", looks(0, lockouts=11)) is Standing.HIGH
        assert how("account_lockouts", looks(3, lockouts=10)) is Standing.CALM

    @pytest.mark.parametrize(("seconds", "requests", "expected"), [(3, 30, True), (1, 30, False), (9, 10, False)])
    def test_slow_answers_need_some_requests(self, seconds: float, requests: int, expected: bool) -> None:
        first, last = looks(0.25)
        measures = Measures()
        for _ in range(requests):
            measures.request("storefront", "GET", "/", 200, seconds)
        last = replace(last, latencies=measures.latencies(), answered=requests)
        assert (how("slow_response", [first, last]) is Standing.HIGH) is expected

    @pytest.mark.parametrize(("failed", "answered", "expected"), [(3, 200, True), (2, 100, False), (3, 300, False)])
    def test_errors_are_counted_over_the_last_minutes(self, failed: int, answered: int, expected: bool) -> None:
        samples = [replace(one, answered=5_000, failed=900) for one in looks(6)]
        samples[-1] = replace(samples[-1], answered=5_000 + answered, failed=900 + failed)
        assert (how("error_rate", samples) is Standing.HIGH) is expected


class TestQuietHours:
    @pytest.mark.parametrize(
        ("hour", "quiet"), [("21:59", False), ("22:00", True), ("00:30", True), ("06:59", True), ("07:00", False)]
    )
    def test_they_span_midnight(self, hour: str, quiet: bool) -> None:
        settings = AlertSettings(quiet_from="22:00", quiet_until="07:00")
        assert settings.is_quiet(datetime.fromisoformat(f"2026-06-01T{hour}")) is quiet

    def test_none_are_set_unless_somebody_does(self) -> None:
        assert not AlertSettings().is_quiet(BEGAN)
        assert not AlertSettings(quiet_from="22:00").is_quiet(BEGAN)


class Trouble:
    """A house whose services do as a test says, and its alarm."""

    def __init__(self, house: Ports, clock: TestClock) -> None:
        self.house, self.clock = house, clock
        self.problem = ""
        self.machine = MemoryMachine()

        async def ask() -> str:
            return self.problem

        watch = Watch(house.db, self.machine, [], [ServiceCheck("mail", "Mail", ask)])
        self.alarms = [Alarm(watch, house.settings, source) for source in ("one", "two")]

    async def minutes(self, minutes: float) -> None:
        """Look as often as in so many minutes."""
        for _ in range(int(minutes * 60 / EVERY_SECONDS)):
            self.clock.move(seconds=EVERY_SECONDS)
            for alarm in self.alarms:
                await alarm.tend()

    async def alerts(self) -> list[Alert]:
        async with self.house.db.read() as session:
            return list(await session.scalars(select(Alert).order_by(Alert.id)))

    async def letters(self) -> list[tuple[str, bool]]:
        async with self.house.db.read() as session:
            rows = await session.scalars(select(Message).where(Message.template == "alert").order_by(Message.id))
            return [(row.recipient, row.contents["is_over"]) for row in rows]


class Deaf(MemoryHook):
    """A hook that does not answer at first."""

    asked = 0

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("gone")
        return await super().post(address, body, headers)


@pytest.fixture
def trouble(house: Ports, owner: Actor, clock: TestClock) -> Iterator[Trouble]:
    assert owner.email == "owner@example.org"
    return Trouble(house, clock)  # type: ignore[return-value]


async def set_alerts(house: Ports, **values: object) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system(), "alerts", values)
    await house.settings.refresh()


class TestRaising:
    async def test_it_is_raised_once_and_over_once_by_whoever_sees_it(self, trouble: Trouble) -> None:
        await trouble.minutes(3)
        trouble.problem = "gone"
        await trouble.minutes(10)
        [alert] = await trouble.alerts()
        assert (alert.rule, alert.severity, alert.over_at) == ("service_down", Severity.CRITICAL, None)
        assert alert.detail == "mail: gone"
        assert await trouble.letters() == [("owner@example.org", False)]
        trouble.problem = ""
        await trouble.minutes(1)
        assert (await trouble.alerts())[0].over_at is None
        await trouble.minutes(5)
        assert (await trouble.alerts())[0].over_at is not None
        assert await trouble.letters() == [("owner@example.org", False), ("owner@example.org", True)]
        trouble.problem = "gone again"
        await trouble.minutes(3)
        assert len(await trouble.alerts()) == 2

    async def test_warnings_wait_for_the_morning_and_what_is_over_by_then_is_not_told(
        self, trouble: Trouble, house: Ports, clock: TestClock
    ) -> None:
        hour = clock.now()
        quiet = {"quietFrom": hour.strftime("%H:%M"), "quietUntil": (hour + timedelta(hours=2)).strftime("%H:%M")}
        await set_alerts(house, **quiet, emails=["ops@example.org", "second@example.org"])
        trouble.machine.state = MachineState(memory_percent=99)
        await trouble.minutes(7)
        assert [one.rule for one in await trouble.alerts()] == ["high_memory"]
        assert await trouble.letters() == []
        trouble.machine.state = MachineState()
        await trouble.minutes(4)
        trouble.machine.state = MachineState(memory_percent=99, disk_percent=99)
        await trouble.minutes(7)
        assert await trouble.letters() == [("ops@example.org", False), ("second@example.org", False)]
        clock.move(hours=2)
        await trouble.minutes(6)
        assert len(await trouble.letters()) == 4
        assert len(await trouble.alerts()) == 3

    async def test_switched_off_it_is_silent(self, trouble: Trouble, house: Ports) -> None:
        await set_alerts(house, enabled=False)
        trouble.problem = "gone"
        await trouble.minutes(5)
        assert await trouble.alerts() == []

    async def test_the_letter_can_be_read_and_staff_see_it(
        self, trouble: Trouble, house: Ports, client: httpx.AsyncClient
    ) -> None:
        trouble.problem = "gone"
        await trouble.minutes(3)
        await house.jobs.run_until_idle()
        async with house.db.read() as session:
            letter = await session.scalar(select(Message).where(Message.template == "alert"))
        assert letter is not None
        assert "Service down" in letter.subject
        assert "mail: gone" in letter.text
        cookies = await people.cookie(house, await people.account(house, Role.ADMIN))
        for path in ("/admin", "/admin/health", "/admin/alerts"):
            assert "Service down" in (await client.get(path, cookies=cookies)).text, path
        editor = await people.cookie(house, await people.account(house, Role.EDITOR))
        assert "Service down" not in (await client.get("/admin", cookies=editor)).text


class TestWebhook:
    @pytest.mark.parametrize("address", ["/hook", "//example.org/hook", "https:///hook", "example.org"])
    async def test_an_address_of_this_site_is_refused_with_what_to_write(self, house: Ports, address: str) -> None:
        with pytest.raises(Invalid) as refused:
            await set_alerts(house, webhookUrl=address)
        assert "https://example.org/hook" in str(refused.value.fields["webhookUrl"])

    async def test_it_is_signed_and_tells_what_happened(self, trouble: Trouble, house: Ports, clock: TestClock) -> None:
        await set_alerts(house, webhookUrl="https://hooks.example.org/agora", webhookSecret="a shared secret")
        trouble.problem = "gone"
        await trouble.minutes(3)
        hook = MemoryHook()
        house.jobs.kinds[raising.WEBHOOK] = webhook_job(house.settings, hook)
        await house.jobs.run_until_idle()
        [(address, body, headers)] = hook.sent
        assert address == "https://hooks.example.org/agora"
        check("a shared secret", headers["agora-signature"], body, clock.now())
        told = json.loads(body)
        assert (told["event"], told["alert"]["rule"]) == ("alert.raised", "service_down")

    async def test_without_a_secret_nothing_looks_signed_and_who_does_not_answer_is_asked_again(
        self, trouble: Trouble, house: Ports
    ) -> None:
        await set_alerts(house, webhookUrl="https://hooks.example.org/agora", webhookSecret="")
        trouble.problem = "gone"
        await trouble.minutes(3)
        hook = Deaf()
        house.jobs.kinds[raising.WEBHOOK] = webhook_job(house.settings, hook)
        await house.jobs.run_until_idle()
        assert hook.sent == []
        await trouble.minutes(10)
        await house.jobs.run_until_idle()
        [(_address, _body, headers)] = hook.sent
        assert "agora-signature" not in headers

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:9/x",
            "http://169.254.169.254/latest",
            "http://[::1]/x",
            "http://10.0.0.1",
            "ftp://a.example",
        ],
    )
    async def test_it_is_no_way_into_this_network(self, address: str) -> None:
        with pytest.raises(Invalid):
            await WebHook().post(address, b"{}", {})

    async def test_it_follows_nobody_elsewhere(self) -> None:
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(str(request.url))
            return httpx.Response(302, headers={"location": "http://169.254.169.254/"})

        hook = WebHook(is_allowed=lambda _ip: True, transport=httpx.MockTransport(answer))
        with pytest.raises(Unavailable):
            await hook.post("http://127.0.0.1:9/hook", b"{}", {})
        assert len(asked) == 1
