"""`fadeno export …`: lists as sheets, to be read elsewhere or edited and brought in again."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from fadeno import imports
from fadeno.access import SYSTEM, Actor
from fadeno.entry import speaking
from fadeno.entry.cli.frame import command, say
from fadeno.entry.cli.reaching import opened
from fadeno.entry.web import headings, words
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings

_NICE = 10


def register(subparsers: Any) -> None:
    """Declare the command of this file."""
    export = command(
        subparsers,
        "export",
        "Write a list to a sheet. Customers, orders, products, stock and places can come back edited.",
        example="fadeno export orders orders.xlsx --zone Europe/Budapest\nfadeno import orders.xlsx --source office",
        run=_export,
    )
    export.add_argument("what", choices=imports.LISTS)
    export.add_argument("out", type=Path, metavar="OUT", help="a file that ends in .xlsx or .csv")
    export.add_argument("--asked", action="store_true", help=argparse.SUPPRESS)
    export.add_argument("--zone", default="UTC", metavar="ZONE", help="in which times are told")
    export.add_argument("--language", metavar="LANG", help="of its headers and decimals, such as hu; English without")


async def _export(args: argparse.Namespace, settings: Settings) -> None:
    if args.out.suffix.lower() not in (".xlsx", ".csv"):
        raise Invalid("A sheet ends in .xlsx or .csv.", field="out")
    imports.checked(imports.Options(zone=args.zone))
    if args.language and args.language not in words.offered():
        raise Invalid(f"There is no language {args.language!r}.", hint=", ".join(words.offered()), field="language")
    speaking.speak(args.language or words.DEFAULT)
    actor = SYSTEM
    asked = imports.Asked(zone=args.zone, decimal=headings.decimal_mark(), headers=headings.headers(args.what))
    if args.asked:  # by the server, for somebody who waits at their browser
        actor, asked = msgspec.json.decode(sys.stdin.buffer.read(), type=tuple[Actor, imports.Asked])
    async with opened(settings, "fadeno export", nice=_NICE) as db:
        rows = await imports.export(db, actor, args.what, args.out, asked)
    say(f"{rows:,} rows in {args.out}")
