"""`fadeno channels …`: the accounts we speak through, which channels there are, and what an adapter makes of a body."""

import argparse
import getpass
import sys
from typing import Any

from fadeno import channels, switchboard
from fadeno.access import SYSTEM
from fadeno.channels import Label, Refused, Unreadable
from fadeno.entry.cli import adapters, owners
from fadeno.entry.cli.frame import as_json, command, group, say, table
from fadeno.entry.cli.mail import shown
from fadeno.entry.cli.reaching import opened
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.settings import Settings
from fadeno.switchboard import Account, DomainCheck

_MOST_FAILED = 1000


def register(subparsers: Any) -> None:
    """Declare `fadeno channels`."""
    verbs = group(
        command(
            subparsers,
            "channels",
            "The ways a company is reached: accounts of mailboxes, chats, numbers.",
            example="fadeno channels list",
        )
    )
    command(
        verbs,
        "list",
        "The accounts we speak through and how they fare.",
        example="fadeno channels list --json",
        run=_list,
        lists=True,
    )
    kinds = command(
        verbs,
        "kinds",
        "Which channels an account can be made of, and what each needs.",
        example="fadeno channels kinds --json",
        run=_kinds,
        lists=True,
    )
    kinds.set_defaults(make_key=False)
    _declare_changes(verbs)
    tried = command(
        verbs,
        "test",
        "Sign in at an account's provider; nothing is sent.",
        example='fadeno channels test "Service"',
        run=_test,
    )
    tried.add_argument("name", metavar="NAME", help="of the account")
    owners.declare(verbs)
    _declare_check(verbs)
    adapters.declare_new(verbs)
    _declare_read(verbs)


def _declare_check(verbs: Any) -> None:
    check = command(
        verbs,
        "check",
        "How accounts fare, or whether an adapter keeps the contract; exit status 1 where something is wrong.",
        example="""
fadeno channels check
fadeno channels check "Service"
fadeno channels check email
fadeno channels check ./fadeno-pigeon""",
        run=_check,
        lists=True,
    )
    check.add_argument(
        "name",
        nargs="?",
        metavar="ACCOUNT|ADAPTER|FOLDER",
        help="one account; or a channel, or the folder of an adapter",
    )
    adapters.declare_check(check)


def _declare_read(verbs: Any) -> None:
    read = command(
        verbs,
        "read",
        "What an adapter makes of a body on standard input; nothing is stored.",
        example="fadeno channels read email --json < mail.eml",
        run=_read,
        lists=True,
    )
    read.add_argument("adapter", metavar="ADAPTER", help="a channel's name, as `fadeno channels kinds` shows it")
    read.add_argument(
        "--header", action="append", default=[], metavar="'K: V'", help="a header the body came with; again for more"
    )
    read.add_argument("--secret", help="the account's secret; the signature is checked where one is given")
    read.set_defaults(make_key=False)


def _declare_changes(verbs: Any) -> None:
    add = command(
        verbs,
        "add",
        "Connect an account. What is secret is asked for, or read as name=value lines from standard input.",
        example="""
fadeno channels add email "Service" --set address=service@shop.example --set smtp_host=smtp.shop.example:465
fadeno channels add webchat "Shop chat" --set sites=https://shop.example < secrets.txt""",
        run=_add,
    )
    add.add_argument("channel", metavar="CHANNEL", help="as `fadeno channels kinds` names it")
    change = command(
        verbs,
        "change",
        "Change an account, switch it on or off, let it send or only pretend to.",
        example='fadeno channels change "Service" --off',
        run=_change,
    )
    for parser in (add, change):
        parser.add_argument("name", metavar="NAME", help="what people call the account")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a setting that is no secret; again for more",
        )
        parser.add_argument("--area", help="who answers: service, sales, …")
        parser.add_argument("--language", help="in which customers are greeted where theirs is not known")
        sending = parser.add_mutually_exclusive_group()
        sending.add_argument("--test", dest="is_test", action="store_true", default=None, help="nothing leaves by it")
        sending.add_argument("--live", dest="is_test", action="store_false", help="what is answered leaves")
    turned = change.add_mutually_exclusive_group()
    turned.add_argument("--on", dest="is_on", action="store_true", default=None, help="take messages and send")
    turned.add_argument("--off", dest="is_on", action="store_false", help="take nothing; what is to leave waits")


async def _list(args: argparse.Namespace, settings: Settings) -> int:
    async with opened(settings, "fadeno channels list") as db, db.transaction() as tx:
        found = await switchboard.accounts(tx)
    if args.json:
        as_json({"items": found})
        return 0
    rows = [(one.name, one.channel, one.address, _standing(one), one.area, one.health_words) for one in found]
    table(rows, ("name", "channel", "address", "stands", "area", "said last"))
    return 0


def _standing(account: Account) -> str:
    if not account.is_on:
        return "off"
    return f"{account.health}, test" if account.is_test else account.health


