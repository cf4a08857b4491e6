"""From letters to kept events, in the caller's transaction."""

from collections.abc import Sequence

import psycopg

from fadeno import customers, events
from fadeno.db import Tx
from fadeno.events import NewEvent
from fadeno.intake import listening
from fadeno.intake.model import Letter
from fadeno.kit.errors import FadenoError

Fault = tuple[Letter, str]


async def keep(tx: Tx, letters: Sequence[Letter]) -> None:
    """Find each letter's customer, append its event, and tell whoever listens."""
    async with tx.unanswered():
        placed = await customers.place(tx, [letter.evidence for letter in letters])
        # The database is still busy with what `place` wrote; meanwhile the events are put into its words.
        happened = [_new_event(letter, place) for letter, place in zip(letters, placed, strict=True)]
        prepared = events.prepare(happened)
    await events.append_prepared(tx, prepared)
    await listening.tell(tx, happened)


def _new_event(letter: Letter, place: customers.Placed) -> NewEvent:
    evidence = letter.evidence
    return NewEvent(
        id=evidence.event_id,
        source_id=evidence.source_id,
        channel=letter.channel,
        kind=letter.kind,
        name=letter.name,
        address_id=place.address_id,
        other_address_ids=tuple(place.other_address_ids),
        customer_id=place.customer_id,
        occurred_at=evidence.occurred_at,
        received_at=letter.received_at,
        original_at=letter.original_at,
        sent_at=letter.sent_at,
        message_id=letter.message_id,
        body=letter.body,
    )


async def keep_what_can_be_kept(tx: Tx, letters: Sequence[Letter]) -> tuple[list[Letter], list[Fault]]:
    """Keep all but those the database refuses, found by halving: one bad event costs log2(n) tries, not n."""
    if not letters:
        return [], []
    try:
        async with tx.savepoint():
            await keep(tx, letters)
            return list(letters), []
    except psycopg.OperationalError:
        raise
    except (psycopg.Error, FadenoError, ValueError, UnicodeError) as error:
        if len(letters) == 1:
            return [], [(letters[0], type(error).__name__)]
    middle = len(letters) // 2
    kept, faults = await keep_what_can_be_kept(tx, letters[:middle])
    more_kept, more_faults = await keep_what_can_be_kept(tx, letters[middle:])
    return kept + more_kept, faults + more_faults
