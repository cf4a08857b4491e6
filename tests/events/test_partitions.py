"""Partitions of the log: one a month, whatever came before there was one."""

from datetime import UTC, datetime

from fadeno import events
from fadeno.events import NewEvent
from fadeno.kit import ids

LATER = datetime(2031, 5, 3, tzinfo=UTC)


async def test_what_came_before_its_partition_moves_into_it(tx):
    id_, somebody = ids.first_id_at(LATER), ids.new_id()
    told = NewEvent(
        id=id_, source_id=1, channel="web", kind="track", name="Seen", address_id=somebody, other_address_ids=(),
        customer_id=somebody, occurred_at=LATER, received_at=LATER, original_at=None, sent_at=None, message_id=None,
        body=b"{}",
    )  # fmt: skip
    await events.append(tx, [told])

    async def stands_in() -> str:
        cursor = await tx.connection.execute("SELECT tableoid::regclass::text FROM events.event WHERE id = %s", (id_,))
        return (await cursor.fetchone())[0]

    assert await stands_in() == "events.event_rest"
    tx.now = LATER
    for _ in range(2):
        await events.ensure_partitions(tx)
        assert await stands_in() == "events.event_2031_05"
