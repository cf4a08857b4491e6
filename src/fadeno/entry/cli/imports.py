"""`fadeno import …`: sheets brought in, watched, stopped, gone on with, and taken back."""

import argparse
import asyncio
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from fadeno import imports, sources
from fadeno.access import SYSTEM
from fadeno.db import Database
from fadeno.entry import speaking
from fadeno.entry.cli import telling
from fadeno.entry.cli.frame import as_json, command, say
from fadeno.entry.cli.progress import Bar
from fadeno.entry.cli.reaching import opened
from fadeno.entry.web import reasons
from fadeno.imports import Import, Options, Stopped
from fadeno.kit import garbage
from fadeno.kit.errors import FadenoError, Invalid
from fadeno.kit.seal import Seal
from fadeno.settings import Settings
from fadeno.sources import Source, UnknownSource

_NICE = 10
_MOST_BYTES = 1 << 30
_TIMED = ("orders", "events", "messages")
_EXAMPLE = """fadeno import customers.xlsx --as customers --source crm
fadeno import export-2026-*.csv --as orders --source webshop --zone Europe/Budapest --currency HUF
fadeno import stock.ods --as stock --source till --list --dry-run
fadeno import --take-back 019e8c2f-6d1c-7d5e-9d2b-0a6c1d2e3f40"""

# What to do next, by the options of this command.
_AS_COLUMNS = (
    'Say what columns hold with --map "Header=field", another kind with --as, the row of the headers with '
    "--header-row N (0 = none), or the sheet with --sheet NAME."
)
_OPTIONS = {
    "import_needs_currency": "Say it with --currency EUR, or whichever it is.",
    "import_unclear_kind": f"Say it with --as {', '.join(imports.TARGETS[:-1])} or {imports.TARGETS[-1]}.",
    "import_wrong_kind": _AS_COLUMNS,
    "import_mostly_refused": _AS_COLUMNS,
    "sheet_no_rows": "Choose another sheet with --sheet NAME, or say the headers' row with --header-row N (0 = none).",
    "sheet_no_such_sheet": "Name one of its sheets with --sheet, as the tab in your spreadsheet program says.",
    "sheet_no_such_column": 'Name it by its header or letter: --map "Header=field" or --map C=field.',
    "sheet_no_such_field": "docs/sheets.md lists the fields of each kind; nothing after = leaves a column out.",
    "bad_phone": f"If they have no country code, say which they are of: --region US, or another. {_AS_COLUMNS}",
    "unknown_zone": "Write it as --zone Europe/Budapest.",
}


