"""`fadeno worker`."""

import argparse
from typing import Any

from fadeno.entry.cli.frame import command
from fadeno.entry.worker import process
from fadeno.kit.errors import Invalid
from fadeno.settings import Settings


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    parser = command(
        subparsers,
        "worker",
        "Do timers and deliveries only, beside `fadeno serve --no-worker` on the same database.",
        example="fadeno worker --metrics-port 9100",
        run=_run,
    )
    parser.add_argument("--metrics-port", type=int, metavar="P", help="answer Prometheus there; 0 takes a free port")
    parser.add_argument(
        "--likely", action="store_true", help="only look for who may be one person, until all were compared, and end"
    )
    # A key made here would open nothing that the doors have sealed.
    parser.set_defaults(make_key=False)


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    if args.likely:
        return await process.seek(settings)
    if not settings.secret_key:
        raise Invalid(
            "A worker needs the secret key of the doors.",
            hint="give the same FADENO_SECRET_KEY, or the same --data-dir",
        )
    return await process.work(settings, args.metrics_port)
