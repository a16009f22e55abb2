"""Migrations match the models: a fresh database by the migrations is what the models declare."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from engine.migrations.upgrading import config_for, upgrade


def main() -> int:
    """Return 1 and print what differs if a migration is missing."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'check.sqlite3'}"
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                upgrade(connection)
            with engine.connect() as connection:
                command.check(config_for(connection))
        except Exception as error:  # noqa: BLE001 - Alembic's several ways to say so
            print(f"The models have changed and the migrations have not: {error}")
            return 1
        finally:
            engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
