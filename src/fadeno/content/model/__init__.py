"""The rules of what the company says, without a database."""
