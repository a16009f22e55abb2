"""Azure: what is signed is compared with what obstore gives; the contract suite asks the emulator."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.store import AzureStore

from adapters.blobs.azure import AzurePlace, open_azure
from adapters.blobs.presigning import AzureSigner
from engine.media.public import is_public_key
from tests.clock import TestClock
from tests.neighbours import ACCOUNT, KEY


def open_it():
    place = AzurePlace(ACCOUNT, KEY, "media", "labels")
    return open_azure(place, is_public=is_public_key, clock=TestClock())


async def test_what_is_public_is_found_at_the_account() -> None:
    found = await open_it().address("media/1/medium.webp", {})
    assert found.url == f"https://{ACCOUNT}.blob.core.windows.net/media/media/1/medium.webp"
    assert found.is_lasting


async def test_what_is_private_is_signed_for_minutes() -> None:
    found = await open_it().address("private/ü 1", {"Content-Disposition": "attachment", "Content-Type": "text/csv"})
    asked = parse_qs(urlsplit(found.url).query)
    assert urlsplit(found.url).path == "/labels/private/%C3%BC%201"
    assert asked["se"] == ["2026-06-01T12:05:00Z"]
    assert (asked["sp"], asked["rscd"], asked["rsct"]) == (["r"], ["attachment"], ["text/csv"])


def test_the_signature_is_the_one_that_obstore_makes() -> None:
    store = AzureStore("labels", account_name=ACCOUNT, account_key=KEY)
    theirs = parse_qs(urlsplit(obstore.sign(store, "GET", "private/1", timedelta(seconds=300))).query)
    until = datetime.strptime(theirs["se"][0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    signer = AzureSigner("https://x/labels", ACCOUNT, "labels", KEY)
    ours = parse_qs(urlsplit(signer.address("private/1", until - timedelta(seconds=300), 300, {})).query)
    assert ours == theirs
