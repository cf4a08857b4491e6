"""`fadeno outbox …`: what still has to leave the house, and trying again what was given up."""

import argparse
from typing import Any
from uuid import UUID

from fadeno import access, conversations, jobs
from fadeno.entry.cli.frame import as_json, command, group, page, say, table, whole
from fadeno.entry.cli.reaching import opened
from fadeno.jobs import Standing
from fadeno.kit.errors import Invalid, NotFound
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    family = group(
        command(
            subparsers,
            "outbox",
            "What still has to leave the house: answers, webhooks, parcels to be understood.",
            example="fadeno outbox list --state failed\nfadeno outbox retry --all",
        )
    )
    listing = command(
        family,
        "list",
        "Jobs that wait, or were given up with the reason; the latest first.",
        example="fadeno outbox list --kind message --json",
        run=_list,
        lists=True,
    )
    listing.add_argument("--state", choices=("open", "failed"), default="open", help="open unless said otherwise")
    listing.add_argument("--kind", default="", metavar="KIND", help="only of a kind, as message (an answer), webhook")
    listing.add_argument("--limit", type=page, default=50, metavar="N", help="at most so many (50)")
    listing.add_argument("--before", type=whole(0), default=None, metavar="ID", help="the `next` of the page before")
    messages = command(
        family,
        "messages",
        "Answers that failed with the provider's words, or may have left (unknown); the latest first.",
        example="fadeno outbox messages --json",
        run=_messages,
        lists=True,
    )
    messages.add_argument("--limit", type=page, default=50, metavar="N", help="at most so many (50)")
    messages.add_argument("--before", type=whole(0), default=None, metavar="ID", help="the `next` of the page before")
    again = command(
        family,
        "retry",
        "Try again what was given up, or at once what waits after failures.",
        example="fadeno outbox retry 118 121\nfadeno outbox retry --lane account:0197…",
        run=_retry,
    )
    again.add_argument("jobs", nargs="*", type=whole(1), metavar="ID", help="jobs that were given up")
    again.add_argument("--all", action="store_true", help="all that were given up")
    again.add_argument(
        "--message", type=UUID, default=None, metavar="ID", help="an answer; unknown ones may come twice"
    )
    again.add_argument("--lane", default="", metavar="LANE", help="everything that waits in this lane")


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno outbox list") as db, db.transaction() as tx:
        found, following = await jobs.listed(tx, state=args.state, kind=args.kind, before=args.before, limit=args.limit)
    if args.json:
        as_json({"items": found, "next": following})
        return
    rows = [(one.id, one.kind, one.lane, f"{one.put_at:%Y-%m-%d %H:%M}", one.attempts, _stands(one)) for one in found]
    table(rows, ("id", "what", "lane", "since (UTC)", "tries", "how it stands"))
    if following:
        say(f"More with --before {following}")


def _stands(one: Standing) -> str:
    if one.state == "failed":
        return f"given up: {one.reason[:80]}"
    if one.is_paused:
        return "paused"
    why = f": {one.reason[:60]}" if one.reason else ""
    return f"next try {one.next_at:%Y-%m-%d %H:%M:%S}{why}" if one.next_at else "open"


async def _messages(args: argparse.Namespace, settings: Settings) -> None:
    async with opened(settings, "fadeno outbox messages") as db, db.transaction() as tx:
        found, following = await conversations.not_left(tx, before=args.before, limit=args.limit)
    if args.json:
        as_json({"items": found, "next": following})
        return
    rows = [
        (one.id, f"#{one.case_number}", one.channel, f"{one.said_at:%Y-%m-%d %H:%M}", one.state, one.state_words[:80])
        for one in found
    ]
    table(rows, ("id", "case", "channel", "said (UTC)", "state", "in the provider's words"))
    if following:
        say(f"More with --before {following}")


async def _retry(args: argparse.Namespace, settings: Settings) -> None:
    if not (args.jobs or args.all or args.lane or args.message):
        raise Invalid("Name jobs, a message, a lane, or --all.", hint="`fadeno outbox list --state failed` shows them.")
    async with opened(settings, "fadeno outbox retry") as db, db.transaction() as tx:
        count = await jobs.reopen(tx, args.jobs)
        if count < len(set(args.jobs)):
            raise NotFound(
                "Not all of these were given up.", field="jobs", hint="`fadeno outbox list --state failed` shows them."
            )
        while args.all and (given_up := (await jobs.listed(tx, state="failed", limit=200))[0]):
            count += await jobs.reopen(tx, [one.id for one in given_up])
        if args.lane:
            await jobs.open_lane(tx, args.lane)
        if args.message:
            await conversations.send_again(tx, access.SYSTEM, args.message)
        await access.note(tx, access.SYSTEM, "retry", "outbox", args.lane, {"jobs": count})
    lane = f", and what waits in {args.lane}" if args.lane else ""
    say("The answer is sent once more" if args.message else f"{count} given up are tried again{lane}")
