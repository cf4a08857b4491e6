"""Questions about conversations, one family a file."""
