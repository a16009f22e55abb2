"""`agora routes`: every address with who may use it."""

import re

from typer.testing import CliRunner

from app.cli import cli


class TestRoutes:
    def test_every_route_is_listed_in_order_and_names_its_rule(self):
        found = CliRunner().invoke(cli, ["routes"])
        assert found.exit_code == 0
        rows = [re.split(r"\s{2,}|\s(?=/)", line.strip(), maxsplit=2) for line in found.output.splitlines()]
        assert ["GET", "/health", "public"] in [[part.strip() for part in row] for row in rows]
        paths = [row[1].strip() for row in rows]
        assert paths == sorted(paths)
        assert "NO RULE" not in found.output
