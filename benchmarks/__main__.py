"""`python -m benchmarks [NAME …]`: measure, and write BENCHMARKS.md when all were run."""

import asyncio
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import context, imports, intake, life, live, merge, pages
from benchmarks.figure import Figure

ALL = {
    "intake": intake,
    "merge": merge,
    "live": live,
    "life": life,
    "imports": imports,
    "pages": pages,
    "context": context,
}
HERE = Path(__file__).parent.parent


def machine() -> str:
    """What it was measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break

    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def page(figures: dict[str, list[Figure]]) -> str:
    """BENCHMARKS.md."""
    lines = [
        "# Benchmarks",
        "",
        f"`make bench`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}.",
        "Ratios were measured beside their reference in the same run; a shared machine makes absolute times vary.",
        "",
        "| what | measured | goal | reached | with what, and where the time goes |",
        "|---|---|---|---|---|",
    ]
    for group in figures.values():
        for f in group:
            reached = {None: "", True: "yes", False: "**no**"}[f.reached]
            lines.append(f"| {f.what} | {f.value} | {f.goal} | {reached} | {f.note} |")
    return "\n".join(lines) + "\n"


async def main(names: list[str]) -> None:
    """Run these benchmarks, or all."""
    figures: dict[str, list[Figure]] = {}
    for name in names or ALL:
        with tempfile.TemporaryDirectory(prefix="fadeno-bench-", ignore_cleanup_errors=True) as folder:
            figures[name] = await ALL[name].run(Path(folder))
        for f in figures[name]:
            print(f"{f.what}: {f.value}   [{f.goal}]   {f.note}", flush=True)
    if not names:
        (HERE / "BENCHMARKS.md").write_text(page(figures), "utf-8")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
