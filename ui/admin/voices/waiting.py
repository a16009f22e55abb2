"""The first comments and reviews that wait, for the dashboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.content.speech.standing import Standing
from engine.core.access import allows
from engine.core.actor import Actor
from engine.core.html import text_of
from engine.core.paging import PageRequest
from ui.admin.voices.desks import DESKS, Desk, Voice

EACH = 3
SHOWN = 90


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits, in a line. about: what it is about; stars: 0 for a comment."""

    name: str
    about: str
    text: str
    stars: int
    url: str


def first_waiting(connection: Connection, house: Ports, actor: Actor, counts: Mapping[str, int]) -> Sequence[Waiting]:
    """Return the oldest few of each queue that the actor may judge. counts: how many wait, by the desk's path."""
    return [
        _line(desk, voice)
        for desk in DESKS
        if counts.get(desk.path) and allows(actor, desk.permission)
        for voice in desk.queued(connection, house, Standing.PENDING, "", PageRequest(1, EACH)).items
    ]


def _line(desk: Desk, voice: Voice) -> Waiting:
    about = voice.subject.title if voice.subject else ""
    words = voice.title or text_of(voice.html, SHOWN)
    return Waiting(voice.name, about, words, voice.stars, f"{desk.home}/{voice.id}")
