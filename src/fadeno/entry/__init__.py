"""How people and machines come in: HTTP, terminal, worker. No rules and no SQL here."""
