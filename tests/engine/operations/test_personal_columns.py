"""Every column that may name a person, and how it comes to forget them: a new one has to say so here.

The database does it when the account goes, a part of the register does, the sweep through every text does, or a job
of its own after some days; or it names a thing.
"""

import re

from sqlalchemy import Column, Table

from engine.api.ports import Ports
from engine.core.privacysettings import PrivacySettings
from engine.core.sweeping import LEFT, RECORDS, texts_of
from engine.core.tables import Base

PERSONAL = re.compile(
    r"(^|_)(actor|address|author|by|email|ip|name|phone|recipient|sender|to|user_agent|user_id|visitor|who)$"
)
THINGS = frozenset(
    {
        "article_authors.name", "article_categories.name", "article_series.name", "article_tags.name",
        "categories.name", "counters.name", "devices.ip_address", "devices.name", "devices.user_agent",
        "email_templates.name", "facts.name", "forms.name", "messages.sender",
        "navigation.name", "order_items.name", "product_options.name", "product_tags.name", "products.name",
        "saved_views.name", "search_facets.name", "search_numbers.name", "search_states.name", "jobs.leased_by",
    }
)  # fmt: skip
#: Account ids without a foreign key, which lead nowhere once the account is gone, and names that are no text of ours.
LEADS_NOWHERE = frozenset({"audit_logs.user_id", "bin.deleted_by", "jobs.created_by"})
PARTS = {
    "addresses.name": "account", "addresses.phone": "account", "passkeys.name": "account", "users.email": "account",
    "users.name": "account", "sessions.user_agent": "account", "sessions.ip_address": "account",
    "refresh_tokens.user_agent": "account", "refresh_tokens.ip_address": "account", "page_editors.name": "account",
    "audit_logs.actor": "activity", "audit_logs.ip_address": "activity", "audit_actors.actor": "activity",
    "list_columns.user_id": "activity", "saved_views.user_id": "activity",
    "comments.name": "comments", "comments.email": "comments", "mail_wishes.address": "comments",
    "reviews.name": "reviews", "reviews.email": "reviews", "reviews.answered_by": "reviews",
    "review_invitations.name": "reviews", "review_invitations.email": "reviews",
    "form_entries.email": "form-entries", "gated_downloads.who": "downloads",
    "messages.recipient": "messages", "messages.reply_to": "messages", "messages.sent_to": "messages",
    "orders.email": "orders", "orders.name": "orders", "orders.shipping_address": "orders",
    "order_events.actor": "orders", "page_versions.author_name": "page-versions",
    "pages.updated_by_name": "page-versions",
}  # fmt: skip
#: Forgotten by a job of their own, in days at most.
DAYS = frozenset({"spam_traces.address", "spam_traces.author"})


def _forgets(table: Table, column: Column, parts: set[str]) -> bool:
    place = f"{table.name}.{column.name}"
    hangs = {key.ondelete for key in column.foreign_keys if key.column.table.name == "users"}
    if hangs or place in LEADS_NOWHERE | DAYS:
        return hangs <= {"CASCADE", "SET NULL"}
    if place in PARTS:
        return PARTS[place] in parts
    return table.name in RECORDS and column in texts_of(table)


class TestColumns:
    def test_each_that_may_name_a_person_forgets_them(self, house: Ports) -> None:
        parts = {part.key for part in house.register.parts}
        named = [
            (table, column)
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if PERSONAL.search(column.name) and f"{table.name}.{column.name}" not in THINGS
        ]
        wrong = [f"{table.name}.{column.name}" for table, column in named if not _forgets(table, column, parts)]
        assert wrong == []
        assert {*THINGS, *PARTS, *DAYS, *LEADS_NOWHERE} <= {
            f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
        }

    def test_an_address_is_swept_out_of_every_other_text(self) -> None:
        swept = {table.name for table in Base.metadata.sorted_tables if table.name not in LEFT and texts_of(table)}
        assert {"facts", "jobs", "bin", "idempotency_keys", "payments", "order_events"} <= swept
        assert {"site_settings", "users", "email_templates"} == LEFT

    def test_every_part_can_be_handed_over_and_is_named_for_people(self, house: Ports) -> None:
        keys = [part.key for part in house.register.parts]
        assert len(keys) == len(set(keys))
        assert set(PARTS.values()) <= set(keys)
        assert {one.setting for one in house.register.retentions} == set(PrivacySettings.model_fields)
