"""Photos sent to a server, until every size of them is made."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import httpx
from PIL import Image

from tests.server import Server

SIZE = (4000, 3000)
AT_ONCE = 2
PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How long it took until the last photo was taken, and until the last size of the last one was made."""

    count: int
    taken_seconds: float
    ready_seconds: float


def send_photos(server: Server, count: int) -> Sent:
    """Send so many photos of 12 megapixels, two at once, and wait for their sizes (AVIF apart, which comes later)."""
    photos = list(_photos(count))
    began = time.perf_counter()
    with server.client("owner@example.org") as client:
        client.timeout = httpx.Timeout(PATIENCE)

        def send(photo: bytes) -> str:
            answer = client.post("/media", files={"file": ("photo.jpg", photo, "image/jpeg")})
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = list(pool.map(send, photos))
        taken = time.perf_counter() - began
        while waiting and time.perf_counter() - began < PATIENCE:
            waiting = [one for one in waiting if not client.get(f"/media/{one}").json()["isReady"]]
            time.sleep(0.1)
    assert not waiting, f"{len(waiting)} photos have no sizes yet"
    return Sent(count, taken, time.perf_counter() - began)


def _photos(count: int) -> Iterator[bytes]:
    """Yield photos as a telephone takes them: 12 megapixels, some 3 MB, none like another."""
    for number in range(count):
        grain = [Image.effect_noise((SIZE[0] // 6, SIZE[1] // 6), 40 + number).resize(SIZE) for _ in range(3)]
        out = BytesIO()
        Image.merge("RGB", grain).save(out, "JPEG", quality=88)
        yield out.getvalue()
