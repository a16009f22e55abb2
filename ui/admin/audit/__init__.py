"""The audit log: who did what, and what changed."""
