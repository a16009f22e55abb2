"""Checking what passkeys say."""
