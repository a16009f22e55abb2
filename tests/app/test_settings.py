"""Process settings: where they come from, what is refused, and in which words."""

import re
from datetime import timedelta

import pytest

from app.settings import is_loopback, load_settings, prepare_data_dir, unsafe_secrets
from app.variables import ENVIRONMENT
from engine.core.errors import Invalid


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """An environment without any of our variables, in an empty folder."""
    for variable in ENVIRONMENT:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def write_toml(data, text):
    data.mkdir(exist_ok=True)
    (data / "agora.toml").write_text(text, encoding="utf-8")


class TestOrder:
    def test_nothing_set_gives_the_defaults(self, data):
        settings = load_settings(data_dir=data)
        assert settings.port == 8000
        assert settings.database.url == f"sqlite:///{data}/agora.sqlite3"
        assert settings.access_token_ttl == timedelta(minutes=15)
        assert settings.refresh_token_ttl == timedelta(days=7)
        assert settings.rate_limits is True
        assert not data.exists()

    def test_each_source_wins_over_the_next(self, data, monkeypatch, tmp_path):
        write_toml(data, "port = 9001\nlog_level = 'error'\nhosts = ['a.test']\njwt_secret = 'from toml'")
        (tmp_path / ".env").write_text('AGORA_PORT="9002"\nAGORA_LOG_LEVEL=warning\nJWT_EXPIRATION=1h\n')
        monkeypatch.setenv("AGORA_PORT", "9003")
        settings = load_settings(data_dir=data)
        assert settings.port == 9003
        assert settings.log_level == "warning"
        assert settings.hosts == ("a.test",)
        assert settings.jwt_secret.get_secret_value() == "from toml"
        assert settings.access_token_ttl == timedelta(hours=1)
        assert load_settings(data_dir=data, port=9004).port == 9004

    def test_our_port_wins_over_the_platform_s(self, data, monkeypatch):
        monkeypatch.setenv("PORT", "3000")
        assert load_settings(data_dir=data).port == 3000
        monkeypatch.setenv("AGORA_PORT", "4000")
        assert load_settings(data_dir=data).port == 4000

    def test_the_data_folder_comes_from_the_environment_and_has_the_toml(self, data, monkeypatch):
        write_toml(data, "port = 9001")
        monkeypatch.setenv("AGORA_DATA_DIR", str(data))
        settings = load_settings()
        assert (settings.data_dir, settings.port) == (data, 9001)

    def test_the_data_folder_may_stand_in_dotenv(self, data, tmp_path):
        (tmp_path / ".env").write_text(f"AGORA_DATA_DIR={data}\n")
        assert load_settings().data_dir == data

    def test_an_empty_variable_counts_as_unset(self, data, monkeypatch):
        monkeypatch.setenv("PORT", "")
        monkeypatch.setenv("DATABASE_URL", "")
        settings = load_settings(data_dir=data)
        assert settings.port == 8000
        assert settings.database.url.startswith("sqlite")

    def test_lists_are_separated_by_commas(self, data, monkeypatch):
        monkeypatch.setenv("CORS_ORIGINS", "https://A.test/, http://b.test:3000 ,")
        monkeypatch.setenv("AGORA_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
        settings = load_settings(data_dir=data)
        assert settings.cors_origins == ("https://a.test", "http://b.test:3000")
        assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "::1/128"]

    def test_secrets_do_not_show_in_the_repr(self, data, monkeypatch):
        monkeypatch.setenv("JWT_SECRET", "hush-hush")
        monkeypatch.setenv("DATABASE_URL", "postgresql://a:hush-hush@h/d")
        assert "hush-hush" not in repr(load_settings(data_dir=data))


