"""`python -m benchmarks [NAME …]`: measure these groups, or all, and write them into BENCHMARKS.md."""

import asyncio
import os
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import chat, context, conversations, hours, imports, intake, life, live, merge, pages, sheets
from benchmarks.figure import Figure

# An installer compiles what it installs; a checkout is compiled by its first start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ALL = {
    "intake": intake,
    "merge": merge,
    "live": live,
    "life": life,
    "sheets": sheets,
    "imports": imports,
    "pages": pages,
    "context": context,
    "hours": hours,
    "chat": chat,
    "conversations": conversations,
}
PAGE = Path(__file__).parent.parent / "BENCHMARKS.md"
HEAD = """# Benchmarks

Written by `make bench`. Ratios were measured beside their reference in the same run; a shared machine makes absolute
times vary.
"""


def machine() -> str:
    """What it was measured on."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break

    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def section(name: str, figures: list[Figure]) -> str:
    """What one group measured, and when."""
    lines = [
        f"## {name}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}",
        "",
        "| what | measured | goal | reached | with what, and where the time goes |",
        "|---|---|---|---|---|",
    ]
    for f in figures:
        reached = {None: "", True: "yes", False: "**no**"}[f.reached]
        lines.append(f"| {f.what} | {f.value} | {f.goal} | {reached} | {f.note} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> dict[str, str]:
    """The sections of BENCHMARKS.md as it is."""
    return {part.split("\n", 1)[0]: f"## {part.strip()}\n" for part in page.split("\n## ")[1:]}


def keep(name: str, figures: list[Figure]) -> None:
    """Write one group's section, at its place; the others stay as they were measured."""
    sections = written(PAGE.read_text("utf-8")) | {name: section(name, figures)}
    PAGE.write_text("\n".join([HEAD, *(sections[known] for known in ALL if known in sections)]), "utf-8")


async def main(names: list[str]) -> None:
    """Run these benchmarks, or all."""
    for name in names or ALL:
        with tempfile.TemporaryDirectory(prefix="fadeno-bench-", ignore_cleanup_errors=True) as folder:
            figures = await ALL[name].run(Path(folder))
        for f in figures:
            print(f"{f.what}: {f.value}   [{f.goal}]   {f.note}", flush=True)
        keep(name, figures)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
