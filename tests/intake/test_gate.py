"""Nothing is lost, nothing is doubled, and the accounts say so."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from msgspec.structs import replace

from fadeno import access, customers, events, intake, sources
from fadeno.db import Database, Tx
from fadeno.events import Live
from fadeno.intake import Accounts, Busy, Gate, Unavailable
from fadeno.intake import gate as gate_module
from fadeno.intake.model import Letter
from fadeno.kit.seal import Seal
from fadeno.sources import Source
from tests.intake.make import parcel, track


async def accounts(db: Database, source: Source) -> Accounts:
    async with db.transaction() as tx:
        found = await intake.accounts(tx, source.id)
        assert await intake.check(tx) == (f"accounts of 1 sources against {found.accepted} events", [])
    assert found.balanced
    return found


async def test_the_same_parcel_twice_changes_nothing(db: Database, gate: Gate, shop: Source) -> None:
    sent = [track("A", "u", "m1"), track("B", "u", "m2"), {"type": "track", "userId": "u", "messageId": "m3"}]
    await gate.submit(parcel(shop, *sent))
    before = await accounts(db, shop)
    assert (before.received, before.accepted, before.quarantined) == (3, 2, 1)
    await gate.submit(parcel(shop, *sent))
    after = await accounts(db, shop)
    assert (after.received, after.accepted, after.quarantined, after.duplicate) == (6, 2, 1, 3)


async def test_a_source_was_last_heard_when_its_newest_event_came_whatever_became_of_it(
    db: Database, gate: Gate, shop: Source
) -> None:
    async with db.transaction() as tx:
        await intake.count_refusal(tx, shop.id, unreadable=True)
    assert (await accounts(db, shop)).last_at is None
    await gate.submit(parcel(shop, track("A", "u", "m1")))
    first = (await accounts(db, shop)).last_at
    await gate.submit(parcel(shop, track("A", "u", "m1")))
    again = (await accounts(db, shop)).last_at
    assert first < again
    async with db.transaction() as tx:
        tx.now += timedelta(days=1)
        assert await intake.fold_accounts(tx)
    assert (await accounts(db, shop)).last_at == again


async def test_two_alike_in_one_group_are_one(db: Database, gate: Gate, shop: Source) -> None:
    await asyncio.gather(*(gate.submit(parcel(shop, track("A", "u", "m1"))) for _ in range(5)))
    found = await accounts(db, shop)
    assert (found.accepted, found.duplicate) == (1, 4)


async def test_one_event_the_database_refuses_takes_no_neighbour_with_it(
    db: Database, gate: Gate, shop: Source
) -> None:
    good = parcel(shop, *(track("A", f"u{n}") for n in range(50)))
    poisoned = parcel(shop, track("A", "a"), track("B", "b"), track("C", "c"))
    poisoned.letters[1] = replace(poisoned.letters[1], body=b'{"a": "\\u0000"}')
    await asyncio.gather(gate.submit(good), gate.submit(poisoned))
    found = await accounts(db, shop)
    assert (found.received, found.accepted, found.quarantined) == (53, 52, 1)
    async with db.transaction() as tx:
        (held,) = await intake.quarantine(tx)
    assert held.reason == "not_storable"


async def test_quarantine_is_replayed_after_the_mapping_is_corrected(
    db: Database, gate: Gate, live: Live, shop: Source, vault: Seal
) -> None:
    nameless = [{"type": "track", "event": "Order", "messageId": f"m{n}", "properties": {"no": n}} for n in range(3)]
    await gate.submit(parcel(shop, *nameless, b'{"type": NaN}'))
    assert (await accounts(db, shop)).quarantined == 4
    async with db.transaction() as tx:
        held = await intake.quarantine(tx)
        assert {h.reason for h in held} == {"no_id", "malformed_json"}
        await sources.change(tx, access.SYSTEM, shop.id, mapping={"properties.no": "userId"})
        one = await intake.replay(tx, access.SYSTEM, vault, [held[-1].id])
        assert one.accepted == 1
        rest = await intake.replay_all(tx, access.SYSTEM, vault)
        assert (rest.accepted, rest.still_waiting) == (2, 1)
    found = await accounts(db, shop)
    assert (found.received, found.accepted, found.quarantined) == (4, 3, 1)
    fixed = await sources_now(db, shop)
    await gate.submit(parcel(fixed, *nameless))
    assert (await accounts(db, shop)).duplicate == 3


async def sources_now(db: Database, source: Source) -> Source:
    async with db.transaction() as tx:
        return await sources.get(tx, source.id)


async def test_what_is_dismissed_stays_in_the_accounts(db: Database, gate: Gate, shop: Source) -> None:
    await gate.submit(parcel(shop, b"{}"))
    async with db.transaction() as tx:
        (held,) = await intake.quarantine(tx)
        assert await intake.dismiss(tx, access.SYSTEM, [held.id]) == 1
        assert await intake.quarantine(tx) == []
        dismissed_at = tx.now
    assert (await accounts(db, shop)).quarantined == 1
    async with db.transaction() as tx:
        assert await intake.wait_again(tx, access.SYSTEM, dismissed_at) == 1
        assert await intake.wait_again(tx, access.SYSTEM, dismissed_at) == 0
        assert [one.id for one in await intake.quarantine(tx)] == [held.id]
    assert (await accounts(db, shop)).quarantined == 1


async def test_secrets_in_quarantine_are_masked_when_shown(db: Database, gate: Gate, shop: Source, vault: Seal) -> None:
    await gate.submit(parcel(shop, b'{"type": "track", "userId": "u", "properties": {"card": "4111 1111 1111 1111"}}'))
    async with db.transaction() as tx:
        (held,) = await intake.quarantine(tx)
        shown = await intake.quarantined(tx, vault, held.id)
    assert "4111 1111" not in shown.raw
    assert "•••1111" in shown.raw


async def test_raw_parcels_can_be_read_until_their_key_is_destroyed(
    db: Database, gate: Gate, shop: Source, vault: Seal
) -> None:
    sent = parcel(shop, track("A", "u"))
    await gate.submit(sent)
    journal = intake.Journal(vault)
    async with db.transaction() as tx:
        assert await journal.read(tx, sent.id) == sent.raw
        await intake.destroy_old_keys(tx, journal_days=-1)
        with pytest.raises(intake.KeyDestroyed):
            await journal.read(tx, sent.id)


async def test_too_much_at_once_is_told_to_come_back(
    db: Database, gate: Gate, shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate_module, "QUEUE_EVENTS", 2)
    sends = [gate.submit(parcel(shop, track("A", "u"))) for _ in range(6)]
    answers = await asyncio.gather(*sends, return_exceptions=True)
    refused = [a for a in answers if isinstance(a, Busy)]
    assert refused
    assert (await accounts(db, shop)).accepted == 6 - len(refused)


async def test_an_event_alone_does_not_wait_behind_a_batch(
    db: Database, gate: Gate, shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done, keep = asyncio.Event(), asyncio.Event(), gate_module.keeping.keep

    async def slow(tx: Tx, letters: list[Letter]) -> None:
        if len(letters) > gate_module.QUICK_EVENTS:
            begun.set()
            await done.wait()
        await keep(tx, letters)

    monkeypatch.setattr(gate_module.keeping, "keep", slow)
    many = parcel(shop, *(track("A", f"u{n}", f"m{n}") for n in range(50)))
    batch = asyncio.create_task(gate.submit(many))
    await begun.wait()
    async with asyncio.timeout(40):
        await gate.submit(parcel(shop, track("B", "u")))
    assert not batch.done()
    again = asyncio.create_task(gate.submit(parcel(shop, track("A", "u7", "m7"))))  # known only once the batch is kept
    done.set()
    await asyncio.gather(batch, again)
    found = await accounts(db, shop)
    assert (found.received, found.accepted, found.duplicate) == (52, 51, 1)


async def test_what_waits_when_we_stop_is_kept_and_nothing_more_is_taken(
    db: Database, vault: Seal, live: Live, shop: Source
) -> None:
    stopping, gate = asyncio.Event(), Gate(db, vault, live)
    running = asyncio.create_task(gate.run(stopping))
    batch = parcel(shop, *(track("A", f"u{n}") for n in range(50)))
    waiting = [asyncio.create_task(gate.submit(p)) for p in (batch, parcel(shop, track("B", "u")))]
    await asyncio.sleep(0)
    stopping.set()
    await asyncio.gather(running, *waiting)
    assert (await accounts(db, shop)).accepted == 51
    with pytest.raises(Unavailable, match="stopping"):
        await gate.submit(parcel(shop, track("C", "u")))


async def test_a_full_disk_is_said_and_nothing_is_answered_as_kept(
    db: Database, gate: Gate, shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    with monkeypatch.context() as broken:
        broken.setattr(gate_module.keeping, "keep", full)
        with pytest.raises(Unavailable, match="disk"):
            await gate.submit(parcel(shop, track("A", "u", "m1")))
    await gate.submit(parcel(shop, track("A", "u", "m1")))
    assert (await accounts(db, shop)).accepted == 1


async def test_events_reach_the_live_stream_in_order_and_once(
    db: Database, gate: Gate, live: Live, shop: Source
) -> None:
    async with live.subscribed() as listening:
        for n in range(5):
            await gate.submit(parcel(shop, track(f"E{n}", "u")))
        async with asyncio.timeout(40):
            while live.position < 5:
                await listening.next()
    async with db.transaction() as tx:
        found = await events.since(tx, 0)
        assert [(e.position, e.name) for e in found] == [(n + 1, f"E{n}") for n in range(5)]
        assert await events.since(tx, 3, 10) == found[3:]


async def test_erasing_somebody_empties_what_waits_in_quarantine(
    db: Database, gate: Gate, shop: Source, vault: Seal
) -> None:
    await gate.submit(
        parcel(shop, b'{"type": "page", "mail": "Ada@Example.com"}', b'{"type": "page", "mail": "ben@example.com"}')
    )
    async with db.transaction() as tx:
        assert await intake.forget(tx, vault, ["ada@example.com", "7"]) == 1
        shown = [(await intake.quarantined(tx, vault, held.id)).raw for held in await intake.quarantine(tx)]
    assert any("ben@example.com" in raw for raw in shown)
    assert not any("Ada" in raw for raw in shown)
    assert (await accounts(db, shop)).quarantined == 2


async def test_evidence_that_joins_known_customers_is_on_the_thread_beside_its_event(
    db: Database, gate: Gate, shop: Source
) -> None:
    await gate.submit(parcel(shop, {"type": "track", "event": "A", "anonymousId": "c1"}))
    await gate.submit(parcel(shop, track("B", "u")))
    await gate.submit(parcel(shop, track("C", "u", anonymousId="c1")))
    async with db.transaction() as tx:
        items, _ = await customers.thread(tx, await customers.find(tx, "user", "u"))
    assert sorted(item.name for item in items) == ["A", "B", "C", "evidence_joined"]
