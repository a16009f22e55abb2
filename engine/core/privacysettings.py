"""How long personal data is kept. The settings key `privacy`; days, and 0 for as long as the thing itself."""

from typing import Annotated

from pydantic import Field

from engine.core.setting import Settings

Days = Annotated[int, Field(ge=0, le=3_650)]


class PrivacySettings(Settings):
    """order_years: how long the law wants orders to say who bought; then the buyer is taken out of them, too.

    audit_days: four years, for claims end three years after the year that they arose in.
    """

    key = "privacy"
    order_years: Annotated[int, Field(ge=1, le=30)] = 10
    session_days: Days = 30
    cart_days: Days = 30
    search_days: Days = 90
    message_days: Days = 365
    form_entry_days: Days = 0
    download_days: Days = 365
    author_days: Days = 0
    audit_address_days: Days = 90
    audit_days: Days = 1_460
    fact_days: Days = 365
    job_days: Days = 30
