"""Copies of a database for backups: SQLite's own online copy, and PostgreSQL's tools."""
