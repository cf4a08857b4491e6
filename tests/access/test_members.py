"""Who becomes a member and who is one no longer."""

import asyncio
from datetime import timedelta

import pytest

from fadeno import access
from fadeno.access import SYSTEM, Actor, AlreadyRuns, Forbidden, LastAdmin, LinkSpent
from fadeno.db import Database, Tx
from fadeno.kit.errors import Conflict, Invalid, NotFound

from .conftest import PASSWORD, admin_of, sign_in


async def test_the_first_administrator_is_made_only_while_nobody_is_a_member(tx: Tx):
    assert not await access.has_members(tx)
    await access.add_first_admin(tx, "ana@lumo.example", "Ana", PASSWORD)
    assert await access.has_members(tx)
    with pytest.raises(AlreadyRuns):
        await access.add_first_admin(tx, "eve@lumo.example", "Eve", PASSWORD)


async def test_of_two_first_administrators_at_once_one_wins(db: Database):
    async def first(name: str) -> bool:
        try:
            async with db.transaction() as tx:
                await access.add_first_admin(tx, f"{name}@lumo.example", name, PASSWORD)
        except AlreadyRuns:
            return False
        return True

    won = await asyncio.gather(*(first(name) for name in ("ana", "eve", "ivo", "lea")))
    assert won.count(True) == 1
    async with db.transaction() as tx:
        assert len(await access.members(tx, SYSTEM)) == 1


NO_EMAILS = (
    "", "ana", "@lumo.example", "ana@", "a na@lumo.example", "a\x00na@lumo.example", "ana@lumo",
    "ana@lumo.example\nBcc: x@y.z", "a" * 250 + "@lumo.example",
)  # fmt: skip


@pytest.mark.parametrize("email", NO_EMAILS)
async def test_what_is_not_an_email_is_refused(tx: Tx, email: str):
    with pytest.raises(Invalid) as refused:
        await access.add_member(tx, SYSTEM, email, "Ana", "agent", PASSWORD)
    assert refused.value.field == "email"


@pytest.mark.parametrize("password", ["", "short", "password123", "aaaaaaaaaaaa", "ana@lumo.example", "x" * 201])
async def test_a_password_others_would_guess_is_refused(tx: Tx, password: str):
    with pytest.raises(Invalid) as refused:
        await access.add_member(tx, SYSTEM, "ana@lumo.example", "Ana", "agent", password)
    assert refused.value.field == "password"


async def test_two_spellings_of_an_email_are_one_member(tx: Tx):
    await admin_of(tx, "Ana@Lumo.example")
    with pytest.raises(Conflict):
        await admin_of(tx, " ana@lumo.EXAMPLE ")


async def test_a_removed_members_email_is_free_again_and_the_sessions_end(db: Database):
    async with db.transaction() as tx:
        boss = await admin_of(tx)
        ivo = await admin_of(tx, "ivo@lumo.example", "agent")
    signed = await sign_in(db, "ivo@lumo.example")
    async with db.transaction() as tx:
        assert (await access.session_actor(tx, signed.token)).id == ivo.id
        await access.remove_member(tx, boss, ivo.id)
        assert await access.session_actor(tx, signed.token) is None
        with pytest.raises(NotFound):
            await access.member(tx, boss, ivo.id)
        await admin_of(tx, "ivo@lumo.example", "shop")
    assert len(await _members(db)) == 2


async def _members(db: Database) -> list:
    async with db.transaction() as tx:
        return await access.members(tx, SYSTEM)


async def test_the_last_administrator_can_neither_be_removed_nor_lose_the_role(tx: Tx):
    boss = await admin_of(tx)
    with pytest.raises(LastAdmin):
        await access.remove_member(tx, boss, boss.id)
    with pytest.raises(LastAdmin):
        await access.set_role(tx, boss, boss.id, "agent")
    other = await admin_of(tx, "ivo@lumo.example")
    await access.set_role(tx, other, boss.id, "agent")
    with pytest.raises(LastAdmin):
        await access.remove_member(tx, other, other.id)


