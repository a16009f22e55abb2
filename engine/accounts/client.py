"""The program somebody signs in with: what is kept of it, so that they know their own sessions again."""

from dataclasses import dataclass

from engine.core.actor import Actor

LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from: its address and what it calls itself."""

    ip_address: str = ""
    user_agent: str = ""

    @classmethod
    def of(cls, ip_address: str, user_agent: str) -> "Client":
        printable = "".join(c for c in user_agent if c.isprintable())
        return cls(ip_address, printable[:LONGEST_AGENT])

    @property
    def stranger(self) -> Actor:
        """Nobody known, at this address."""
        return Actor.stranger(self.ip_address)
