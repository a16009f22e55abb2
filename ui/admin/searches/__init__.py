"""What shoppers searched, and which words mean the same."""
