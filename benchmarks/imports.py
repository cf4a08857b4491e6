"""Bringing a list of a million customers in, beside a server that goes on answering."""

import asyncio
import csv
import json
import os
import random
import resource
import sys
import time
from pathlib import Path

from benchmarks.figure import Figure

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "1000000"))
HEAD = ["Customer no", "First name", "Last name", "E-mail", "Phone", "Street", "City", "Postcode", "Country", "Newsletter"]
_FIRST = ["Anna", "Bo", "Cara", "Jelena", "József", "Ольга", "Omar", "Mária", "Søren", "Luís", "Zoë", "Иван"]
_LAST = ["Müller", "Kovács", "Петровић", "Berg", "Santos", "Nagy", "Ivanova", "Hansen", "Costa", "Weber", "Tóth", "Ćirić"]
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
            writer.writerow([f"C{n:07}", first, last, email, phone, street, city, code, country, rng.choice(("yes", "no"))])


async def _import(data_dir: Path, path: Path) -> tuple[float, float, dict[str, object]]:
    """Seconds, peak memory in MB of the importing process, and what it reports."""
    before = time.perf_counter()
    program = [sys.executable, "-m", "benchmarks.imports", str(data_dir), str(path)]
    process = await asyncio.create_subprocess_exec(*program, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the import failed")
    said = json.loads(out)
    return time.perf_counter() - before, said["peak_mb"], said["import"]


async def run(folder: Path) -> list[Figure]:
    """Bring the list in, and once more."""
    path, data = folder / "customers.csv", folder / "data"
    write_list(path, ROWS)
    first_s, peak_mb, made = await _import(data, path)
    again_s, again_mb, again = await _import(data, path)
    rate = ROWS / first_s
    assert made["rows_new"] == ROWS, made
    assert again["rows_unchanged"] == ROWS, again
    return [
        Figure(
            f"import of {ROWS:,} customers from csv, ten columns, three addresses each",
            f"{rate:,.0f} rows/s",
            "≥ 10,000 rows/s",
            rate >= 10_000,
            "start of database and process included",
        ),
        Figure("its memory at most", f"{peak_mb:.0f} MB", "≤ 500 MB", peak_mb <= 500, "the importing process"),
        Figure("the same file again, nothing changes", f"{ROWS / again_s:,.0f} rows/s", note=f"{again_mb:.0f} MB"),
    ]


def _main() -> None:
    from fadeno.entry.cli import main

    data_dir, path = sys.argv[1:3]
    out = sys.stdout
    said: list[str] = []
    sys.stdout = _Kept(said)
    status = main(["import", path, "--as", "customers", "--source", "bench", "--json", "--data-dir", data_dir])
    sys.stdout = out
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak_mb": peak, "import": json.loads("".join(said))}))
    sys.exit(status)


class _Kept:
    def __init__(self, said: list[str]) -> None:
        self.write, self.flush = said.append, lambda: None


if __name__ == "__main__":
    _main()
