"""An answer as the chat shows it."""

from fadeno.channels.contract import Account, Draft, Request


def write(draft: Draft, account: Account) -> list[Request]:
    """Nothing is to be sent: the widget asks for it."""
    return []
