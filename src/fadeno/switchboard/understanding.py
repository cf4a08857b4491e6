"""From a parcel to what it says: read by the channel's adapter outside any transaction, taken in within one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog

from fadeno import channels, files, jobs
from fadeno.channels import Letter
from fadeno.db import Tx
from fadeno.files import Kept, Shelf
from fadeno.intake import Journal, KeyDestroyed
from fadeno.kit.errors import FadenoError
from fadeno.switchboard import reads, store
from fadeno.switchboard.model import BODY_LIMIT_BYTES, Account

READ_S = 20  # the worst mails anybody sent us take five

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """One letter of a parcel; what was attached lies on the shelf and is out of the letter.

    Attributes:
        kept: for each attachment of the letter where it lies; None where it was too large or is not there.
    """

    account: Account
    letter: Letter
    kept: Sequence[Kept | None]
    received_at: datetime


Receive = Callable[[Tx, Understood], Awaitable[Any]]
Fetched = Callable[[Account, channels.Attachment], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class _Content:
    parcel_id: UUID
    account: Account
    headers: dict[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Fault:
    reason: str
    detail: str


def understanding(journal: Journal, shelf: Shelf, receive: Receive, fetched: Fetched | None = None) -> jobs.Delivery:
    """How a parcel is understood.

    Args:
        receive: takes in what a letter says, in the transaction that settles its parcel.
        fetched: brings a file that lies at the provider; None where it can't be had: it is named all the same.
    """

    async def prepare(tx: Tx, job: jobs.Job) -> _Content | None:
        id = UUID(job.body["parcel"])
        row = await store.content(tx, id)
        if row is None:
            return None
        try:
            packed = await journal.opened(tx, row.day, id, row.sealed, BODY_LIMIT_BYTES + 65536)
        except KeyDestroyed as gone:
            await store.settle(tx, id, "failed", gone.code, gone.message)
            return None
        headers, body = msgspec.msgpack.decode(packed, type=tuple[dict[str, str], bytes])
        return _Content(id, await reads.account(tx, row.account_id), headers, body, row.received_at)

    async def send(content: _Content) -> list[Understood] | _Fault:
        return await _read(shelf, content, fetched)

    async def note(tx: Tx, job: jobs.Job, content: _Content, outcome: list[Understood] | _Fault) -> jobs.Verdict:
        if not isinstance(outcome, _Fault):
            outcome = await _received(tx, outcome, receive) or outcome
        if isinstance(outcome, _Fault):
            await store.settle(tx, content.parcel_id, "failed", outcome.reason, outcome.detail)
        else:
            await store.settle(tx, content.parcel_id, "read", letters=len(outcome))
        return jobs.Done()

    return jobs.Delivery(prepare, send, note)


async def _read(shelf: Shelf, content: _Content, fetched: Fetched | None) -> list[Understood] | _Fault:
    try:
        async with asyncio.timeout(READ_S):
            adapter = channels.adapter(content.account.channel)
            # Whether its signature is right was seen at the door, before it was put down.
            letters = await asyncio.to_thread(adapter.read, content.body, content.headers, None)
        return [await _shelved(shelf, content, letter, fetched) for letter in letters]
    except TimeoutError:
        return _Fault("too_slow", f"reading it took more than {READ_S} s")
    except FadenoError as error:
        return _Fault(error.code, error.message)
    except (
        Exception
    ) as error:  # an adapter, perhaps of a third party, may fail in any way: the parcel waits to be read again
        log.error("adapter failed", channel=content.account.channel, error=type(error).__name__)
        return _Fault("adapter", type(error).__name__)


async def _received(tx: Tx, letters: Sequence[Understood], receive: Receive) -> _Fault | None:
    """Take in all letters of a parcel, or none."""
    try:
        async with tx.savepoint():
            for one in letters:
                await receive(tx, one)
    except psycopg.OperationalError:  # the database is gone, or another was first: all is done again
        raise
    except FadenoError as error:
        return _Fault(error.code, error.message)
    except Exception as error:  # whatever it is, it is seen and can be read again
        log.error("letter can't be taken in", error=type(error).__name__)
        return _Fault("not_taken", type(error).__name__)
    return None


async def _shelved(shelf: Shelf, content: _Content, letter: Letter, fetched: Fetched | None) -> Understood:
    files_ = [await _brought(content.account, one, fetched) for one in letter.attachments]
    kept = [await _put(shelf, one) for one in files_]
    emptied = tuple(replace(one, content=None) for one in letter.attachments)
    return Understood(content.account, replace(letter, attachments=emptied), kept, content.received_at)


async def _brought(account: Account, file: channels.Attachment, fetched: Fetched | None) -> channels.Attachment:
    if file.content is not None or not file.provider_id or fetched is None:
        return file
    return replace(file, content=await fetched(account, file))


async def _put(shelf: Shelf, attachment: channels.Attachment) -> Kept | None:
    if attachment.content is None:
        return None
    try:
        return await files.put(shelf, attachment.content, said_type=attachment.type)
    except files.TooLarge:
        return None
