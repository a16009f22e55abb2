"""The door of accounts: what other domains may ask about people."""

from engine.accounts.facts import EmailVerified, UserLoggedIn, UserRegistered
from engine.accounts.queries import UserSummary, has_account, staff, staff_emails, summaries, verified_email
from engine.accounts.queries import user as user_summary

__all__ = [
    "EmailVerified",
    "UserLoggedIn",
    "UserRegistered",
    "UserSummary",
    "has_account",
    "staff",
    "staff_emails",
    "summaries",
    "user_summary",
    "verified_email",
]
