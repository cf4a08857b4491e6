"""E-mail: raw mails to letters, drafts to mails. It connects nowhere; whoever holds a mailbox hands mails in."""

from fadeno.channels.adapters.email.reading import read
from fadeno.channels.adapters.email.writing import write

__all__ = ["read", "write"]
