"""A server of two processes that is told to speak https: by real clients that trust nothing but its authority."""

import ssl
import time

import httpx
import pytest

from engine.operations.network.roots import root_in
from tests.server import PASSWORD, Server, free_port

PATIENCE_SECONDS = 30


def trusting(folder):
    """A client of one host that trusts the authority alone."""
    return httpx.Client(verify=ssl.create_default_context(cadata=root_in(folder).pem), timeout=10)


def until(is_so):
    """Wait for what the server does by itself after an answer."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(folder, url):
    try:
        with trusting(folder) as client:
            return client.get(f"{url}/health/live").status_code == 200
    except (httpx.HTTPError, AttributeError):
        return False


@pytest.fixture
def server(tmp_path):
    port = free_port()
    with Server(tmp_path / "data", {"AGORA_HTTPS_PORT": str(port), "AGORA_WORKERS": "2"}) as made:
        made.claim()
        made.secure_url = f"https://localhost:{port}"
        yield made


def switch(server, **network):
    with server.client("owner@example.org") as staff:
        answer = staff.put("/settings/system", json={"network": network})
        assert answer.status_code == 200, answer.text


def sign_in(client, url):
    sent = {"email": "owner@example.org", "password": PASSWORD}
    return client.post(f"{url}/admin/sign-in", data=sent, headers={"origin": url})


def test_https_comes_and_goes_while_the_server_runs(server, tmp_path):
    folder, url, plain = tmp_path / "data", server.secure_url, f"http://localhost:{server.port}"
    assert httpx.get(f"{plain}/trust").status_code == 404
    switch(server, https=True)
    until(lambda: answers(folder, url))
    page = httpx.get(f"{plain}/trust", headers={"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)"})
    assert page.text.index("Download the profile") < page.text.index("Android")
    root = root_in(folder)
    assert all(f"<span>{pair}</span>" in page.text for pair in root.fingerprint.split(":"))
    assert httpx.get(f"{plain}/trust/agora.crt").content == root.der
    assert root.der.hex() not in httpx.get(f"{plain}/trust/agora.mobileconfig").text
    with pytest.raises(httpx.ConnectError, match="self-signed certificate"):
        httpx.get(f"{url}/health/live")

    with trusting(folder) as browser:
        by_https = sign_in(browser, url)
        assert (by_https.status_code, by_https.headers["location"]) == (303, "/admin")
        kept = by_https.headers["set-cookie"]
        assert kept.startswith("__Secure-agora_session=")
        assert "Secure" in kept.split("; ")
        assert "strict-transport-security" not in by_https.headers
        assert browser.get(f"{url}/admin").status_code == 200
        by_http = sign_in(browser, plain)
        assert by_http.headers["set-cookie"].startswith("agora_session=")
        assert "Secure" not in by_http.headers["set-cookie"].split("; ")
        assert browser.get(f"{plain}/admin").status_code == 200
        assert browser.post(f"{url}/admin/sign-out", headers={"origin": plain}).status_code == 403
        assert browser.post(f"{url}/admin/sign-out", headers={"origin": url}).status_code == 303
        assert browser.get(f"{url}/admin").status_code != 200

    switch(server, https=False)
    until(lambda: not answers(folder, url))
    assert httpx.get(f"{plain}/health/live").status_code == 200
    switch(server, https=True)
    until(lambda: answers(folder, url))
    assert root_in(folder) == root
