"""Members merge and split customers; whatever they do can be taken back exactly."""

import contextlib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from fadeno import customers, events
from fadeno.access import SYSTEM
from fadeno.customers import Evidence, Mention
from fadeno.events import NewEvent
from fadeno.kit.errors import FadenoError
from fadeno.kit.ids import new_id
from tests.customers.test_placing import said

START = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ["user", "user", "email", "cookie", "cookie", "cookie"]


async def happens(tx, *mentions: tuple[str, str], minute: int = 0, proven: int = 2, **more) -> customers.Placed:
    """Something happens to an address, and is kept in the log."""
    at = START + timedelta(minutes=minute)
    one = Evidence(new_id(), 1, at, tuple(Mention(*m, proven) for m in mentions), "same_event", **more)
    (placed,) = await customers.place(tx, [one])
    await events.append(
        tx,
        [
            NewEvent(
                id=one.event_id, source_id=1, channel="web", kind="track", name="x", address_id=placed.address_id,
                other_address_ids=tuple(placed.other_address_ids), customer_id=placed.customer_id, occurred_at=at,
                received_at=at, original_at=None, sent_at=None, message_id=None, body=b"{}",
            )
        ],
    )  # fmt: skip
    return placed


async def who(tx) -> dict:
    cursor = await tx.connection.execute("SELECT address_id, customer_id FROM customers.grouping")
    return dict(await cursor.fetchall())


async def threads(tx) -> dict:
    """Each customer's thread as it is read."""
    found = {}
    for customer in set((await who(tx)).values()):
        items, _ = await customers.thread(tx, customer, limit=200, kinds=["track"])
        found[customer] = [i.id for i in items]
    return found


async def true_threads(tx) -> dict:
    """Each customer's thread by the subject addresses of all events."""
    cursor = await tx.connection.execute(
        "SELECT id, address_id FROM events.event WHERE kind = 'track' ORDER BY occurred_at DESC, id DESC"
    )
    owner = await who(tx)
    found = defaultdict(list, {c: [] for c in owner.values()})
    for event, address in await cursor.fetchall():
        found[owner[address]].append(event)
    return dict(found)


async def step(tx, random: Random, actions: list) -> str:
    """Something an event or a member does, chosen at random; actions that can be undone are noted."""
    owner = await who(tx)
    ids = sorted(owner)
    kind = random.choice(["event", "event", "event", "merge", "split", "undo", "share", "refuse", "rewrite"])
    if kind == "event" or not ids:
        names = [(kind, f"{kind}{n}") for n, kind in enumerate(KINDS)]
        some = random.sample(names, random.randint(1, 3))
        await happens(tx, *some, minute=random.randint(0, 9), proven=random.randint(1, 3))
    elif kind == "merge":
        actions.append((await customers.merge(tx, SYSTEM, random.choices(ids, k=2))).action_id)
    elif kind == "split":
        one = random.choice(ids)
        mine = [i for i in ids if owner[i] == owner[one]]
        chosen = random.sample(mine, random.randint(1, len(mine)))
        actions.append((await customers.split(tx, SYSTEM, one, chosen)).action_id)
    elif kind == "undo" and actions:
        actions.append((await customers.undo(tx, SYSTEM, random.choice(actions))).action_id)
    elif kind == "share":
        await customers.set_shared(tx, SYSTEM, random.choice(ids), random.choice([True, False, None]))
    elif kind == "refuse":
        links, _ = await customers.links(tx, random.choice(ids))
        if links:
            verb = random.choice([customers.refuse, customers.retract_link])
            actions.append((await verb(tx, SYSTEM, random.choice(links).id)).action_id)
    elif kind == "rewrite":
        await tx.connection.execute("UPDATE customers.rewrite SET horizon = '0'")
        await customers.rewrite_events(tx)
    return kind


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_members_and_events_do_the_laws_hold(tx, seed):
    random = Random(seed)
    actions: list = []
    for _ in range(25):
        tx.now += timedelta(seconds=1)
        with contextlib.suppress(FadenoError):
            async with tx.savepoint():
                await step(tx, random, actions)
        assert (await customers.check(tx))[1] == []
        assert await threads(tx) == await true_threads(tx)


async def two_people(tx) -> tuple:
    anna = await happens(tx, ("user", "anna"), ("cookie", "a1"), minute=1)
    ben = await happens(tx, ("user", "ben"), ("cookie", "b1"), minute=2)
    return anna, ben


