"""Test data, built through the verbs."""
