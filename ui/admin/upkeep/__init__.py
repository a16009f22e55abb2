"""Upkeep: what Agora does by itself, when it did, and doing it now."""
