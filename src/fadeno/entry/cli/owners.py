"""`fadeno channels sign-in`: the owner of a mailbox signs in at its provider."""

import argparse
import asyncio
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fadeno import switchboard
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.entry import links
from fadeno.entry.cli.frame import command, say
from fadeno.entry.cli.reaching import opened
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.settings import Settings
from fadeno.switchboard import Account, DeviceCode, NoSignIn

BACK = "/channels/signed-in"


def declare(verbs: Any) -> None:
    """Declare `fadeno channels sign-in`."""
    sign_in = command(
        verbs,
        "sign-in",
        "Sign in at the provider of an account: by a code typed in on any screen, or by its page.",
        example="""
fadeno channels sign-in "Service"
fadeno channels sign-in "Service" --page""",
        run=_sign_in,
    )
    sign_in.add_argument("name", metavar="NAME", help="of the account")
    sign_in.add_argument(
        "--page", action="store_true", help="by the provider's page, also where it would give a code to type in"
    )


async def _sign_in(args: argparse.Namespace, settings: Settings) -> int:
    vault, allow_private = Seal(settings.secret_key), settings.allow_private
    async with opened(settings, "fadeno channels sign-in") as db:
        async with db.transaction() as tx:
            account = await switchboard.account_named(tx, args.name)
        ways = switchboard.signs_in_by(account)
        if not ways and not account.options.get("sign_in"):
            raise NoSignIn
        if ways[:1] == ("code",) and not args.page:
            await switchboard.signed_in_by_code(db, SYSTEM, vault, account.id, _tell, allow_private=allow_private)
        else:
            await _by_page(db, vault, account, settings)
    say(f"signed in; `fadeno channels test {account.name!r}` tries it")
    return 0


async def _by_page(db: Database, vault: Seal, account: Account, settings: Settings) -> None:
    back_to = links.link_from_outside(settings, BACK)
    async with db.transaction() as tx:
        page = await switchboard.sign_in_page(tx, SYSTEM, vault, account.id, back_to=back_to)
    say("Open this page as the owner of the mailbox, on any machine, and sign in:\n")
    print(page, flush=True)
    say(f"\nIt leads on to {back_to}?…; whatever your browser shows there, paste that whole address here:")
    pasted = (await asyncio.to_thread(input)).strip()
    said = dict(parse_qsl(urlsplit(pasted).query))
    if "state" not in said:
        raise Invalid("This is not the address the page led to: it has code= and state= in it.", field="address")
    await switchboard.signed_in_by_page(db, SYSTEM, vault, said, allow_private=settings.allow_private)


def _tell(code: DeviceCode) -> None:
    say(
        f"Open {code.url} as the owner of the mailbox, on any screen, and type in within {code.lasts_s / 60:.0f} min:\n"
    )
    print(code.code, flush=True)
    say("\nWaiting …")
