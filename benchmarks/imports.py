"""Bringing lists of customers and of orders in: as many rows as the whole bench has time for, or BENCH_IMPORT_ROWS."""

import asyncio
import contextlib
import csv
import io
import json
import os
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figure import Figure, percentile
from benchmarks.served import serving

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "50000"))
FEW = 1_000  # customers the server knows already
GOAL_ONE_MS, GOAL_PAGE_MS = 10, 100
IDLE_S, PAUSE_S = 4, 0.01
HEAD = [
    "Customer no",
    "First name",
    "Last name",
    "E-mail",
    "Phone",
    "Street",
    "City",
    "Postcode",
    "Country",
    "Newsletter",
]
ORDER_HEAD = ["Order no", "Product no", "Product", "Quantity", "Ordered at", "Unit price", "Customer no", "Country"]
LINES = 20
WORDS = ["import", "--source", "bench", "--currency", "EUR", "--zone", "Europe/Berlin", "--json"]
_FIRST = ["Anna", "Bo", "Cara", "Jelena", "József", "Ольга", "Omar", "Mária", "Søren", "Luís", "Zoë", "Иван"]
_LAST = [
    "Müller",
    "Kovács",
    "Петровић",
    "Berg",
    "Santos",
    "Nagy",
    "Ivanova",
    "Hansen",
    "Costa",
    "Weber",
    "Tóth",
    "Ćirić",
]
_CITIES = [("Berlin", "10115", "DE"), ("Budapest", "1011", "HU"), ("Novi Sad", "21000", "RS"), ("Porto", "4000", "PT")]


def write_list(path: Path, rows: int, seed: int = 7) -> None:
    """A csv of made-up customers, each with a number, an e-mail and a phone."""
    rng = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        for n in range(rows):
            first, last = rng.choice(_FIRST), rng.choice(_LAST)
            city, code, country = rng.choice(_CITIES)
            email = f"person{n}@{rng.choice(('posta', 'mail', 'firma'))}.example"
            phone = f"+4930{rng.randrange(10_000_000, 99_999_999)}"
            street = f"Street {rng.randrange(1, 200)}"
            writer.writerow(
                [f"C{n:07}", first, last, email, phone, street, city, code, country, rng.choice(("yes", "no"))]
            )


