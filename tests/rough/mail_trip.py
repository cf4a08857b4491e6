"""A mail comes in, is understood and answered, the answer leaves; the process dies at the step it is told to.

Run as `python -m tests.rough.mail_trip URL FOLDER DIES_AT`. A trip begun before is gone on with, as senders, members
and workers do: the same mail is handed in again, the same answer given again by its key, what is due is done.
"""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from fadeno import app as house
from fadeno import conversations, customers, jobs, settings, switchboard
from fadeno.access import Actor
from fadeno.app import App
from fadeno.conversations import Answer
from fadeno.kit import outward

MAIL = (
    b"From: Anna <anna@home.example>\r\nTo: service@shop.example\r\nSubject: My lamp\r\n"
    b"Message-ID: <first@home.example>\r\n\r\nIt does not light up.\r\n"
)
ADA = Actor("member", UUID(int=0xADA), "Ada", role="agent")


class Steps:
    """Counts steps; at the one it was told everything ends without a word."""

    def __init__(self, dies_at: int) -> None:
        self.dies_at, self.count = dies_at, 0

    def step(self) -> None:
        self.count += 1
        if self.count == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


async def trip(app: App, steps: Steps) -> None:
    async with app.db.transaction() as tx:
        (mailbox,) = await switchboard.accounts(tx)
    packed = await switchboard.pack(app.db, app.journal, MAIL)
    steps.step()
    async with app.db.transaction() as tx:
        await switchboard.put_parcel(tx, mailbox, packed)
        steps.step()
    steps.step()
    await work(app, steps)
    async with app.db.transaction() as tx:
        address = await customers.find_address(tx, "email", "anna@home.example")
        ((case,), _) = await conversations.cases_of(tx, address)
        said = Answer("We send another one.", case.last_said, undo_s=0, key="once")
        await conversations.answer(tx, ADA, case.id, said)
        steps.step()
    steps.step()
    await work(app, steps)


async def work(app: App, steps: Steps) -> None:
    kinds = {
        switchboard.UNDERSTAND: house.understanding(app),
        switchboard.CARRY: house.carrying(app, outward.client(allow_private=True)),
    }
    while True:
        async with app.db.transaction() as tx:
            claimed = await jobs.claim(tx, 1)
        if not claimed:
            return
        (job,) = claimed
        steps.step()
        how = kinds[job.kind]
        async with app.db.transaction() as tx:
            prepared = await how.prepare(tx, job)
            steps.step()
        steps.step()
        outcome = await how.send(prepared) if prepared is not None else None
        steps.step()
        async with app.db.transaction() as tx:
            if prepared is not None:
                assert await how.note(tx, job, prepared, outcome) == jobs.Done()
            await jobs.done(tx, job)
            steps.step()
        steps.step()


async def main(url: str, folder: str, dies_at: int) -> None:
    loaded = replace(settings.load({}, data_dir=Path(folder)), allow_private=True)
    app = await house.start(loaded, url)
    try:
        async with app.db.transaction() as tx:  # a minute later: what a dead worker held is free again
            await tx.connection.execute("UPDATE jobs.strand SET next_at = now() WHERE token IS NOT NULL")
        steps = Steps(dies_at)
        await trip(app, steps)
        print(steps.count)
    finally:
        await app.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