async def test_a_merge_undone_gives_back_the_ids_that_were_there_before(tx):
    anna, ben = await two_people(tx)
    before, seen_before = await who(tx), await threads(tx)
    done = await customers.merge(tx, SYSTEM, [anna.customer_id, ben.customer_id])
    assert set((await who(tx)).values()) == {min(anna.customer_id, ben.customer_id)}
    assert done.notes == ["limit:user"]
    merged = await who(tx)
    undone = await customers.undo(tx, SYSTEM, done.action_id)
    assert (await who(tx), await threads(tx)) == (before, seen_before)
    await customers.undo(tx, SYSTEM, undone.action_id)
    assert await who(tx) == merged


async def test_a_split_undone_gives_back_the_one_person(tx):
    anna, _ = await two_people(tx)
    before = await who(tx)
    cookie = anna.other_address_ids[0]
    done = await customers.split(tx, SYSTEM, anna.customer_id, [cookie])
    assert len(set((await who(tx)).values())) == 3
    again = await happens(tx, ("user", "anna"), ("cookie", "a1"), minute=5)
    assert again.customer_id != (await who(tx))[cookie]
    await customers.undo(tx, SYSTEM, done.action_id)
    assert await who(tx) == before


async def test_a_preview_says_what_would_happen_and_changes_nothing(tx):
    anna, ben = await two_people(tx)
    before = await who(tx)
    shown = await customers.preview_merge(tx, SYSTEM, [anna.customer_id, ben.customer_id])
    assert shown.action_id is None
    assert [s.address_count for s in shown.before] == [2, 2]
    assert [s.address_count for s in shown.after] == [4]
    assert await who(tx) == before
    done = await customers.merge(tx, SYSTEM, [anna.customer_id, ben.customer_id])
    assert (done.before, done.after) == (shown.before, shown.after)


async def test_undone_is_undone_once(tx):
    anna, ben = await two_people(tx)
    done = await customers.merge(tx, SYSTEM, [anna.customer_id, ben.customer_id])
    await customers.undo(tx, SYSTEM, done.action_id)
    with pytest.raises(FadenoError) as refused:
        await customers.undo(tx, SYSTEM, done.action_id)
    assert refused.value.code == "already_undone"


async def test_two_people_who_typed_one_address_are_suggested_and_can_be_refused(tx):
    await happens(tx, ("user", "anna"), ("email", "x@y.de"), minute=1)
    await happens(tx, ("user", "ben"), ("email", "x@y.de"), minute=2)
    (one,), _ = await customers.suggestions(tx)
    assert one.reason == "limit:user"
    assert (await customers.suggestions(tx, customer_id=one.one))[0] == [one]
    done = await customers.refuse(tx, SYSTEM, one.link_id)
    assert (await customers.suggestions(tx))[0] == []
    await customers.undo(tx, SYSTEM, done.action_id)
    assert (await customers.suggestions(tx))[0] == [one]
    await customers.merge(tx, SYSTEM, [one.one, one.other])
    assert (await customers.suggestions(tx))[0] == []


async def test_evidence_taken_back_stays_taken_back(tx):
    anna = await happens(tx, ("user", "anna"), ("cookie", "a1"))
    (link,), _ = await customers.links(tx, anna.customer_id)
    assert link.state == "admitted"
    done = await customers.retract_link(tx, SYSTEM, link.id)
    assert len(set((await who(tx)).values())) == 2
    await happens(tx, ("user", "anna"), ("cookie", "a1"), minute=3)
    assert len(set((await who(tx)).values())) == 2
    await customers.undo(tx, SYSTEM, done.action_id)
    assert len(set((await who(tx)).values())) == 1


async def test_why_is_the_chain_of_links_in_order(tx):
    await happens(tx, ("user", "anna"), ("cookie", "a1"), minute=1)
    mail = await happens(tx, ("user", "anna"), ("email", "anna@x.de"), minute=2)
    other = await happens(tx, ("cookie", "a2"), minute=3)
    await customers.merge(tx, SYSTEM, [mail.customer_id, other.customer_id])
    steps = await customers.why(tx, mail.customer_id, address_id=other.address_id)
    assert [s.key for s in steps][-1] == "why.merged"
    everything = await customers.why(tx, mail.customer_id)
    assert {frozenset((s.a.value, s.b.value)) for s in everything} == {
        frozenset(("anna", "a1")),
        frozenset(("anna", "anna@x.de")),
    }


