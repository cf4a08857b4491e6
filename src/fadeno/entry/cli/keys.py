"""`fadeno keys …`: keys of machines."""

import argparse
from typing import Any

from fadeno import access, sources
from fadeno.access import SCOPES, SYSTEM
from fadeno.db import Tx
from fadeno.entry.cli.frame import as_json, command, group, say, table
from fadeno.entry.cli.reaching import opened
from fadeno.settings import Settings
from fadeno.sources import UnknownSource


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    keys = group(
        command(
            subparsers,
            "keys",
            "Keys of machines: create, list, revoke.",
            example="fadeno keys create website --scope collect --source website",
        )
    )
    create = command(
        keys,
        "create",
        "Make a key and print it, the only time it can be read.",
        example="fadeno keys create website --scope collect --source website\nfadeno keys create crm --scope read",
        run=_create,
    )
    create.add_argument("name", metavar="NAME")
    create.add_argument(
        "--scope",
        required=True,
        choices=SCOPES,
        help="collect: hand in events; read: see; write: also change; admin: all, members and keys too",
    )
    create.add_argument(
        "--source",
        metavar="NAME",
        help="the source its events belong to; a collecting key without it belongs to the source of its own name, "
        "which is made if there is none",
    )
    command(keys, "list", "Every key, never the secret part.", example="fadeno keys list", run=_list, lists=True)
    revoke = command(
        keys,
        "revoke",
        "Refuse a key from now on.",
        example="fadeno keys revoke crm\nfadeno keys revoke fdn_read_3f9a1c",
        run=_revoke,
    )
    revoke.add_argument("key", metavar="NAME", help="its name, its readable part, or its id")


async def _create(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno keys create") as db, db.transaction() as tx:
        plain = await access.create_key(tx, SYSTEM, args.name, args.scope, await _source(tx, args))
    print(plain)


async def _source(tx: Tx, args: argparse.Namespace) -> int | None:
    if args.source:
        return (await sources.by_name(tx, args.source)).id
    if args.scope != "collect":
        return None
    try:
        return (await sources.by_name(tx, args.name)).id
    except UnknownSource:
        made = await sources.create(tx, SYSTEM, args.name)
        say(f"made the source {made.name}")
        return made.id


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno keys list") as db, db.transaction() as tx:
        found = await access.all_keys(tx, SYSTEM)
        names = {source.id: source.name for source in await sources.all_sources(tx)}
    if args.json:
        as_json({"items": found, "next": None})
        return
    rows = [
        (k.name, k.prefix + "…", k.scope, names.get(k.source_id), k.used_on, "revoked" if k.revoked_at else "")
        for k in found
    ]
    table(rows, ("name", "key", "scope", "source", "last used", ""))


async def _revoke(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno keys revoke") as db, db.transaction() as tx:
        key = await access.find_key(tx, SYSTEM, args.key)
        await access.revoke_key(tx, SYSTEM, key.id)
    say(f"{key.prefix}… is refused from now on")
