"""The list of forms, and the list of everything that came in by them."""

from sqlalchemy import func, select

from engine.content.forms import entries
from engine.content.forms.facts import FormSubmitted
from engine.content.forms.forms import FormVerbs
from engine.content.forms.models import AfterSending, EntryPayment, EntryStatus, Form, FormEntry, FormEntryNote
from engine.content.forms.policy import MANAGE
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, View, Widget

VERBS = FormVerbs()
PAYMENTS = (
    (EntryPayment.AWAITED, _("Awaiting payment")), (EntryPayment.PAID, _("Paid")),
    (EntryPayment.CANCELLED, _("Not paid")), (EntryPayment.REFUND_DUE, _("Refund due")),
    (EntryPayment.REFUNDED, _("Refunded")),
)  # fmt: skip
_OF_FORM = select(func.count()).where(FormEntry.form_id == Form.id).correlate(Form)
UNREAD = _OF_FORM.where(FormEntry.status == EntryStatus.NEW).scalar_subquery().label("unread")
COUNT = _OF_FORM.where(FormEntry.status != EntryStatus.SPAM).scalar_subquery().label("entries")
FORMS = Resource(
    path="forms",
    noun="form",
    model=Form,
    singular=_("Form"),
    plural=_("Forms"),
    title=lambda row: row.name,
    text=_("What people fill in: contact, registration, feedback. Each has an address of its own."),
    icon="list-checks",
    read=MANAGE,
    write=MANAGE,
    order=(Form.name,),
    key=Form.slug,
    verbs={"create": VERBS.create, "update": VERBS.update, "delete": VERBS.delete},
    keeps=(FormEntry.form_id, FormEntryNote.entry_id),
    address=lambda values: f"/forms/{values['slug']}",
    fields=(
        Field(Form.name, _("Name"), _("What people read over it."), column=True, search=True, sort=True),
        Field(Form.slug, _("Address"), _("The last part of its address: /forms/contact."), widget=Widget.SLUG,
              column=True, search=True, source="name"),
        Field(Form.is_open, _("Open"), _("People can fill it in."), widget=Widget.SWITCH, column=True, filter=True),
        Field(Form.intro, _("Introduction"), _("Words over the first question."), widget=Widget.RICHTEXT),
        Field(Form.fields, _("Questions"), _("The fields in their order, as the guide to the API describes them."),
              widget=Widget.JSON),
        Field(Form.submit_label, _("Button"), _("What stands on the button that sends it.")),
        Field(Form.after, _("After sending"), _("What a visitor sees then."),
              choices=((AfterSending.MESSAGE, _("A message")), (AfterSending.PAGE, _("Another page")))),
        Field(Form.confirmation, _("Message"), _("What a visitor reads after sending."), widget=Widget.RICHTEXT),
        Field(Form.confirmation_url, _("Page"), _("A path of this site, such as /thanks, or a whole address."),
              widget=Widget.URL),
        Field(Form.closed_text, _("While it is closed"), _("What people read instead of the form."),
              widget=Widget.TEXTAREA),
        Field(Form.notify, _("Who hears of it"), _("E-mail addresses that get a letter for each entry."),
              widget=Widget.TAGS),
        Field(Form.reply_subject, _("Subject of the answer"), _("Of the letter to the sender.")),
        Field(Form.reply_text, _("Answer by e-mail"), _("A letter to the sender; empty sends none."),
              widget=Widget.TEXTAREA),
        Field(Form.retention_days, _("Erase after days"), _("Entries are erased so long after they came."),
              minimum=1, maximum=3650),
        Field(UNREAD, _("New"), _("Entries that nobody has looked at."), widget=Widget.NUMBER, column=True,
              write=False),
        Field(COUNT, _("Entries"), _("All that came in, without spam."), widget=Widget.NUMBER, column=True,
              write=False),
        Field(Form.updated_at, _("Changed"), _("When it was changed last."), column=True, sort=True, write=False),
    ),
    views=(View(label=_("Open"), filters={"isOpen": "true"}),),
    empty=(_("No forms yet"), _("Begin with one of the three that are ready, or with nothing.")),
)  # fmt: skip

FORM_ENTRIES = Resource(
    path="form-entries",
    noun="form_entry",
    model=FormEntry,
    singular=_("Entry"),
    plural=_("Entries"),
    title=lambda row: row.summary or row.email or str(row.id)[:8],
    text=_("What came in by all forms."),
    icon="inbox",
    read=MANAGE,
    write=MANAGE,
    makes=False,
    order=(FormEntry.created_at.desc(), FormEntry.id.desc()),
    words=(FormEntry.words,),
    keeps=(FormEntryNote.entry_id,),
    facts=(FormSubmitted,),
    verbs={"update": entries.change, "delete": entries.delete},
    actions={
        "done": Action(label=_("Mark as done"), run=entries.done, permission=MANAGE, icon="check", bulk=True,
                       done=_("It is done."), shown=lambda values: values["status"] != EntryStatus.DONE),
        "spam": Action(label=_("Spam"), run=entries.spam, permission=MANAGE, icon="shield", bulk=True,
                       done=_("It is with the spam."), shown=lambda values: values["status"] != EntryStatus.SPAM),
        "fine": Action(label=_("Not spam"), run=entries.fine, permission=MANAGE, icon="undo-2", bulk=True,
                       done=_("It is with the others again."),
                       shown=lambda values: values["status"] == EntryStatus.SPAM),
        "unread": Action(label=_("Mark as unread"), run=entries.unread, permission=MANAGE, icon="mail", bulk=True,
                         done=_("It is unread again."), shown=lambda values: values["status"] != EntryStatus.NEW),
    },
    fields=(
        Field(FormEntry.summary, _("Entry"), _("Its first answers."), column=True, search=True, write=False),
        Field(FormEntry.form_id, _("Form"), _("Where it came in."), widget=Widget.RELATION, to="forms", column=True,
              filter=True, write=False),
        Field(FormEntry.email, _("E-mail"), _("The sender’s, where they gave one."), widget=Widget.EMAIL, column=True,
              search=True, sort=True, write=False),
        Field(FormEntry.status, _("Status"), _("Where it stands with you."), column=True, filter=True,
              choices=((EntryStatus.NEW, _("New")), (EntryStatus.READ, _("Read")), (EntryStatus.DONE, _("Done")),
                       (EntryStatus.SPAM, _("Spam"))),
              tones={"new": "info", "read": "neutral", "done": "success", "spam": "warning"}),
        Field(FormEntry.payment, _("Payment"), _("Where the money is that it asks for."), column=True, filter=True,
              write=False, choices=PAYMENTS,
              tones={"awaited": "warning", "paid": "success", "cancelled": "neutral", "refund_due": "warning",
                     "refunded": "neutral"}),
        Field(FormEntry.order_id, _("Order"), _("The order by which it is paid."), write=False),
        Field(FormEntry.answers, _("Answers"), _("By the field’s id."), widget=Widget.JSON, write=False),
        Field(FormEntry.created_at, _("Came"), _("When it came in."), column=True, sort=True, filter=True,
              write=False),
    ),
    views=(
        View(label=_("New"), filters={"status": "new"}),
        View(label=_("Done"), filters={"status": "done"}),
        View(label=_("Spam"), filters={"status": "spam"}),
    ),
    empty=(_("Nothing came in yet"), _("What people send by your forms is kept here.")),
)  # fmt: skip
VERBS.resource = FORMS
