"""Keys of machines: shown once, kept as a digest, limited, revocable."""

from datetime import timedelta

import pytest

from fadeno import access
from fadeno.access import SYSTEM, Actor, Forbidden
from fadeno.db import Tx
from fadeno.kit.errors import Conflict, Invalid, NotFound
from tests.access.conftest import admin_of


async def test_a_key_lets_its_machine_in_and_stands_nowhere_in_the_database(tx: Tx):
    plain = await access.create_key(tx, SYSTEM, "web shop", "collect", 7)
    actor = await access.key_actor(tx, plain)
    assert (actor.kind, actor.name, actor.scope, actor.source_id, actor.role) == (
        "key", "web shop", "collect", 7, None,
    )  # fmt: skip
    kept = await (await tx.connection.execute("SELECT k::text FROM access.key k")).fetchone()
    secret = plain.rpartition("_")[2]
    assert secret not in kept[0]
    assert secret[:6] in kept[0]


@pytest.mark.parametrize("plain", ["", "x", "fdn_admin_" + "0" * 48, "\x00", "\ud800", "ключ", "a" * 100_000])
async def test_what_is_not_a_key_opens_nothing(tx: Tx, plain: str):
    await access.create_key(tx, SYSTEM, "crm", "admin")
    assert await access.key_actor(tx, plain) is None


async def test_a_revoked_key_opens_nothing_any_more(tx: Tx):
    plain = await access.create_key(tx, SYSTEM, "crm", "read")
    key = await access.find_key(tx, SYSTEM, "crm")
    await access.revoke_key(tx, SYSTEM, key.id)
    assert await access.key_actor(tx, plain) is None
    with pytest.raises(NotFound):
        await access.revoke_key(tx, SYSTEM, key.id)
    [listed] = await access.keys(tx, SYSTEM)
    assert listed.revoked_at == tx.now


async def test_what_a_key_or_a_member_did_is_judged_by_what_they_may_now(tx: Tx):
    machine = await access.key_actor(tx, await access.create_key(tx, SYSTEM, "crm", "read"))
    boss = await admin_of(tx)
    assert await access.as_now(tx, Actor("key", machine.id, "crm")) == machine
    assert (await access.as_now(tx, Actor("member", boss.id, "ana"))).role == "admin"
    assert await access.as_now(tx, Actor("system", None, "fadeno")) == SYSTEM
    await access.revoke_key(tx, SYSTEM, machine.id)
    await admin_of(tx, "ivo@lumo.example")
    await access.remove_member(tx, SYSTEM, boss.id)
    assert [await access.as_now(tx, one) for one in (machine, boss)] == [None, None]


async def test_the_day_of_last_use_is_written_once_a_day(tx: Tx):
    plain = await access.create_key(tx, SYSTEM, "crm", "read")
    await access.key_actor(tx, plain)
    [key] = await access.keys(tx, SYSTEM)
    assert key.used_on == tx.now.date()
    version = "SELECT xmin::text || ctid::text FROM access.key"
    before = await (await tx.connection.execute(version)).fetchone()
    await access.key_actor(tx, plain)
    assert await (await tx.connection.execute(version)).fetchone() == before
    tx.now += timedelta(days=1)
    await access.key_actor(tx, plain)
    [key] = await access.keys(tx, SYSTEM)
    assert key.used_on == tx.now.date()


async def test_a_collecting_key_needs_the_source_it_collects_for(tx: Tx):
    with pytest.raises(Invalid, match="belongs to a source"):
        await access.create_key(tx, SYSTEM, "web", "collect")
    with pytest.raises(Invalid, match="Choose a scope"):
        await access.create_key(tx, SYSTEM, "web", "owner", 1)


@pytest.mark.parametrize("actor", [
    Actor("member", None, "m", role="manager"), Actor("key", None, "k", scope="write"),
])  # fmt: skip
async def test_only_administrators_make_see_and_revoke_keys(tx: Tx, actor: Actor):
    await access.create_key(tx, SYSTEM, "crm", "read")
    key = await access.find_key(tx, SYSTEM, "crm")
    with pytest.raises(Forbidden):
        await access.create_key(tx, actor, "mine", "admin")
    with pytest.raises(Forbidden):
        await access.keys(tx, actor)
    with pytest.raises(Forbidden):
        await access.revoke_key(tx, actor, key.id)


async def test_a_key_is_found_by_its_readable_part_and_two_of_one_name_ask_which(tx: Tx):
    plain = await access.create_key(tx, SYSTEM, "crm", "read")
    await access.create_key(tx, SYSTEM, "crm", "write")
    found = await access.find_key(tx, SYSTEM, plain[: len("fdn_read_") + 6])
    assert found.scope == "read"
    with pytest.raises(Conflict) as which:
        await access.find_key(tx, SYSTEM, "crm")
    assert found.prefix in which.value.hint
