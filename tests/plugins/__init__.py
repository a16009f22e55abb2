"""Plugins for pytest that the project itself needs."""
