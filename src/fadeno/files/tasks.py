"""What the worker does for attachments: small pictures, letting go of bytes, sweeping up what was never named."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fadeno import jobs
from fadeno.db import Tx
from fadeno.files import actions, store, thumbnails
from fadeno.files.model import NoAttachment
from fadeno.files.shelf import Shelf, ShelfDown, new_key
from fadeno.kit import clock

FORGET, THUMBNAIL, SWEEP = "files.forget", "files.thumbnail", "files.sweep"
WAITING = "waiting"
_WAITING_KEPT = timedelta(days=2)
_SWEPT_DAYS = range(2, 9)  # the youngest may still be named; older ones were looked at on earlier days
_AT_ONCE = 500


def deliveries(shelf: Shelf) -> Mapping[str, jobs.Delivery]:
    """How each kind of job about files is done."""
    drawing_now = asyncio.Semaphore(1)  # a picture takes a core and much memory
    return {FORGET: _forgetting(shelf), THUMBNAIL: _thumbnails(shelf, drawing_now), SWEEP: _sweeping(shelf)}


async def forget_waiting(tx: Tx) -> bool:
    """Take away what somebody brought and never sent; True if there is more."""
    hashes = await store.drop_old_uses(tx, WAITING, tx.now - _WAITING_KEPT, _AT_ONCE)
    await actions.let_go_unused(tx, set(hashes))
    return len(hashes) == _AT_ONCE


async def plan_sweep(tx: Tx) -> None:
    """Have the shelf looked through, day by day, for what was put there and never named."""
    for days in _SWEPT_DAYS:
        day = f"{tx.now - timedelta(days=days):%Y/%m/%d}"
        await jobs.put(tx, actions.LANE, SWEEP, SWEEP, {"day": day})


def _forgetting(shelf: Shelf) -> jobs.Delivery:
    async def prepare(tx: Tx, job: jobs.Job) -> str:
        return job.body["key"]

    async def send(key: str) -> ShelfDown | None:
        try:
            return await shelf.forget(key)
        except ShelfDown as down:
            return down

    async def note(tx: Tx, job: jobs.Job, key: str, down: ShelfDown | None) -> jobs.Verdict:
        return jobs.Retry(down.message, whole_lane=True) if down else jobs.Done()

    return jobs.Delivery(prepare, send, note)


def _thumbnails(shelf: Shelf, drawing_now: asyncio.Semaphore) -> jobs.Delivery:
    async def prepare(tx: Tx, job: jobs.Job) -> str | None:
        return await store.file_key(tx, bytes.fromhex(job.body["hash"]))

    async def send(key: str) -> Any:
        try:
            content = await shelf.read(key)
            async with drawing_now:
                drawn = await thumbnails.draw(content)
            if drawn is None:
                return None
            small = new_key(f"{clock.now():%Y/%m/%d}")
            await shelf.put(small, drawn.picture)
            return small, drawn
        except (ShelfDown, NoAttachment) as fault:
            return fault

    async def note(tx: Tx, job: jobs.Job, key: str, outcome: Any) -> jobs.Verdict:
        hash = bytes.fromhex(job.body["hash"])
        match outcome:
            case ShelfDown():
                return jobs.Retry(outcome.message, whole_lane=True)
            case (small, drawn):
                await store.note_thumbnail(tx, hash, "made", small, drawn.width, drawn.height)
            case _:
                await store.note_thumbnail(tx, hash, "impossible")
        return jobs.Done()

    return jobs.Delivery(prepare, send, note)


def _sweeping(shelf: Shelf) -> jobs.Delivery:
    async def prepare(tx: Tx, job: jobs.Job) -> str:
        return job.body["day"]

    async def send(day: str) -> list[str] | ShelfDown:
        try:
            return await shelf.keys(day)
        except ShelfDown as down:
            return down

    async def note(tx: Tx, job: jobs.Job, day: str, found: list[str] | ShelfDown) -> jobs.Verdict:
        if isinstance(found, ShelfDown):
            return jobs.Retry(found.message, whole_lane=True)
        known = await store.known_keys(tx, found)
        lost = [key for key in found if key not in known]
        await jobs.put_many(tx, [jobs.NewJob(actions.LANE, key, FORGET, {"key": key}) for key in lost])
        return jobs.Done()

    return jobs.Delivery(prepare, send, note)
