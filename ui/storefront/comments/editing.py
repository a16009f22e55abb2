"""`/comments/edit/{id}`: the 15 minutes in which a member can change a comment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, signed_in
from engine.api.routing import APIRouter
from engine.content.comments import public as comments
from engine.content.comments.queries import comment as row_of
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.subjects import Subject
from ui.forms import Errors, errors_of, typed
from ui.respond import page
from ui.storefront.comments.pages import sent
from ui.storefront.held import private
from ui.storefront.voicing import shown

router = APIRouter(include_in_schema=False, dependencies=[signed_in])


@dataclass(frozen=True)
class EditForm:
    """The form in which a member changes their own."""

    subject: Subject
    crumbs: Sequence[tuple[str | Message, str]]
    action: str
    text: str
    errors: Errors


@router.get("/comments/edit/{comment_id:uuid}")
async def show_edit(request: Request, comment_id: UUID, house: House, actor: Caller) -> Response:
    """Answer one's own comment in a form."""
    form = await house.db.query(_own, house, actor, comment_id)
    return private(
        await page(request, "storefront/comments/edit.html", form, title=_("Change your comment"), block="form")
    )


@router.post("/comments/edit/{comment_id:uuid}")
async def edit_comment(request: Request, comment_id: UUID, house: House, actor: Caller) -> Response:
    """Change one's own comment."""
    text = (await typed(request)).get("text", "")
    form = await house.db.query(_own, house, actor, comment_id)
    try:
        async with house.db.write() as tx:
            made = await comments.edit(tx, actor, house.voices, comment_id, text)
    except (Invalid, Conflict) as refused:
        form = replace(form, text=text, errors=errors_of(refused))
        status = status_of(refused)[0]
        title = _("Change your comment")
        answer = await page(request, "storefront/comments/edit.html", form, title=title, block="form", status=status)
        return private(answer)
    return private(await sent(request, form.subject, made, actor))


def _own(connection: Connection, house: Ports, actor: Actor, comment_id: UUID) -> EditForm:
    row = row_of(connection, comment_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound(_("This comment is not here any more."))
    subject = shown(house.voices.find(connection, row.kind, [row.subject_id]).get(row.subject_id))
    return EditForm(subject, [(subject.title, subject.url)], f"/comments/edit/{comment_id}", row.text, {})