def write_orders(path: Path, rows: int, seed: int = 9) -> None:
    """A csv of made-up order lines, twenty of an order as in the shop whose sheets we have, some customers' several."""
    rng = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(ORDER_HEAD)
        for n in range(0, rows, LINES):
            customer, hour = rng.randrange(max(1, rows // LINES // 3)), rng.randrange(24)
            at = f"2025-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02} {hour:02}:{rng.randrange(60):02}:00"
            country = rng.choice(_CITIES)[2]
            for _ in range(min(LINES, rows - n)):
                product, price = rng.randrange(4_000), f"{rng.randrange(1, 9_999) / 100:.2f}"
                line = [f"O{n:07}", f"P{product:04}", f"Product {product}", rng.randrange(1, 24), at, price]
                writer.writerow([*line, f"C{customer:07}", country])


async def _import(data_dir: Path, path: Path, kind: str = "customers") -> tuple[float, dict[str, Any]]:
    """Seconds it took, and what the importing process says: its peak memory, its own seconds of work, the import."""
    before = time.perf_counter()
    program = [sys.executable, "-m", "benchmarks.imports", str(data_dir), str(path), kind]
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the import failed")
    return time.perf_counter() - before, json.loads(out)


async def run(folder: Path) -> list[Figure]:
    """Bring the list in, once more, and beside a server that answers."""
    path, data = folder / "customers.csv", folder / "data"
    write_list(path, ROWS)
    first_s, first = await _import(data, path)
    again_s, again = await _import(data, path)
    rate = ROWS / first_s
    assert first["import"]["rows_new"] == ROWS, first
    assert again["import"]["rows_unchanged"] == ROWS, again
    return [
        Figure(
            f"import of {ROWS:,} customers from csv, ten columns, three addresses each",
            f"{rate:,.0f} rows/s",
            "≥ 10,000 rows/s",
            rate >= 10_000,
            f"with the start of database and process; µs of CPU a row: {first['cpu_s'] / ROWS * 1e6:.0f} the process"
            f" that writes, {first['others_cpu_s'] / ROWS * 1e6:.0f} the one that reads and PostgreSQL",
        ),
        Figure(
            f"its memory at most, {ROWS:,} rows",
            f"{first['peak_mb']:.0f} MB",
            "≤ 500 MB for 1,000,000 rows",
            first["peak_mb"] <= 500 if ROWS >= 1_000_000 else None,
            "the process that writes and the one that reads together, each at its peak; BENCH_IMPORT_ROWS=1000000"
            " measures the goal itself",
        ),
        Figure(
            "the same file again, nothing changes", f"{ROWS / again_s:,.0f} rows/s", note=f"{again['peak_mb']:.0f} MB"
        ),
        await _orders(folder),
        *await _beside(folder / "served", path),
    ]


async def _orders(folder: Path) -> Figure:
    """Bring order lines in, in a house that knows nobody yet."""
    path = folder / "orders.csv"
    write_orders(path, ROWS)
    took_s, told = await _import(folder / "orders", path, "orders")
    assert told["import"]["rows_new"] == ROWS, told
    rate = ROWS / took_s
    return Figure(
        f"import of {ROWS:,} lines of orders from csv, eight columns, {LINES} lines an order",
        f"{rate:,.0f} rows/s",
        "≥ 10,000 rows/s",
        rate >= 10_000,
        f"with the start of database and process; {told['peak_mb']:.0f} MB; µs of CPU a row:"
        f" {told['cpu_s'] / ROWS * 1e6:.0f} the process that writes,"
        f" {told['others_cpu_s'] / ROWS * 1e6:.0f} the one that reads and PostgreSQL",
    )


async def _beside(folder: Path, path: Path) -> list[Figure]:
    """How soon the server answers who asks one thing after another, without and with an import of the list."""
    async with serving(folder) as served:
        few = path.with_name("few.csv")
        write_list(few, FEW, seed=8)
        await _import(folder, few)
        headers = {"authorization": f"Bearer {served.read_key}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", headers=headers) as client:
            found = (await client.get("/api/customers", params={"limit": 50})).raise_for_status().json()
            asked = {"a customer": (f"/api/customers/{found['items'][0]['id']}", GOAL_ONE_MS)}
            asked["a page of the list"] = ("/api/customers?limit=50", GOAL_PAGE_MS)
            idle = await _answers(client, asked, asyncio.create_task(asyncio.sleep(IDLE_S)))
            importing = asyncio.create_task(_import(folder, path))
            busy = await _answers(client, asked, importing)
            rate = ROWS / (await importing)[0]
    return [
        Figure(
            f"{name} by HTTP while an import runs",
            f"p99 {percentile(busy[name], 0.99):.1f} ms",
            f"p99 ≤ {goal} ms",
            percentile(busy[name], 0.99) <= goal,
            f"p50 {percentile(busy[name], 0.5):.1f} ms; without the import p50 {percentile(idle[name], 0.5):.1f},"
            f" p99 {percentile(idle[name], 0.99):.1f} ms; {len(busy[name])} answers, {rate:,.0f} rows/s meanwhile",
        )
        for name, (_, goal) in asked.items()
    ]


async def _answers(
    client: httpx.AsyncClient, asked: dict[str, tuple[str, int]], until: asyncio.Task[Any]
) -> dict[str, list[float]]:
    """Milliseconds of each answer, in turn, until something else is done."""
    took: dict[str, list[float]] = {name: [] for name in asked}
    while not until.done():
        for name, (address, _) in asked.items():
            before = time.perf_counter()
            (await client.get(address)).raise_for_status()
            took[name].append((time.perf_counter() - before) * 1000)
            await asyncio.sleep(PAUSE_S)
    return took


def _main() -> None:
    from fadeno.entry.cli import main

    data_dir, path, kind = sys.argv[1:4]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = main([*WORDS, path, "--as", kind, "--data-dir", data_dir])
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "peak_mb": (own.ru_maxrss + others.ru_maxrss) / 1024,  # of the others, the biggest: who reads, or the database
        "cpu_s": own.ru_utime + own.ru_stime,
        "others_cpu_s": others.ru_utime + others.ru_stime,
        "import": json.loads(said.getvalue()),
    }
    print(json.dumps(told))
    sys.exit(status)


if __name__ == "__main__":
    _main()
