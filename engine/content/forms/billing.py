"""The money of an entry: what its payment field asks for, and where it stands by its order."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.content.forms import letters
from engine.content.forms.answers import Checked
from engine.content.forms.entries import PATH
from engine.content.forms.models import EntryPayment, Form, FormEntry
from engine.content.forms.ports import Bill, Cashier
from engine.content.forms.reading import email_of, name_of
from engine.content.forms.shapes import FieldType, FormField, read
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.money import Money
from engine.core.records.facts import RecordUpdated
from engine.core.records.tables import BinnedRecord
from engine.core.transaction import Tx

#: From these an entry is paid for the first time: its sender is answered then.
_UNPAID = (EntryPayment.AWAITED, EntryPayment.CANCELLED)


def asked_in(found: Checked) -> FormField | None:
    """Return the field by which money is asked for and was promised."""
    return next((one for one in found.fields if one.type is FieldType.PAYMENT and one.id in found.answers), None)


def agree(cashier: Cashier, actor: Actor, found: Checked) -> None:
    """Hold what was promised to what the shop takes now, and settle how it is paid where there is one way only.

    What is wrong is added to `found.wrong`, by the field's id and by `{id}.way`.
    """
    one = asked_in(found)
    if one is None:
        return
    answer, ways = found.answers[one.id], cashier.ways()
    if not ways:
        found.wrong[one.id] = _("This site takes no payments at the moment. Ask us how to pay.")
    elif one.currency != cashier.currency:
        text = _("This is priced in {old}, and the shop takes {now} now. Tell us, so that we can mend it.")
        found.wrong[one.id] = text.having(old=one.currency, now=cashier.currency)
    elif not (email_of(found.fields, found.answers) or actor.email):
        found.wrong[one.id] = _("Give an e-mail address too: the receipt goes there.")
    elif answer["way"] not in ways and (answer["way"] or len(ways) > 1):
        found.wrong[f"{one.id}.way"] = _("Choose how you pay: {choices}.").having(choices=", ".join(ways))
    else:
        found.answers[one.id] = {**answer, "way": answer["way"] or ways[0]}


async def charge(tx: Tx, actor: Actor, cashier: Cashier, form: Form, entry: FormEntry, found: Checked) -> UUID | None:
    """Make the order of an entry that promises money, once: with the entry, or not at all. Return its id."""
    one = asked_in(found)
    if one is None:
        return None
    answer: Mapping[str, Any] = found.answers[one.id]
    email = email_of(found.fields, found.answers) or actor.email
    bill = Bill(
        entry_id=entry.id,
        what=one.label,
        details=answer["label"],
        url=f"/forms/{form.slug}",
        amount=Money(answer["amountMinor"], answer["currency"]),
        is_taxed=one.taxed,
        email=email,
        name=name_of(found.fields, found.answers) or actor.name or email.partition("@")[0],
        way=answer["way"],
    )
    entry.order_id, entry.payment = await cashier.bill(tx, actor, bill), EntryPayment.AWAITED
    return entry.order_id


async def stand(tx: Tx, entry_id: UUID, payment: EntryPayment) -> None:
    """Let an entry follow its order, also one that is in the bin; who paid for the first time is answered now.

    One that was erased is passed over: the order stays without it.
    """
    row = await tx.get(FormEntry, entry_id, locked=True)
    if row is None:
        kept = select(BinnedRecord).where(BinnedRecord.resource == PATH, BinnedRecord.record_id == entry_id)
        for binned in await tx.scalars(kept):
            binned.values = {**binned.values, "payment": payment.value}
        return
    if row.payment is payment:
        return
    was, row.payment = row.payment, payment
    tx.publish(RecordUpdated(row.id, PATH))
    form = await tx.get(Form, row.form_id)
    if form is not None and payment is EntryPayment.PAID and was in _UNPAID:
        await letters.answer(tx, form, row, read(row.questions), row.locale or "en")
