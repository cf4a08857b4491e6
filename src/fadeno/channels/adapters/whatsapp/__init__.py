"""WhatsApp: what the Cloud API brings, as letters; answers by the Graph API."""

from fadeno.channels.adapters.whatsapp.reading import handshake, read
from fadeno.channels.adapters.whatsapp.writing import answered, fetch, write

__all__ = ["answered", "fetch", "handshake", "read", "write"]
