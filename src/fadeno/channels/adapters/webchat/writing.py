"""An answer as the chat shows it."""

from fadeno.channels.contract import Account, Draft, Refused, Request

MOST_TEXT_CHARS = 8_000


def write(draft: Draft, account: Account) -> list[Request]:
    """Nothing is to be sent: the widget asks for it.

    Raises:
        Refused: it is longer than a chat shows.
    """
    if len(draft.text) > MOST_TEXT_CHARS:
        raise Refused(f"A chat shows at most {MOST_TEXT_CHARS:,} characters; send it by e-mail.")
    return []
