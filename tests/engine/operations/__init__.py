"""What looks after the house."""
