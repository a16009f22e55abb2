"""What a domain offers to the house: one value at the end of each `domain.py`, joined in `app/wiring.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select

from engine.core.blocks.declaring import Block
from engine.core.consent import ConsentNeed
from engine.core.demo import DemoPart
from engine.core.gauges import Gauge
from engine.core.i18n import Message
from engine.core.linking import Addresses, LinkKind
from engine.core.persons import PersonalData, Retention
from engine.core.reactions import Listener, Reaction
from engine.core.resource import Resource
from engine.core.running import JobKind
from engine.core.searching import Searchable
from engine.core.sitefile.kinds import SiteKind
from engine.core.subjects import SubjectKind


class LetterKind(StrEnum):
    """What a message is about: how staff find it among the others."""

    ORDERS = "orders"
    PAYMENTS = "payments"
    ACCOUNTS = "accounts"
    VOICES = "voices"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class EmailTemplate:
    """A message the domain sends: its key, what it is for, and example values for a preview.

    names: what each value is, for those who write the words (`items.name`: of the rows of a list). needs: values
    without which the message is of no use; one that has any is always sent.
    """

    key: str
    title: Message | str
    example: Mapping[str, Any] = field(default_factory=dict)
    kind: LetterKind = LetterKind.HOUSE
    names: Mapping[str, Message] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonCount:
    """A number that staff see beside a person: how many orders they placed. `key`: its name on the wire."""

    key: str
    title: Message
    count: Callable[[Connection, UUID], int]


@dataclass(frozen=True, slots=True)
class MediaPlace:
    """One place where a file of the library is used: what it is called, and where staff change it."""

    media_id: UUID
    kind: Message
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class MediaUse:
    """How a domain says where it uses files. ids: the select of every used one; places: where these ones are used."""

    ids: Callable[[], Select[tuple[UUID | None]]]
    places: Callable[[Connection, Sequence[UUID]], Iterable[MediaPlace]]


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain of the engine, or one that a package installed beside Agora adds (entry point `agora.domains`).

    link_targets: kinds of things that links and menus can lead to; addresses: its parts of the sitemap;
    consent_needs: what of it visitors are asked about. site_kinds: what of it goes into a site file, each after what
    it names. gauges: its numbers for who watches the house. personal: what it holds of people; retentions: how long.
    """

    name: str
    resources: tuple[Resource, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    listeners: tuple[Listener, ...] = ()
    jobs: tuple[JobKind, ...] = ()
    search: tuple[Searchable, ...] = ()
    email_templates: tuple[EmailTemplate, ...] = ()
    person_counts: tuple[PersonCount, ...] = ()
    demo: DemoPart | None = None
    media_uses: tuple[MediaUse, ...] = ()
    blocks: tuple[Block, ...] = ()
    link_targets: tuple[LinkKind, ...] = ()
    addresses: tuple[Addresses, ...] = ()
    consent_needs: tuple[ConsentNeed, ...] = ()
    subjects: tuple[SubjectKind, ...] = ()
    site_kinds: tuple[SiteKind, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    personal: tuple[PersonalData, ...] = ()
    retentions: tuple[Retention, ...] = ()
