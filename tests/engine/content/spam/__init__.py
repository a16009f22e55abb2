"""Spam protection."""
