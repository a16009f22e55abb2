"""One folder a port, one file an implementation."""
