"""Many requests, one transaction: the gate gathers parcels that wait, commits them together, then answers each.

There are two lanes, so that what a person does now does not wait behind batches: one for parcels of a few events, one
for the others. A group that fails is committed again with care: halved until only the bad event is refused, and that
one goes to quarantine. Nobody is answered before the commit.
"""

import asyncio
from collections import Counter as Tally
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import psycopg
import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from prometheus_client import Counter, Histogram

from fadeno.db import Database, Tx
from fadeno.events import Live
from fadeno.intake import journal, keeping, reads, store
from fadeno.intake.journal import Journal
from fadeno.intake.model import Bad, Letter, Parcel
from fadeno.kit import clock, ids
from fadeno.kit.errors import FadenoError
from fadeno.kit.seal import Seal

GROUP_EVENTS = 2000
QUICK_EVENTS = 10  # parcels of no more go through the quick lane
QUEUE_EVENTS = 20_000
QUEUE_BYTES = 64 * 1024 * 1024
SEALED_AT_ONCE_BYTES = 64 * 1024  # a thread costs more than a few bodies do

EVENTS = Counter("fadeno_events_received", "Events committed: accepted, duplicate or quarantined")
COMMITS = Histogram("fadeno_commit_group_seconds", "How long a commit group takes, waiting for the database included")

log = structlog.get_logger(__name__)


class Busy(FadenoError):
    """More arrives than can be kept right now."""

    code = "busy"
    status = 429
    hint = "Send it again after the seconds in Retry-After."


class Unavailable(FadenoError):
    """The database can't take anything right now; nothing was kept."""

    code = "unavailable"
    status = 503
    hint = "Send it again after the seconds in Retry-After."


@dataclass(slots=True)
class _Waiting:
    parcel: Parcel
    answered: asyncio.Future[None]

    @property
    def weight(self) -> int:
        return len(self.parcel.letters) + len(self.parcel.bad)


class _Lane:
    """Parcels that wait to be committed together, one group after another."""

    __slots__ = ("arrived", "queue")

    def __init__(self) -> None:
        self.queue: list[_Waiting] = []
        self.arrived = asyncio.Event()

    def take(self) -> list[_Waiting]:
        """The next group, in order of arrival; at least one parcel."""
        group, events = [], 0
        for waiting in self.queue:
            if group and events + waiting.weight > GROUP_EVENTS:
                break
            group.append(waiting)
            events += waiting.weight
        del self.queue[: len(group)]
        return group


