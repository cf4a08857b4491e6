"""Verbs about what the company says."""
