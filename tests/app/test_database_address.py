"""DATABASE_URL, as the guide and Prisma write it."""

import pytest
from sqlalchemy import make_url

from app.database_address import read_database_url


class TestRead:
    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_postgresql_is_read_with_the_driver_we_have(self, scheme):
        address = read_database_url(f"{scheme}://agora:p%40ss@db.test:5433/agora_cms")
        url = make_url(address.url)
        assert url.drivername == "postgresql+psycopg"
        assert (url.host, url.port, url.database, url.password) == ("db.test", 5433, "agora_cms", "p@ss")

    def test_prisma_s_parameters_become_the_pool_s(self):
        address = read_database_url(
            "postgresql://u:p@h/d?connection_limit=20&pool_timeout=10&schema=shop&pgbouncer=true&sslmode=require"
        )
        assert (address.most_connections, address.pool_timeout_seconds) == (20, 10.0)
        assert dict(make_url(address.url).query) == {"sslmode": "require", "options": "-csearch_path=shop"}

    def test_the_public_schema_is_left_alone(self):
        assert not make_url(read_database_url("postgresql://u:p@h/d?schema=public").url).query

    def test_a_time_out_of_nothing_waits_a_day(self):
        assert read_database_url("postgresql://h/d?pool_timeout=0").pool_timeout_seconds == 86_400

    def test_the_shown_address_has_no_password(self):
        assert read_database_url("postgresql://u:hush@h/d").shown == "postgresql://u:***@h/d"

    def test_a_sqlite_file_stays_as_it_is(self):
        assert read_database_url("sqlite:////srv/shop.db").url == "sqlite:////srv/shop.db"

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("agora.db", "not an address"),
            ("mysql://u:p@h/d", "mysql is not supported"),
            ("postgresql+asyncpg://u:p@h/d", "asyncpg is not supported"),
            ("postgresql://u:p@h", "names no database"),
            ("sqlite://", "not supported"),
            ("postgresql://h/d?connection_limit=1", "2 or more"),
            ("postgresql://h/d?pool_timeout=soon", "soon"),
            ("postgresql://h:port/d", "not an address"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, text, why):
        with pytest.raises(ValueError, match=why):
            read_database_url(text)
