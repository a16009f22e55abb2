"""The dashboard: what happened and what needs somebody."""
