"""`fadeno channels new` and `fadeno channels check ADAPTER`: for who writes an adapter of a channel."""

import argparse
import sys
from pathlib import Path
from typing import Any

from fadeno import channels
from fadeno.channels import adapter_in, examining
from fadeno.entry.cli.frame import as_json, command, say
from fadeno.settings import Settings


def declare_new(verbs: Any) -> None:
    """Declare `fadeno channels new`."""
    new = command(
        verbs,
        "new",
        "Begin an adapter for a channel of your own: a small project that keeps the contract from its first minute.",
        example="fadeno channels new pigeon\nfadeno channels new pigeon --into ~/work",
        run=_new,
    )
    new.add_argument("name", metavar="NAME", help="of the channel: small letters, digits, underscores")
    new.add_argument(
        "--into", type=Path, default=Path(), metavar="DIR", help="where its folder is made; here if not said"
    )
    new.set_defaults(make_key=False)


def declare_check(check: argparse.ArgumentParser) -> None:
    """What `fadeno channels check` takes to look at an adapter."""
    check.add_argument(
        "--record", action="store_true", help="write into samples that lack it what the adapter reads and writes now"
    )


def is_adapter(named: str) -> bool:
    """Whether a name is that of an adapter, installed or broken, or of a folder."""
    return named in channels.adapters() or named in channels.broken() or Path(named).is_dir()


def examined(args: argparse.Namespace) -> int:
    """See whether an adapter keeps the contract; 1 where it does not."""
    folder = Path(args.name)
    adapter = adapter_in(folder) if folder.is_dir() else channels.adapter(args.name)
    if args.record:
        for name in examining.recorded(adapter, Path(str(adapter.folder))):
            say(f"wrote {name}; look at it: it is the record from now on")
    faults = examining.examine(adapter)
    if args.json:
        as_json({"items": faults})
    else:
        for fault in faults:
            print(fault)
        kept = "keeps the contract of channels" if not faults else f"{len(faults)} to mend"
        print(f"{adapter.label.title}: {kept}", file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0


async def _new(args: argparse.Namespace, settings: Settings) -> int:
    written = examining.start(args.name, args.into)
    for one in written:
        say(f"wrote {one}")
    project = written[0].parent
    say(f"next: fadeno channels check {project}, then pip install -e {project}")
    print(project)
    return 0
