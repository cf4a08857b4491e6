"""The worker as processes of their own, beside any number of doors on the same database."""

import asyncio
import os
import signal
import sys

from prometheus_client import start_http_server

from fadeno import app as house
from fadeno import customers, db
from fadeno.entry import log
from fadeno.entry.worker import keep_on
from fadeno.settings import Settings

SEEKING_NICE = 15  # nobody waits for it


async def work(settings: Settings, metrics_port: int | None = None) -> int:
    """Do timers and deliveries until a signal; the exit status.

    Args:
        metrics_port: answer Prometheus there, on the host of the settings; 0 takes a free port.
    """
    log.to_stderr(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    database = db.reached(
        settings.data_dir, settings.database_url, what="fadeno worker", backup_first=settings.backup_first
    )
    async with database as url:
        app = await house.start(settings, url)
        working = asyncio.create_task(keep_on(app))
        try:
            _say_ready(settings.host, metrics_port)
            await stop.wait()
        finally:
            app.stopping.set()
            await asyncio.wait({working}, timeout=2)
            working.cancel()
            await app.stop()
    return 0


async def seek(settings: Settings) -> int:
    """Compare customers with each other until all were, giving way to everybody else; the exit status."""
    os.nice(SEEKING_NICE)
    database = db.reached(
        settings.data_dir, settings.database_url, what="fadeno worker --likely", backup_first=settings.backup_first
    )
    async with database as url:
        opened = await house.open_database(settings, url, size=1, nice=SEEKING_NICE)
        try:
            while True:
                async with opened.transaction() as tx:
                    if not await customers.find_likely(tx):
                        return 0
        finally:
            await opened.close()


def _say_ready(host: str, metrics_port: int | None) -> None:
    figures = ""
    if metrics_port is not None:
        server, _ = start_http_server(metrics_port, host)
        figures = f", figures on http://{host}:{server.server_port}/metrics"
    sys.stdout.write(f"fadeno worker ready{figures}\n")
    sys.stdout.flush()
