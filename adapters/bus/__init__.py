"""Adapters of the FactBus port."""
