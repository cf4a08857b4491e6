"""`fadeno backup` and `fadeno restore`."""

import argparse
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fadeno import db
from fadeno.entry.cli.frame import command, say
from fadeno.settings import KEY_FILE, Settings, key_of, load


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    parser = command(
        subparsers,
        "backup",
        "Save database and secret key to one file, while fadeno runs or not. Keep it safe: it opens everything.",
        example="fadeno backup fadeno-2026-11-23.fadeno --data-dir ./data",
        run=_backup,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser = command(
        subparsers,
        "restore",
        "Read a backup back: the database in one transaction, then the secret key. fadeno must be stopped.",
        example="fadeno restore fadeno-2026-11-23.fadeno --data-dir ./data",
        run=_restore,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--replace", action="store_true", help="there are data already, and they go away")
    parser.set_defaults(make_key=False)


async def _backup(args: argparse.Namespace, settings: Settings) -> None:
    async with db.reached(settings.data_dir, settings.database_url, what="fadeno backup") as url:
        await db.save(url, settings.data_dir, args.file)
    say(f"saved {args.file} ({args.file.stat().st_size / 1e6:.1f} MB)")
    if not (settings.data_dir / KEY_FILE).exists():
        say("the secret key is not in it: keep FADENO_SECRET_KEY beside it")


async def _restore(args: argparse.Namespace, settings: Settings) -> None:
    async with _alone(settings) as url:
        label = await db.load(url, settings.data_dir, args.file, replace=args.replace)
    say(f"restored {args.file}, made {label['made_at']} by fadeno {label['version']}")
    if (key := key_of(settings.data_dir)) and load(data_dir=settings.data_dir).secret_key != key:
        say("FADENO_SECRET_KEY is another key than the restored one, and goes before it: unset it")


@asynccontextmanager
async def _alone(settings: Settings):
    """The database with nobody else on it."""
    if settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield settings.database_url
        return
    hold = await db.hold(settings.data_dir, "fadeno restore")
    try:
        yield hold.server.url()
    finally:
        hold.release()
