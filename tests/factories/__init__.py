"""What tests start from, built through the verbs."""
