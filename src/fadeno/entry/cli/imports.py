"""`fadeno import …`: sheets brought in, watched, stopped, gone on with, and taken back."""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from fadeno import imports, sources
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.entry.cli.frame import as_json, command, opened, say
from fadeno.entry.web import reasons
from fadeno.imports import Import, Options, ShownRow, Stopped
from fadeno.kit import garbage
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.kit.seal import Seal
from fadeno.settings import Settings
from fadeno.sources import Source, UnknownSource

_BAR_CHARS = 28
_NICE = 10
_TIMED = ("orders", "events", "messages")
_EXAMPLE = """fadeno import customers.xlsx --as customers --source crm
fadeno import "Export 2026*.csv" --as orders --source webshop --zone Europe/Budapest --currency HUF
fadeno import stock.ods --as stock --source till --list --dry-run
fadeno import --take-back 019e8c2f-6d1c-7d5e-9d2b-0a6c1d2e3f40"""


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    bring = command(
        subparsers,
        "import",
        "Bring sheets in: customers, orders, products, stock, events or messages; or go on with an import.",
        example=_EXAMPLE,
        run=_run,
        lists=True,
    )
    bring.add_argument("files", nargs="*", type=Path, metavar="FILE", help="xlsx, xls, ods, csv or tsv")
    bring.add_argument("--as", dest="target", choices=imports.TARGETS, help="what the rows are; guessed without")
    bring.add_argument("--source", metavar="NAME", help="the system it comes from, made known if it is new")
    bring.add_argument(
        "--map",
        dest="mapping",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column holds, by header or letter; nothing after = leaves it out",
    )
    bring.add_argument("--sheet", action="append", metavar="NAME", help="only this sheet of a workbook")
    whole = bring.add_mutually_exclusive_group()
    whole.add_argument("--list", dest="is_whole", action="store_true", default=None, help="the file is the whole list")
    whole.add_argument("--additions", dest="is_whole", action="store_false", help="the file adds to what is known")
    bring.add_argument(
        "--overwrite",
        action="store_true",
        help="edited cells count although they changed here too",
    )
    bring.add_argument("--zone", metavar="ZONE", help="where its times are told, such as Europe/Budapest")
    bring.add_argument("--currency", metavar="CODE", help="of amounts that name none, such as EUR")
    bring.add_argument("--region", metavar="CC", help="country whose dialling rules its phone numbers follow")
    bring.add_argument("--header-row", type=int, metavar="N", help="the row the headers are in; 0 = none")
    bring.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
    life = bring.add_mutually_exclusive_group()
    life.add_argument("--resume", type=_id, metavar="ID", help="go on with an import that was interrupted")
    life.add_argument("--take-back", type=_id, metavar="ID", help="undo an import whole")
    life.add_argument("--refused", nargs=2, metavar=("ID", "OUT"), help="write the refused rows to a sheet")
    life.add_argument("--run", dest="work", type=_id, metavar="ID", help=argparse.SUPPRESS)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of an import") from None


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    vault = Seal(settings.secret_key)
    garbage.spare()
    async with opened(settings, "fadeno import", size=4) as db:
        if args.work:
            os.nice(_NICE)
            await imports.work(db, vault, SYSTEM, args.work)
            return 0
        if args.resume:
            return await _bring_in(db, vault, args, args.resume)
        if args.take_back:
            return await _take_back(db, args)
        if args.refused:
            return await _refused(db, vault, *args.refused)
        if not args.files:
            raise Invalid("Name a file to bring in.", hint="`fadeno import --help` shows how.")
        status = 0
        for path in args.files:
            status = max(status, await _file(db, vault, args, path))
        return status


