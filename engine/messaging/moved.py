"""The words of e-mails in a site file: those that people changed, wrote or switched off."""

from sqlalchemy import ColumnElement, not_, or_, select

from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.plaintext import is_blank
from engine.core.records.facts import RecordCreated, RecordUpdated
from engine.core.sitefile.kinds import Outlook, SiteKind, Thing
from engine.core.tables import table_of
from engine.messaging.models import StoredTemplate
from engine.messaging.ports import WORDED, Wording
from engine.messaging.templates import NOUN, PATH, Letters


def site_kind(letters: Letters) -> SiteKind:
    """Return the kind. letters: what tries the words that come in."""

    def clean(_book: Book, thing: Thing) -> None:
        row = thing.row
        if row["purpose"] not in letters.offered:
            raise Invalid(_("Agora writes no letter called “{purpose}”.").having(purpose=row["purpose"][:60]))
        if is_blank(row["name"]):
            raise Invalid(_("It has no name."))
        row["category"] = letters.offered[row["purpose"]].kind
        letters.check(row["purpose"], Wording(row["subject"], row["preheader"], row["body"]))

    def fit(outlook: Outlook, thing: Thing) -> None:
        """Of a purpose at most one is active, and for a letter that people cannot do without one always is."""
        row, table = thing.row, table_of(StoredTemplate)
        others = select(table.c.name).where(
            table.c.purpose == row["purpose"], table.c.is_active, table.c.id != row["id"]
        )
        other = outlook.connection.scalar(others)
        if not row["is_active"]:
            row["is_active"] = other is None and not row["is_own"] and bool(letters.offered[row["purpose"]].needs)
        elif other is not None:
            row["is_active"] = False
            thing.said.append(_("Letters are written by “{name}” here; this one waits in reserve.").having(name=other))

    return SiteKind(
        name=PATH,
        label=_("E-mail templates"),
        noun=NOUN,
        model=StoredTemplate,
        title=lambda row: str(row["name"]),
        skip=frozenset({"trouble"}),
        where=_is_told,
        same=(StoredTemplate.purpose, StoredTemplate.is_own),
        is_same=lambda row: not row["is_own"],
        is_blank=lambda row: row["is_active"] and not any(row[name] for name in WORDED),
        clean=clean,
        fit=fit,
        facts=lambda row, is_new: [(RecordCreated if is_new else RecordUpdated)(row["id"], PATH)],
    )


def _is_told() -> ColumnElement[bool]:
    """Return whether a template says something else than every Agora does."""
    words = (getattr(StoredTemplate, name) != "" for name in WORDED)
    return or_(StoredTemplate.is_own, not_(StoredTemplate.is_active), *words)
