"""`fadeno serve`."""

import argparse
from typing import Any

from fadeno.entry import serve
from fadeno.entry.cli.frame import command
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    parser = command(
        subparsers,
        "serve",
        "Run fadeno: pages, API, jobs and (unless FADENO_DATABASE_URL is set) its database.",
        example="fadeno serve --data-dir ./data --host 0.0.0.0 --port 8000",
        run=_run,
    )
    parser.add_argument("--host", metavar="H", help="address to listen on (127.0.0.1, or FADENO_HOST)")
    parser.add_argument("--port", metavar="P", help="port to listen on (8000, or FADENO_PORT); 0 takes a free one")
    parser.add_argument("--no-worker", action="store_true", help="only the doors; `fadeno worker` runs elsewhere")


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    return await serve.serve(settings, work=not args.no_worker)
