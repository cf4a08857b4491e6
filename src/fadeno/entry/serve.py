"""One process: the database, the doors, the worker; started in this order, stopped in the opposite one."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from granian.constants import Interfaces
from granian.server.embed import Server

from fadeno import app as house
from fadeno import db
from fadeno.entry import worker
from fadeno.entry.http import make_http
from fadeno.kit.errors import FadenoError
from fadeno.settings import Settings

OPEN_STREAMS = 4096  # granian counts an open stream as a request under way
DOORS_S = 1.2  # how long requests under way may take when we stop
WORKER_REST_S = 5
_log = logging.getLogger("fadeno")


class NotServing(FadenoError):
    """fadeno can't listen there."""

    code = "not_serving"
    status = 500


async def serve(settings: Settings) -> int:
    """Run until a signal or a failure; the exit status.

    Raises:
        NotServing: the port is taken, or something under us ended.
        Held: another process serves this data directory.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    port = _free_port(settings.host, settings.port)
    address = f"http://{f'[{settings.host}]' if ':' in settings.host else settings.host}:{port}"
    async with _database(settings) as (url, hold):
        if stop.is_set():
            return 0
        app = await house.start(settings, url)
        try:
            await _open(app, settings.host, port, address, hold, stop)
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


async def _open(app: house.App, host: str, port: int, address: str, hold: db.Hold | None, stop: asyncio.Event) -> None:
    """Open the doors and let the worker work until `stop`, or until one of them ends by itself."""
    granian = Server(
        make_http(app),
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
        asyncio.create_task(_work(app), name="the worker"),
        asyncio.create_task(stop.wait(), name="a signal"),
    }
    if hold:
        parts.add(asyncio.create_task(_ended(hold), name="the database"))
        hold.note(address=address)
    sys.stdout.write(f"fadeno ready on {address}\n")
    sys.stdout.flush()
    try:
        done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task.get_name() != "a signal":
                raise NotServing(f"{task.get_name()} ended: {task.exception() or 'without a word'}")
    finally:
        app.stopping.set()  # streams end first: a door with an open stream does not close
        granian.interrupt_signal = True
        granian.main_loop_interrupt.set()
        await asyncio.wait([task for task in parts if task.get_name() == "the door"], timeout=DOORS_S)
        for task in parts:
            task.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DOORS_S):
                await asyncio.gather(*parts, return_exceptions=True)


async def _work(app: house.App) -> None:
    """Keep the worker going: what makes it fall (the database away for a moment) must not close the doors."""
    while not app.stopping.is_set():
        try:
            await worker.run(app)
        except Exception:
            _log.exception("the worker fell, and begins again in %s s", WORKER_REST_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(app.stopping.wait(), WORKER_REST_S)


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
