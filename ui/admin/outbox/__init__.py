"""The outbox: every message, what became of it, and what it said."""
