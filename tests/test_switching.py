"""A real server that changes what it runs on: it starts itself again, and goes on where it was killed."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.server import PASSWORD, Server

PATIENCE = 200.0


def comes_true(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if holds():
                return True
        except httpx.TransportError:
            pass  # it starts again
        time.sleep(0.1)
    return False


def test_it_starts_itself_again_and_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        server.claim()
        with httpx.Client(base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}, timeout=60) as owner:
            owner.post("/admin/sign-in", data={"email": "owner@example.org", "password": PASSWORD})

            def change(to: str) -> None:
                assert owner.post("/admin/services/cache/trials", data={"to": to}).status_code == 303
                assert owner.post("/admin/services/plan/begin").status_code == 303

            def serves(title: str) -> bool:
                return f"{title} serves now" in owner.get("/admin/services/progress").text

            change("memory")
            assert comes_true(lambda: serves("Memory"))
            assert owner.get("/health/ready").json()["cache"] == "memory"
            change("disk")
            plan = server.folder / "services" / "plan.json"
            assert comes_true(lambda: '"ready"' in plan.read_text())
            server.kill()
            server.start()
            assert serves("Disk")
            assert 'cache = "disk"' in (server.folder / "agora.toml").read_text()
