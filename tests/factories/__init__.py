"""Things that tests stand on, made through the verbs."""
