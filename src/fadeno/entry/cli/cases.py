"""`fadeno cases …`: what customers want settled, and cases as lines of JSON, out and in again."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

import msgspec

from fadeno import conversations, files, sources
from fadeno.access import SYSTEM
from fadeno.conversations import KINDS, Case, Message, RecordedCase, View
from fadeno.db import Database, Tx
from fadeno.entry.cli.frame import as_json, command, group, page, say, table, whole
from fadeno.entry.cli.reaching import opened
from fadeno.kit import clock
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.settings import Settings

_MOST_SHOWN = 200
_HASH = re.compile(r"[0-9a-f]{64}")
_REFUSED_SHOWN = 20


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    family = group(
        command(
            subparsers,
            "cases",
            "What customers want settled, across channels.",
            example="fadeno cases list --view due\nfadeno cases show 1042\nfadeno cases export > cases.jsonl",
        )
    )
    _register_list(family)
    show = command(
        family, "show", "One case with what was said in it.", example="fadeno cases show 1042", run=_show, lists=True
    )
    show.add_argument("number", metavar="NUMBER", help="what people call it, as 1042 or #1042")
    exporting = command(
        family,
        "export",
        "Every case with all that was said and done in it, one line of JSON each, on stdout.",
        example="fadeno cases export --files ./attached > cases.jsonl",
        run=_export,
    )
    importing = command(
        family,
        "import",
        "Bring cases in from lines of JSON on stdin; the same again changes nothing. Nothing is sent.",
        example="fadeno cases import --source old-desk < cases.jsonl",
        run=_import,
    )
    for one, about in ((exporting, "write what is attached there"), (importing, "read what is attached from there")):
        one.add_argument("--files", type=Path, default=None, metavar="FOLDER", help=f"{about}, each file by its hash")
    importing.add_argument("--source", default="cases", metavar="NAME", help="the source they are kept under (cases)")


def _register_list(family: Any) -> None:
    listing = command(
        family,
        "list",
        "Cases of a list: what is due first, or for solved ones the latest.",
        example="fadeno cases list --view waiting --area sales --json",
        run=_list,
        lists=True,
    )
    views = [kind for kind in KINDS if kind not in ("mine", "followed")]
    listing.add_argument("--view", choices=views, default="all", help="all that are open unless said otherwise")
    for name in ("area", "channel", "tag", "language"):
        listing.add_argument(f"--{name}", default="", metavar=name.upper(), help=f"only of this {name}")
    listing.add_argument(
        "--priority", type=whole(1, 4), default=None, metavar="N", help="1 urgent, 2 high, 3 normal, 4 low"
    )
    listing.add_argument("--q", default="", metavar="WORDS", help="words of the title")
    listing.add_argument("--limit", type=page, default=50, metavar="N", help="at most so many (50)")
    listing.add_argument("--after", default=None, metavar="PLACE", help="the `next` of the page before")


# Reading ---------------------------------------------------------------------------------------------------------


async def _list(args: argparse.Namespace, settings: Settings) -> None:
    view = View(
        args.view, None, args.area, None, args.channel, args.tag, args.language, priority=args.priority, q=args.q
    )
    async with opened(settings, "fadeno cases list") as db, db.transaction() as tx:
        found, following = await conversations.cases_in(tx, view, after=args.after, limit=args.limit)
    if args.json:
        as_json({"items": found, "next": following})
        return
    now = clock.now()
    rows = [
        (
            f"#{one.number}", one.state, one.area, one.priority, " ".join(dict.fromkeys(one.channels)),
            f"{one.due_at:%Y-%m-%d %H:%M}{' late' if one.due_at < now else ''}" if one.due_at else "",
            one.title[:50],
        )
        for one in found
    ]  # fmt: skip
    table(rows, ("case", "state", "area", "priority", "channels", "due (UTC)", "title"))
    if following:
        say(f"More with --after '{following}'")


async def _show(args: argparse.Namespace, settings: Settings) -> None:
    number = args.number.removeprefix("#")
    if not (number.isascii() and number.isdigit()):
        raise Invalid("Name a case by its number, as 1042.", field="number")
    async with opened(settings, "fadeno cases show") as db, db.transaction() as tx:
        case = await conversations.numbered(tx, int(number))
        page, earlier = await conversations.stream(tx, case.id, limit=_MOST_SHOWN)
    if args.json:
        as_json({"case": case, "messages": page[::-1], "earlier": earlier})
        return
    _tell(case, page[::-1], is_cut=earlier is not None)


def _tell(case: Case, said: list[Message], *, is_cut: bool) -> None:
    print(f"#{case.number}  {case.title}")
    due = f", due {case.due_at:%Y-%m-%d %H:%M} UTC" if case.due_at else ""
    print(f"{case.state}, {case.area}, priority {case.priority}{due}")
    if is_cut:
        print(f"… the last {len(said)} of {case.message_count} messages")
    for one in said:
        arrow = {"in": "→", "out": "←"}.get(one.direction, "·")
        print(
            f"\n{arrow} {one.said_at:%Y-%m-%d %H:%M}  {one.author_name or one.author_kind}  {one.channel}, {one.state}"
        )
        for line in one.text.splitlines():
            print(f"  {line}")


# Out and in ------------------------------------------------------------------------------------------------------


async def _export(args: argparse.Namespace, settings: Settings) -> None:
    count = 0
    async with opened(settings, "fadeno cases export") as db:
        async for one in conversations.recorded(db):
            sys.stdout.buffer.write(msgspec.json.encode(one) + b"\n")
            if args.files:
                await _write_files(db, settings, one, args.files)
            count += 1
    sys.stdout.buffer.flush()
    say(f"{count:,} cases")


async def _import(args: argparse.Namespace, settings: Settings) -> int:
    became = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}
    async with opened(settings, "fadeno cases import") as db:
        source_id = await db.retrying(lambda tx: _source(tx, args.source))
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                wanted = conversations.read_record(line)
                kept = await _read_files(settings, wanted, args.files) if args.files else {}
                fate = await db.retrying(
                    lambda tx, one=wanted, kept=kept: conversations.bring(tx, SYSTEM, source_id, one, kept=kept)
                )
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, FadenoError) as refused:
                fate = "refused"
                if became["refused"] < _REFUSED_SHOWN:
                    say(f"line {number}: {getattr(refused, 'message', refused)}")
            became[fate] += 1
    print(", ".join(f"{count:,} {name}" for name, count in became.items()))
    return 1 if became["refused"] else 0


async def _write_files(db: Database, settings: Settings, case: RecordedCase, folder: Path) -> None:
    """What is attached to messages of a case, each once, by its hash."""
    shelf = files.shelf_at(settings.files_url, settings.data_dir / "files")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ids = [message.id for message in case.messages if message.attachments]
    async with db.transaction() as tx:
        there = await files.attachments(tx, "conversations", ids)
    for one in (file for some in there.values() for file in some):
        path = folder / one.hash.hex()
        if not path.exists():
            path.write_bytes(await shelf.read(one.key))


async def _read_files(settings: Settings, case: RecordedCase, folder: Path) -> dict[str, files.Kept]:
    """The files messages of a case name that lie in the folder and are what their hash says, put on the shelf."""
    shelf, kept = files.shelf_at(settings.files_url, settings.data_dir / "files"), {}
    for name in {file.hash for message in case.messages for file in message.attachments}:
        path = folder / name
        if _HASH.fullmatch(name) and path.is_file() and path.stat().st_size <= files.LIMIT_BYTES:
            found = await files.put(shelf, path.read_bytes())
            if found.hash.hex() == name:
                kept[name] = found
    return kept


async def _source(tx: Tx, name: str) -> int:
    for one in await sources.all_sources(tx):
        if one.name == name:
            return one.id
    return (await sources.create(tx, SYSTEM, name)).id
