"""The organisation's settings: read from memory, written through one verb, kept in `site_settings`.

The environment wins over what is stored; a field that it sets is read-only (`Site.fixed`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection, String, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid, NotFound
from engine.core.facts import Fact
from engine.core.i18n import _
from engine.core.secrets import Secrets, is_masked, mask, mask_whole
from engine.core.site import (
    BY_KEY,
    KEYS,
    PUBLIC,
    AlertSettings,
    Analytics,
    BackupSettings,
    Blog,
    Catalog,
    ConsentSettings,
    EmailSettings,
    General,
    LogSettings,
    MediaLibrary,
    Payments,
    PrivacySettings,
    ProgramSettings,
    Reviews,
    SearchSettings,
    Seo,
    Settings,
    Shipping,
    SignInSettings,
    SiteStatus,
    SpamSettings,
    System,
    Tax,
    Theme,
    is_secret,
)
from engine.core.tables import Base, HasTimes
from engine.core.transaction import Tx
from engine.core.validation import fields_of

S = TypeVar("S", bound=Settings)
#: Facts about a setting are about this.
SETTINGS_ID = UUID(int=0)


class SiteSetting(HasTimes, Base):
    """One key of the guide's `site_settings`; secrets inside the value are encrypted."""

    __tablename__ = "site_settings"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[dict[str, Any]]


@dataclass(frozen=True)
class SettingsUpdated(Fact, name="settings.updated"):
    """A settings key was saved; every process reads it again."""

    about_id: UUID
    key: str


@dataclass(frozen=True)
class Site:
    """All settings at one moment. `fixed`: wire paths that the environment sets, such as `email.provider`."""

    general: General = General()
    theme: Theme = Theme()
    seo: Seo = Seo()
    analytics: Analytics = Analytics()
    payments: Payments = Payments()
    system: System = System()
    email: EmailSettings = EmailSettings()
    shipping: Shipping = Shipping()
    tax: Tax = Tax()
    search: SearchSettings = SearchSettings()
    site_status: SiteStatus = SiteStatus()
    consent: ConsentSettings = ConsentSettings()
    catalog: Catalog = Catalog()
    media: MediaLibrary = MediaLibrary()
    blog: Blog = Blog()
    reviews: Reviews = Reviews()
    spam: SpamSettings = SpamSettings()
    backups: BackupSettings = BackupSettings()
    logs: LogSettings = LogSettings()
    alerts: AlertSettings = AlertSettings()
    privacy: PrivacySettings = PrivacySettings()
    sign_in: SignInSettings = SignInSettings()
    program: ProgramSettings = ProgramSettings()
    fixed: frozenset[str] = field(default_factory=frozenset)

    def of(self, kind: type[S]) -> S:
        """Return one key's settings."""
        found: S = getattr(self, kind.key)
        return found

    def public(self) -> dict[str, Any]:
        """Return what a stranger's browser may know, by key, in wire names."""
        return {
            kind.key: self.of(kind).model_dump(mode="json", by_alias=True, include=set(names))
            for kind, names in PUBLIC.items()
        }


def needed_for(key: str) -> Permission:
    """Return what one must be allowed to save a key: the machine, and everybody's way in, are a super admin's."""
    grave = (System.key, BackupSettings.key, SignInSettings.key, ProgramSettings.key)
    return Permission.CONFIGURE_SYSTEM if key in grave else Permission.UPDATE_SETTINGS


