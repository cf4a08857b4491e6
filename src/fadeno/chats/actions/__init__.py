"""Verbs of chats, one family a file."""
