"""Whose word counts of who asks: trusted proxies' only, from the nearest on."""

import ipaddress
from collections.abc import Mapping

import pytest

from engine.api.gateway.forwarding import Client, client_behind

OURS = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))


def trusts(address: str) -> bool:
    try:
        return any(ipaddress.ip_address(address) in one for one in OURS)
    except ValueError:
        return False


def found(peer: str, headers: Mapping[str, str]) -> Client:
    scope = {"headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    return client_behind(scope, peer, trusts)


class TestClient:
    @pytest.mark.parametrize(
        ("peer", "headers", "client"),
        [
            ("8.8.8.8", {}, Client("8.8.8.8")),
            ("8.8.8.8", {"x-forwarded-for": "1.2.3.4"}, Client("8.8.8.8")),
            ("8.8.8.8", {"forwarded": "for=1.2.3.4;proto=https"}, Client("8.8.8.8")),
            ("10.0.0.1", {"x-forwarded-for": "1.2.3.4"}, Client("1.2.3.4")),
            ("10.0.0.1", {"x-forwarded-for": "6.6.6.6, 1.2.3.4, 10.0.0.2"}, Client("1.2.3.4")),
            ("10.0.0.1", {"x-forwarded-for": "6.6.6.6, nonsense"}, Client("10.0.0.1")),
            ("10.0.0.1", {"x-forwarded-for": "1.2.3.4:5678"}, Client("1.2.3.4")),
            ("10.0.0.1", {"x-forwarded-for": "[2001:db8::7]:80"}, Client("2001:db8::7")),
            ("10.0.0.1", {"x-forwarded-for": ""}, Client("10.0.0.1")),
            ("10.0.0.1", {"x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "https"}, Client("1.2.3.4", "https")),
            ("10.0.0.1", {"x-forwarded-for": "1.2.3.4", "x-forwarded-proto": "gopher"}, Client("1.2.3.4")),
            (
                "10.0.0.1",
                {"forwarded": 'for="[2001:db8::7]:47011";proto=https;by=10.0.0.1'},
                Client("2001:db8::7", "https"),
            ),
            ("10.0.0.1", {"forwarded": "for=6.6.6.6;proto=http, FOR=1.2.3.4;Proto=HTTPS"}, Client("1.2.3.4", "https")),
            ("10.0.0.1", {"forwarded": "for=1.2.3.4", "x-forwarded-for": "6.6.6.6"}, Client("1.2.3.4")),
            ("10.0.0.1", {"forwarded": "for=_hidden"}, Client("10.0.0.1")),
            ("10.0.0.1", {"forwarded": "for=unknown;;;,=,"}, Client("10.0.0.1")),
            ("10.0.0.1", {"x-forwarded-for": ", ".join(["10.0.0.3"] * 5_000)}, Client("10.0.0.1")),
        ],
    )
    def test_it_is_the_nearest_that_no_proxy_of_ours_vouches_for(self, peer, headers, client) -> None:
        assert found(peer, headers) == client
