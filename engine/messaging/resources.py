"""The list of e-mail templates."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, literal, or_

from engine.core.domain import EmailTemplate, LetterKind
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, View
from engine.messaging.models import StoredTemplate
from engine.messaging.templates import MANAGE, NOUN, PATH, Letters

CATEGORIES = (
    (LetterKind.ORDERS, _("Orders")),
    (LetterKind.PAYMENTS, _("Payments")),
    (LetterKind.ACCOUNTS, _("Accounts")),
    (LetterKind.VOICES, _("Comments and reviews")),
    (LetterKind.HOUSE, _("House")),
)


def _state() -> ColumnElement[str]:
    state = case(
        (StoredTemplate.trouble != "", literal("fault")),
        (StoredTemplate.is_active, literal("active")),
        (StoredTemplate.is_own, literal("reserve")),
        else_=literal("off"),
    )
    return state.label("state")


def _words() -> ColumnElement[str]:
    reworded = or_(StoredTemplate.subject != "", StoredTemplate.preheader != "", StoredTemplate.body != "")
    return case((or_(StoredTemplate.is_own, reworded), literal("own")), else_=literal("house")).label("words")


def email_templates(letters: Letters, offered: Mapping[str, EmailTemplate]) -> Resource:
    """Return the resource: what comes with Agora and can be reworded, and what people made."""
    return Resource(
        path=PATH,
        noun=NOUN,
        model=StoredTemplate,
        singular=_("E-mail template"),
        plural=_("E-mail templates"),
        title=lambda row: row.name,
        text=_("What Agora writes to people, in your words."),
        icon="mail",
        read=MANAGE,
        write=MANAGE,
        order=(StoredTemplate.category, StoredTemplate.purpose, StoredTemplate.is_own, StoredTemplate.name),
        fields=(
            Field(StoredTemplate.name, _("Name"), _("How you find it again; nobody else sees it."), column=True,
                  search=True, sort=True),
            Field(StoredTemplate.purpose, _("For"), _("When it is sent."), column=True, filter=True, once=True,
                  choices=tuple((key, one.title) for key, one in offered.items())),
            Field(StoredTemplate.category, _("Category"), _("Follows from what it is for."), column=True, filter=True,
                  write=False, choices=CATEGORIES),
            Field(StoredTemplate.subject, _("Subject"), _("Empty: as it comes with Agora."), search=True),
            Field(StoredTemplate.preheader, _("Preview line"),
                  _("What mail programs show beside the subject. Empty: as it comes with Agora.")),
            Field(StoredTemplate.body, _("Letter"), _("Empty: as it comes with Agora."), search=True),
            Field(StoredTemplate.is_own, _("Made by you"), _("Others come with Agora."), filter=True, write=False),
            Field(_state(), _("State"), _("Whether letters are written by it."), column=True, filter=True,
                  choices=(("active", _("Active")), ("reserve", _("In reserve")), ("off", _("Not in use")),
                           ("fault", _("Has a fault"))),
                  tones={"active": "success", "off": "warning", "fault": "danger"}),
            Field(_words(), _("Words"), _("Whether it says something else than what comes with Agora."), column=True,
                  filter=True, choices=(("own", _("Yours")), ("house", _("As they come")))),
            Field(StoredTemplate.is_active, _("Active"), _("Whether letters are written by it."), filter=True,
                  write=False),
            Field(StoredTemplate.trouble, _("Trouble"), _("Why its words were of no use the last time."), write=False),
        ),
        verbs={"create": letters.create, "update": letters.update, "delete": letters.delete,
               "restore": letters.restore},
        actions={
            "activate": Action(label=_("Use this one"), run=letters.activate, permission=MANAGE, icon="check",
                               bulk=True, done=_("Letters are written by it from now on."), shown=_is_off),
            "deactivate": Action(label=_("Switch off"), run=letters.deactivate, permission=MANAGE, icon="x", bulk=True,
                                 done=_("It is switched off."), shown=_is_on),
            "reset": Action(label=_("Reset words"), run=letters.reset, permission=MANAGE, icon="rotate-ccw", bulk=True,
                            done=_("It says what came with Agora. Its history has the words from before."),
                            shown=_is_reworded),
        },
        views=(View(label=_("Made by you"), filters={"isOwn": "true"}),
               View(label=_("Switched off"), filters={"isActive": "false"}),
               View(label=_("With a fault"), filters={"state": "fault"})),
    )  # fmt: skip


def _is_on(values: Mapping[str, Any]) -> bool:
    return bool(values["is_active"])


def _is_off(values: Mapping[str, Any]) -> bool:
    return not values["is_active"]


def _is_reworded(values: Mapping[str, Any]) -> bool:
    return bool(values["subject"] or values["preheader"] or values["body"])
