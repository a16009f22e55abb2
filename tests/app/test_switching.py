"""Changing a service: what agora.toml is to say, who decides, and a start that ends what was begun or leaves it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import httpx
import pytest

from app.backends import backends_of
from app.database_address import read_database_url
from app.listening import bind
from app.settings import Settings, load_settings
from app.switching import settling
from app.switching.databases import mark_of
from app.switching.holding import holding
from app.switching.values import applied, current, fixed_by, shown, typed_of, values_of
from app.tomlfile import write_settings
from app.variables import ENVIRONMENT
from engine.core.errors import Invalid, Unavailable
from engine.operations.services.plans import Phase, Plan, Room

HARD = "p@ss/w:rd #1%?&"
FILLED = {
    ("database", "postgresql"): {"address": "postgresql://agora@db.test:5433/shop?connection_limit=7", "password": HARD,
                                 "tls": "require"},
    ("cache", "redis"): {"address": "rediss://agora@redis.test:6380/2", "password": HARD},
    ("queue", "kafka"): {"brokers": "a.test:9092, b.test:9092", "username": "agora", "password": HARD,
                         "mechanism": "SCRAM-SHA-512", "tls": "true"},
    ("search", "elasticsearch"): {"address": "https://search.test:9200", "username": "elastic", "password": HARD,
                                  "index": "kiln"},
    ("storage", "s3"): {"endpoint": "https://s3.test", "access_key": "key", "secret_key": HARD, "region": "eu-1",
                        "bucket_media": "m", "bucket_labels": "l"},
    ("storage", "azure"): {"account": "kiln", "key": HARD, "container_media": "m", "container_labels": "l"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ENVIRONMENT:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path)


class TestValues:
    @pytest.mark.parametrize(("role", "choice"), FILLED)
    def test_what_is_typed_is_written_read_back_and_shown_without_its_password(
        self, settings: Settings, role: str, choice: str
    ) -> None:
        typed = FILLED[role, choice]
        values = values_of(settings, role, choice, typed)
        write_settings(settings.data_dir, values)
        read = load_settings(data_dir=settings.data_dir)
        assert current(read, role) == values
        again = typed_of(read, role, choice)
        secrets = {name for name in again if name in {"password", "secret_key", "key", "api_key"}}
        assert {again[name] for name in secrets} == {""}
        assert {name: again[name] for name in typed.keys() - secrets} == {
            name: typed[name] for name in typed.keys() - secrets
        }
        assert HARD not in repr(again)
        assert values_of(read, role, choice, again) == values  # an empty password is the one that is known

    def test_a_known_password_goes_nowhere_else(self, settings: Settings) -> None:
        write_settings(settings.data_dir, values_of(settings, "cache", "redis", FILLED["cache", "redis"]))
        read = load_settings(data_dir=settings.data_dir)
        elsewhere = values_of(read, "cache", "redis", {"address": "redis://evil.test"})
        assert elsewhere["redis_url"] == "redis://evil.test"

    @pytest.mark.parametrize(
        ("role", "choice", "typed", "field", "said"),
        [
            ("cache", "redis", {}, "address", "Fill this in"),
            ("cache", "redis", {"address": "http://x"}, "address", "not an address of Redis"),
            ("database", "postgresql", {"address": "mysql://u@h/d"}, "address", "mysql is not supported"),
            ("database", "postgresql", {"address": "postgresql://u@h"}, "address", "names no database"),
            ("cache", "redis", {"address": "rediss://x", "ca": "/nowhere.pem"}, "ca", "no file /nowhere.pem"),
            ("search", "elasticsearch", {"address": "http://x", "index": "A B"}, "index", "Small letters"),
            ("search", "elasticsearch", {"address": "http://x", "username": "a", "api_key": "b"}, "api_key", "both"),
            ("storage", "s3", {"bucket_media": "a", "bucket_labels": "b", "endpoint": "ftp:"}, "endpoint", "https://"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_field(
        self, settings: Settings, role: str, choice: str, typed: dict[str, str], field: str, said: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            values_of(settings, role, choice, typed)
        assert said in str(refused.value.fields[field])

    def test_a_broken_line_in_a_password_stays_in_its_value(self, settings: Settings) -> None:
        sent = {"address": "redis://x", "password": 'a"\nstorage = "s3'}
        write_settings(settings.data_dir, values_of(settings, "cache", "redis", sent))
        assert load_settings(data_dir=settings.data_dir).storage is None

    def test_the_variable_that_decides_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert fixed_by("cache") == ""
        monkeypatch.setenv("REDIS_URL", "redis://x")
        assert fixed_by("cache") == "REDIS_URL"

    def test_an_address_is_shown_bare(self) -> None:
        assert shown("rediss://me:hush@h:1/0?ssl_ca_certs=/x") == "rediss://me@h:1/0"


def test_a_move_that_broke_off_stands_in_the_way_of_no_other(tmp_path: Path) -> None:
    one, same, other = (
        mark_of(tmp_path, read_database_url(f"postgresql://u:{word}@h/{name}"))
        for word, name in (("a", "first"), ("b", "first"), ("a", "second"))
    )
    assert one == same
    assert one != other


class TestSharedHosting:
    def test_it_uses_the_database_and_memory(self, settings: Settings) -> None:
        values = values_of(settings, "mode", "shared_hosting", {})
        found = backends_of(applied(settings, values))
        assert (found.cache, found.search, found.bus, found.mode) == (
            "memory",
            "database",
            "database",
            "shared_hosting",
        )
        assert found.overrides()["system.deploymentMode"] == "shared_hosting"

    def test_a_server_that_is_known_is_left_alone_and_one_that_is_chosen_is_refused(self, settings: Settings) -> None:
        known = settings.model_copy(update={"deployment_mode": "shared_hosting", "kafka_brokers": "a:1"})
        assert backends_of(known).bus == "database"
        with pytest.raises(Invalid, match="AGORA_CACHE"):
            backends_of(known.model_copy(update={"cache": "redis"}))
        with pytest.raises(Invalid, match="shared hosting, decides this"):
            values_of(known, "cache", "disk", {})


def planned(settings: Settings, phase: Phase = Phase.READY, **values: str | None) -> Room:
    room = Room(settings.data_dir)
    whole = {"cache": "memory", "redis_url": None, **values}
    room.keep(Plan("cache", "disk", "memory", "", whole, datetime.now(UTC).isoformat(), phase))
    return room


class TestSettle:
    def test_a_start_ends_what_was_begun_and_remembers_what_was_before(self, settings: Settings) -> None:
        room = planned(settings)
        looked: list[Settings] = []
        assert settling.waits(settings)
        made = settling.settle(settings, looked.append)
        assert (made.cache, looked[0].cache) == ("memory", "memory")
        assert load_settings(data_dir=settings.data_dir).cache == "memory"
        former, outcome = room.former("cache"), room.outcome()
        assert former is not None
        assert former.values == {"cache": "disk", "redis_url": None}
        assert outcome is not None
        assert not outcome.problem
        assert not settling.waits(settings)
        assert {path.stat().st_mode & 0o77 for path in room.folder.iterdir()} == {0}

    def test_what_does_not_pass_its_look_leaves_everything_as_it_was(self, settings: Settings) -> None:
        room = planned(settings)

        def look(_settings: Settings) -> None:
            raise Unavailable("It is away.")

        assert settling.settle(settings, look) is settings
        outcome = room.outcome()
        assert outcome is not None
        assert outcome.problem == "It is away."
        assert not (settings.data_dir / "agora.toml").exists()
        assert room.former("cache") is None
        assert room.plan() is None

    def test_the_environment_wins_over_a_plan(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        room = planned(settings)
        monkeypatch.setenv("AGORA_CACHE", "disk")
        settling.settle(settings, lambda _settings: None)
        outcome = room.outcome()
        assert outcome is not None
        assert "AGORA_CACHE is set" in outcome.problem

    def test_a_death_before_it_was_ready_is_told_and_one_after_the_file_was_written_is_no_harm(
        self, settings: Settings
    ) -> None:
        room = planned(settings, Phase.PREPARING)
        assert settling.settle(settings, lambda _settings: None) is settings
        outcome = room.outcome()
        assert outcome is not None
        assert "begin again" in outcome.problem
        settling.settle(settings, lambda _settings: None)
        write_settings(settings.data_dir, {"cache": "memory"})
        planned(settings)
        made = settling.settle(load_settings(data_dir=settings.data_dir), lambda _settings: None)
        assert made.cache == "memory"
        assert room.plan() is None

    @pytest.mark.parametrize("torn", ["", "{", "[]", '{"role": "cache"}', '{"phase": "later"}'])
    def test_a_torn_plan_is_none(self, settings: Settings, torn: str) -> None:
        room = planned(settings)
        (room.folder / "plan.json").write_text(torn)
        assert settling.settle(settings, lambda _settings: None) is settings


@pytest.fixture
def held(settings: Settings) -> Iterator[str]:
    """The address of a start that takes its time."""
    bound = bind("127.0.0.1", 0, is_exact=True)
    room = Room(settings.data_dir)
    room.tell(3, 10)
    with holding(bound, room):
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    bound.listen()  # it serves whoever comes next
    answers: list[int] = []
    waiting = Thread(target=lambda: answers.append(bound.accept()[0].close() or 1))
    waiting.start()
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{bound.getsockname()[1]}", timeout=5)
    waiting.join()
    bound.close()
    assert answers == [1]


def test_who_asks_meanwhile_is_told_to_come_back(held: str) -> None:
    page = httpx.get(f"{held}/products/bowl")
    assert page.status_code == 503
    assert page.headers["retry-after"] == page.headers["refresh"] == "2"
    assert '<progress value="3" max="10"' in page.text
    assert httpx.post(f"{held}/api/v1/orders", json={}).status_code == 503
    assert httpx.head(held).content == b""
