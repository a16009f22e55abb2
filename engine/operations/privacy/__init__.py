"""Personal data: what there is of a person, taking them out of it, and forgetting in time."""
