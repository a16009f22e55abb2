"""Tests of caches between the site and its visitors."""