class _Undone(Exception):
    """A dry run is over: nothing of it is kept."""


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    bring = command(
        subparsers,
        "import",
        "Bring sheets in: customers, orders, products, stock, places, events or messages; or go on with an import.",
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
        help="what a column holds, by header or letter; nothing after = no field of ours",
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
    bring.add_argument("--language", default="", help=argparse.SUPPRESS)
    life.add_argument("--run", dest="work", type=_id, metavar="ID", help=argparse.SUPPRESS)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no id of an import") from None


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    vault = Seal(settings.secret_key)
    garbage.spare()
    async with opened(settings, "fadeno import", size=4, nice=_NICE) as db:
        if args.work:
            with _bounded_memory():
                return await _work(db, vault, args.work)
        return await _do(db, vault, args)


async def _do(db: Database, vault: Seal, args: argparse.Namespace) -> int:
    if args.resume:
        return await _bring_in(db, vault, args, args.resume)
    if args.take_back:
        return await _take_back(db, args)
    if args.refused:
        speaking.speak(args.language)
        return await _refused(db, vault, *args.refused)
    if not args.files:
        raise Invalid("Name a file to bring in.", hint="`fadeno import --help` shows how.")
    return await _files(db, vault, args, _paths(args.files))


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """Take no more memory than a file may need: one that is made to need more fails alone, and says so."""
    was = resource.getrlimit(resource.RLIMIT_DATA)
    most = _MOST_BYTES if was[1] == resource.RLIM_INFINITY else min(was[1], _MOST_BYTES)
    resource.setrlimit(resource.RLIMIT_DATA, (most, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, was)


async def _work(db: Database, vault: Seal, id_: UUID) -> int:
    """What the worker's child does; what is wrong with the file stands in the import, and is no fault of the child."""
    try:
        await imports.work(db, vault, SYSTEM, id_)
    except (FadenoError, MemoryError):
        async with db.transaction() as tx:
            made = await imports.get(tx, id_)
        return 0 if made.is_over or made.state == "asking" else 1
    return 0


async def _files(db: Database, vault: Seal, args: argparse.Namespace, paths: list[Path]) -> int:
    """Each file by itself: one that can't be brought in does not hold up the others."""
    status = 0
    for path in paths:
        try:
            status = max(status, await _asking_currency(db, vault, args, path))
        except (FadenoError, MemoryError) as error:
            told = imports.TooMuchMemory() if isinstance(error, MemoryError) else error
            told.hint = _OPTIONS.get(_lacking(told, args), _OPTIONS.get(told.code, told.hint))
            if len(paths) == 1:
                raise told from None
            say(f"fadeno: {path.name}: {told.message}\n        {told.hint or ''}".rstrip())
            status = 1
    return status


def _lacking(error: FadenoError, args: argparse.Namespace) -> str:
    """The word for what a file lacks: where nearly all its numbers are none, the country they are of."""
    return "bad_phone" if error.values.get("why") == "bad_phone" and not args.region else error.word


def _paths(named: list[Path]) -> list[Path]:
    """The files; a name with * or ? that the shell left as it is stands for all it fits.

    Raises:
        Invalid: there is no such file.
    """
    found: list[Path] = []
    for path in named:
        fitting = sorted(path.parent.glob(path.name)) if set(path.name) & set("*?[") and not path.exists() else [path]
        found += [one for one in fitting if one.is_file()]
        if not any(one.is_file() for one in fitting):
            raise Invalid(f"There is no file {path}.", field="file", hint="Look at its name and folder.")
    return found


async def _asking_currency(db: Database, vault: Seal, args: argparse.Namespace, path: Path) -> int:
    """Bring a file in; if its amounts lack a currency and somebody is there to say it, ask and go on."""
    try:
        return await _file(db, vault, args, path)
    except imports.NeedsCurrency:
        if not _is_answered(args):
            raise
        said = await asyncio.to_thread(input, "Which currency are its amounts in, such as EUR? ")
        if not said.strip():
            raise
    args.currency = said.strip()
    return await _file(db, vault, args, path)


async def _file(db: Database, vault: Seal, args: argparse.Namespace, path: Path) -> int:
    known, before = await _known_source(db, args), Options(zone="")
    if known:
        async with db.transaction() as tx:
            before = await imports.said_before(tx, known.id)
    await _ask(args, before.zone or _zone_here())
    options = _options(args, before)
    if args.dry_run:
        return await _dry_run(db, args, path, options, known)
    source = known or await _new_source(db, args, path, options)
    made = await imports.receive(db, vault, SYSTEM, source, path, path.name, args.target, options)
    if not args.json:
        telling.how_understood(made, is_guessed=not args.target)
    bar = Bar(is_quiet=args.json)
    total = await asyncio.to_thread(imports.rows_of, path, made.tables) if bar.is_shown else 0
    return await _bring_in(db, vault, args, made.id, total)


async def _known_source(db: Database, args: argparse.Namespace) -> Source | None:
    with suppress(UnknownSource):
        async with db.transaction() as tx:
            return await sources.by_name(tx, _source_name(args))
    return None


def _source_name(args: argparse.Namespace) -> str:
    return args.source or args.target or "sheets"


async def _new_source(db: Database, args: argparse.Namespace, path: Path, options: Options) -> Source:
    """A source made known once the file is seen to be one that can be brought in."""
    imports.see_that_it_fits(await imports.look(db, None, path, path.name, args.target, options), options)
    async with db.transaction() as tx:
        made = await sources.create(tx, SYSTEM, _source_name(args), region=options.region or "ZZ")
    say(f"made the source {made.name}")
    return made


def _is_answered(args: argparse.Namespace) -> bool:
    """Whether somebody sits at the terminal who can be asked."""
    return not args.json and sys.stdin.isatty() and sys.stderr.isatty()


def _zone_here() -> str:
    """The zone of this machine, by its name; UTC where it has none."""
    named = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return named if named in available_timezones() else "UTC"


async def _ask(args: argparse.Namespace, zone: str) -> None:
    """At a terminal, ask what the file does not say and nobody did.

    Args:
        zone: of its times, as long as nobody says another.
    """
    if not _is_answered(args):
        return
    if args.is_whole is None:
        said = await asyncio.to_thread(input, "Is the file the whole list, so that what it lacks is gone? [y/N] ")
        args.is_whole = said.strip().lower() in ("y", "yes")
    if args.zone is None and args.target in (None, *_TIMED):
        said = await asyncio.to_thread(input, f"In which zone are its times, such as Europe/Budapest? [{zone}] ")
        args.zone = said.strip() or zone


def _options(args: argparse.Namespace, before: Options) -> Options:
    """What is said of a file; what is not, as the last file of its source was."""
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
            zone=args.zone or before.zone or "UTC",
            currency=args.currency.upper() if args.currency else before.currency,
            region=args.region.upper() if args.region else before.region,
            sheets=tuple(args.sheet) if args.sheet else None,
            header_row=args.header_row,
            mapping=mapping,
        )
    )


