"""Site settings: typed, masked, encrypted at rest, and second to the environment."""

import json

import pytest
from sqlalchemy import text

from engine.core.actor import Actor, Role
from engine.core.database import Database
from engine.core.errors import Invalid, NotAllowed, NotFound
from engine.core.ids import new_id
from engine.core.secrets import is_masked, make_secrets, mask
from engine.core.settings import SettingsStore
from engine.core.site import Payments

SECRETS = make_secrets()
OWNER = Actor.person(new_id(), Role.SUPER_ADMIN)
ADMIN = Actor.person(new_id(), Role.ADMIN)
EDITOR = Actor.person(new_id(), Role.EDITOR)


@pytest.fixture
def store(db: Database) -> SettingsStore:
    return SettingsStore(db, SECRETS)


async def put(db: Database, store: SettingsStore, key: str, sent: dict[str, object], actor: Actor = OWNER) -> None:
    async with db.write() as tx:
        await store.update(tx, actor, key, sent)
    await store.refresh()


class TestUpdate:
    async def test_fields_that_are_not_sent_keep_their_value(self, db: Database, store: SettingsStore) -> None:
        await put(db, store, "general", {"siteName": "The Potters’ Guild", "currency": "eur"})
        await put(db, store, "general", {"tagline": "Clay and fire"})
        general = store.site.general
        assert (general.site_name, general.currency, general.tagline) == ("The Potters’ Guild", "EUR", "Clay and fire")

    @pytest.mark.parametrize(
        ("key", "sent", "field", "says"),
        [
            ("general", {"currency": "EURO"}, "currency", "EURO"),
            ("general", {"timezone": "Mars/Olympus"}, "timezone", "Mars/Olympus"),
            ("general", {"language": "klingon"}, "language", "klingon"),
            ("general", {"siteName": " \u200b"}, "siteName", "required"),
            ("general", {"colour": "red"}, "colour", "does not know"),
            ("theme", {"accentColor": "teal"}, "accentColor", "#0f766e"),
            ("tax", {"ratePercent": "-1"}, "ratePercent", "at least 0"),
            ("email", {"fromEmail": "me@"}, "fromEmail", "me@"),
            ("general", {"siteUrl": "javascript:alert(1)"}, "siteUrl", "https://"),
            ("system", {"surfaces": {"admin": "nobody"}}, "surfaces.admin", "nobody"),
        ],
    )
    async def test_what_cannot_be_is_refused_by_field(
        self, db: Database, store: SettingsStore, key: str, sent: dict[str, object], field: str, says: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await put(db, store, key, sent)
        assert says in str(refused.value.fields[field])
        async with db.read() as session:
            assert (await session.execute(text("SELECT count(*) FROM site_settings"))).scalar_one() == 0

    async def test_system_is_a_super_admins_and_the_rest_an_admins(self, db: Database, store: SettingsStore) -> None:
        await put(db, store, "general", {"tagline": "x"}, ADMIN)
        with pytest.raises(NotAllowed):
            await put(db, store, "system", {"deploymentMode": "shared_hosting"}, ADMIN)
        with pytest.raises(NotAllowed):
            await put(db, store, "general", {"tagline": "y"}, EDITOR)

    async def test_an_unknown_key_is_not_found(self, db: Database, store: SettingsStore) -> None:
        with pytest.raises(NotFound, match="nonsense"):
            await put(db, store, "nonsense", {})


class TestSecrets:
    async def test_they_are_encrypted_at_rest_and_masked_on_the_way_out(
        self, db: Database, store: SettingsStore
    ) -> None:
        await put(db, store, "payments", {"testSecretKey": "sk_test_abcdefgh1234"})
        assert store.masked(Payments)["testSecretKey"] == "sk_test••••1234"
        assert store.site.payments.test_secret_key == "sk_test_abcdefgh1234"
        async with db.read() as session:
            stored = (await session.execute(text("SELECT value FROM site_settings"))).scalar_one()
            logged = (await session.execute(text("SELECT details FROM audit_logs"))).scalars().all()
        assert "abcdefgh" not in (stored if isinstance(stored, str) else json.dumps(stored))
        assert "abcdefgh" not in json.dumps(logged)

    async def test_a_masked_value_sent_back_changes_nothing(self, db: Database, store: SettingsStore) -> None:
        await put(db, store, "payments", {"testSecretKey": "sk_test_abcdefgh1234"})
        await put(db, store, "email", {"credentials": {"password": "correct horse battery"}})
        await put(db, store, "payments", store.masked(Payments))
        await put(db, store, "email", {"credentials": {"password": "••••tery"}})
        assert store.site.payments.test_secret_key == "sk_test_abcdefgh1234"
        assert store.site.email.credentials == {"password": "correct horse battery"}

    async def test_an_emptied_secret_is_gone(self, db: Database, store: SettingsStore) -> None:
        await put(db, store, "payments", {"testSecretKey": "sk_test_abcdefgh1234"})
        await put(db, store, "payments", {"testSecretKey": ""})
        assert store.site.payments.test_secret_key == ""

    @pytest.mark.parametrize(
        ("secret", "shown"),
        [("", ""), ("short", "••••"), ("whsec_1234567890", "whsec••••7890"), ("pk_live_1234567890", "pk_live••••7890")],
    )
    def test_a_mask_shows_the_kind_and_the_last_four(self, secret: str, shown: str) -> None:
        assert mask(secret) == shown
        assert is_masked(shown) is bool(shown)


class TestPublic:
    async def test_it_holds_no_secret(self, db: Database, store: SettingsStore) -> None:
        await put(db, store, "payments", {"testSecretKey": "sk_test_abcdefgh1234", "testWebhookSecret": "whsec_123456"})
        public = json.dumps(store.site.public())
        assert "abcdefgh" not in public
        assert "ecret" not in public
        assert "credentials" not in public


class TestEnvironment:
    async def test_it_wins_and_the_field_is_read_only(self, db: Database) -> None:
        store = SettingsStore(db, SECRETS, {"email.provider": "smtp", "email.credentials.host": "mail.example.org"})
        assert store.site.email.provider == "smtp"
        assert store.site.email.credentials["host"] == "mail.example.org"
        assert "email.provider" in store.site.fixed
        with pytest.raises(Invalid, match="environment"):
            await put(db, store, "email", {"provider": "outbox"})
        await put(db, store, "email", {"fromName": "Guild"})
        assert store.site.email.from_name == "Guild"