class SettingsStore:
    """Keeps the settings in memory; `refresh` is called at start and whenever `settings.updated` is heard."""

    def __init__(self, db: Database, secrets: Secrets, overrides: Mapping[str, Any] | None = None) -> None:
        """overrides: wire paths to values from the environment, such as `{"email.credentials.host": "mail"}`."""
        self._db = db
        self._secrets = secrets
        self._overrides = dict(overrides or {})
        self.site = self._site({})
        #: Called with the settings whenever they were read anew.
        self.heard: list[Callable[[Site], None]] = []

    async def refresh(self) -> Site:
        """Read all keys anew; return them."""
        rows = await self._db.query(_all_rows)
        self.site = self._site({key: opened(BY_KEY[key], value, self._secrets.decrypt) for key, value in rows.items()})
        for hear in self.heard:
            hear(self.site)
        return self.site

    def _site(self, stored: Mapping[str, Mapping[str, Any]]) -> Site:
        values = {kind.key: kind.model_validate(_merged(stored.get(kind.key, {}), self._over(kind))) for kind in KEYS}
        return Site(**values, fixed=frozenset(self._overrides))  # type: ignore[arg-type]

    def _over(self, kind: type[Settings]) -> dict[str, Any]:
        nested: dict[str, Any] = {}
        for path, value in self._overrides.items():
            key, *names = path.split(".")
            if key == kind.key and names:
                place = nested
                for name in names[:-1]:
                    place = place.setdefault(name, {})
                place[names[-1]] = value
        return nested

    async def update(self, tx: Tx, actor: Actor, key: str, sent: Mapping[str, Any]) -> Settings:
        """Save the fields that were sent; others keep their value, and so does a secret that came back masked.

        Raises NotFound for an unknown key, NotAllowed, Invalid naming each field that cannot be taken or that the
        environment sets.
        """
        kind = BY_KEY.get(key)
        if kind is None:
            raise NotFound(_("There are no settings “{key}”. The keys are {keys}."), key=key, keys=", ".join(BY_KEY))
        access.require(actor, needed_for(key))
        return await self.save(tx, actor, kind, sent)

    async def save(self, tx: Tx, actor: Actor, kind: type[S], sent: Mapping[str, Any]) -> S:
        """Save without asking who: for verbs that asked already (the claim, a surface's switch)."""
        row: SiteSetting | None = await tx.get(SiteSetting, kind.key, locked=True)
        before = kind.model_validate(opened(kind, row.value if row else {}, self._secrets.decrypt))
        kept = before.model_dump(mode="json", by_alias=True)
        try:
            after = kind.model_validate(_unmasked(kind, _merged(kept, sent), kept))
        except ValidationError as error:
            raise Invalid(_("Some settings cannot be saved."), fields_of(error)) from None
        if refused := after.refused(before, actor):
            raise Invalid(next(iter(refused.values())), dict(refused))
        self._refuse_fixed(kind, sent, after.model_dump(mode="json", by_alias=True))
        value = _closed(kind, after.model_dump(mode="json", by_alias=True), self._secrets)
        if row is None:
            tx.add(SiteSetting(key=kind.key, value=value))
        else:
            row.value = value
        tx.record(
            actor, "settings.update", resource_type="settings", key=kind.key, changes=_difference(kind, before, after)
        )
        tx.publish(SettingsUpdated(SETTINGS_ID, kind.key))
        return after

    def _refuse_fixed(self, kind: type[Settings], sent: Mapping[str, Any], after: dict[str, Any]) -> None:
        """Refuse a field that was sent, that the environment sets, and that would differ from it if it did not."""
        for path, value in self._overrides.items():
            key, *names = path.split(".")
            asked = _at(sent, names)
            if key != kind.key or asked is None or (isinstance(asked, str) and is_masked(asked)):
                continue
            if str(_at(after, names)) != str(value):
                message = _("The environment sets this field; change it there, or remove the variable.")
                raise Invalid(message, {".".join(names): message})

    def masked(self, kind: type[Settings]) -> dict[str, Any]:
        """Return a key's settings in wire names with secrets masked."""
        return self.masked_value(self.site.of(kind))

    @staticmethod
    def masked_value(settings: Settings) -> dict[str, Any]:
        """Return these settings in wire names with secrets masked."""
        return _each_secret(type(settings), settings.model_dump(mode="json", by_alias=True), mask)


def _all_rows(connection: Connection) -> dict[str, dict[str, Any]]:
    rows = connection.execute(select(SiteSetting.key, SiteSetting.value).where(SiteSetting.key.in_(BY_KEY)))
    return {row.key: row.value for row in rows}


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        mine = merged.get(name)
        merged[name] = _merged(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return merged


def _at(values: Any, names: list[str]) -> Any:
    for name in names:
        values = values.get(name) if isinstance(values, Mapping) else None
    return values


def _each_secret(kind: type[Settings], values: dict[str, Any], change: Any) -> dict[str, Any]:
    """Return the wire values with `change` applied to every secret in them."""
    changed = dict(values)
    for name, info in kind.model_fields.items():
        wire = info.alias or name
        if wire not in changed:
            continue
        annotation = info.annotation
        if is_secret(annotation, info.metadata) and isinstance(changed[wire], str):
            hides = change is mask and name in kind.bare
            changed[wire] = mask_whole(changed[wire]) if hides else change(changed[wire])
        elif isinstance(annotation, type) and issubclass(annotation, Settings):
            changed[wire] = _each_secret(annotation, changed[wire], change)
        elif get_origin(annotation) is dict and is_secret(get_args(annotation)[1]):
            changed[wire] = {k: v if k in kind.shown else change(v) for k, v in changed[wire].items()}
    return changed


def without_secrets(kind: type[Settings], values: dict[str, Any]) -> dict[str, Any]:
    """Return a key's stored or wire values without any secret in them."""
    kept = _each_secret(kind, values, lambda _value: None)
    return {name: _bare(value) for name, value in kept.items() if value is not None}


def _bare(value: Any) -> Any:
    return {name: _bare(one) for name, one in value.items() if one is not None} if isinstance(value, dict) else value


def _closed(kind: type[Settings], values: dict[str, Any], secrets: Secrets) -> dict[str, Any]:
    return _each_secret(kind, values, lambda v: secrets.encrypt(v) if v else v)


def opened(kind: type[Settings], values: dict[str, Any], decrypt: Callable[[str], str]) -> dict[str, Any]:
    """Return a key's stored values with the secrets in them readable."""
    return _each_secret(kind, values, lambda v: decrypt(v) if v else v)


def _unmasked(kind: type[Settings], sent: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent with each secret that came back masked put back to what is kept."""
    whole = dict(sent)
    for name, info in kind.model_fields.items():
        wire = info.alias or name
        value = whole.get(wire)
        if isinstance(info.annotation, type) and issubclass(info.annotation, Settings) and isinstance(value, dict):
            whole[wire] = _unmasked(info.annotation, value, kept.get(wire, {}))
        elif isinstance(value, dict):
            whole[wire] = {
                k: kept.get(wire, {}).get(k, "") if isinstance(v, str) and is_masked(v) else v for k, v in value.items()
            }
        elif isinstance(value, str) and is_secret(info.annotation, info.metadata) and is_masked(value):
            whole[wire] = kept.get(wire, "")
    return whole


def _difference(kind: type[Settings], before: Settings, after: Settings) -> dict[str, list[Any]]:
    old = _each_secret(kind, before.model_dump(mode="json", by_alias=True), mask)
    new = _each_secret(kind, after.model_dump(mode="json", by_alias=True), mask)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}
