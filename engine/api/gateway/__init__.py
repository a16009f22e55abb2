"""Middleware that every request passes: plain ASGI, listed in order in app/web.py."""
