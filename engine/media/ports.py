"""What media asks of the world."""

from typing import Protocol


class PictureSource(Protocol):
    """Fetches a file from a web address that somebody else chose."""

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return the bytes at a public address.

        Raises Invalid where the address will never do (private, no picture, too large, not there), Unavailable where
        trying again later may help.
        """
        ...


class MemoryPictureSource:
    """Pictures by address, for tests."""

    def __init__(self, pictures: dict[str, bytes | Exception] | None = None) -> None:
        self.pictures = pictures or {}
        self.asked: list[str] = []

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        self.asked.append(address)
        found = self.pictures.get(address, KeyError(address))
        if isinstance(found, Exception):
            raise found
        return found[:limit_bytes]
