"""`fadeno members …`: who works with fadeno."""

import argparse
import getpass
import sys
from typing import Any

from fadeno import access
from fadeno.access import ROLES, SYSTEM
from fadeno.entry.cli.frame import as_json, command, group, say, table
from fadeno.entry.cli.reaching import opened
from fadeno.entry.links import link_from_outside
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    members = group(
        command(
            subparsers,
            "members",
            "Who works with fadeno: add, list, reset, remove.",
            example="fadeno members add ada@example.com --role admin --password-stdin < password.txt",
        )
    )
    add = command(
        members,
        "add",
        "Make somebody a member with a password.",
        example="fadeno members add ada@example.com --role agent --password-stdin < password.txt",
        run=_add,
    )
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument("--name", default="", help="what others see; the part of the e-mail before @ if left out")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    listing = command(members, "list", "Who is a member.", example="fadeno members list --json", run=_list, lists=True)
    listing.set_defaults(email=None)
    reset = command(
        members,
        "reset",
        "Print a link by which a member sets a new password, once, within a day.",
        example="fadeno members reset ada@example.com",
        run=_reset,
    )
    reset.add_argument("email", metavar="EMAIL")
    reset.add_argument(
        "--without-codes", action="store_true", help="also ask no more for one-time codes, if the phone is lost"
    )
    remove = command(
        members,
        "remove",
        "End a membership and every session of it.",
        example="fadeno members remove ada@example.com",
        run=_remove,
    )
    remove.add_argument("email", metavar="EMAIL")


async def _add(args: argparse.Namespace, settings: Settings) -> None:
    password = _password(args)
    async with opened(settings, "fadeno members add") as db, db.transaction() as tx:
        await access.add_member(tx, SYSTEM, args.email, args.name, args.role, password)
    say(f"{args.email} is a member with the role {args.role}")


def _password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Invalid("No password is given.", hint="Add --password-stdin and write it to standard input.")
    return getpass.getpass(f"Password for {args.email}: ")


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno members list") as db, db.transaction() as tx:
        found = await access.all_members(tx, SYSTEM)
    if args.json:
        as_json({"items": found, "next": None})
        return
    rows = [(m.email, m.name, m.role, "yes" if m.totp_on else "no", _day(m.seen_at)) for m in found]
    table(rows, ("e-mail", "name", "role", "codes", "last seen"))


def _day(moment: Any) -> str:
    return moment.date().isoformat() if moment else "never"


async def _reset(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno members reset") as db, db.transaction() as tx:
        member = await access.member_by_email(tx, SYSTEM, args.email)
        token = await access.make_reset(tx, SYSTEM, member.id)
        if args.without_codes:
            await access.clear_totp(tx, SYSTEM, member.id)
    print(link_from_outside(settings, f"/reset/{token}"))
    say("good once, for 24 hours")


async def _remove(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno members remove") as db, db.transaction() as tx:
        member = await access.member_by_email(tx, SYSTEM, args.email)
        await access.remove_member(tx, SYSTEM, member.id)
    say(f"{member.email} is no longer a member")
