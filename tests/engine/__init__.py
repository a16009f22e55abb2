"""The engine, domain by domain."""
