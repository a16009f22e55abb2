"""The suite; it mirrors the folders above it."""
