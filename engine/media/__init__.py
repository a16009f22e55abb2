"""Pictures and files that people upload."""
