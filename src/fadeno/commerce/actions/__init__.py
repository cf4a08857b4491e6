"""Verbs of commerce."""
