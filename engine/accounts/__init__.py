"""People who sign in: accounts, sessions, tokens, roles."""
