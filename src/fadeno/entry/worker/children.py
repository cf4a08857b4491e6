"""Processes of their own for heavy work, so that the server only answers: imports, and who may be one person.

An import may not take more than so much memory; one that dies is replaced, up to three times without getting further.
"""

import asyncio
import contextlib
import signal
import sys
from uuid import UUID

import structlog

from fadeno import customers, imports, jobs
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
        self._seeking: asyncio.Task[None] | None = None

    async def seek(self, tx: Tx) -> None:
        """Look for who may be one person: at a few here, in a process of its own where there are more."""
        if self._seeking is None and await customers.find_likely(tx):
            tx.after_commit(self._start_seeking)

    def _start_seeking(self) -> None:
        self._seeking = asyncio.create_task(self._seek())

    async def _seek(self) -> None:
        try:
            status = await self._worked("worker", "--likely")
            if status:
                _log.warning("looking for who may be one person ended before it was done", status=status)
        finally:
            self._seeking = None

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
        try:
            status = await self._worked("import", "--run", str(id_))
        except asyncio.CancelledError:
            await self._leave(id_, is_orderly=True)
            raise
        if status:
            _log.warning("an import ended before it was done", id=str(id_), status=status)
        await self._leave(id_, is_orderly=not status, ran_out_of_memory=status == _OUT_OF_MEMORY)

    async def _worked(self, *words: str) -> int:
        """Do a command of ours to its end; its exit status. It is ended with whoever waits for it."""
        program = (sys.executable, "-m", "fadeno", *words, "--data-dir", str(self._app.settings.data_dir))
        process = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            return await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), END_S)
            raise

    async def _leave(self, id_: UUID, *, is_orderly: bool, ran_out_of_memory: bool = False) -> None:
        """Say that nobody works on an import any more, so that what is left of it is taken up without waiting."""
        with contextlib.suppress(Unreachable):  # then its last sign of life grows old by itself
            async with self._app.db.transaction() as tx:
                await imports.leave(tx, id_, is_orderly=is_orderly, ran_out_of_memory=ran_out_of_memory)

    async def end(self) -> None:
        """Stop all; each goes on at the next start."""
        tasks = [*self._running, *([self._seeking] if self._seeking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
