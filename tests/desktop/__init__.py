"""The desktop: a real window on a virtual screen."""
