"""The REST surface over all domains: the only part of the engine that knows FastAPI."""
