"""An account of each kind, its worker, and mail servers that behave as they are told."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from fadeno import files, jobs, switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.files import Shelf
from fadeno.intake import Journal
from fadeno.kit.seal import Seal

Drain = Callable[[Mapping[str, jobs.Delivery]], Awaitable[None]]


@dataclass
class MailServer:
    """A real SMTP server on this machine that answers to MAIL, RCPT and DATA as it is told; `taken` is what it took."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[Envelope] = field(default_factory=list)
    hangs_up_at: str = ""

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, sender: str, options: Any) -> str:
        envelope.mail_from = sender
        return self._said("MAIL", server)

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        if (said := self.answers.get(to) or self._said("RCPT", server)).startswith("250"):
            envelope.rcpt_tos.append(to)
        return said

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return self._said("DATA", server)

    def _said(self, at: str, server: Any) -> str:
        if self.hangs_up_at == at:
            server.transport.abort()
        return self.answers.get(at, "250 taken")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def vault() -> Seal:
    return Seal(b"k" * 32)


@pytest.fixture
def journal(vault: Seal) -> Journal:
    return Journal(vault)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return files.shelf_at(None, tmp_path)


@pytest.fixture
async def mailbox(db: Database, vault: Seal, mail_server: MailServer) -> AsyncIterator[switchboard.Account]:
    async with db.transaction() as tx:
        made = await switchboard.add(
            tx, SYSTEM, vault, channel="email", name="Service",
            credentials={
                "address": "service@shop.example", "smtp_host": f"127.0.0.1:{mail_server.port}", "password": "s3cret"
            },
        )  # fmt: skip
    return made


@pytest.fixture
def drain(db: Database) -> Drain:
    """Do what is due as a worker does, one job after the other, until nothing is."""

    async def work(kinds: Mapping[str, jobs.Delivery]) -> None:
        while True:
            async with db.transaction() as tx:
                claimed = await jobs.claim(tx, 1)
            if not claimed:
                return
            await _do(claimed[0], kinds[claimed[0].kind])

    async def _do(job: jobs.Job, how: jobs.Delivery) -> None:
        async with db.transaction() as tx:
            prepared = await how.prepare(tx, job)
        outcome = await how.send(prepared) if prepared is not None else None
        async with db.transaction() as tx:
            verdict = await how.note(tx, job, prepared, outcome) if prepared is not None else jobs.Done()
            match verdict:
                case jobs.Retry():
                    await jobs.retry(tx, job, verdict.reason, whole_lane=verdict.whole_lane)
                case jobs.Failed():
                    await jobs.fail(tx, job, verdict.reason)
                case jobs.Done():
                    await jobs.done(tx, job)

    return work


@dataclass
class Outbox:
    """Messages another room wants to leave, and what it heard became of them."""

    fared: list[tuple[UUID, switchboard.Went]] = field(default_factory=list)
    leaving: dict[UUID, switchboard.Carried] = field(default_factory=dict)

    async def compose(self, tx: Any, account: switchboard.Account, message_id: UUID) -> switchboard.Carried | None:
        return self.leaving.get(message_id)

    async def hears(self, tx: Any, message_id: UUID, went: switchboard.Went) -> None:
        self.fared.append((message_id, went))


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()
