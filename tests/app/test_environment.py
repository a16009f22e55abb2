"""The table of environment variables: complete, true to `.env.example`, and what it does to site settings."""

from pathlib import Path

import pytest
from dotenv import dotenv_values

from app.environment import env_example, environment, ignored, overrides
from app.settings import Settings
from app.variables import ENVIRONMENT
from engine.core.errors import Invalid
from engine.core.site import BY_KEY

ROOT = Path(__file__).parents[2]

# What the administration guide names in its sections 3.3 (installation), 4 (reference) and 9 (integrations).
GUIDE = """
    ADMIN_DASHBOARD_PORT ADMIN_URL API_GATEWAY_URL API_URL APPLE_ORGANIZATION_NAME APPLE_PASS_TEMPLATE_PATH
    APPLE_PASS_TYPE_ID APPLE_SIGNER_CERT_PATH APPLE_SIGNER_KEY_PATH APPLE_TEAM_ID APPLE_WWDR_CERT_PATH
    COMMERCE_SERVICE_PORT CONTENT_API_URL CONTENT_SERVICE_PORT CORS_ORIGINS COURSE_SERVICE_PORT DATABASE_READ_URL
    DATABASE_URL DHL_API_KEY DHL_API_SECRET DHL_ENABLED ELASTICSEARCH_ENABLED ELASTICSEARCH_URL FEDEX_ACCOUNT_NUMBER
    FEDEX_CLIENT_ID FEDEX_CLIENT_SECRET FEDEX_ENABLED FRONTEND_URL GA4_API_SECRET GA4_ENABLED GA4_MEASUREMENT_ID
    GA4_PROPERTY_ID GA4_SERVICE_ACCOUNT_JSON INTEGRATION_SERVICE_PORT JWT_EXPIRATION JWT_REFRESH_EXPIRATION
    JWT_REFRESH_SECRET JWT_SECRET KAFKA_BROKERS KAFKA_ENABLED NEXT_PUBLIC_COMMERCE_API_URL NEXT_PUBLIC_CONTENT_API_URL
    NEXT_PUBLIC_COURSE_API_URL NEXT_PUBLIC_EVENTS_API_URL NODE_ENV NODE_OPTIONS PAGE_BUILDER_PORT PORT PRINTFUL_API_KEY
    PRINTFUL_WEBHOOK_SECRET REDIS_URL S3_ACCESS_KEY S3_BUCKET_LABELS S3_BUCKET_MEDIA S3_BUCKET_NAME S3_ENDPOINT
    S3_REGION S3_SECRET_KEY SALESFORCE_CLIENT_ID SALESFORCE_CLIENT_SECRET SALESFORCE_ENABLED SALESFORCE_INSTANCE_URL
    SALESFORCE_LOGIN_URL SALESFORCE_PRIVATE_KEY SALESFORCE_USERNAME SESSION_SECRET SHIPPING_GATEWAY_PORT SMTP_FROM
    SMTP_HOST SMTP_PASS SMTP_PORT SMTP_USER STOREFRONT_PORT STRIPE_ENABLED STRIPE_PUBLISHABLE_KEY STRIPE_SECRET_KEY
    STRIPE_WEBHOOK_SECRET UPS_ACCOUNT_NUMBER UPS_CLIENT_ID UPS_CLIENT_SECRET UPS_ENABLED USPS_ENABLED USPS_USER_ID
"""


class TestTable:
    def test_names_what_the_guide_names_and_our_own_and_nothing_twice(self):
        names = [variable.name for variable in ENVIRONMENT]
        assert len(names) == len(set(names))
        assert {name for name in names if not name.startswith("AGORA_")} == set(GUIDE.split())

    def test_env_example_is_written_from_it(self):
        written = (ROOT / ".env.example").read_text(encoding="utf-8")
        assert written == env_example(), "run: .venv/bin/python -m app.environment > .env.example"

    def test_env_example_sets_nothing_and_lists_all_once_the_marks_are_off(self, tmp_path):
        text = env_example()
        assert dotenv_values(ROOT / ".env.example") == {}
        bare = tmp_path / ".env"
        bare.write_text("\n".join(line.removeprefix("#") for line in text.splitlines() if not line.startswith("# ")))
        assert list(dotenv_values(bare)) == [variable.name for variable in ENVIRONMENT]

    def test_a_used_variable_is_a_process_setting_or_overrides_a_site_setting(self):
        process = {str(name) for info in Settings.model_fields.values() for name in names_of(info)} | {
            "AGORA_DATA_DIR",
            "AGORA_BACKUP_PASSPHRASE",
        }
        for variable in ENVIRONMENT:
            assert variable.used == (variable.name in process or variable.overrides is not None), variable.name

    def test_every_process_setting_is_in_it(self):
        named = {variable.name for variable in ENVIRONMENT}
        for info in Settings.model_fields.values():
            assert set(names_of(info)) <= named


