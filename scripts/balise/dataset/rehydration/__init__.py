"""Texts come back to stand-off articles, from files or from the web, and spans to their places."""
