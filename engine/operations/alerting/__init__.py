"""Alerts: the guide's table of what must not stay unseen, judged over what is measured."""