async def _add(args: argparse.Namespace, settings: Settings) -> int:
    label = channels.adapter(args.channel).label
    credentials = _said(label, args.set) | _secrets(label, asks=True)
    vault = Seal(settings.secret_key)
    async with opened(settings, "fadeno channels add") as db, db.transaction() as tx:
        made = await switchboard.add(
            tx, SYSTEM, vault, channel=args.channel, name=args.name, credentials=credentials,
            area=args.area or "service", language=args.language or "",
        )  # fmt: skip
        if args.is_test:
            await switchboard.change(tx, SYSTEM, vault, made.id, is_test=True)
    say(f"made the account {made.name}; `fadeno channels test {made.name!r}` tries it")
    print(made.id)
    return 0


async def _change(args: argparse.Namespace, settings: Settings) -> int:
    async with opened(settings, "fadeno channels change") as db, db.transaction() as tx:
        account = await switchboard.account_named(tx, args.name)
        label = channels.adapter(account.channel).label
        credentials = _said(label, args.set) | _secrets(label, asks=False)
        changes = _given(args) | ({"credentials": credentials} if credentials else {})
        changed = await switchboard.change(tx, SYSTEM, Seal(settings.secret_key), account.id, **changes)
    say(f"{changed.name}: {_standing(changed)}")
    return 0


def _given(args: argparse.Namespace) -> dict[str, Any]:
    named = {name: getattr(args, name, None) for name in ("area", "language", "is_on", "is_test")}
    return {name: value for name, value in named.items() if value is not None}


def _said(label: Label, pairs: list[str]) -> dict[str, str]:
    """Settings given as arguments; a secret there would stand in the list of processes."""
    secret = {one.name for one in label.credentials if one.secret}
    said = dict(_pair(pair) for pair in pairs)
    if shown := sorted(secret & said.keys()):
        raise Invalid(
            f"{shown[0]} is secret and is not given as an argument.",
            field="set",
            hint=f"Write {shown[0]}=… on standard input, or let the command ask.",
        )
    return said


def _secrets(label: Label, *, asks: bool) -> dict[str, str]:
    """What is secret: asked for at a terminal, else lines of standard input."""
    wanted = [one for one in label.credentials if one.secret]
    if not sys.stdin.isatty():
        return dict(_pair(line.rstrip("\n")) for line in sys.stdin if line.strip())
    if not asks:
        return {}
    return {one.name: getpass.getpass(f"{one.about} ({one.name}): ") for one in wanted}


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Invalid("A setting is written name=value.", field="set")
    return name.strip(), value


async def _test(args: argparse.Namespace, settings: Settings) -> int:
    async with opened(settings, "fadeno channels test") as db:
        async with db.transaction() as tx:
            account = await switchboard.account_named(tx, args.name)
            given = await switchboard.credentials(tx, Seal(settings.secret_key), account)
        label = channels.adapter(account.channel).label
        tokens = switchboard.Tokens(db, Seal(settings.secret_key), allow_private=settings.allow_private)
        outcome = await switchboard.tried(
            label, given, allow_private=settings.allow_private, id=account.id, tokens=tokens
        )
        async with db.transaction() as tx:
            await switchboard.note_tried(tx, account.id, outcome)
    for step in outcome.steps:
        say(f"{step.name}: {'' if step.works else 'fails: '}{step.words}")
    if not outcome.steps:
        print(f"{account.name}: nothing to sign in to; whether it works shows with the first message in and out")
        return 0
    print(f"{account.name}: {'works' if outcome.works else outcome.words}")
    return 0 if outcome.works else 1


async def _check(args: argparse.Namespace, settings: Settings) -> int:
    if args.name and adapters.is_adapter(args.name):
        return adapters.examined(args)
    async with opened(settings, "fadeno channels check") as db, db.transaction() as tx:
        accounts = [await switchboard.account_named(tx, args.name)] if args.name else await switchboard.accounts(tx)
        failed = {one.id: await switchboard.parcels(tx, one.id, limit=_MOST_FAILED) for one in accounts}
    faults = [
        {"account": one.name, "fails": one.health_words if one.health == "fails" else "", "unread": len(failed[one.id])}
        for one in accounts
    ]
    domain = await _domain(accounts[0], settings) if args.name else None
    if args.json:
        as_json({"items": faults} | ({"domain": domain} if domain else {}))
    else:
        table(
            [(f["account"], f["fails"] or "no fault known", f["unread"]) for f in faults],
            ("name", "provider", "could not be read"),
        )
        _tell(domain)
    if domain and not domain.is_ready:
        return 1
    return 1 if any(f["fails"] or f["unread"] for f in faults) else 0


async def _domain(account: Account, settings: Settings) -> DomainCheck | None:
    """What the DNS says of the domain an account sends from; None where it sends from none."""
    try:
        return await switchboard.domain_check(account, switchboard.Dns(settings.dns))
    except switchboard.NoDomain:
        return None


def _tell(domain: DomainCheck | None) -> None:
    """What was found, and each record to add as a form of a DNS provider asks for it."""
    for one in domain.findings if domain else ():
        print(f"\n{one.about.upper()}  {one.verdict}: {one.words}")
        if one.found:
            print(f"  is   {one.found}")
        if one.record:
            print(f"  add  {one.record.name}  {one.record.type}  {one.record.value}")
            if one.record.replaces:
                print("       in place of what is there")


async def _kinds(args: argparse.Namespace, settings: Settings) -> int:
    labels = [adapter.label for adapter in channels.adapters().values()]
    for name, why in channels.broken().items():
        say(f"{name} can't be used: {why}")
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
