"""Jobs: what runs, what waits, and what was given up on."""
