"""A real HTTP server that receives, and a stream with events on it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from uuid import UUID

from fadeno import access, events, jobs, webhooks
from fadeno.db import Database
from fadeno.events import store as log
from fadeno.kit import clock, ids, outward
from fadeno.kit.seal import Seal

VAULT = Seal(b"k" * 32)
ADMIN = access.SYSTEM


@dataclass
class Receiver:
    """Remembers what it was sent and answers as told."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[dict[str, str], bytes], tuple[int, dict[str, str]]] = lambda headers, body: (204, {})
    delay_s: float = 0

    @property
    def names(self) -> list[str]:
        return [json.loads(body)["data"].get("name") for _, body in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.split("\r\n")[1:]
                headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in lines if x)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.got.append((headers, body))
                await asyncio.sleep(self.delay_s)
                status, more = self.answer(headers, body)
                extra = "".join(f"{k}: {v}\r\n" for k, v in more.items())
                writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{extra}\r\n".encode())
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """One more endpoint."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()


async def happen(db: Database, *names: str, customer: UUID | None = None, kind: str = "track") -> int:
    """Put events of these names on the stream; its end."""
    customer = customer or ids.new_id()
    async with db.transaction() as tx:
        now = clock.now()
        made = [
            events.NewEvent(
                ids.new_id(), 1, "web", kind, name, customer, (), customer, now, now, None, None, None,
                json.dumps({"n": n}).encode(),
            )
            for n, name in enumerate(names)
        ]  # fmt: skip
        await events.append(tx, made)
        await log.sequence(tx, 500)
        return await events.last_position(tx)


async def subscribe(db: Database, url: str, **how) -> tuple[webhooks.Subscription, str]:
    async with db.transaction() as tx:
        return await webhooks.create(tx, ADMIN, VAULT, url, allow_private=True, **how)


@contextlib.asynccontextmanager
async def working(
    db: Database, *, steps_s: tuple[float, ...] = (0.05,), allow_private: bool = True, **how
) -> AsyncIterator[None]:
    """A worker that fills the outbox and delivers."""
    stopping = asyncio.Event()
    async with outward.client(allow_private=allow_private) as http:
        kinds = {webhooks.KIND: webhooks.delivery(VAULT, http, steps_s)}
        timers = [jobs.Timer("tell webhooks", 0.1, webhooks.fan_out, woken=True)]
        tasks = [
            asyncio.create_task(jobs.deliver(db, kinds, stopping, **how)),
            asyncio.create_task(jobs.run_timers(db, timers, stopping)),
        ]
        try:
            yield
        finally:
            stopping.set()
            await asyncio.wait_for(asyncio.gather(*tasks), 20)


async def until(fact: Callable[[], bool], within_s: float = 40) -> None:
    async with asyncio.timeout(within_s):
        while not fact():  # noqa: ASYNC110 - facts of the other side
            await asyncio.sleep(0.01)


async def subscription(db: Database, id: UUID) -> webhooks.Subscription:
    async with db.transaction() as tx:
        return await webhooks.get(tx, id)
