"""How the house is: its services, its load, and what was raised."""
