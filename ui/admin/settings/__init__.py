"""Settings: pages made from the models of each key."""
