"""Handing a file over: the store answers it itself where it can, and we lead there."""

from collections.abc import Mapping

from fastapi.responses import RedirectResponse

from engine.api.ports import Ports

#: What the store is asked to say with a file; the rest of our headers is about our own address.
PASSED_ON = ("Content-Disposition", "Cache-Control")
A_DAY = "public, max-age=86400"


async def elsewhere(house: Ports, key: str, content_type: str, headers: Mapping[str, str]) -> RedirectResponse | None:
    """Return a redirect to where the store answers the file, or None where we answer it.

    An address that is over in minutes is kept by nobody: neither by browsers nor by what stands between.
    """
    told = {"Content-Type": content_type, **{name: headers[name] for name in PASSED_ON if name in headers}}
    found = await house.blobs.address(key, told)
    if found is None:
        return None
    return RedirectResponse(found.url, 307, {"Cache-Control": A_DAY if found.is_lasting else "private, no-store"})