class TestRefusal:
    @pytest.mark.parametrize(
        ("name", "value", "remedy"),
        [
            ("PORT", "abc", "8000"),
            ("AGORA_PORT", "70000", "8000"),
            ("JWT_EXPIRATION", "15", "15m"),
            ("JWT_EXPIRATION", "0m", "15m"),
            ("JWT_REFRESH_EXPIRATION", "a week", "7d"),
            ("AGORA_RATE_LIMITS", "maybe", "on"),
            ("AGORA_LOG_LEVEL", "loud", "info"),
            ("AGORA_TRUSTED_PROXIES", "10.0.0.0/99", "10.0.0.0/8"),
            ("AGORA_HOSTS", "https://shop.test", "shop.example.org"),
            ("CORS_ORIGINS", "*", "https://app.example.org"),
            ("CORS_ORIGINS", "https://a.test/path", "https://app.example.org"),
            ("FRONTEND_URL", "shop.test", "https://example.org"),
        ],
    )
    def test_names_the_variable_its_value_and_the_remedy(self, data, monkeypatch, name, value, remedy):
        monkeypatch.setenv(name, value)
        with pytest.raises(Invalid) as refused:
            load_settings(data_dir=data)
        said = str(refused.value)
        assert said.startswith(f"{name} is “{value}”")
        assert said.endswith(f"Set it to something like {remedy}, or remove it.")

    @pytest.mark.parametrize(
        "url", ["mysql://a:hush@h/d", "postgresql://a:hush@h", "hush", "postgresql://a:hush@h/d?connection_limit=x"]
    )
    def test_of_a_database_never_shows_its_password(self, data, monkeypatch, url):
        monkeypatch.setenv("DATABASE_URL", url)
        with pytest.raises(Invalid, match="DATABASE_URL cannot be used") as refused:
            load_settings(data_dir=data)
        assert "hush" not in str(refused.value)

    def test_of_a_toml_value_names_the_file(self, data):
        write_toml(data, "port = 'abc'")
        with pytest.raises(Invalid, match=r"port in agora\.toml is “abc”"):
            load_settings(data_dir=data)

    def test_of_an_unknown_toml_name_lists_the_known_ones(self, data):
        write_toml(data, "prot = 9000")
        with pytest.raises(Invalid, match=r"“prot”.*port"):
            load_settings(data_dir=data)

    def test_of_a_broken_toml_names_the_file(self, data):
        write_toml(data, "port = ")
        with pytest.raises(Invalid, match=re.escape(str(data / "agora.toml"))):
            load_settings(data_dir=data)

    def test_of_the_command_line_names_the_option(self, data):
        with pytest.raises(Invalid, match="--port is “0”"):
            load_settings(data_dir=data, port=0)


class TestDataFolder:
    def test_is_made_for_this_user_only(self, data):
        folder = prepare_data_dir(data / "deep")
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_that_is_there_keeps_its_mode(self, data):
        data.mkdir()
        data.chmod(0o500)
        assert prepare_data_dir(data).stat().st_mode & 0o777 == 0o500

    def test_that_cannot_be_made_is_told_with_a_remedy(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(Invalid, match="AGORA_DATA_DIR"):
            prepare_data_dir(tmp_path / "file" / "data")


class TestSecrets:
    @pytest.mark.parametrize(
        "secret", ["your-jwt-secret-change-in-production", "dev-secret-change-in-production", "short"]
    )
    def test_of_the_guide_and_short_ones_are_named(self, data, monkeypatch, secret):
        monkeypatch.setenv("JWT_SECRET", secret)
        sentences = unsafe_secrets(load_settings(data_dir=data))
        assert len(sentences) == 1
        assert "JWT_SECRET" in sentences[0]
        assert secret not in sentences[0]

    def test_that_are_long_or_made_by_us_are_fine(self, data, monkeypatch):
        assert unsafe_secrets(load_settings(data_dir=data)) == []
        monkeypatch.setenv("JWT_SECRET", "x" * 64)
        assert unsafe_secrets(load_settings(data_dir=data)) == []

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "LOCALHOST"])
    def test_may_be_anything_on_loopback(self, host):
        assert is_loopback(host)

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "shop.test", ""])  # noqa: S104 -- none is bound
    def test_matter_beyond_loopback(self, host):
        assert not is_loopback(host)
