"""Telegram: what a bot is told by its webhook, as letters; answers by the Bot API."""

from fadeno.channels.adapters.telegram.reading import read
from fadeno.channels.adapters.telegram.writing import answered, fetch, write

__all__ = ["answered", "fetch", "read", "write"]
