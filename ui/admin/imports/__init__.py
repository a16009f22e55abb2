"""Imports: choosing a file, watching it come in, and reading what did not."""
