"""Processes of their own for heavy work, so that the server only answers: now the imports.

A child may not take more than so much memory; one that dies is replaced, up to three times without getting further.
"""

import asyncio
import contextlib
import signal
import sys
from uuid import UUID

import structlog

from fadeno import imports, jobs
from fadeno.app import App
from fadeno.db import Tx, Unreachable

MOST = 1  # at once: the database and the server need the rest of the machine
END_S = 2
_OUT_OF_MEMORY = -signal.SIGABRT  # how libraries that are not Python end when they get no more
_log = structlog.get_logger(__name__)


class Children:
    """The processes this worker started; they end with it, and what they were at is taken up again."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._running: set[asyncio.Task[None]] = set()

    async def take_up(self, tx: Tx) -> None:
        """Start a process for each import that waits for one, or was left by a process that died."""
        room = MOST - len(self._running)
        for id_ in await imports.wanted(tx, room) if room > 0 else ():
            tx.after_commit(lambda id_=id_: self._start(id_))

    def _start(self, id_: UUID) -> None:
        task = asyncio.create_task(self._run(id_))
        self._running.add(task)
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        jobs.bell.ring()  # the next one waits

    async def _run(self, id_: UUID) -> None:
        where = ("--data-dir", str(self._app.settings.data_dir))
        program = (sys.executable, "-m", "fadeno", "import", "--run", str(id_), *where)
        process = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_S)
            await self._leave(id_, is_orderly=True)
            raise
        if status:
            _log.warning("an import ended before it was done", id=str(id_), status=status)
        await self._leave(id_, is_orderly=not status, ran_out_of_memory=status == _OUT_OF_MEMORY)

    async def _leave(self, id_: UUID, *, is_orderly: bool, ran_out_of_memory: bool = False) -> None:
        """Say that nobody works on an import any more, so that what is left of it is taken up without waiting."""
        with contextlib.suppress(Unreachable):  # then its last sign of life grows old by itself
            async with self._app.db.transaction() as tx:
                await imports.leave(tx, id_, is_orderly=is_orderly, ran_out_of_memory=ran_out_of_memory)

    async def end(self) -> None:
        """Stop all; each import goes on at the next start."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
