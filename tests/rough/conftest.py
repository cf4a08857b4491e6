"""A fadeno process with its own database, to be treated badly."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest


class Process:
    """`fadeno serve` on one data directory, started and killed at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")}
        self.address = ""
        self.refusals = 0
        self._running: subprocess.Popen[str] | None = None

    def command(self, *args: str) -> str:
        """One fadeno command on the same data; its stdout."""
        line = [sys.executable, "-m", "fadeno", *args, "--data-dir", str(self.folder)]
        done = subprocess.run(line, env=self.environ, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self) -> None:
        """Serve; returns when it is ready."""
        line = [sys.executable, "-m", "fadeno", "serve", "--port", "0", "--data-dir", str(self.folder)]
        self._running = subprocess.Popen(line, env=self.environ, stdout=subprocess.PIPE, text=True)
        for said in self._running.stdout:
            if ready := re.search(r"fadeno ready on (\S+)", said):
                self.address = ready[1]
                return
        raise AssertionError("fadeno did not get ready")

    def kill(self) -> None:
        """As a power cut would: no word of warning."""
        self._running.send_signal(signal.SIGKILL)
        self._running.wait()

    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def stop(self) -> None:
        """As Ctrl-C would."""
        if self.is_running():
            self._running.terminate()
            self._running.wait(15)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Not started yet."""
    made = Process(tmp_path / "data")
    yield made
    made.stop()


async def send(process: Process, key: str, name: str, answered: list[str], stop: asyncio.Event) -> None:
    """Send batches until stopped or cut off, noting every event whose batch was answered with 200."""
    number = 0
    async with httpx.AsyncClient(timeout=5) as client:
        while not stop.is_set():
            ids = [f"{name}-{number}-{n}" for n in range(20)]
            batch = [
                {
                    "type": "track",
                    "event": "E",
                    "userId": f"u{number % 50}",
                    "anonymousId": f"a{number}",
                    "messageId": i,
                }
                for i in ids
            ]
            try:
                answer = await client.post(
                    f"{process.address}/v1/batch", json={"batch": batch}, headers={"Authorization": f"Bearer {key}"}
                )
            except httpx.HTTPError:
                return
            if answer.status_code == 200:
                answered.extend(ids)
            elif answer.status_code not in (429, 500, 503):  # 500: the door was shut on it while stopping
                raise AssertionError(answer.text)
            else:
                process.refusals += 1
                await asyncio.sleep(0.1)
            number += 1
