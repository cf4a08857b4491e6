"""What jobs call: bringing up to date what follows from who is who and what they are called."""

from datetime import timedelta
from uuid import UUID

from fadeno import events
from fadeno.customers import store
from fadeno.customers.actions.likely import look_for_likely
from fadeno.customers.model import ordered_as, sort_key
from fadeno.customers.store import ways
from fadeno.customers.store.likeness import told_of
from fadeno.db import Tx
from fadeno.kit import ids, text

CHUNK = 1_000
MOST_REWRITES = 200
MOST_WALKED = 2_000
MOST_COMPARED = 200
MOST_NEWS = 2_000  # events since the last look
MOST_HEARD = 4_000  # events whose ways are noted at once
MOST_RARE = 4_000  # addresses that came a way few come
MOST_TOLD_OF = 50  # of customers at once
AGAIN_AFTER = timedelta(days=1)  # a customer may be renamed: then the whole walk begins anew
STILL_COMING = timedelta(minutes=1)  # a customer born so long ago may only now be committed
_RULE = "names first"  # said anew when `sort_key` changes, so that whoever is there already is ordered by it
_BEGINNING, _END = UUID(int=0), UUID(int=(1 << 128) - 1)


async def rewrite_events(tx: Tx) -> bool:
    """Rewrite a thousand events at most; whether there is more to do at once.

    A transaction that read the address map before a merge may commit its events after it. So a rewrite is begun
    only when every transaction that was running at its first sight has ended, and then no event can be missed.
    """
    await store.set_horizons(tx)
    left = CHUNK
    done = []
    for row in await store.due_rewrites(tx, MOST_REWRITES):
        seen = await store.events_to_rewrite(tx, row.from_customer, (row.reached_at, row.reached_id), left)
        stale = [e for e in seen if e.customer_id != e.stamped]
        if stale:
            await events.restamp(tx, [e.id for e in stale], [e.customer_id for e in stale])
        if len(seen) == left:
            await store.set_reached(tx, row.id, seen[-1].occurred_at, seen[-1].id)
            await store.drop_rewrites(tx, done)
            return True
        left -= len(seen)
        done.append(row.id)
    if done:
        await store.drop_rewrites(tx, done)
    return len(done) == MOST_REWRITES


async def learn_spellings(tx: Tx) -> bool:
    """Learn the words of two thousand more customers, so that mistyped ones are found; whether there are more."""
    walk = await store.walked(tx, "spellings")
    reached, began_at = (walk.reached, walk.began_at) if walk else (_BEGINNING, tx.now)
    rows = await store.words_after(tx, reached, MOST_WALKED)
    words = {key for row in rows for key in row.keys if len(key) >= text.SHORTEST and key.isalpha()}
    new = sorted(words - await store.known_spellings(tx, words))
    await store.add_spellings(tx, [(word, text.shortened(word)) for word in new])
    is_more = len(rows) == MOST_WALKED
    if rows:
        reached = rows[-1].id if is_more else min(rows[-1].id, ids.first_id_at(tx.now - STILL_COMING))
    if not is_more and tx.now - began_at > AGAIN_AFTER:
        reached, began_at = _BEGINNING, tx.now
    await store.set_walked(tx, "spellings", reached, began_at)
    return is_more


async def forget_spellings(tx: Tx) -> bool:
    """Forget those of two thousand words that nobody is found by any more; whether there are more."""
    walk = await store.walked(tx, "forget spellings")
    last = await store.forget_spellings(tx, walk.detail if walk else "", MOST_WALKED)
    await store.set_walked(tx, "forget spellings", _BEGINNING, tx.now, last or "")
    return last is not None


async def keep_order(tx: Tx) -> bool:
    """Order two thousand more customers anew where the language or the rule changed; whether there are more."""
    wanted = f"{ordered_as()} {_RULE}"
    walk = await store.walked(tx, "order")
    if walk and walk.detail == wanted and walk.reached == _END:
        return False
    is_under_way = walk and walk.detail == wanted
    rows = await store.labels_after(tx, walk.reached if is_under_way else _BEGINNING, MOST_WALKED)
    changed = [(row.id, key) for row in rows if (key := sort_key(row.name, row.label)) != row.sort_key]
    await store.set_sort_keys(tx, changed)
    is_more = len(rows) == MOST_WALKED
    began_at = walk.began_at if is_under_way else tx.now
    await store.set_walked(tx, "order", rows[-1].id if is_more else _END, began_at, wanted)
    return is_more


async def find_likely(tx: Tx) -> bool:
    """Look at two hundred new customers for others who may be the same person; whether there are more.

    So are those with evidence left out that was not weighed yet. When there are none of either, two hundred of those
    known are looked at again, who may have been renamed, and no more at once.
    """
    unweighed = await store.unweighed(tx, MOST_COMPARED)
    await look_for_likely(tx, unweighed)
    is_more = await _look_on(tx, "likely", ids.first_id_at(tx.now - STILL_COMING)) or len(unweighed) == MOST_COMPARED
    if not is_more and not await _look_on(tx, "likely again", _END):
        await store.set_walked(tx, "likely again", _BEGINNING, tx.now)
    return is_more


async def weigh_news(tx: Tx) -> bool:
    """Look for others who may be the same as those of whom the live stream just told, so that a page is right at once.

    Who comes in a crowd is left to `find_likely`, as the crowd matters more.
    """
    walk, last = await store.walked(tx, "weigh news"), await events.last_position(tx)
    heard = int(walk.detail) if walk and walk.detail else last
    if heard < last and last - heard <= MOST_NEWS:
        await look_for_likely(tx, await told_of(tx, heard, MOST_TOLD_OF))
    if walk is None or heard < last:
        await store.set_walked(tx, "weigh news", _BEGINNING, tx.now, str(last))
    return False


async def learn_ways(tx: Tx) -> bool:
    """Note of some more events by which channel and from which source they came; whether there are more.

    Only for ways that few come: a list narrowed to one is then found at once. A way more than four thousand addresses
    came is no longer noted, as any stretch of the whole list holds somebody who did.
    """
    walk = await store.walked(tx, "ways")
    after = int(walk.detail) if walk else 0
    came, reached = await ways.learn_ways(tx, after, MOST_HEARD)
    for channel, source_id in came:
        if await ways.count_rare(tx, channel, source_id, MOST_RARE + 1) > MOST_RARE:
            await ways.make_common(tx, channel, source_id)
    if reached is not None or walk is None:
        await store.set_walked(tx, "ways", _BEGINNING, tx.now, str(reached or 0))
    return reached is not None


async def _look_on(tx: Tx, name: str, latest: UUID) -> bool:
    """One step of a walk, which at its end stops before customers born after `latest`; whether there are more."""
    walk = await store.walked(tx, name)
    found = await store.named_after(tx, walk.reached if walk else _BEGINNING, MOST_COMPARED)
    is_more = len(found) == MOST_COMPARED
    if found:
        await look_for_likely(tx, found)
        await store.set_walked(tx, name, found[-1] if is_more else min(found[-1], latest), tx.now)
    return is_more
