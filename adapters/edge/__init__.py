"""Caches between the site and its visitors."""