def names_of(info):
    return getattr(info.validation_alias, "choices", [])


class TestIgnored:
    def test_what_is_set_and_does_nothing_is_named_with_its_reason(self):
        found = ignored({"PRINTFUL_API_KEY": "x", "JWT_SECRET": "x", "KAFKA_ENABLED": "", "HOME": "/root"})
        assert [variable.name for variable in found] == ["PRINTFUL_API_KEY"]
        assert "printed" in found[0].reason_if_ignored


class TestEnvironment:
    def test_dotenv_stands_below_the_process_and_empty_is_unset(self, tmp_path, monkeypatch):
        file = tmp_path / ".env"
        file.write_text("SMTP_HOST=from.file\nSMTP_USER='file'\nSMTP_PASS=\n")
        monkeypatch.setenv("SMTP_HOST", "from.process")
        found = environment(file)
        assert (found["SMTP_HOST"], found["SMTP_USER"]) == ("from.process", "file")
        assert "SMTP_PASS" not in found


class TestOverrides:
    def test_nothing_set_overrides_nothing(self):
        assert overrides({"REDIS_URL": "redis://x"}) == {}

    def test_a_mail_server_switches_smtp_on(self):
        found = overrides({"SMTP_HOST": "mail.test", "SMTP_PORT": "587", "SMTP_FROM": "Blue Shop <hi@shop.test>"})
        assert found == {
            "email.credentials.host": "mail.test",
            "email.credentials.port": "587",
            "email.provider": "smtp",
            "email.enabled": True,
            "email.fromEmail": "hi@shop.test",
            "email.fromName": "Blue Shop",
        }

    @pytest.mark.parametrize("mode", ["test", "live"])
    def test_every_one_of_them_is_a_site_setting_that_takes_it(self, mode):
        examples = {variable.name: variable.example or "x" for variable in ENVIRONMENT if variable.overrides}
        found = overrides(examples | {"STRIPE_SECRET_KEY": f"sk_{mode}_1"})
        nested = {}
        for path, value in found.items():
            *folders, name = path.split(".")
            place = nested
            for folder in folders:
                place = place.setdefault(folder, {})
            place[name] = value
        for key, values in nested.items():
            settings = BY_KEY[key].model_validate(values).model_dump(by_alias=True)
            assert all(name in settings for name in values)

    @pytest.mark.parametrize(("name", "method"), [("PRIVATE_KEY", "jwt"), ("CLIENT_SECRET", "oauth")])
    def test_salesforce_signs_in_with_what_is_there(self, name, method):
        assert overrides({f"SALESFORCE_{name}": "x"})["system.salesforce.authMethod"] == method

    def test_a_password_alone_switches_nothing_on(self):
        assert overrides({"SMTP_PASS": "x"}) == {"email.credentials.password": "x"}

    @pytest.mark.parametrize(("key", "mode"), [("sk_live_1", "live"), ("rk_live_1", "live"), ("sk_test_1", "test")])
    def test_stripe_s_keys_say_whether_they_are_for_tests(self, key, mode):
        found = overrides({"STRIPE_ENABLED": "true", "STRIPE_SECRET_KEY": key, "STRIPE_WEBHOOK_SECRET": "whsec_1"})
        assert found == {
            "payments.enabled": True,
            "payments.mode": mode,
            f"payments.{mode}SecretKey": key,
            f"payments.{mode}WebhookSecret": "whsec_1",
        }

    @pytest.mark.parametrize(
        ("name", "value"),
        [("SMTP_PORT", "25x"), ("SMTP_PORT", "0"), ("SMTP_PORT", "²"), ("GA4_ENABLED", "perhaps"), ("SMTP_FROM", "me")],
    )
    def test_what_cannot_be_read_is_named_with_its_value(self, name, value):
        with pytest.raises(Invalid, match=f"{name} is “{value}”; set it to .*, or remove it"):
            overrides({name: value})
