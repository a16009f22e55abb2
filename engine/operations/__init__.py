"""Looking after the house: what was done in it, and the work it does by itself."""
