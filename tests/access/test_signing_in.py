"""Sessions, counted tries, one-time codes."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from fadeno import access
from fadeno.access import Actor, NoMatch, Place, TooManyTries, Unauthenticated, limits
from fadeno.access.actions.second_factor import step_of
from fadeno.db import Database, Tx
from fadeno.kit import clock
from fadeno.kit.errors import Conflict, NotFound
from fadeno.kit.seal import Seal, SealBroken

from .conftest import PASSWORD, admin_of, sign_in

HERE = Place("203.0.113.7", "test browser")


@pytest.fixture
async def ana(db: Database) -> Actor:
    async with db.transaction() as tx:
        return await admin_of(tx)


async def test_signing_in_gives_a_fresh_session_that_can_be_ended(db: Database, ana: Actor):
    one, other = await sign_in(db, "ANA@lumo.example"), await sign_in(db, "ana@lumo.example")
    assert one.token != other.token
    async with db.transaction() as tx:
        actor = await access.session_actor(tx, one.token)
        assert (actor.id, actor.kind, actor.role) == (ana.id, "member", "admin")
        assert len(await access.sessions(tx, ana.id)) == 2
        second = await access.session_actor(tx, other.token)
        await access.revoke_session(tx, actor, second.session_id)
        assert await access.session_actor(tx, other.token) is None
        await access.sign_out(tx, actor)
        assert await access.session_actor(tx, one.token) is None


async def test_nobody_ends_the_session_of_somebody_else(db: Database, ana: Actor):
    async with db.transaction() as tx:
        await admin_of(tx, "eve@lumo.example")
    mine, hers = await sign_in(db, "ana@lumo.example"), await sign_in(db, "eve@lumo.example")
    async with db.transaction() as tx:
        eve, me = await access.session_actor(tx, hers.token), await access.session_actor(tx, mine.token)
        with pytest.raises(NotFound):
            await access.revoke_session(tx, eve, me.session_id)
        assert await access.session_actor(tx, mine.token)


async def test_a_session_ends_by_itself_when_unused_for_a_week_or_after_a_month(db: Database, ana: Actor):
    signed = await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        start = tx.now
        for day in range(0, 29, 5):
            tx.now = start + timedelta(days=day)
            assert await access.session_actor(tx, signed.token), day
        tx.now = start + timedelta(days=30, minutes=1)
        assert await access.session_actor(tx, signed.token) is None
    again = await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        tx.now += timedelta(days=7, minutes=1)
        assert await access.session_actor(tx, again.token) is None


async def test_when_a_session_was_seen_is_written_at_most_every_five_minutes(db: Database, ana: Actor):
    signed = await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        [before] = await access.sessions(tx, ana.id)
        tx.now += timedelta(minutes=4)
        await access.session_actor(tx, signed.token)
        assert await access.sessions(tx, ana.id) == [before]
        tx.now += timedelta(minutes=2)
        await access.session_actor(tx, signed.token)
        assert (await access.sessions(tx, ana.id))[0].seen_at == tx.now


async def test_changing_ones_password_ends_every_other_session(db: Database, ana: Actor):
    mine, other = await sign_in(db, "ana@lumo.example"), await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        me = await access.session_actor(tx, mine.token)
        await access.change_password(tx, me, "four other plain words")
        assert await access.session_actor(tx, mine.token)
        assert await access.session_actor(tx, other.token) is None


async def test_a_wrong_password_and_an_unknown_member_look_the_same(db: Database, ana: Actor):
    async with db.transaction() as tx:
        known = await access.begin(tx, "ana@lumo.example", HERE)
    async with db.transaction() as tx:
        unknown = await access.begin(tx, "nobody@lumo.example", HERE)
    assert known.left == unknown.left == 4
    assert not await access.check(known, "wrong wrong wrong")
    assert not await access.check(unknown, "nobody has this password")


async def test_an_unknown_member_takes_as_long_as_a_wrong_password(db: Database, ana: Actor):
    hashes = {known: [] for known in (True, False)}
    for _ in range(3):
        for known in hashes:
            kept = access.Try("k", None, None, (), 0)
            if known:
                async with db.transaction() as tx:
                    kept = await access.begin(tx, "ana@lumo.example", Place("198.51.100.1"))
            start = asyncio.get_running_loop().time()
            await access.check(kept, "wrong wrong wrong")
            hashes[known].append(asyncio.get_running_loop().time() - start)
    assert min(hashes[False]) > min(hashes[True]) / 3


async def test_after_five_wrong_tries_one_has_to_wait_and_the_waits_double(db: Database, ana: Actor):
    lefts = []
    for _ in range(5):
        async with db.transaction() as tx:
            lefts.append((await access.begin(tx, "ana@lumo.example", HERE)).left)
    assert lefts == [4, 3, 2, 1, 0]
    waits, skip = [], timedelta()
    for _ in range(4):
        async with db.transaction() as tx:
            tx.now += skip
            with pytest.raises(TooManyTries) as refused:
                await access.begin(tx, "ana@lumo.example", HERE)
        waits.append(refused.value.wait_s)
        skip += timedelta(seconds=refused.value.wait_s + 1)
        async with db.transaction() as tx:
            tx.now += skip
            await access.begin(tx, "ana@lumo.example", HERE)
    assert waits == [2, 4, 8, 16]


async def test_many_tries_at_once_are_counted_one_by_one(db: Database, ana: Actor):
    async def one() -> bool:
        try:
            async with db.transaction() as tx:
                await access.begin(tx, "ana@lumo.example", HERE)
        except TooManyTries:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 5


async def test_no_stranger_locks_the_owner_out_of_a_browser_known_before(db: Database, ana: Actor):
    known = await sign_in(db, "ana@lumo.example")
    blocked = 0
    for n in range(60):
        try:
            async with db.transaction() as tx:
                await access.begin(tx, "ana@lumo.example", Place(f"198.51.100.{n}", "guesser"))
        except TooManyTries:
            blocked += 1
    assert blocked
    with pytest.raises(TooManyTries):
        await sign_in(db, "ana@lumo.example", place=Place("192.0.2.9"))
    assert await sign_in(db, "ana@lumo.example", place=Place("192.0.2.9", device=known.device))


async def test_whoever_was_locked_out_everywhere_comes_in_by_a_reset_link(db: Database, ana: Actor):
    for n in range(55):
        try:
            async with db.transaction() as tx:
                await access.begin(tx, "ana@lumo.example", Place(f"198.51.100.{n}"))
        except TooManyTries:
            break
    async with db.transaction() as tx:
        token = await access.make_reset(tx, access.SYSTEM, ana.id)
        await access.use_reset(tx, token, "four other plain words")
    assert await sign_in(db, "ana@lumo.example", "four other plain words", Place("192.0.2.9"))


async def test_signing_in_to_an_own_account_does_not_clear_what_an_address_did_to_others(db: Database, ana: Actor):
    async with db.transaction() as tx:
        await admin_of(tx, "eve@lumo.example")
    for n in range(25):
        async with db.transaction() as tx:
            await access.begin(tx, f"guess{n}@lumo.example", HERE)
    for _ in range(5):
        assert await sign_in(db, "eve@lumo.example")
    for n in range(5):
        async with db.transaction() as tx:
            await access.begin(tx, f"other{n}@lumo.example", HERE)
    async with db.transaction() as tx:
        with pytest.raises(TooManyTries):
            await access.begin(tx, "another@lumo.example", HERE)


async def test_a_device_token_made_up_or_of_somebody_else_buys_no_tries(db: Database, ana: Actor):
    async with db.transaction() as tx:
        await admin_of(tx, "eve@lumo.example")
    hers = await sign_in(db, "eve@lumo.example")
    for device in (hers.device, "made up"):
        async with db.transaction() as tx:
            attempt = await access.begin(tx, "ana@lumo.example", Place("192.0.2.1", device=device))
        assert len(attempt.buckets) == 3


async def test_a_device_token_planted_before_signing_in_is_not_trusted_after(db: Database, ana: Actor):
    signed = await sign_in(db, "ana@lumo.example", place=Place("192.0.2.1", device="planted"))
    assert signed.device != "planted"
    async with db.transaction() as tx:
        attempt = await access.begin(tx, "ana@lumo.example", Place("198.51.100.1", device="planted"))
    assert len(attempt.buckets) == 3
    again = await sign_in(db, "ana@lumo.example", place=Place("192.0.2.1", device=signed.device))
    assert again.device == signed.device


def test_a_whole_ipv6_network_of_a_household_is_one_place():
    assert limits.network("2001:db8:1:2::1") == limits.network("2001:db8:1:2:ffff::9")
    assert limits.network("2001:db8:1:2::1") != limits.network("2001:db8:1:3::1")
    assert limits.network("::ffff:203.0.113.7") == "203.0.113.7"
    assert limits.network("unix") == limits.network("") == "unknown"


def test_no_wait_is_longer_than_a_quarter_of_an_hour():
    [bucket] = limits.code_buckets("x")
    assert limits.wait_s(bucket, 4) == 0
    assert limits.wait_s(bucket, 10**9) == 900


async def test_a_password_changed_between_check_and_entry_opens_nothing(db: Database, ana: Actor):
    async with db.transaction() as tx:
        attempt = await access.begin(tx, "ana@lumo.example", HERE)
    assert await access.check(attempt, PASSWORD)
    async with db.transaction() as tx:
        await access.change_password(tx, ana, "four other plain words")
        with pytest.raises(NoMatch):
            await access.finish(tx, attempt, PASSWORD, HERE)


# One-time codes


async def _with_codes(db: Database, ana: Actor, vault: Seal) -> tuple[str, list[str]]:
    async with db.transaction() as tx:
        secret, _ = await access.begin_totp(tx, ana, vault)
        recovery = await access.confirm_totp(tx, ana, vault, pyotp.TOTP(secret).at(tx.now - timedelta(seconds=30)))
    assert recovery is not None
    return secret, recovery


async def test_a_member_with_codes_is_let_in_only_after_one(db: Database, ana: Actor, vault: Seal):
    secret, recovery = await _with_codes(db, ana, vault)
    assert len(set(recovery)) == 10
    half = await sign_in(db, "ana@lumo.example")
    assert half.waiting
    async with db.transaction() as tx:
        assert await access.session_actor(tx, half.token) is None
        assert await access.show_code(tx, half.token, vault, "000000", HERE) is None
        whole = await access.show_code(tx, half.token, vault, pyotp.TOTP(secret).at(tx.now), HERE)
        assert whole.token != half.token
        assert (await access.session_actor(tx, whole.token)).id == ana.id
        with pytest.raises(Unauthenticated):
            await access.show_code(tx, half.token, vault, pyotp.TOTP(secret).at(tx.now, counter_offset=1), HERE)


async def test_the_same_code_is_refused_the_second_time(db: Database, ana: Actor, vault: Seal):
    secret, _ = await _with_codes(db, ana, vault)
    one, other = await sign_in(db, "ana@lumo.example"), await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        code = pyotp.TOTP(secret).at(tx.now)
        older = pyotp.TOTP(secret).at(tx.now - timedelta(seconds=30))
        assert await access.show_code(tx, one.token, vault, code, HERE)
        assert await access.show_code(tx, other.token, vault, code, HERE) is None
        assert await access.show_code(tx, other.token, vault, older, HERE) is None


async def test_of_two_uses_of_a_code_at_once_one_wins(db: Database, ana: Actor, vault: Seal):
    secret, _ = await _with_codes(db, ana, vault)
    halves = [await sign_in(db, "ana@lumo.example") for _ in range(3)]
    code = pyotp.TOTP(secret).at(clock.now())

    async def show(half: access.SignedIn) -> bool:
        async with db.transaction() as tx:
            try:
                return await access.show_code(tx, half.token, vault, code, HERE) is not None
            except access.TooManyTries:  # of those who come too late, one may be told to wait
                return False

    assert (await asyncio.gather(*map(show, halves))).count(True) == 1


async def test_a_recovery_code_works_once_however_it_is_typed(db: Database, ana: Actor, vault: Seal):
    _, recovery = await _with_codes(db, ana, vault)
    one, other = await sign_in(db, "ana@lumo.example"), await sign_in(db, "ana@lumo.example")
    async with db.transaction() as tx:
        assert await access.show_code(tx, one.token, vault, recovery[3].upper().replace("-", " "), HERE)
        assert await access.show_code(tx, other.token, vault, recovery[3], HERE) is None
        assert await access.recovery_codes_left(tx, ana.id) == 9


async def test_guessing_codes_has_to_wait_after_five(db: Database, ana: Actor, vault: Seal):
    await _with_codes(db, ana, vault)
    half = await sign_in(db, "ana@lumo.example")
    for n in range(5):
        async with db.transaction() as tx:
            assert await access.show_code(tx, half.token, vault, f"00000{n}", HERE) is None
    with pytest.raises(TooManyTries):
        async with db.transaction() as tx:
            await access.show_code(tx, half.token, vault, "000009", HERE)


async def test_codes_are_not_asked_for_before_one_was_shown(db: Database, ana: Actor, vault: Seal):
    async with db.transaction() as tx:
        await access.begin_totp(tx, ana, vault)
        assert await access.confirm_totp(tx, ana, vault, "12345") is None
    assert not (await sign_in(db, "ana@lumo.example")).waiting


async def test_codes_that_are_on_can_not_be_replaced_without_being_turned_off(db: Database, ana: Actor, vault: Seal):
    await _with_codes(db, ana, vault)
    async with db.transaction() as tx:
        with pytest.raises(Conflict):
            await access.begin_totp(tx, ana, vault)
        await access.clear_totp(tx, ana, ana.id)
    assert not (await sign_in(db, "ana@lumo.example")).waiting


async def test_the_secret_is_sealed_and_bound_to_its_member(db: Database, ana: Actor, vault: Seal):
    async with db.transaction() as tx:
        secret, address = await access.begin_totp(tx, ana, vault)
        row = await (await tx.connection.execute("SELECT totp_sealed FROM access.member")).fetchone()
    assert secret in address
    assert secret.encode() not in row[0]
    with pytest.raises(SealBroken):
        vault.open(row[0], "access.member.totp:somebody else")
    with pytest.raises(SealBroken):
        Seal(b"x" * 32).open(row[0], f"access.member.totp:{ana.id}")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x", "\x00" * 6])
def test_what_is_not_six_digits_is_no_code(typed: str):
    assert step_of(pyotp.random_base32(), typed, clock.now()) is None


def test_a_code_may_be_one_step_early_or_late_but_not_two():
    secret, now = pyotp.random_base32(), clock.now()
    right = [n for n in range(-3, 4) if step_of(secret, pyotp.TOTP(secret).at(now, counter_offset=n), now) is not None]
    assert right == [-1, 0, 1]


async def test_old_counts_and_ended_sessions_are_forgotten(tx: Tx):
    await admin_of(tx)
    await access.begin(tx, "ana@lumo.example", HERE)
    assert await access.trim(tx) == 0
    tx.now += timedelta(days=2)
    assert await access.trim(tx) == 3
