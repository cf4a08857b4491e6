"""How content a customer was with a solved case: asked once a solving, said by them, kept on their thread."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from fadeno.conversations import store
from fadeno.conversations.actions import telling
from fadeno.conversations.model import Case, NoCase, RatingOver
from fadeno.conversations.store import rating
from fadeno.db import Tx
from fadeno.kit.errors import Invalid

STARS = (1, 2, 3, 4, 5)
MOST_RATING_CHARS = 2_000
RATED_WITHIN = timedelta(days=30)  # of being asked by mail
_ASK_AFTER = timedelta(minutes=30)  # time to take a solving back, and for a last word of the customer
_ASK_AFTER_CHAT = timedelta(days=1)  # there the chat asks first
_ASK_WITHIN = timedelta(days=7)
_REST = timedelta(days=7)  # nobody is asked by mail more often
_AT_ONCE = 50


async def rate(tx: Tx, case_id: UUID, stars: int, channel: str, *, words: str | None = None) -> Case:
    """Keep how content the customer was with a case, 1 to 5; said again, the last word counts. The case as it stands.

    Args:
        channel: by which they said it.
        words: their own, if they wrote any; None leaves what they wrote before.

    Raises:
        Invalid: it is no such number, or too many words.
        NoCase: there is no such case.
        RatingOver: the case was forgotten.
    """
    if stars not in STARS:
        raise Invalid("Rate it from 1 to 5.", field="stars", word="bad_choice")
    if words is not None and len(words) > MOST_RATING_CHARS:
        most = MOST_RATING_CHARS
        raise Invalid(f"Use at most {most:,} characters.", field="words", word="long_text", most=most)
    now = await store.where_now(tx, case_id)
    if now is None:
        raise NoCase(field="case")
    await store.lock_cases(tx, [now])
    (case,) = await store.cases_by_id(tx, [now])
    if case.erased_at is not None:
        raise RatingOver
    said = case.rating_words if words is None else words.replace("\0", "").strip()
    if (case.rating, case.rating_words) != (stars, said):
        await rating.rate(tx, case.id, stars, said)
        await telling.tell_rated(tx, case, stars, said, channel)
    return (await store.cases_by_id(tx, [now]))[0]


async def to_ask(tx: Tx, chat_channels: Sequence[str]) -> list[Case]:
    """Solved cases whose customers are to be asked by mail how content they were, held; some at a time.

    A person of ours answered in it, the customer has not said it yet, and where they wrote in a chat last, that had a
    day to ask them.
    """
    ids = await rating.to_ask(
        tx, tx.now - _ASK_WITHIN, tx.now - _ASK_AFTER, tx.now - _ASK_AFTER_CHAT, chat_channels, _AT_ONCE
    )
    return await store.cases_by_id(tx, ids)


async def was_asked_lately(tx: Tx, case: Case) -> bool:
    """Whether the case's customer was asked about another case some days ago: then they are left in peace."""
    return await rating.was_asked_since(tx, case.id, tx.now - _REST)


async def note_asked(tx: Tx, case_id: UUID, *, held: str = "") -> None:
    """Note that a customer was asked, or that they are not, and why (`held`): settled until it is solved anew."""
    await rating.note_asked(tx, case_id, held)
