"""`fadeno channels …`: which channels there are, and what an adapter makes of a body."""

import argparse
import sys
from typing import Any

from fadeno import channels
from fadeno.channels import Refused, Unreadable
from fadeno.entry.cli.frame import as_json, command, group, table
from fadeno.entry.cli.mail import shown
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare `fadeno channels`."""
    verbs = group(command(subparsers, "channels", "The ways a company is reached.", example="fadeno channels list"))
    listed = command(
        verbs,
        "list",
        "Which channels there are and what they can.",
        example="fadeno channels list --json",
        run=_list,
        lists=True,
    )
    listed.set_defaults(make_key=False)
    read = command(
        verbs,
        "read",
        "What an adapter makes of a body on standard input; nothing is stored.",
        example="fadeno channels read email --json < mail.eml",
        run=_read,
        lists=True,
    )
    read.add_argument("adapter", metavar="ADAPTER", help="a channel's name, as `fadeno channels list` shows it")
    read.add_argument(
        "--header", action="append", default=[], metavar="'K: V'", help="a header the body came with; again for more"
    )
    read.add_argument("--secret", help="the account's secret; the signature is checked where one is given")
    read.set_defaults(make_key=False)


async def _list(args: argparse.Namespace, settings: Settings) -> int:
    labels = [adapter.label for adapter in channels.adapters().values()]
    if args.json:
        as_json(labels)
        return 0
    rows = [
        (
            label.name,
            label.title,
            ", ".join(label.writes),
            f"{label.limits.text_chars:,}",
            _window(label.limits.reply_window_s),
        )
        for label in labels
    ]
    table(rows, ("name", "channel", "writes", "characters", "answer within"))
    return 0


async def _read(args: argparse.Namespace, settings: Settings) -> int:
    adapter = channels.adapter(args.adapter)
    body = sys.stdin.buffer.read(adapter.label.limits.body_bytes + 1)
    try:
        letters = adapter.read(body, dict(map(_header, args.header)), args.secret)
    except (Refused, Unreadable) as no:
        as_json({"refused": no.message})
        return 1
    if args.json:
        as_json([shown(letter) for letter in letters])
        return 0
    for letter in letters:
        print(f"{letter.kind}  {letter.provider_id}  {letter.sender.address if letter.sender else ''}")
        print(letter.text)
    return 0


def _header(said: str) -> tuple[str, str]:
    name, colon, value = said.partition(":")
    if not colon or not name.strip():
        raise Invalid(f"{said[:60]!r} is no header.", field="header", hint="Write it as --header 'Name: value'.")
    return name.strip(), value.strip()


def _window(seconds: int | None) -> str:
    return "any time" if seconds is None else f"{seconds / 3600:g} h"
