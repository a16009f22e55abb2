"""Raising an alert once, ending it once, and telling people of both."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from engine.accounts import public as accounts
from engine.core.actor import Actor, Role
from engine.core.alertsettings import AlertSettings
from engine.core.i18n import Message, format_message
from engine.core.ids import new_id
from engine.core.settings import Site
from engine.core.tables import table_of
from engine.core.transaction import Tx
from engine.messaging import public as messaging
from engine.operations.alerting.models import Alert, Severity
from engine.operations.alerting.rules import BY_KEY, AlertRule

LETTER, WEBHOOK = "alert", "alerts.webhook"
WATCH = Actor.system("Agora")


def open_alerts(connection: Connection) -> dict[str, Any]:
    """Return the alerts that are not over, by rule."""
    return {row.rule: row for row in connection.execute(select(*table_of(Alert).c).where(Alert.over_at.is_(None)))}


def untold(connection: Connection) -> bool:
    """Return whether anybody has to be told of something."""
    waits = or_(
        (Alert.told_at.is_(None)) & (Alert.over_at.is_(None)),
        (Alert.told_at.is_not(None)) & (Alert.over_at.is_not(None)) & (Alert.told_over_at.is_(None)),
    )
    return connection.execute(select(Alert.id).where(waits).limit(1)).first() is not None


async def raise_alert(tx: Tx, rule: AlertRule, value: float, settings: AlertSettings, detail: str, source: str) -> None:
    """Raise an alert, unless one of its rule is open."""
    is_new = await tx.insert_new(
        Alert,
        {
            "id": new_id(),
            "rule": rule.key,
            "severity": rule.severity,
            "value": value,
            "allowed": rule.allowed(settings),
            "detail": detail[:300],
            "source": source[:100],
            "raised_at": tx.now,
            "seen_at": tx.now,
        },
    )
    if is_new:
        tx.record(WATCH, "alert.raise", resource_type="alert", changes={}, rule=rule.key, value=round(value, 2))


async def end_alert(tx: Tx, rule: str) -> None:
    """End the open alert of a rule."""
    alert = await tx.scalar(select(Alert).where(Alert.rule == rule, Alert.over_at.is_(None)).with_for_update())
    if alert is not None:
        alert.over_at = tx.now
        tx.record(WATCH, "alert.end", resource_type="alert", changes={}, rule=rule)


async def tell(tx: Tx, site: Site, at: datetime) -> int:
    """Tell people of what they do not know yet, by e-mail and webhook; return how many alerts that were.

    Warnings wait while the hours are quiet. One that was over before anybody was told is not told at all.
    """
    settings = site.alerts
    is_quiet = settings.is_quiet(at.astimezone(site.general.zone))
    begun = await tx.scalars(select(Alert).where(Alert.told_at.is_(None), Alert.over_at.is_(None)).order_by(Alert.id))
    ended = await tx.scalars(
        select(Alert)
        .where(Alert.told_at.is_not(None), Alert.over_at.is_not(None), Alert.told_over_at.is_(None))
        .order_by(Alert.id)
    )
    count = 0
    for alert in [*begun, *ended]:
        if is_quiet and alert.severity is Severity.WARNING:
            continue
        if alert.over_at is None:
            alert.told_at = tx.now
        else:
            alert.told_over_at = tx.now
        await _send(tx, site, alert)
        count += 1
    return count


async def _send(tx: Tx, site: Site, alert: Alert) -> None:
    settings, locale = site.alerts, site.general.language
    for address in settings.emails or await _owners(tx):
        await messaging.send(tx, template=LETTER, to=address, values=letter_of(alert, locale), locale=locale)
    if settings.webhook_url:
        event = "alert.raised" if alert.over_at is None else "alert.over"
        tx.enqueue(WEBHOOK, {"alert": str(alert.id), "event": event})


async def _owners(tx: Tx) -> list[str]:
    connection = await tx.session.connection()
    return await connection.run_sync(accounts.staff_emails, Role.SUPER_ADMIN)


def letter_of(alert: Alert, locale: str) -> dict[str, Any]:
    """Return what the letter about an alert says."""
    return {
        "title": format_message(title_of(alert.rule), locale),
        "text": format_message(sentence_of(alert), locale),
        "is_over": alert.over_at is not None,
        "is_critical": alert.severity is Severity.CRITICAL,
        "raised_at": alert.raised_at.isoformat(),
        "url": "/admin/health",
    }


def title_of(rule: str) -> Message | str:
    """Return what an alert is called."""
    found = BY_KEY.get(rule)
    return found.title if found else rule


def sentence_of(alert: Any) -> Message | str:
    """Return in a sentence what was measured."""
    rule = BY_KEY.get(alert.rule)
    if rule is None:
        return alert.detail  # type: ignore[no-any-return]
    if alert.detail:
        return alert.detail  # type: ignore[no-any-return]
    value, limit = (f"{number:.4g} {rule.unit}".strip() for number in (alert.value, alert.allowed))
    return rule.says.having(value=value, limit=limit)


def body_of(alert: Alert, event: str, site: Site) -> Mapping[str, Any]:
    """Return what a webhook is told, as JSON."""
    return {
        "event": event,
        "site": site.general.site_name,
        "alert": {
            "id": str(alert.id),
            "rule": alert.rule,
            "severity": str(alert.severity),
            "value": round(alert.value, 4),
            "limit": alert.allowed,
            "text": format_message(sentence_of(alert), site.general.language),
            "raisedAt": alert.raised_at.isoformat(),
            "overAt": alert.over_at.isoformat() if alert.over_at else None,
        },
    }