class Gate:
    """The one way into the log for live events."""

    def __init__(self, db: Database, vault: Seal, live: Live) -> None:
        self._db = db
        self._vault = vault
        self._live = live
        self._journal = Journal(vault)
        self._quick, self._bulk = _Lane(), _Lane()
        self._queued_events = 0
        self._queued_bytes = 0
        self._closed = False

    async def submit(self, parcel: Parcel) -> None:
        """Keep a parcel; returns once it is committed.

        Raises:
            Busy: too much waits already; nothing of it was kept.
            Unavailable: the database is gone or full; nothing of it was kept.
        """
        if self._closed:
            raise Unavailable("fadeno is stopping; nothing was kept.")
        waiting = _Waiting(parcel, asyncio.get_running_loop().create_future())
        if self._queued_events + waiting.weight > QUEUE_EVENTS or self._queued_bytes > QUEUE_BYTES:
            raise Busy
        lane = self._quick if waiting.weight <= QUICK_EVENTS else self._bulk
        lane.queue.append(waiting)
        self._queued_events += waiting.weight
        self._queued_bytes += len(parcel.raw)
        lane.arrived.set()
        await waiting.answered

    async def run(self, stopping: asyncio.Event) -> None:
        """Commit groups until `stopping`, and then what still waits.

        One group of a lane at a time: two at once were slower, as each is smaller and costs the same number of
        statements.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in (self._quick, self._bulk):
                    tasks.create_task(self._serve(lane))
                await stopping.wait()
                self._close()
        finally:
            self._close()

    def _close(self) -> None:
        """Take no more; the lanes end when nothing waits in them."""
        self._closed = True
        for lane in (self._quick, self._bulk):
            lane.arrived.set()

    async def _serve(self, lane: _Lane) -> None:
        while lane.queue or not self._closed:
            if lane.queue:
                group = lane.take()
                self._queued_events -= sum(w.weight for w in group)
                self._queued_bytes -= sum(len(w.parcel.raw) for w in group)
                with COMMITS.time():
                    await self._commit(group)
            else:
                lane.arrived.clear()
                await lane.arrived.wait()

    async def _commit(self, group: list[_Waiting]) -> None:
        parcels = [w.parcel for w in group]
        try:
            try:
                await self.write(parcels)
            except psycopg.OperationalError:
                raise
            except (psycopg.Error, FadenoError, ValueError, UnicodeError) as error:
                log.warning("commit group is bisected", error=type(error).__name__, parcels=len(parcels))
                await self.write(parcels, careful=True)
        except Exception as error:  # every waiting request must be answered, whatever went wrong
            log.error("commit group failed", error=type(error).__name__, detail=_said(error))
            answer = Unavailable(_sentence(error))
            for waiting in group:
                if not waiting.answered.done():
                    waiting.answered.set_exception(answer)
            return
        self._live.poke()
        EVENTS.inc(sum(w.weight for w in group))
        for waiting in group:
            if not waiting.answered.done():
                waiting.answered.set_result(None)

    async def write(self, parcels: list[Parcel], *, careful: bool = False) -> None:
        """Commit these parcels as one group."""
        day = clock.now().date()
        box = await self._journal.box(self._db, day)
        sealing = asyncio.create_task(_sealed(parcels, box))  # done while the database is at work
        await self._db.retrying(lambda tx: self._write(tx, parcels, day, sealing, careful=careful))

    async def _write(
        self, tx: Tx, parcels: list[Parcel], day: date, sealing: asyncio.Task[list[bytes]], *, careful: bool
    ) -> None:
        keys = {x.key for p in parcels for x in (*p.letters, *p.bad)}
        new = keys - await store.add_keys(tx, sorted(keys), day)
        letters, bad, books = _sorted_out(parcels, set(new))
        if letters and careful:
            _, faults = await keeping.keep_what_can_be_kept(tx, letters)
            bad += _refused_by_database(faults)
            for letter, _ in faults:
                books[letter.evidence.source_id].update(accepted=-1, quarantined=1)
        elif letters:
            await keeping.keep(tx, letters)
        bodies = await sealing
        fresh = [n for n, p in enumerate(parcels) if any(x.key in new for x in (*p.letters, *p.bad))]
        async with tx.unanswered():
            for one in bad:
                id_ = ids.new_id()
                await store.add_quarantined(tx, id_, one, self._vault.seal(one.raw, reads.about(id_)))
            if fresh:
                await store.add_parcels(tx, [parcels[n] for n in fresh], [bodies[n] for n in fresh], day)
            for source_id, book in sorted(books.items()):
                await store.add_account(tx, source_id, day, **book)


async def _sealed(parcels: list[Parcel], box: AESGCM) -> list[bytes]:
    """Raw bodies as the journal keeps them. Big ones in a thread: zlib and AES let others run meanwhile."""
    if sum(len(p.raw) for p in parcels) <= SEALED_AT_ONCE_BYTES:
        return [journal.seal_parcel(box, p.id, p.raw) for p in parcels]
    return await asyncio.to_thread(lambda: [journal.seal_parcel(box, p.id, p.raw) for p in parcels])


def _sorted_out(parcels: list[Parcel], new: set[str]) -> tuple[list[Letter], list[Bad], defaultdict[int, Tally[str]]]:
    """The letters and bad events to keep, each key once, and the accounts."""
    letters: list[Letter] = []
    bad: list[Bad] = []
    books: defaultdict[int, Tally[str]] = defaultdict(Tally)
    for parcel in parcels:
        book = books[parcel.source_id]
        book["parcels"] += 1
        book["received"] += len(parcel.letters) + len(parcel.bad)
        for letter in parcel.letters:
            if letter.key not in new:
                book["duplicate"] += 1
                continue
            new.discard(letter.key)
            letters.append(letter)
            book["accepted"] += 1
            book["late"] += letter.is_late
            book["skewed"] += letter.is_skewed
        for one in parcel.bad:
            if one.key not in new:
                book["duplicate"] += 1
                continue
            new.discard(one.key)
            bad.append(one)
            book["quarantined"] += 1
    return letters, bad, books


def _refused_by_database(faults: list[keeping.Fault]) -> list[Bad]:
    return [
        Bad(
            letter.key,
            letter.evidence.source_id,
            letter.received_at,
            "not_storable",
            f"the database refused it ({error})",
            letter.raw,
            letter.envelope,
        )
        for letter, error in faults
    ]


def _said(error: Exception) -> str | None:
    """The database's own words where they hold no data: only the SQLSTATE."""
    return getattr(error, "sqlstate", None)


def _sentence(error: Exception) -> str:
    if isinstance(error, psycopg.errors.DiskFull):
        return "The disk of the database is full; nothing was kept."
    return "The database can't take anything right now; nothing was kept."
