"""Doors and workers as processes of their own on one database: every timer and every delivery once."""

import asyncio
import base64
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg.conninfo import conninfo_to_dict

from fadeno.db import Database
from tests.house.rules import ROOT
from tests.webhooks.endpoint import receiving, until

EVENTS = 30
SLOW_TIMERS = {"fold accounts", "forget message keys", "make log partitions", "trim webhook attempts"}


@pytest.fixture
def environ(url: str, tmp_path: Path) -> dict[str, str]:
    """One database and one secret key for all; each process may have a data directory of its own."""
    parts = conninfo_to_dict(url)
    return {k: v for k, v in os.environ.items() if not k.startswith("FADENO_")} | {
        "PYTHONPATH": str(ROOT / "src"),
        "FADENO_DATABASE_URL": f"postgresql:///{parts.pop('dbname')}?{urlencode(parts)}",
        "FADENO_SECRET_KEY": base64.b64encode(b"k" * 32).decode(),
        "FADENO_ALLOW_PRIVATE": "yes",
        "FADENO_DATA_DIR": str(tmp_path / "data"),
    }


class Process:
    """A fadeno of this test, until the block ends."""

    def __init__(self, environ: dict[str, str], *args: str) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-m", "fadeno", *args], env=environ, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "Process":
        self.said = self.running.stdout.readline()
        self.address = re.search(r"http://\S+", self.said)[0] if "http" in self.said else ""
        return self

    def __exit__(self, *_: object) -> None:
        self.running.terminate()
        try:
            assert self.running.wait(5) == 0
        finally:
            self.running.kill()
            self.running.wait()
            self.running.stdout.close()

    async def figures(self, name: str) -> dict[tuple[str, ...], float]:
        """The samples of one metric, by the values of their labels, in the order of the labels' names."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(self.address if "/metrics" in self.address else f"{self.address}/metrics")).text
        samples = [s for family in text_string_to_metric_families(text) for s in family.samples if s.name == name]
        return {tuple(value for _, value in sorted(s.labels.items())): s.value for s in samples}


def fadeno(environ: dict[str, str], *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fadeno", *args], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
async def test_two_workers_beside_a_door_do_everything_once(environ: dict[str, str], db: Database) -> None:
    fadeno(environ, "sources", "create", "shop")
    key = fadeno(environ, "keys", "create", "shop", "--scope", "collect", "--source", "shop")
    async with receiving() as endpoint:
        fadeno(environ, "webhooks", "create", endpoint.url, "--kind", "track")
        with Process(environ, "serve", "--no-worker", "--port", "0") as door:
            batch = [{"type": "track", "event": f"E{n}", "userId": f"u{n}"} for n in range(EVENTS)]
            async with httpx.AsyncClient() as client:
                await client.post(f"{door.address}/v1/batch", json={"batch": batch}, headers={"X-Write-Key": key})
            await asyncio.sleep(1.5)
            assert endpoint.got == []  # a door alone tells nobody
            assert await timers_known(db) == 0
            worker = ("worker", "--metrics-port", "0")
            with Process(environ, *worker) as one, Process(environ, *worker) as other:
                await until(lambda: len(endpoint.got) >= EVENTS)
                ran: dict[str, float] = {}
                for _ in range(40):
                    both = [await process.figures("fadeno_timer_runs_total") for process in (one, other)]
                    ran = {name: sum(runs.get(("done", name), 0) for runs in both) for name in SLOW_TIMERS}
                    if all(ran.values()):
                        break
                    await asyncio.sleep(0.25)
                await asyncio.sleep(1)  # what would run twice would have by now
                both = [await process.figures("fadeno_timer_runs_total") for process in (one, other)]
                assert {
                    name: sum(runs.get(("done", name), 0) for runs in both) for name in SLOW_TIMERS
                } == dict.fromkeys(SLOW_TIMERS, 1)
                tries = [await process.figures("fadeno_job_tries_total") for process in (one, other)]
                assert sum(t.get(("done", "webhooks.deliver"), 0) for t in tries) == EVENTS
                assert sorted(endpoint.names) == sorted(f"E{n}" for n in range(EVENTS))


async def timers_known(db: Database) -> int:
    async with db.transaction() as tx:
        cursor = await tx.connection.execute("SELECT count(*) FROM jobs.timer")
        return (await cursor.fetchone())[0]


def test_a_worker_without_the_doors_key_says_so(environ: dict[str, str], tmp_path: Path) -> None:
    environ = environ | {"FADENO_DATA_DIR": str(tmp_path / "other")}
    del environ["FADENO_SECRET_KEY"]
    done = subprocess.run(
        [sys.executable, "-m", "fadeno", "worker"], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "secret key of the doors" in done.stderr
    assert not (tmp_path / "other").exists()


async def test_metrics_tell_of_jobs_due_open_and_dead(http: httpx.AsyncClient, app) -> None:
    async with app.db.transaction() as tx:
        await tx.connection.execute(
            "INSERT INTO jobs.outbox (lane, order_key, kind, state, due_at, put_at, body)"
            " VALUES ('l', 'o', 'k', 'failed', now(), now(), '{}')"
        )
    text = (await http.get("/metrics")).text
    assert 'fadeno_jobs{kind="k",state="dead"} 1.0' in text
    assert 'fadeno_jobs{kind="k",state="due"} 0.0' in text
