"""Verbs of accounts and parcels."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from fadeno import access, channels, jobs, sources
from fadeno.access import Actor
from fadeno.db import Database, Tx
from fadeno.intake import Journal, KeyDestroyed
from fadeno.kit import clock, ids, mentions
from fadeno.kit.seal import Seal
from fadeno.switchboard import mailbox, reads, store
from fadeno.switchboard.model import (
    BODY_LIMIT_BYTES,
    UNDERSTAND,
    Account,
    AccountOff,
    NameTaken,
    NoParcel,
    checked,
    lane_out,
    parted,
)
from fadeno.switchboard.providers import provider

AT_ONCE = 100
_SOURCE_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789-_"


async def add(
    tx: Tx,
    actor: Actor,
    vault: Seal,
    *,
    channel: str,
    name: str,
    credentials: Mapping[str, str],
    area: str = "service",
    language: str = "",
) -> Account:
    """Make an account of a channel, and the source its messages are kept under.

    Args:
        credentials: by the names of the channel's label; which of them are secret it says.

    Raises:
        Invalid: `field` names what is missing or can't be kept.
        NameTaken: choose another name.
        UnknownChannel: there is no such channel.
    """
    label = channels.adapter(channel).label
    name = name.strip()
    checked(label, name, area, language, credentials)
    options, secret = parted(label, credentials)
    mailbox.asked(options)
    provider(options)
    id = ids.new_id()
    source = await sources.create(tx, actor, _source_name(channel, id))
    made = await store.add_account(
        tx, id=id, channel=channel, name=name, address=options.get("address", name), source_id=source.id,
        area=area, language=language, options=options, secrets=_sealed(vault, id, secret),
        made_by=actor.name,
    )  # fmt: skip
    if not made:
        raise NameTaken(field="name")
    await access.note(tx, actor, "create", "account", str(id), {"name": name, "channel": channel})
    return await reads.account(tx, id)


async def change(
    tx: Tx, actor: Actor, vault: Seal, id: UUID, *, credentials: Mapping[str, str] | None = None, **changes: Any
) -> Account:
    """Set is_on, is_test, area, language or credentials of an account.

    Args:
        credentials: those to set; an empty one takes away what was kept, one that is not named stays.

    Raises:
        NoAccount: there is none.
        Invalid: `field` names what can't be kept.
    """
    account = await held(tx, id)
    label = channels.adapter(account.channel).label
    kept = await reads.secrets(tx, vault, id)
    given = {**account.options, **kept, **(credentials or {})}
    wanted = replace(account, **changes)
    checked(label, wanted.name, wanted.area, wanted.language, given)
    options, secret = parted(label, given)
    mailbox.asked(options)
    provider(options)
    wanted = replace(wanted, options=options, address=options.get("address", wanted.name))
    await store.change_account(tx, wanted, _sealed(vault, id, secret))
    await (jobs.open_lane if wanted.is_on else jobs.pause_lane)(tx, lane_out(id))
    await access.note(tx, actor, "change", "account", str(id), {"fields": sorted([*changes, *(credentials or {})])})
    return wanted


async def held(tx: Tx, id: UUID) -> Account:
    """An account that nobody else changes until this transaction is over.

    Raises:
        NoAccount: there is none.
    """
    await store.hold_account(tx, id)
    return await reads.account(tx, id)


async def renew(tx: Tx, vault: Seal, id: UUID, secrets: Mapping[str, str]) -> None:
    """Keep secrets of an account that its provider renewed; the others stay.

    Raises:
        NoAccount: there is none.
    """
    await store.hold_account(tx, id)
    kept = await reads.secrets(tx, vault, id)
    await store.set_secrets(tx, id, _sealed(vault, id, kept | secrets))


async def set_cursor(tx: Tx, id: UUID, cursor: Mapping[str, Any]) -> None:
    """Note how far an account was read, in the transaction that keeps what was."""
    await store.set_cursor(tx, id, cursor)


async def set_health(tx: Tx, id: UUID, health: str, words: str = "", *, way: Literal["in", "out"] = "out") -> None:
    """Note how one way of an account fares, reading or sending: works, or fails with plain words.

    The account works where both ways do.
    """
    await store.set_health(tx, id, way, "" if health == "works" else words[:500] or "fails")


@dataclass(frozen=True, slots=True)
class Packed:
    """A body that came in, sealed and ready to be put down."""

    id: UUID
    day: date
    key: bytes
    sealed: bytes = field(repr=False)


async def pack(
    db: Database, journal: Journal, body: bytes, headers: Mapping[str, str] | None = None, provider_key: str = ""
) -> Packed:
    """Seal a body before the transaction that puts it down.

    Args:
        provider_key: what the provider calls it; without one it is known by all of it.
    """
    id, day = ids.new_id(), clock.now().date()
    known_by = provider_key.encode() if provider_key else body
    sealed = await journal.sealed(db, day, id, msgspec.msgpack.encode((dict(headers or {}), body)))
    return Packed(id, day, hashlib.sha256(known_by).digest(), sealed)


async def put_parcel(tx: Tx, account: Account, packed: Packed) -> bool:
    """Put a body down and have it understood; False where it came before. Once this is committed it may be answered.

    Raises:
        AccountOff: nothing is taken by it.
    """
    if not account.is_on:
        raise AccountOff
    if not await store.put_parcel(tx, packed.id, account.id, packed.key, packed.day, packed.sealed):
        return False
    await _have_understood(tx, account.id, packed.id)
    return True


async def put_read(tx: Tx, account: Account, packed: Packed) -> bool:
    """Put a body down that is understood in this very transaction, as only our own can be; False where it came before.

    Raises:
        AccountOff: nothing is taken by it.
    """
    if not account.is_on:
        raise AccountOff
    return await store.put_read_parcel(tx, packed.id, account.id, packed.key, packed.day, packed.sealed)


async def put_failed(tx: Tx, account: Account, packed: Packed, reason: str, detail: str) -> bool:
    """Put down what can't be taken whole, so that it is seen among what failed; False where it came before.

    Args:
        packed: what of it was taken; it is understood when somebody has it read again.
        detail: what it is, without a word of who wrote it.
    """
    return await store.put_failed_parcel(
        tx, id=packed.id, account_id=account.id, key=packed.key, day=packed.day, sealed=packed.sealed,
        reason=reason, detail=detail,
    )  # fmt: skip


async def replay(tx: Tx, actor: Actor, parcel_ids: Sequence[UUID]) -> int:
    """Have failed parcels understood again; how many.

    Raises:
        NoParcel: none of them failed.
    """
    rows = await store.fail_to_wait(tx, parcel_ids)
    if not rows:
        raise NoParcel
    for row in rows:
        await _have_understood(tx, row.account_id, row.id)
    await access.note(tx, actor, "replay", "parcel", str(rows[0].id), {"parcels": len(rows)})
    return len(rows)


async def dismiss(tx: Tx, actor: Actor, parcel_ids: Sequence[UUID]) -> int:
    """Put failed parcels aside; how many.

    Raises:
        NoParcel: none of them failed.
    """
    count = await store.dismiss(tx, parcel_ids)
    if not count:
        raise NoParcel
    await access.note(tx, actor, "dismiss", "parcel", str(parcel_ids[0]), {"parcels": count})
    return count


async def forget(tx: Tx, journal: Journal, values: list[str]) -> int:
    """Empty every failed parcel that names one of these values, so that it is never read again; how many.

    Bodies that were read are noise once the key of their day is destroyed, as in the journal.
    """
    names = mentions.finder(values)
    after, named = UUID(int=0), []
    while names and (ids_ := await store.failed_after(tx, after, AT_ONCE)):
        after = ids_[-1]
        named += [id for id in ids_ if names(await _body(tx, journal, id))]
    return await store.empty_failed(tx, named) if named else 0


async def _body(tx: Tx, journal: Journal, id: UUID) -> str:
    row = await store.content(tx, id)
    try:
        packed = await journal.opened(tx, row.day, id, row.sealed, BODY_LIMIT_BYTES + 65536) if row else b""
    except KeyDestroyed:
        return ""
    return packed.decode("utf-8", "replace")


def lane_in(account_id: UUID) -> str:
    """The lane of what came in by an account."""
    return f"in:{account_id}"


async def _have_understood(tx: Tx, account_id: UUID, parcel_id: UUID) -> None:
    # One after the other: two mails of one thread that come together must not open two cases.
    await jobs.put(tx, lane_in(account_id), "in order", UNDERSTAND, {"parcel": str(parcel_id)})


def _sealed(vault: Seal, id: UUID, secret: Mapping[str, str]) -> bytes:
    return vault.seal(msgspec.json.encode(dict(secret)), reads.about(id))


def _source_name(channel: str, id: UUID) -> str:
    return f"{''.join(c for c in channel.lower() if c in _SOURCE_SIGNS)[:40]}-{id.hex[-8:]}"