async def test_two_administrators_removing_each_other_leave_one(db: Database):
    async with db.transaction() as tx:
        one, other = await admin_of(tx), await admin_of(tx, "ivo@lumo.example")

    async def remove(actor: Actor, whom: Actor) -> str:
        try:
            async with db.transaction() as tx:
                await access.remove_member(tx, actor, whom.id)
        except (LastAdmin, NotFound) as refused:
            return refused.code
        return "done"

    ends = await asyncio.gather(remove(one, other), remove(other, one))
    assert sorted(ends) == ["done", "last_admin"]


async def test_a_role_changed_counts_at_once_for_sessions_already_open(db: Database):
    async with db.transaction() as tx:
        boss, ivo = await admin_of(tx), await admin_of(tx, "ivo@lumo.example", "manager")
    signed = await sign_in(db, "ivo@lumo.example")
    async with db.transaction() as tx:
        await access.set_role(tx, boss, ivo.id, "analyst")
        assert (await access.session_actor(tx, signed.token)).role == "analyst"


async def test_an_invitation_makes_a_member_once(tx: Tx):
    boss = await admin_of(tx)
    _, token = await access.invite(tx, boss, "lea@lumo.example", "shop")
    assert (await access.invitation(tx, token)).role == "shop"
    member_id = await access.accept_invitation(tx, token, "Lea", PASSWORD)
    assert (await access.member(tx, boss, member_id)).role == "shop"
    assert await access.invitation(tx, token) is None
    with pytest.raises(LinkSpent):
        await access.accept_invitation(tx, token, "Eve", PASSWORD)


async def test_of_two_acceptances_at_once_one_wins(db: Database):
    async with db.transaction() as tx:
        _, token = await access.invite(tx, await admin_of(tx), "lea@lumo.example", "shop")

    async def accept(name: str) -> bool:
        try:
            async with db.transaction() as tx:
                await access.accept_invitation(tx, token, name, PASSWORD)
        except LinkSpent:
            return False
        return True

    assert sorted(await asyncio.gather(accept("Lea"), accept("Eve"))) == [False, True]


async def test_an_invitation_ends_by_time_by_withdrawal_and_by_a_newer_one(tx: Tx):
    boss = await admin_of(tx)
    _, old = await access.invite(tx, boss, "lea@lumo.example", "shop")
    second, newer = await access.invite(tx, boss, "Lea@Lumo.example", "agent")
    assert await access.invitation(tx, old) is None
    assert await access.invitation(tx, newer)
    await access.revoke_invitation(tx, boss, second)
    assert await access.invitation(tx, newer) is None
    _, third = await access.invite(tx, boss, "lea@lumo.example", "agent")
    tx.now += timedelta(days=8)
    with pytest.raises(LinkSpent):
        await access.accept_invitation(tx, third, "Lea", PASSWORD)


async def test_a_bad_password_does_not_use_the_invitation_up(db: Database):
    async with db.transaction() as tx:
        _, token = await access.invite(tx, await admin_of(tx), "lea@lumo.example", "shop")
    with pytest.raises(Invalid):
        async with db.transaction() as tx:
            await access.accept_invitation(tx, token, "Lea", "short")
    async with db.transaction() as tx:
        assert await access.invitation(tx, token)


async def test_nobody_but_administrators_touches_members(tx: Tx):
    ivo = await admin_of(tx, "ivo@lumo.example", "manager")
    for act in (
        access.add_member(tx, ivo, "eve@lumo.example", "Eve", "admin", PASSWORD),
        access.invite(tx, ivo, "eve@lumo.example", "admin"),
        access.set_role(tx, ivo, ivo.id, "admin"),
        access.remove_member(tx, ivo, ivo.id),
        access.make_reset(tx, ivo, ivo.id),
        access.clear_totp(tx, ivo, (await admin_of(tx)).id),
    ):
        with pytest.raises(Forbidden):
            await act


