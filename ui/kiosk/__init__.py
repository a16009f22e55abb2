"""Screens at doors and counters: let in by a code, and known by a token from then on."""
