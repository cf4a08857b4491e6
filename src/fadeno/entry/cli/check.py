"""`fadeno check`: the laws, verified on the data at hand."""

import argparse
from typing import Any

from fadeno import app, db
from fadeno.entry.cli.frame import as_json, command, opened
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    command(
        subparsers,
        "check",
        "Verify the laws on the data at hand, and say what was looked at. Changes nothing.",
        example="fadeno check --data-dir ./data",
        run=_run,
        lists=True,
    )


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    found = []
    async with opened(settings, "fadeno check") as database:
        for check in (*db.CHECKS, *app.CHECKS):
            async with database.snapshot() as tx:
                found.append(await check(tx))
    broken = [checked for checked in found if checked.faults]
    if args.json:
        as_json({"items": found, "next": None, "kept": len(found) - len(broken), "broken": len(broken)})
        return 1 if broken else 0
    for checked in found:
        print(f"{'broken' if checked.faults else 'kept':7} {checked.law} ({checked.looked_at} {checked.of})")
        for fault in checked.faults:
            print(f"        - {fault}")
    print(f"{len(found) - len(broken)} laws kept, {len(broken)} broken")
    return 1 if broken else 0
