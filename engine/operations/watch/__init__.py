"""Watching the house: what it counts, how its services answer, and what becomes an alert."""
