"""Adapters of the SearchIndex port."""
