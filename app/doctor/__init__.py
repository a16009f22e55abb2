"""What `agora doctor` looks at, one file a place; nothing is changed by looking."""
