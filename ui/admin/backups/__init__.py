"""Backups: the list of them, one of them, and putting one back."""
