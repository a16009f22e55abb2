"""Blocks: what pages are built of. A type is declared once (`declaring`), a page is a tree of them (`tree`)."""
