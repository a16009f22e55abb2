"""What happened to accounts, under the guide's names where it has them."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class UserRegistered(Fact, name="user.registered"):
    """Somebody has an account now: by registering, by the claim, or made by an administrator."""

    user_id: UUID
    email: str


@dataclass(frozen=True)
class UserLoggedIn(Fact, name="user.logged_in"):
    """Somebody signed in, in a browser or by the API."""

    user_id: UUID


@dataclass(frozen=True)
class EmailVerified(Fact, name="user.email_verified"):
    """Somebody has shown that the address of their account is theirs: what came to it as a guest may be theirs now."""

    user_id: UUID
    email: str


@dataclass(frozen=True)
class DevicePaired(Fact, name="device.paired"):
    """A screen was let in by a code."""

    device_id: UUID
    device_name: str


@dataclass(frozen=True)
class DeviceRevoked(Fact, name="device.revoked"):
    """A screen was shut out, by staff or by itself."""

    device_id: UUID
    device_name: str
