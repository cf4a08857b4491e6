"""One process: the database, the doors, the worker; started in this order, stopped in the opposite one."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

from fadeno import access, db
from fadeno import app as house
from fadeno.entry import links, log, smtp, worker
from fadeno.entry.http import make_http
from fadeno.kit import garbage
from fadeno.kit.errors import FadenoError
from fadeno.settings import Settings

OPEN_STREAMS = 4096  # granian counts an open stream as a request under way
DOORS_S = 1.0  # how long doors and worker may take to end by themselves when we stop
REQUESTS_S = 0.5

Before = Callable[[house.App], Coroutine[Any, Any, None]]
Beside = Callable[[house.App, str], Coroutine[Any, Any, None]]


class NotServing(FadenoError):
    """fadeno can't listen there."""

    code = "not_serving"
    status = 500


async def serve(
    settings: Settings, before: Before | None = None, beside: Beside | None = None, *, work: bool = True
) -> int:
    """Run until a signal or a failure; the exit status.

    Args:
        before: done when the rooms are joined and before the doors open; a signal breaks it off.
        beside: done while the doors are open, told their address.
        work: do timers and deliveries too; without it, `fadeno worker` must run somewhere.

    Raises:
        NotServing: the port is taken, or something under us ended.
        Held: another process serves this data directory.
    """
    log.to_stderr(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    port = _free_port(settings.host, settings.port)
    address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
    async with _database(settings) as (url, hold):
        if stop.is_set():
            return 0
        app = await house.start(settings, url)
        try:
            if before is None or await _done(before(app), stop):
                await _open(app, settings.host, port, address, hold, stop, beside, work=work)
        finally:
            app.stopping.set()
            await app.stop()
    return 0


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[tuple[str, db.Hold | None]]:
    """The migrated database; when it is ours, it runs as long as the block."""
    if settings.database_url:
        await db.migrated(settings.database_url, settings.data_dir, backup_first=settings.backup_first)
        yield settings.database_url, None
        return
    hold = await db.hold(settings.data_dir, "fadeno serve")
    try:
        url = hold.server.url()
        await db.migrated(url, settings.data_dir, backup_first=settings.backup_first)
        hold.note(url=url)
        yield url, hold
    finally:
        hold.release()


async def _done(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Do this unless a signal comes before it is done; whether it is."""
    doing, ending = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    if doing.done():
        doing.result()
        return not stop.is_set()
    doing.cancel()
    await asyncio.gather(doing, return_exceptions=True)
    return False


async def _open(
    app: house.App,
    host: str,
    port: int,
    address: str,
    hold: db.Hold | None,
    stop: asyncio.Event,
    beside: Beside | None,
    *,
    work: bool,
) -> None:
    """Open the doors and let the worker work until `stop`, or until one of them ends by itself."""
    rooms = asyncio.all_tasks()
    with garbage.loading():
        http = make_http(app)
    granian = Server(
        http,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        backlog=2048,
        backpressure=OPEN_STREAMS,
        log_enabled=False,
        websockets=False,
    )
    parts = {
        asyncio.create_task(granian.serve(), name="the door"),
        asyncio.create_task(worker.keep_on(app) if work else app.stopping.wait(), name="the worker"),
        asyncio.create_task(stop.wait(), name="a signal"),
    }
    if hold:
        parts.add(asyncio.create_task(_ended(hold), name="the database"))
    if app.settings.smtp_listen:
        parts.add(asyncio.create_task(smtp.listen(app), name="the mail door"))
    try:
        if await _listening(host, port, parts):
            garbage.spare()
            if hold:
                hold.note(address=address)
            sys.stdout.write(f"fadeno ready on {address}\n")
            sys.stdout.flush()
            await _lead_in(app, address)
            if beside:
                parts.add(asyncio.create_task(_lasting(beside(app, address)), name="what goes on beside"))
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.get_name() != "a signal":
                raise NotServing(f"{task.get_name()} ended: {task.exception() or 'without a word'}")
    finally:
        await _close(app, granian, parts, rooms)


async def _lead_in(app: house.App, address: str) -> None:
    """While nobody is a member, print the link that makes the first administrator."""
    try:
        async with app.db.transaction() as tx:
            if await access.has_members(tx):
                return
    except db.Unreachable:
        return  # who watches the database tells of it
    path = f"/welcome?token={access.set_up_token(app.settings.secret_key)}"
    link = links.link_from_outside(app.settings, path, address)
    sys.stdout.write(f"Nobody works here yet. Make yourself the administrator:\n  {link}\n")
    sys.stdout.flush()


async def _close(app: house.App, granian: Server, parts: set[asyncio.Task], rooms: set[asyncio.Task]) -> None:
    """Shut the doors: streams first (a door with an open stream does not close), then requests, then all else."""
    app.stopping.set()
    asyncio.get_running_loop().set_exception_handler(_complain)
    granian.interrupt_signal = True
    granian.main_loop_interrupt.set()
    await asyncio.wait([task for task in parts if task.get_name() in ("the door", "the worker")], timeout=DOORS_S)
    requests = asyncio.all_tasks() - rooms - parts
    if requests:
        await asyncio.wait(requests, timeout=REQUESTS_S)
    # What still runs now is cut before the database goes, so that it ends in order.
    rest = asyncio.all_tasks() - rooms
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=REQUESTS_S)


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what went wrong in a callback, but that granian tells a door of its end which we had to cut before."""
    told_twice = isinstance(context.get("exception"), asyncio.InvalidStateError)
    if not (told_twice and "shutdown_glue" in context.get("message", "")):
        loop.default_exception_handler(context)


async def _listening(host: str, port: int, parts: set[asyncio.Task]) -> bool:
    """True once a client gets through; False when a part has ended before (which the caller then tells of)."""
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where we look, not where we listen
    while not any(task.done() for task in parts):
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(reach, port)
            writer.close()
            return True
        await asyncio.sleep(0.01)
    return False


async def _lasting(work: Coroutine[Any, Any, None]) -> None:
    """Do this; that it is done is no reason to stop."""
    await work
    await asyncio.get_running_loop().create_future()


async def _ended(hold: db.Hold) -> None:
    """Returns when the database process is gone."""
    while hold.server.process.poll() is None:  # noqa: ASYNC110 - a process sets no event
        await asyncio.sleep(0.5)


def _free_port(host: str, port: int) -> int:
    """The port to listen on: the wanted one, seen to be free, or any for 0.

    Raises:
        NotServing: it is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            return probe.getsockname()[1]
        except OSError as error:
            raise NotServing(
                f"can't listen on {host}:{port}: {error.strerror}", hint="give another --port or --host"
            ) from error