async def _file(db: Database, vault: Seal, args: argparse.Namespace, path: Path) -> int:
    if not path.is_file():
        raise Invalid(f"There is no file {path}.", field="file")
    await _ask(args)
    options = _options(args)
    source = await _source(db, args, path, options)
    made = await imports.receive(db, vault, SYSTEM, source, path, path.name, args.target, options)
    _tell_how_understood(made, args)
    if args.dry_run:
        return await _dry_run(db, vault, args, made.id)
    return await _bring_in(db, vault, args, made.id)


async def _source(db: Database, args: argparse.Namespace, path: Path, options: Options) -> Source:
    """The source of a file; a new one is made known once the file is seen to be readable."""
    name = args.source or args.target or "sheets"
    with suppress(UnknownSource):
        async with db.transaction() as tx:
            return await sources.by_name(tx, name)
    await imports.look(db, None, path, path.name, args.target, options)
    async with db.transaction() as tx:
        made = await sources.create(tx, SYSTEM, name, region=options.region or "ZZ")
    say(f"made the source {name}")
    return made


async def _ask(args: argparse.Namespace) -> None:
    """At a terminal, ask what the file does not say and nobody did."""
    if args.json or not sys.stdin.isatty() or not sys.stderr.isatty():
        return
    if args.is_whole is None:
        said = await asyncio.to_thread(input, "Is the file the whole list, so that what it lacks is gone? [y/N] ")
        args.is_whole = said.strip().lower() in ("y", "yes")
    if args.zone is None and args.target in (None, *_TIMED):
        said = await asyncio.to_thread(input, "In which zone are its times, such as Europe/Budapest? [UTC] ")
        args.zone = said.strip() or None


def _options(args: argparse.Namespace) -> Options:
    mapping: dict[str, str | None] = {}
    for text in args.mapping:
        column, sign, field = text.rpartition("=")
        if not sign or not column:
            raise Invalid(f"Write {text!r} as column=field.", field="map")
        mapping[column.strip()] = field.strip() or None
    return imports.checked(
        Options(
            is_whole=bool(args.is_whole),
            overwrites=args.overwrite,
            zone=args.zone or "UTC",
            currency=args.currency.upper() if args.currency else None,
            region=args.region.upper() if args.region else None,
            sheets=tuple(args.sheet) if args.sheet else None,
            header_row=args.header_row,
            mapping=mapping,
        )
    )


def _tell_how_understood(made: Import, args: argparse.Namespace) -> None:
    if args.json:
        return
    guessed = "" if args.target else " (guessed; --as says otherwise)"
    say(f"{made.file_name}: {made.target}{guessed} of {made.source_name}, import {made.id}")
    for table in made.tables:
        say(f"  sheet “{table.sheet}”, header in row {table.header_row}")
        for column in table.columns:
            sure = f"{column.confidence:.0%}" if column.field else ""
            sample = column.samples[0] if column.samples else ""
            say(f"    {column.letter:>3}  {column.header[:28]:28}  {column.field or '–':16} {sure:>5}  {sample[:36]}")


