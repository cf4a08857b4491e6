"""Verbs of conversations, one family a file."""
