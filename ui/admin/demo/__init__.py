"""Taking the demo away."""
