"""Looking after the house."""
