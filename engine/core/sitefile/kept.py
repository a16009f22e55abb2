"""Settings in a site file: what staff saved, without secrets, and without what is about this installation alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select

from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.settings import SettingsStore, SiteSetting, without_secrets
from engine.core.site import BY_KEY, EmailSettings, Settings, System
from engine.core.sitefile.columns import shown
from engine.core.transaction import Tx
from engine.core.validation import fields_of

#: Where files, search and surfaces are is a matter of the machine, not of the site.
OURS = frozenset({System.key})
#: Nor is by which server letters leave: a file from a stranger must not have them pass through theirs.
LOCAL = {EmailSettings.key: frozenset({"enabled", "provider", "credentials", "testMode", "testRecipient"})}


def rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield `{key, value}` of each settings key that was ever saved."""
    asked = select(SiteSetting.key, SiteSetting.value).where(SiteSetting.key.in_(BY_KEY)).order_by(SiteSetting.key)
    for row in connection.execute(asked):
        if row.key not in OURS:
            yield {"key": row.key, "value": _of_site(BY_KEY[row.key], row.value)}


def _of_site(kind: type[Settings], values: dict[str, Any]) -> dict[str, Any]:
    """Return what of a key's values is the site's: no secret, and nothing of this installation alone."""
    local = LOCAL.get(kind.key, frozenset())
    return {name: value for name, value in without_secrets(kind, values).items() if name not in local}


def checked(raw: Any) -> tuple[str, Mapping[str, Any]] | None:
    """Return (key, value) of a line, None for a key that is not known here or is not taken. Raises Invalid."""
    if not isinstance(raw, Mapping) or set(raw) != {"key", "value"} or not isinstance(raw["value"], Mapping):
        raise Invalid(_("A setting is an object of key and value; this is “{value}”.").having(value=shown(raw)))
    kind = BY_KEY.get(str(raw["key"]))
    if kind is None or kind.key in OURS:
        return None
    value = _of_site(kind, dict(raw["value"]))
    try:
        kind.model_validate(value)
    except ValidationError as error:
        name, words = next(iter(fields_of(error).items()))
        raise Invalid(_("{key}.{name}: {reason}").having(key=kind.key, name=name, reason=words)) from None
    return kind.key, value


def outcome(connection: Connection, key: str, value: Mapping[str, Any], *, replaces: bool) -> str:
    """Return what becomes of a settings key: created, unchanged, updated, or kept as it is here."""
    here = connection.scalar(select(SiteSetting.value).where(SiteSetting.key == key))
    if here is None:
        return "created"
    kind = BY_KEY[key]
    same = kind.model_validate(_of_site(kind, here)) == kind.model_validate(value)
    return "unchanged" if same else ("updated" if replaces else "kept")


async def save(tx: Tx, actor: Actor, store: SettingsStore, key: str, value: Mapping[str, Any]) -> None:
    """Save what came, but for what the environment decides here."""
    fixed = {path.partition(".")[2].partition(".")[0] for path in store.site.fixed if path.startswith(f"{key}.")}
    await store.save(tx, actor, BY_KEY[key], {name: one for name, one in value.items() if name not in fixed})
