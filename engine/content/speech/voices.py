"""What the verbs of voices work with: settings, secrets and subjects; and who speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.accounts import public as accounts
from engine.content.spam import guard, posts
from engine.content.spam.judging import Outcome, Post, Reason, Verdict
from engine.content.speech.standing import Standing
from engine.content.speech.text import tidied
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.mailbox import normal_email
from engine.core.plaintext import is_blank, line_of
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore, Site
from engine.core.subjects import Subject, SubjectKind
from engine.core.transaction import Tx

MAX_NAME = 100


@dataclass(frozen=True)
class Voices:
    """The house as voices need it. kinds: filled by the wiring with what the domains offer."""

    settings: SettingsStore
    secrets: Secrets
    kinds: dict[str, SubjectKind] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.settings.site

    def kind(self, name: str) -> SubjectKind:
        """Return a kind of subject. Raises NotFound."""
        if name not in self.kinds:
            raise NotFound(_("There are no “{kind}” to speak about."), kind=name[:40])
        return self.kinds[name]

    def find(self, connection: Connection, kind: str, ids: Sequence[UUID]) -> Mapping[UUID, Subject]:
        """Return those of these things that there are; none of a kind that left the house."""
        return self.kinds[kind].find(connection, ids) if kind in self.kinds and ids else {}

    async def seen(self, tx: Tx, kind: str, subject_id: UUID) -> Subject | None:
        """Return what is spoken about, or None where it is gone."""
        connection = await tx.session.connection()
        found = await connection.run_sync(lambda here: self.find(here, kind, [subject_id]))
        return found.get(subject_id)

    async def subject(self, tx: Tx, kind: str, subject_id: UUID) -> Subject:
        """Return what is spoken about. Raises NotFound."""
        self.kind(kind)
        found = await self.seen(tx, kind, subject_id)
        if found is None:
            raise NotFound(_("This page is not here any more."))
        return found


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks. email: proven for members, claimed by guests; is_borrowed: a guest claims an account's address."""

    user_id: UUID | None
    name: str
    email: str
    is_staff: bool = False
    is_borrowed: bool = False


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a form carries besides its words: the trap field and when it was opened, signed; form: what it opens."""

    trap: str = ""
    started: str = ""
    form: str = ""


async def author_of(tx: Tx, actor: Actor, name: str, email: str, moderates: Permission) -> Author:
    """Return who speaks: the account that is signed in, else the guest with this name and address.

    Raises Invalid naming `name` and `email`.
    """
    if actor.is_signed_in:
        shown = actor.name or actor.email.partition("@")[0]
        return Author(actor.user_id, shown[:MAX_NAME], actor.email.lower(), allows(actor, moderates))
    wrong: dict[str, Message | str] = {}
    shown = line_of(tidied(name))
    if not shown:
        wrong["name"] = _("Write a name to go with it. It need not be your own.")
    elif len(shown) > MAX_NAME:
        wrong["name"] = _("The name is too long: use at most {most} characters.").having(most=MAX_NAME)
    try:
        address = normal_email(email)
    except Invalid as refused:
        wrong |= refused.fields
        address = ""
    if wrong:
        raise Invalid(_("One answer needs another look."), wrong)
    connection = await tx.session.connection()
    is_borrowed = bool(await connection.run_sync(accounts.has_account, address))
    return Author(None, shown, address, is_borrowed=is_borrowed)


def text_of(text: str, most: int, *, field_name: str = "text", least: int = 1) -> str:
    """Return a text as it is kept. Raises Invalid, naming the field, where it says nothing or too much."""
    kept = tidied(text)
    if sum(c.isalnum() or not (c.isascii() or is_blank(c)) for c in kept) < least:
        empty = _("Write a few words.")
        raise Invalid(empty, {field_name: empty})
    if len(kept) > most:
        long = _("This is {count} characters long; at most {most} will do.").having(count=len(kept), most=most)
        raise Invalid(long, {field_name: long})
    return kept


async def said_by(tx: Tx, actor: Actor, draft: Any, moderates: Permission, most: int) -> tuple[Author, str]:
    """Return who speaks and what they say, of a draft. Raises Invalid naming all that is wrong with it."""
    wrong: dict[str, Message | str] = {}
    text, author = "", None
    try:
        text = text_of(draft.text, most)
    except Invalid as refused:
        wrong |= refused.fields
    try:
        author = await author_of(tx, actor, draft.name, draft.email, moderates)
    except Invalid as refused:
        wrong |= refused.fields
    if wrong or author is None:
        raise Invalid(_("Some answers need another look."), wrong)
    return author, text


async def judged(
    tx: Tx, actor: Actor, voices: Voices, author: Author, text: str, guarded: Guarded
) -> tuple[Verdict, list[Reason]]:
    """Return the verdict on what an author says, and the reasons to wait that are no spam filter's."""
    age = guard.age(voices.secrets, guarded.started, tx.now, guarded.form) if guarded.started else None
    post = Post(
        text=text,
        author=author.name,
        email=author.email,
        trap=guarded.trap,
        age=age,
        asks_age=not actor.is_signed_in,
        is_trusted=author.is_staff,
    )
    verdict = await posts.judged(tx, actor, voices.secrets, voices.site.spam, post)
    others = [Reason("borrowed", Outcome.HOLD)] if author.is_borrowed else []
    return verdict, others


async def was_published(tx: Tx, model: Any, author: Author) -> bool:
    """Return whether something of this author is published: by account, or by a guest's address and name."""
    if author.user_id is not None:
        mine = model.user_id == author.user_id
    else:
        mine = (model.email == author.email) & (model.name == author.name) & model.user_id.is_(None)
    known = select(model.id).where(mine, model.status == Standing.PUBLISHED).limit(1)
    return await tx.scalar(known) is not None
