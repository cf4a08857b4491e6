"""Bringing a list of customers in: as many as the whole bench has time for, or BENCH_IMPORT_ROWS."""

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

from benchmarks.figure import Figure

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "50000"))
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


async def _import(data_dir: Path, path: Path) -> tuple[float, dict[str, Any]]:
    """Seconds it took, and what the importing process says: its peak memory, its own seconds of work, the import."""
    before = time.perf_counter()
    program = [sys.executable, "-m", "benchmarks.imports", str(data_dir), str(path)]
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the import failed")
    return time.perf_counter() - before, json.loads(out)


async def run(folder: Path) -> list[Figure]:
    """Bring the list in, and once more."""
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
            f"with the start of database and process; {first['cpu_s'] / ROWS * 1e6:.0f} µs of own work a row, most of"
            " it placing addresses and keeping traits",
        ),
        Figure(
            f"its memory at most, {ROWS:,} rows",
            f"{first['peak_mb']:.0f} MB",
            "≤ 500 MB for 1,000,000 rows",
            first["peak_mb"] <= 500 if ROWS >= 1_000_000 else None,
            "the importing process; BENCH_IMPORT_ROWS=1000000 measures the goal itself",
        ),
        Figure(
            "the same file again, nothing changes", f"{ROWS / again_s:,.0f} rows/s", note=f"{again['peak_mb']:.0f} MB"
        ),
    ]


def _main() -> None:
    from fadeno.entry.cli import main

    data_dir, path = sys.argv[1:3]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = main(["import", path, "--as", "customers", "--source", "bench", "--json", "--data-dir", data_dir])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cpu = time.process_time()
    print(json.dumps({"peak_mb": peak, "cpu_s": cpu, "import": json.loads(said.getvalue())}))
    sys.exit(status)


if __name__ == "__main__":
    _main()