async def _bring_in(db: Database, vault: Seal, args: argparse.Namespace, id_: UUID, total: int = 0) -> int:
    bar = Bar(total, is_quiet=args.json)

    def told(now: Import) -> None:
        bar.show(now.rows_read, f"{now.rows_refused:,} refused" if now.rows_refused else "")

    with _stopping(db, id_):
        try:
            made = await imports.bring_in(db, vault, SYSTEM, id_, told)
        except Stopped:
            bar.end()
            return await _stopped(db, args, id_)
        except FadenoError:
            bar.end()
            say(f"import {id_} failed; `--resume` goes on with it, `--take-back` undoes it")
            raise
    bar.end()
    return _report(made, args)


def _report(made: Import, args: argparse.Namespace) -> int:
    if args.json:
        as_json(made)
    else:
        telling.what_happened(made)
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


async def _take_back(db: Database, args: argparse.Namespace) -> int:
    bars: list[Bar] = []

    def told(rows: int, total: int) -> None:
        if not bars:
            bars.append(Bar(total, is_quiet=args.json))
        bars[0].show(rows)

    try:
        made = await imports.take_back(db, SYSTEM, args.take_back, told)
    finally:
        for bar in bars:
            bar.end()
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


async def _dry_run(db: Database, args: argparse.Namespace, path: Path, options: Options, source: Source | None) -> int:
    """Say what would happen, in a transaction that is not kept: also the source would only then be made."""
    tables = await imports.look(db, source, path, path.name, args.target, options)
    imports.see_that_it_fits(tables, options)
    bar = Bar(is_quiet=args.json)
    if bar.is_shown:
        bar = Bar(await asyncio.to_thread(imports.rows_of, path, tables))
    try:
        async with db.transaction() as tx:
            known = source or await sources.create(tx, SYSTEM, _source_name(args), region=options.region or "ZZ")
            made, seen = await imports.try_out(tx, SYSTEM, known, path, tables, options, bar.show)
            raise _Undone
    except _Undone:
        bar.end()
    if args.json:
        as_json({"import": made, "preview": seen})
        return 0
    telling.how_understood(made, is_guessed=not args.target)
    telling.what_would_happen(made, seen, is_new=source is None)
    return 0
