"""The rules of promises, without a database."""
