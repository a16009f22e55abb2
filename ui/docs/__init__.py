"""The API's reference, made from its own description."""
