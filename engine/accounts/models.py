"""Tables of accounts: users, their addresses, browser sessions, refresh tokens, one-time links, devices."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.actor import Actor, Role, ScopedRole
from engine.core.audit import UNAUDITED
from engine.core.plaintext import fold
from engine.core.tables import Base, EnumText, HasId, HasTimes, Json


def folded(*texts: str) -> str:
    """Return texts as searches compare them: without case, in every script."""
    return fold(" ".join(texts))[:1_200]


def _search_text(context: Any) -> str:
    row = context.get_current_parameters()
    return folded(row["name"], row["email"])


class User(HasId, HasTimes, Base):
    """A person who can sign in. `email` is kept in lower case; the hash is bcrypt's."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(100), info=dict(UNAUDITED))
    role: Mapped[Role] = mapped_column(EnumText(Role), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_event_staff: Mapped[bool] = mapped_column(default=False)
    is_exhibitor: Mapped[bool] = mapped_column(default=False)
    is_kiosk: Mapped[bool] = mapped_column(default=False)
    is_course_admin: Mapped[bool] = mapped_column(default=False)
    is_instructor: Mapped[bool] = mapped_column(default=False)
    failed_logins: Mapped[int] = mapped_column(default=0, info=dict(UNAUDITED))
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))
    email_verified_at: Mapped[datetime | None]
    #: Access tokens issued before this moment are refused: everybody was signed out.
    tokens_from: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))
    search_text: Mapped[str] = mapped_column(String(1_200), default=_search_text, info=dict(UNAUDITED))

    @property
    def is_super_admin(self) -> bool:
        return self.role is Role.SUPER_ADMIN

    def call(self, name: str) -> None:
        """Give the person a name, and keep what lists find them by."""
        self.name = name
        self.search_text = folded(name, self.email)

    def actor(self, ip_address: str = "", session_id: UUID | None = None) -> Actor:
        """Return the person as who acts, with the role they have now."""
        scoped = frozenset(flag for flag in ScopedRole if getattr(self, f"is_{flag.value}"))
        return Actor(self.id, self.email, self.name, self.role, scoped, ip_address, session_id)


class SavedAddress(HasId, HasTimes, Base):
    """Where a person has things sent; of those of one person, one is the default. The log never holds where it is."""

    __tablename__ = "addresses"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    line1: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    line2: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    city: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    region: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    postal_code: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    country: Mapped[str] = mapped_column(String(2), info=dict(UNAUDITED))
    phone: Mapped[str] = mapped_column(String(200), info=dict(UNAUDITED))
    is_default: Mapped[bool] = mapped_column(default=False)


class Session(HasId, Base):
    """A browser's session: the cookie is random, and only its SHA-256 is kept.

    is_verified: whether a device asked who holds it, by a passkey: as good as a second step.
    """

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ip_address: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(300))
    is_verified: Mapped[bool] = mapped_column(default=False)


class RefreshToken(HasId, Base):
    """One single-use refresh token of a family. One that comes back used ends the whole family."""

    __tablename__ = "refresh_tokens"

    family_id: Mapped[UUID] = mapped_column(index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    ip_address: Mapped[str] = mapped_column(String(64))
    user_agent: Mapped[str] = mapped_column(String(300))


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, no password
    VERIFY_EMAIL = "verify_email"


class OneTimeLink(HasId, Base):
    """A secret sent to somebody that works once and ends by itself; only its SHA-256 is kept."""

    __tablename__ = "one_time_links"

    purpose: Mapped[LinkPurpose] = mapped_column(EnumText(LinkPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "user_id", "purpose"),)


class LoginFailure(Base):
    """Failed sign-ins at addresses that no account has, so that they lock in the same way (kept as SHA-256)."""

    __tablename__ = "login_failures"

    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed_logins: Mapped[int]
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class SecondStep(Base):
    """What an account asks for after the password. Nothing is asked while confirmed_at is empty.

    secret: the app's, encrypted. last_step: of the code that was used last. recovery: SHA-256 of codes that work once.
    """

    __tablename__ = "second_steps"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(300), info=dict(UNAUDITED))
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, info=dict(UNAUDITED))
    failures: Mapped[int] = mapped_column(info=dict(UNAUDITED))
    locked_until: Mapped[datetime | None]
    recovery: Mapped[list[Any]] = mapped_column(Json, info=dict(UNAUDITED))


class Passkey(HasId, Base):
    """A key that a device keeps for its holder; what is here checks what it signs, and can sign nothing.

    credential_id, public_key: base64url. sign_count: how often it has signed, as far as it tells.
    """

    __tablename__ = "passkeys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(700), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(HasId, HasTimes, Base):
    """A screen at a door or a counter. Of its code and its token only the SHA-256 is kept.

    code_hash: while somebody may still bring the code. token_hash: while the device is let in.
    """

    __tablename__ = "devices"

    name: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(100))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dict(UNAUDITED))
    code_expires_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=dict(UNAUDITED))
    paired_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))
    revoked_at: Mapped[datetime | None]
    ip_address: Mapped[str] = mapped_column(String(64), default="", info=dict(UNAUDITED))
    user_agent: Mapped[str] = mapped_column(String(300), default="", info=dict(UNAUDITED))
