"""Widgets: what they read, give back and draw."""
