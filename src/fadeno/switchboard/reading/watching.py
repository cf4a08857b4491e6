"""Which mailboxes this worker reads: each account is read by one worker, whichever took the duty first.

The duty is a lock of one connection to the database: it ends with the process that holds it, however that ends.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import structlog

from fadeno.db import Tx
from fadeno.kit.errors import Invalid
from fadeno.switchboard import mailbox, store
from fadeno.switchboard.mailbox import Mailbox
from fadeno.switchboard.reading.reader import Tools, keep_reading

LOOK_S = 2.0  # how late an account that was made, changed or switched off is seen
RECONNECT_S = 1.0

log = structlog.get_logger(__name__)
Read = Callable[[Tools, UUID, Mailbox], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Reading:
    task: asyncio.Task[None]
    settings: tuple[Any, Any]


async def read_mailboxes(tools: Tools, stopping: asyncio.Event, read: Read = keep_reading) -> None:
    """Read every mailbox no other worker reads, until `stopping`; a lost database is waited for."""
    while not stopping.is_set():
        try:
            await _watch(tools, stopping, read)
        except psycopg.Error as error:
            log.warning("mailboxes wait for the database", error=type(error).__name__)
            await _rest(stopping, RECONNECT_S)


async def _watch(tools: Tools, stopping: asyncio.Event, read: Read) -> None:
    readings: dict[UUID, _Reading] = {}
    connection = await psycopg.AsyncConnection.connect(tools.db.url, autocommit=True)
    try:
        async with connection:
            while not stopping.is_set():
                await _look(tools, Tx(connection), readings, read)
                await _rest(stopping, LOOK_S)
            await _end(list(readings.values()))
    finally:  # without the connection the duty is another's
        await _end(list(readings.values()))


async def _look(tools: Tools, tx: Tx, readings: dict[UUID, _Reading], read: Read) -> None:
    wanted = {row.id: row for row in await store.mailboxes(tx)}
    ended = [id for id, one in readings.items() if id not in wanted or one.settings != _settings(wanted[id])]
    await _end([readings[id] for id in ended])
    for id in ended:
        del readings[id]
        await store.leave_reading(tx, id)
    for id, row in wanted.items():
        if id in readings or not (box := _asked(row)) or not await store.take_reading(tx, id):
            continue
        readings[id] = _Reading(asyncio.create_task(read(tools, id, box)), _settings(row))


def _settings(row: Any) -> tuple[Any, Any]:
    return row.options, bytes(row.secrets)


def _asked(row: Any) -> Mailbox | None:
    with contextlib.suppress(Invalid):  # it was looked at when it was set
        return mailbox.asked(row.options)
    return None


async def _end(readings: list[_Reading]) -> None:
    for one in readings:
        one.task.cancel()
    await asyncio.gather(*(one.task for one in readings), return_exceptions=True)


async def _rest(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
