"""Pages in a quiet card: sign-in, setup, errors."""
