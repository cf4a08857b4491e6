"""`fadeno promises …`: what customers were promised, and what became of it."""

import argparse
from datetime import datetime
from typing import Any

from fadeno import promises
from fadeno.entry.cli.frame import as_json, command, group, page, table
from fadeno.entry.cli.reaching import opened
from fadeno.kit import clock
from fadeno.promises import Promise
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    family = group(
        command(
            subparsers,
            "promises",
            "What customers were promised, by when, and what became of it.",
            example="fadeno promises list\nfadeno promises list --state broken --json",
        )
    )
    listing = command(
        family,
        "list",
        "Promises in a state: open ones with the soonest due first, the others with the latest.",
        example="fadeno promises list --state broken --limit 200",
        run=_list,
        lists=True,
    )
    listing.add_argument("--state", choices=promises.STATES, default="open", help="open unless said otherwise")
    listing.add_argument("--kind", choices=promises.KINDS, default="", help="only promised answers, or only calls")
    listing.add_argument("--area", default="", metavar="AREA", help="only those of an area, as service")
    listing.add_argument("--limit", type=page, default=50, metavar="N", help="at most so many (50)")
    listing.add_argument("--after", default=None, metavar="PLACE", help="the `next` of the page before")


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno promises list") as db, db.transaction() as tx:
        found, following = await promises.listed(
            tx, state=args.state, kind=args.kind, area=args.area, after=args.after, limit=args.limit
        )
    if args.json:
        as_json({"items": found, "next": following})
        return
    now = clock.now()
    rows = [
        (
            f"#{one.case_number}" if one.case_number else "",
            one.kind,
            _when(one, now),
            _owner(one),
            one.made_name,
            one.said[:60],
        )
        for one in found
    ]
    table(rows, ("case", "promise", "due", "by", "made by", "said"))
    if following:
        print(f"More with --after '{following}'")


def _when(one: Promise, now: datetime) -> str:
    left = one.due_at - now
    late = " (late)" if one.state == "open" and left.total_seconds() < 0 else ""
    done = f", done {one.done_at:%Y-%m-%d %H:%M}" if one.done_at else ""
    return f"{one.due_at:%Y-%m-%d %H:%M} UTC{late}{done}"


def _owner(one: Promise) -> str:
    return str(one.owner_id) if one.owner_id else f"area {one.area}"