async def test_forgetting_leaves_ids_and_counts_and_nothing_else(tx):
    traits = {"name": "Anna Schmidt", "email": "anna@x.de"}
    anna = await happens(
        tx, ("user", "anna"), ("email", "anna@x.de"), traits=traits, consents=(("newsletter", True, "form 7"),)
    )
    assert (await customers.search(tx, "schm"))[0][0].id == anna.customer_id
    exported = await customers.export(tx, SYSTEM, anna.customer_id)
    assert all(len(exported[part]) == n for part, n in (("traits", 2), ("events", 1), ("consents", 1)))
    assert await customers.erase(tx, SYSTEM, anna.customer_id) == 1
    assert (await customers.search(tx, "schm"))[0] == []
    assert await customers.find(tx, "email", "anna@x.de") is None
    person = await customers.person(tx, anna.customer_id)
    assert (person.traits, person.name, person.address_count) == ([], None, 2)
    assert person.ledger[0].proof == ""
    items, _ = await customers.thread(tx, anna.customer_id)
    assert [i.body for i in items] == [{"erased": True}]
    text = str(await customers.export(tx, SYSTEM, anna.customer_id))
    assert "Schmidt" not in text
    assert "anna" not in text
    again = await happens(tx, ("user", "anna"))
    assert again.customer_id != anna.customer_id
    assert (await customers.check(tx))[1] == []


async def test_marking_an_address_is_told_on_the_threads_it_parts_and_joins(tx):
    await customers.place(tx, [said(("user", "u1", 3), ("email", "home@x.de", 3))])
    await customers.place(tx, [said(("cookie", "c1", 2), ("email", "home@x.de", 2), minute=1)])
    whole = await customers.find(tx, "user", "u1")
    shared = await customers.find_address(tx, "email", "home@x.de")
    await customers.set_shared(tx, SYSTEM, shared, True)
    for address in (("user", "u1"), ("cookie", "c1")):
        told = await regroupings(tx, await customers.find(tx, *address))
        assert [(one.name, one.body["properties"]["marked"]) for one in told] == [("mark_parted", "shared")]
    await customers.set_shared(tx, SYSTEM, shared, False)
    latest = (await regroupings(tx, whole))[0]
    assert (latest.name, latest.body["properties"]["marked"]) == ("mark_joined", "own")
    before = len(await regroupings(tx, whole))
    await customers.set_shared(tx, SYSTEM, shared, False)
    assert len(await regroupings(tx, whole)) == before, "nothing changed, so nothing is told"


async def test_a_value_that_means_nothing_is_blocked_for_what_it_is_again(tx):
    await customers.place(tx, [said(("user", "u1", 3), ("email", "noreply@x.de", 2))])
    id_ = await customers.find_address(tx, "email", "noreply@x.de")
    there = (await customers.person(tx, id_)).addresses
    assert [one.blocked for one in there] == ["nobody_reads_it"]
    await customers.set_blocked(tx, SYSTEM, id_, False)
    await customers.set_blocked(tx, SYSTEM, id_, True)
    assert (await customers.person(tx, id_)).addresses == there


async def test_a_check_counts_each_customer_once(tx):
    """Two customers whom a left out link ties are looked at together, whichever comes first."""
    await customers.place(tx, [said(("user", "u1", 3), ("email", "home@x.de", 3))])
    await customers.place(tx, [said(("user", "u2", 3), ("email", "home@x.de", 3), minute=1)])
    looked_at, faults = await customers.check(tx)
    assert faults == []
    all_customers = looked_at.rpartition(" of ")[2].partition(" ")[0]
    assert f" {all_customers} of {all_customers} customers" in looked_at


async def test_a_check_finds_who_is_not_called_by_their_name(tx):
    (anna,) = await customers.place(tx, [said(("user", "u1", 3), ("email", "anna@x.de", 2), traits={"name": "Anna"})])
    await tx.connection.execute("UPDATE customers.customer SET name = NULL, label = 'anna@x.de'")
    _, faults = await customers.check(tx)
    assert faults == [f"customer {anna.customer_id} is not called what is said of them"]


async def regroupings(tx, id_):
    return (await customers.thread(tx, id_, kinds=["regrouped"]))[0]