class _Bar:
    """How far an import is: a bar at a terminal, else a line now and then."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._is_terminal = sys.stderr.isatty()
        self._said_at = 0

    def __call__(self, made: Import) -> None:
        if self._is_quiet:
            return
        if self._is_terminal:
            share = made.rows_read / made.rows_total if made.rows_total else None
            bar = (
                ""
                if share is None
                else "━" * round(share * _BAR_CHARS) + "╌" * (_BAR_CHARS - round(share * _BAR_CHARS))
            )
            sys.stderr.write(f"\r\033[K  {bar} {made.rows_read:,} rows, {made.rows_refused:,} refused")
            sys.stderr.flush()
        elif made.rows_read >= self._said_at + 50_000:
            self._said_at = made.rows_read
            say(f"  {made.rows_read:,} rows")

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal and not self._is_quiet:
            sys.stderr.write("\r\033[K")


async def _bring_in(db: Database, vault: Seal, args: argparse.Namespace, id_: UUID) -> int:
    bar = _Bar(is_quiet=args.json)
    with _stopping(db, id_):
        try:
            made = await imports.bring_in(db, vault, SYSTEM, id_, bar)
        except Stopped:
            bar.end()
            return await _stopped(db, args, id_)
        except FadenoError:
            bar.end()
            say(f"import {id_} failed; `--resume` goes on with it, `--take-back` undoes it")
            raise
    bar.end()
    _report(made, args)
    return 0


async def _stopped(db: Database, args: argparse.Namespace, id_: UUID) -> int:
    async with db.transaction() as tx:
        _report(await imports.get(tx, id_), args)
    say(f"cancelled; `fadeno import --resume {id_}` goes on, `fadeno import --take-back {id_}` undoes it")
    return 130


class _stopping:
    """While open, Ctrl-C asks the import to stop after the batch it is at."""

    def __init__(self, db: Database, id_: UUID) -> None:
        self._db = db
        self._id = id_
        self._asking: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._ask)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def _ask(self) -> None:
        self._asking = asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        async with self._db.transaction() as tx:
            await imports.cancel(tx, SYSTEM, self._id)


def _report(made: Import, args: argparse.Namespace) -> None:
    if args.json:
        as_json(made)
        return
    print(
        f"{made.file_name}: {made.rows_new:,} new, {made.rows_changed:,} changed, {made.rows_unchanged:,} unchanged, "
        f"{made.rows_refused:,} refused" + (f", {made.rows_gone:,} gone" if made.options.is_whole else "")
    )
    for code, count in sorted(made.told.items()):
        print(f"  told: {code.replace('_', ' ')}, {count:,} times")
    if made.rows_refused:
        print(f"  the refused rows with their reasons: fadeno import --refused {made.id} refused.xlsx")


async def _take_back(db: Database, args: argparse.Namespace) -> int:
    def told(rows: int) -> None:
        if not args.json:
            say(f"  {rows:,} rows taken back")

    made = await imports.take_back(db, SYSTEM, args.take_back, told)
    if args.json:
        as_json(made)
    else:
        print(f"{made.file_name}: taken back")
    return 0


async def _refused(db: Database, vault: Seal, id_: str, out: str) -> int:
    try:
        wanted = UUID(id_)
    except ValueError:
        raise Invalid(f"{id_!r} is no id of an import.", field="refused") from None
    rows = await imports.write_refused(db, vault, wanted, Path(out), reasons.in_words)
    print(f"{rows:,} refused rows in {out}")
    return 0


async def _dry_run(db: Database, vault: Seal, args: argparse.Namespace, id_: UUID) -> int:
    bar = _Bar(is_quiet=args.json)
    await imports.look_through(db, vault, id_, bar)
    bar.end()
    async with db.transaction() as tx:
        seen = await imports.preview(tx, vault, id_)
        made = await imports.get(tx, id_)
    if args.json:
        as_json({"import": made, "preview": seen})
        return 0
    for row in seen.rows:
        cells = "  ".join(f"{name}={value}" for name, value in list(row.cells.items())[:5])
        print(f"  {row.number:>7}  {_fate(row):44}  {cells[:100]}")
    print(
        f"would be: {seen.new:,} new ({seen.joined:,} of customers known already), {seen.changed:,} changed, "
        f"{seen.unchanged:,} unchanged, {seen.refused_rows:,} refused"
        + (f", {seen.gone:,} gone" if made.options.is_whole else "")
    )
    if seen.several:
        print(f"  {seen.several:,} rows name addresses of several customers, who may be the same person")
    print(f"nothing is written; fadeno import --resume {id_} does it")
    return 0


def _fate(row: ShownRow) -> str:
    match row.fate:
        case "refused":
            return "refused: " + "; ".join(map(reasons.in_words, row.reasons))
        case "joins" | "several":
            return f"{row.fate} {row.customer}, by {row.by}"
        case "twin":
            return f"same as row {row.twin_of}"
    return row.fate
