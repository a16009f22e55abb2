"""What `make check` runs: the tools' checks, and one module here for each of our own, started by its name."""
