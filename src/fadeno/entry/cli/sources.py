"""`fadeno sources …`: systems we read from."""

import argparse
from typing import Any

from fadeno import access, intake, sources
from fadeno.access import SYSTEM
from fadeno.entry.cli.frame import as_json, command, group, say, table
from fadeno.entry.cli.reaching import opened
from fadeno.intake import Accounts
from fadeno.kit import clock
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    family = group(
        command(
            subparsers,
            "sources",
            "Systems we read from: create, list, and what became of what they sent.",
            example="fadeno sources create webshop --kind browser --region HU",
        )
    )
    create = command(
        family,
        "create",
        "Make a source known and print a key it can send events with.",
        example="fadeno sources create till --region RS\nfadeno sources create webshop --kind browser",
        run=_create,
    )
    create.add_argument("name", metavar="NAME")
    create.add_argument(
        "--kind",
        choices=("server", "browser"),
        default="server",
        help="browser: its key is public, so what it claims of people proves less",
    )
    create.add_argument("--region", default="ZZ", metavar="CC", help="country whose dialling rules its numbers follow")
    command(
        family,
        "list",
        "Every source and its accounts: received = accepted + duplicate + quarantined.",
        example="fadeno sources list --json",
        run=_list,
        lists=True,
    )


async def _create(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno sources create") as db, db.transaction() as tx:
        made = await sources.create(tx, SYSTEM, args.name, kind=args.kind, region=args.region)
        plain = await access.create_key(tx, SYSTEM, made.name, "collect", made.id)
    say(f"made the source {made.name}; this is its key, which can't be shown again:")
    print(plain)


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno sources list") as db, db.transaction() as tx:
        found = await sources.all_sources(tx)
        books = await intake.accounts_by_source(tx)
    empty = Accounts(0, 0, 0, 0, 0, 0, 0, 0, 0)
    if args.json:
        now = clock.now()
        seen = [(s, books.get(s.id, empty)) for s in found]
        items = [{"source": s, "accounts": b, "freshness": s.freshness(b.last_at, now)} for s, b in seen]
        as_json({"items": items, "next": None})
        return
    heads = ("received", "accepted", "duplicate", "quarantined", "late", "skewed", "last_at")
    rows = [(s.id, s.name, s.kind, s.region, *(getattr(books.get(s.id, empty), h) for h in heads)) for s in found]
    table(rows, ("id", "name", "kind", "region", *heads))
