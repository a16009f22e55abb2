"""What the forms of comments and reviews share: what they carry against machines, and who a browser remembers."""

import base64
import json
from collections.abc import Mapping

from fastapi import Request, Response

from engine.api.ports import Ports
from engine.content.spam import guard
from engine.content.speech.voices import Guarded
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.subjects import Subject

COOKIE = "agora_author"
_YEAR = 365 * 24 * 3600
_MOST = 600


def started(house: Ports, form: str) -> str:
    """Return the signed moment at which a form is opened."""
    return guard.started(house.secrets, house.clock.now(), form)


def guarded(sent: Mapping[str, str], form: str) -> Guarded:
    """Return what came with a form besides its words."""
    return Guarded(sent.get(guard.TRAP, "")[:_MOST], sent.get(guard.STARTED, "")[:_MOST], form)


def remembered(request: Request) -> tuple[str, str]:
    """Return name and address of a guest who asked to be remembered, else two empty texts."""
    try:
        name, email = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")[:2_000]))
    except (ValueError, TypeError):
        return "", ""
    return str(name)[:100], str(email)[:320]


def remember(answer: Response, sent: Mapping[str, str]) -> None:
    """Keep name and address in the browser if the form says so; forget them if not."""
    if not sent.get("remember"):
        answer.delete_cookie(COOKIE, path="/")
        return
    told = json.dumps([sent.get("name", "")[:100], sent.get("email", "")[:320]]).encode()
    text = base64.urlsafe_b64encode(told).decode()
    answer.set_cookie(COOKIE, text, max_age=_YEAR, path="/", httponly=True, samesite="lax")


def shown(subject: Subject | None) -> Subject:
    """Return a thing that has a public page. Raises NotFound."""
    if subject is None or not subject.url:
        raise NotFound(_("This page is not here any more."))
    return subject
