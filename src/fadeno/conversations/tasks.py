"""What timers do about cases."""

from fadeno.conversations.actions.going_on import go_on
from fadeno.conversations.actions.routing import route
from fadeno.conversations.actions.timing import retime, tell_broken, wake, warn
from fadeno.conversations.model.finding import PIECE
from fadeno.conversations.store import seeking
from fadeno.db import Tx

__all__ = ["go_on", "make_pieces", "retime", "route", "tell_broken", "wake", "warn"]


async def make_pieces(tx: Tx) -> bool:
    """Make the pieces that what is said now and soon is found in, before anything stands there."""
    now = await seeking.last_position(tx) // PIECE
    for n in (now, now + 1):
        await seeking.make_piece(tx, f"finding_{n:06d}", n * PIECE, (n + 1) * PIECE)
    return False
