"""A form as a block of a page."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection

from engine.content.forms import queries
from engine.content.forms.ports import Cashier
from engine.content.forms.queries import FormView
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings, Moment
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.setting import Meaning


class FormSettings(BlockSettings):
    """form: its id, or the last part of its address; empty shows nothing."""

    form: Annotated[str, Meaning("one:forms"), Field(max_length=100)] = ""


def form_block(cashier: Cashier) -> Block:
    """Return the block. cashier: who takes the money that a form asks for."""

    def load(connection: Connection, _moment: Moment, settings: FormSettings) -> FormView | None:
        """Return the form, or None where there is none (any more)."""
        try:
            return queries.payable(connection, cashier, settings.form) if settings.form else None
        except NotFound:
            return None

    return Block(
        name="form",
        label=_("Form"),
        icon="list-checks",
        group=BlockGroup.SITE,
        text=_("One of your forms, to be filled in on the page."),
        settings=FormSettings,
        labels={"form": _("Form")},
        helps={"form": _("You put forms together under Forms.")},
        words="contact registration feedback survey questions payment donation membership",
        load=load,
    )
