"""`fadeno check`: the laws, verified on the data at hand."""

import argparse
from typing import Any

from fadeno import app, db
from fadeno.entry.cli.frame import as_json, command
from fadeno.entry.cli.reaching import opened
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    command(
        subparsers,
        "check",
        "Verify the laws on the data at hand, and say what was looked at. Changes nothing; 1 if one is broken.",
        example="fadeno check --data-dir ./data",
        run=_run,
        lists=True,
    )


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    items = []
    async with opened(settings, "fadeno check") as database:
        for check in (*db.CHECKS, *app.CHECKS):
            async with database.snapshot() as tx:
                looked_at, faults = await check(tx)
            items.append({"room": check.__module__.split(".")[1], "looked_at": looked_at, "faults": faults})
    broken = sum(len(item["faults"]) for item in items)
    if args.json:
        as_json({"items": items, "next": None, "faults": broken})
        return 1 if broken else 0
    for item in items:
        print(f"{'broken' if item['faults'] else 'kept':7} {item['room']}: looked at {item['looked_at']}")
        for fault in item["faults"]:
            print(f"        - {fault}")
    print(f"{broken} faults found" if broken else "no fault found")
    return 1 if broken else 0
