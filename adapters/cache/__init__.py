"""Where things are kept for a while: in memory, in the data folder, or in Redis."""
