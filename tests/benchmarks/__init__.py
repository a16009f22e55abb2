"""What `make bench` measures: start, memory, pages, checkouts and imports, beside what this machine can do at all."""