async def test_one_may_see_oneself_but_others_only_with_the_right_to(tx: Tx):
    boss, ivo = await admin_of(tx), await admin_of(tx, "ivo@lumo.example", "agent")
    assert (await access.member(tx, ivo, ivo.id)).email == "ivo@lumo.example"
    with pytest.raises(Forbidden):
        await access.member(tx, ivo, boss.id)


async def test_a_reset_link_sets_the_password_once_and_ends_every_session(db: Database):
    async with db.transaction() as tx:
        boss = await admin_of(tx)
    before = await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        token = await access.make_reset(tx, SYSTEM, boss.id)
        assert await access.reset_for(tx, token) == "ana@lumo.example"
        await access.use_reset(tx, token, "four other plain words")
        with pytest.raises(LinkSpent):
            await access.use_reset(tx, token, "five other plain words")
        assert await access.session_actor(tx, before.token) is None
    assert await sign_in(db, "ana@lumo.example") is None
    assert await sign_in(db, "ana@lumo.example", "four other plain words")


async def test_a_reset_link_ends_by_time_and_by_a_newer_one(tx: Tx):
    boss = await admin_of(tx)
    old = await access.make_reset(tx, boss, boss.id)
    newer = await access.make_reset(tx, boss, boss.id)
    assert await access.reset_for(tx, old) is None
    tx.now += timedelta(hours=25)
    assert await access.reset_for(tx, newer) is None


async def test_preferences_outside_the_choices_are_refused(tx: Tx):
    boss = await admin_of(tx)
    await access.set_preferences(
        tx, boss, zone="Europe/Belgrade", density="compact", theme="dark", name=" Ana  P. ", language="sr-Cyrl"
    )
    me = await access.oneself(tx, boss)
    assert (me.name, me.zone, me.density, me.theme) == ("Ana P.", "Europe/Belgrade", "compact", "dark")
    assert (me.language, me.single_keys) == ("sr-Cyrl", True)
    for wrong in (
        {"zone": "Mars/Base"},
        {"density": "x"},
        {"theme": "pink"},
        {"name": "a\u202eb"},
        {"language": "../en"},
    ):
        with pytest.raises(Invalid):
            await access.set_preferences(tx, boss, **wrong)


async def test_members_come_in_pages_by_name(tx: Tx):
    for name in ("ana", "bo", "cy"):
        await admin_of(tx, f"{name}@lumo.example")
    first = await access.members(tx, SYSTEM, limit=2)
    rest = await access.members(tx, SYSTEM, limit=2, after=str(first[-1].id))
    assert [m.name for m in (*first, *rest)] == ["ana", "bo", "cy"]


@pytest.mark.parametrize(
    ("by", "down", "said"),
    [
        ("name", False, ["Ádám", "Eve", "Žarko"]),
        ("name", True, ["Žarko", "Eve", "Ádám"]),
        ("email", False, ["Žarko", "Eve", "Ádám"]),
        ("role", False, ["Eve", "Žarko", "Ádám"]),
    ],
)
async def test_members_are_put_in_order_page_by_page(tx: Tx, by: str, down: bool, said: list[str]):
    for email, name, role in (
        ("c@x.example", "Ádám", "shop"),
        ("b@x.example", "Eve", "admin"),
        ("a@x.example", "Žarko", "agent"),
    ):
        await access.add_member(tx, SYSTEM, email, name, role, PASSWORD)
    found: list[access.Member] = []
    while more := await access.members(
        tx, SYSTEM, limit=1, after=str(found[-1].id) if found else None, by=by, down=down
    ):
        found += more
    assert [one.name for one in found] == said
    with pytest.raises(Invalid):
        await access.members(tx, SYSTEM, by="height")
