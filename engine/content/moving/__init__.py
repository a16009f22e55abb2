"""Moving in: what another system exported, read into one neutral model, made of blocks, and brought in by the verbs."""
