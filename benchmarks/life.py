"""Starting on an existing database, stopping with open screens, and what an idle company costs in memory."""

import asyncio
import os
import re
import statistics
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks import intake
from benchmarks.figure import Figure
from benchmarks.listen import listen
from benchmarks.served import command, serving
from fadeno.db import server

STARTS = 5
SCREENS = 50
IDLE_S = 20
EVENTS = 5_000
GOAL_S = 3
GOAL_MB = 350
# What a start is made of, each measured in a process of its own.
_IMPORTS = "import fadeno.entry.cli.serve"
_ROUTES = f"""{_IMPORTS}
import time
from fadeno.entry.http import make_http
began = time.perf_counter()
make_http(None)
print(time.perf_counter() - began)
"""


@dataclass
class Running:
    """A fadeno process as a user starts it."""

    process: asyncio.subprocess.Process
    port: int
    ready_s: float


async def start(folder: Path) -> Running:
    """Start it, and wait for the line that says so."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "fadeno",
        "serve",
        "--data-dir",
        str(folder),
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    async for line in process.stdout:
        if found := re.search(rb"ready on http://\S+:(\d+)", line):
            return Running(process, int(found[1]), time.monotonic() - began)
    raise RuntimeError("fadeno did not get ready")


async def stop(running: Running, folder: Path) -> float:
    """Seconds from SIGTERM until the process and its database are gone."""
    (postmaster,) = _database_of(folder)
    began = time.monotonic()
    running.process.terminate()
    while running.process.returncode is None or _is_there(postmaster):  # noqa: ASYNC110 - what ends sets no event
        await asyncio.sleep(0.005)
    return time.monotonic() - began


def _database_of(folder: Path) -> list[int]:
    return [int((folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])]


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def family(pid: int) -> list[int]:
    """A process and all that came of it (Linux)."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def memory_mb(pid: int) -> float:
    """The memory a process takes, its share of what it shares with others (Linux)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _python(code: str) -> tuple[float, str]:
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return time.monotonic() - began, out.decode()


async def parts(folder: Path) -> str:
    """Where the time of a start goes."""
    bare = [(await _python("pass"))[0] for _ in range(3)]
    imports = [(await _python(_IMPORTS))[0] for _ in range(3)]
    routes = [float((await _python(_ROUTES))[1]) for _ in range(3)]
    database = []
    for _ in range(3):
        began = time.monotonic()
        running = server.start(folder)
        database.append(time.monotonic() - began)
        running.stop()
    spent = {"Python": bare, "imports": [i - min(bare) for i in imports], "PostgreSQL": database, "routes": routes}
    return ", ".join(f"{name} {min(values):.2f} s" for name, values in spent.items())


async def run(folder: Path) -> list[Figure]:
    """Start, stop, and sit idle."""
    data = folder / "data"
    async with serving(data) as served:
        await intake.fire(served, 4, intake.batches(intake.sample(EVENTS, 1), served.key))
    starts, stops = [], []
    for _ in range(STARTS):
        running = await start(data)
        starts.append(running.ready_s)
        key = await command(data, "keys", "create", f"screens {len(starts)}", "--scope", "admin")
        await listen("127.0.0.1", running.port, SCREENS, key)
        stops.append(await stop(running, data))
    figures = [
        Figure(
            f"start to ready on an existing database, median of {STARTS}",
            f"{statistics.median(starts):.2f} s (slowest {max(starts):.2f})",
            f"≤ {GOAL_S} s",
            statistics.median(starts) <= GOAL_S,
            f"of which, each measured alone: {await parts(data)}",
        ),
        Figure(
            f"SIGTERM to all gone, {SCREENS} open screens, median of {STARTS}",
            f"{statistics.median(stops):.2f} s (slowest {max(stops):.2f})",
            f"≤ {GOAL_S} s",
            max(stops) <= GOAL_S,
            "process and database; streams are told to end, requests under way are finished",
        ),
    ]
    if Path("/proc/self/smaps_rollup").exists():
        figures.append(await idle(data))
    return figures


async def idle(data: Path) -> Figure:
    """Memory after a while of doing nothing."""
    running = await start(data)
    await asyncio.sleep(IDLE_S)
    ours, *database = [memory_mb(pid) for pid in family(running.process.pid)]
    await stop(running, data)
    return Figure(
        f"idle memory with database, {IDLE_S} s after the start",
        f"{ours + sum(database):.0f} MB",
        f"≤ {GOAL_MB} MB",
        ours + sum(database) <= GOAL_MB,
        f"Pss: {ours:.0f} MB fadeno, {sum(database):.0f} MB PostgreSQL in {len(database)} processes",
    )
