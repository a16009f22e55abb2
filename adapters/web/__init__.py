"""Fetching what others published on the web."""
