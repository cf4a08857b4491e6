"""`fadeno webhooks …`: endpoints that are told of events."""

import argparse
from typing import Any

from fadeno import webhooks
from fadeno.access import SYSTEM
from fadeno.entry.cli.frame import as_json, command, group, say, table
from fadeno.entry.cli.reaching import opened
from fadeno.kit.seal import Seal
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    commands = group(
        command(
            subparsers,
            "webhooks",
            "Endpoints told of events: create, list.",
            example="fadeno webhooks create https://example.com/hook --kind track",
        )
    )
    create = command(
        commands,
        "create",
        "Tell an endpoint of events from now on; prints the secret that checks the signatures.",
        example='fadeno webhooks create https://example.com/hook --kind identify --kind "track:Order Completed"',
        run=_create,
    )
    create.add_argument("url", metavar="URL")
    create.add_argument("--name", default="", help="what people call it (default: its host)")
    create.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="a kind of event, or KIND:NAME for one named event; again for more; none = everything",
    )
    create.add_argument("--after", type=int, metavar="POSITION", help="begin there on the live stream, not now")
    command(commands, "list", "Every webhook and its state.", example="fadeno webhooks list", run=_list, lists=True)


async def _create(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno webhooks create") as db, db.transaction() as tx:
        made, secret = await webhooks.create(
            tx,
            SYSTEM,
            Seal(settings.secret_key),
            args.url,
            name=args.name,
            kinds=args.kind,
            after=args.after,
            allow_private=settings.allow_private,
        )
    say(f"made the webhook {made.name} ({made.id})")
    print(secret)


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno webhooks list") as db, db.transaction() as tx:
        found = await webhooks.all_subscriptions(tx)
    if args.json:
        as_json({"items": found, "next": None})
        return
    rows = [
        (s.name, s.url, ", ".join(s.kinds) or "all", s.state, s.position, s.reason or s.failing_since) for s in found
    ]
    table(rows, ("name", "url", "kinds", "state", "position", "failing"))
