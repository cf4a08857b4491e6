"""The audit trail: added to, searched, never edited."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from fadeno import access
from fadeno.access import SYSTEM, Actor, Asked, Forbidden
from fadeno.db import Tx
from fadeno.kit import ids

from .conftest import admin_of

ANA = Actor("member", ids.new_id(), "Ана Петровић", role="admin")
EVE = Actor("member", ids.new_id(), "Eve", role="agent")
CRM = Actor("key", ids.new_id(), "crm", scope="read")


@pytest.mark.parametrize("statement", [
    "UPDATE access.audit SET actor_name = 'nobody'",
    "DELETE FROM access.audit",
    "TRUNCATE access.audit",
    "TRUNCATE access.audit CASCADE",
    "INSERT INTO access.audit SELECT * FROM access.audit ON CONFLICT (id) DO UPDATE SET actor_name = 'nobody'",
    "MERGE INTO access.audit a USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
])  # fmt: skip
async def test_no_statement_changes_a_line(tx: Tx, statement: str):
    await access.note(tx, ANA, "erase", "customer", ids.new_id(), {"events": 3})
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="can only be added to"):
        async with tx.savepoint():
            await tx.connection.execute(statement)
    assert len(await access.audit(tx, ANA, Asked())) == 1


async def test_seeing_the_same_customer_again_within_ten_minutes_is_one_entry(tx: Tx):
    customer, other = ids.new_id(), ids.new_id()
    tx.now = tx.now.replace(minute=0, second=1)
    for _ in range(3):
        await access.note(tx, ANA, "see", "customer", customer)
    await access.note(tx, EVE, "see", "customer", customer)
    await access.note(tx, ANA, "see", "customer", other)
    tx.now += timedelta(minutes=10)
    await access.note(tx, ANA, "see", "customer", customer)
    assert len(await access.audit(tx, ANA, Asked(verb="see"))) == 4


async def test_what_machines_read_is_not_noted_but_what_they_change_is(tx: Tx):
    await access.note(tx, CRM, "see", "customer", ids.new_id())
    await access.note(tx, SYSTEM, "see", "customer", ids.new_id())
    await access.note(tx, CRM, "merge", "customer", ids.new_id())
    assert [entry.verb for entry in await access.audit(tx, ANA, Asked())] == ["merge"]


async def test_every_change_stands_by_itself(tx: Tx):
    customer = ids.new_id()
    for _ in range(2):
        await access.note(tx, ANA, "change", "customer", customer)
    assert len(await access.audit(tx, ANA, Asked())) == 2


async def test_lines_are_found_by_who_what_which_when_and_words(tx: Tx):
    start = tx.now
    customer = ids.new_id()
    await access.note(tx, ANA, "merge", "customer", customer, {"addresses": 12})
    tx.now += timedelta(hours=1)
    await access.note(tx, EVE, "export", "customer", customer)
    await access.note(tx, EVE, "create", "source", 7, {"name": "Web shop"})

    async def verbs(**asked) -> list[str]:
        return [entry.verb for entry in await access.audit(tx, ANA, Asked(**asked))]

    assert await verbs() == ["create", "export", "merge"]
    assert await verbs(by=str(EVE.id)) == ["create", "export"]
    assert await verbs(verb="merge") == ["merge"]
    assert await verbs(object_kind="customer", object_id=str(customer)) == ["export", "merge"]
    assert await verbs(q="sho") == ["create"]
    assert await verbs(q="АНА пет") == ["merge"]
    assert await verbs(q="eve customer") == ["export"]
    assert await verbs(q=str(customer)) == ["export", "merge"]
    assert await verbs(q="nothing of that kind") == []
    assert start < tx.now


async def test_lines_are_found_by_time(tx: Tx):
    await access.note(tx, ANA, "merge", "customer", 1)
    assert await access.audit(tx, ANA, Asked(from_at=tx.now - timedelta(minutes=1)))
    assert not await access.audit(tx, ANA, Asked(from_at=tx.now + timedelta(minutes=1)))
    assert not await access.audit(tx, ANA, Asked(to_at=tx.now - timedelta(minutes=1)))


@pytest.mark.parametrize("q", ["'", "a' | 'b", ":*", "\\", "%", "\x00", "' OR 1=1 --", "&", "a" * 5000, "!", "()"])
async def test_no_words_break_the_search(tx: Tx, q: str):
    await access.note(tx, ANA, "merge", "customer", 1)
    await access.audit(tx, ANA, Asked(q=q, verb=q, object_kind=q, object_id=q))
    await access.audit(tx, ANA, Asked(q=q))


async def test_lines_come_in_pages_latest_first(tx: Tx):
    for n in range(5):
        await access.note(tx, ANA, "change", "setting", n)
    first = await access.audit(tx, ANA, Asked(), limit=3)
    rest = await access.audit(tx, ANA, Asked(), limit=3, before=str(first[-1].id))
    assert [entry.object_id for entry in (*first, *rest)] == ["4", "3", "2", "1", "0"]


async def test_only_administrators_and_managers_read_the_trail(tx: Tx):
    with pytest.raises(Forbidden):
        await access.audit(tx, EVE, Asked())
    with pytest.raises(Forbidden):
        await access.audit(tx, CRM, Asked())


async def test_what_changes_access_leaves_a_line_without_secrets(tx: Tx):
    boss = await admin_of(tx)
    plain = await access.create_key(tx, boss, "crm", "read")
    _, token = await access.invite(tx, boss, "lea@lumo.example", "shop")
    reset = await access.make_reset(tx, boss, boss.id)
    lines = await access.audit(tx, boss, Asked())
    assert [(line.verb, line.object_kind) for line in lines] == [
        ("create", "reset link"), ("create", "invitation"), ("create", "key"), ("create", "member"),
    ]  # fmt: skip
    whole = str(lines)
    assert not any(secret in whole for secret in (plain, token, reset, "lea@lumo.example"))
    assert all(isinstance(line.id, UUID) for line in lines)
