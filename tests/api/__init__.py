"""Tests of the API and its gateway."""
