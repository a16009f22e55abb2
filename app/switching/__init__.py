"""Changing what the process runs on: what agora.toml will say, trying an engine out, and what a start does first."""
