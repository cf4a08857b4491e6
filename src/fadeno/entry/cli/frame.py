"""What every command shares: how it is declared, and reports.

A file of `entry/cli` exports `register(subparsers)`. It declares its commands with `command(...)` and gives each an
`async def run(args, settings) -> int | None`. `--data-dir` is added to every command by `main`.
"""

import argparse
import json
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from fadeno.settings import Settings

Run = Callable[[argparse.Namespace, Settings], Awaitable[int | None]]


def command(
    subparsers: Any, name: str, summary: str, *, example: str, run: Run | None = None, lists: bool = False
) -> argparse.ArgumentParser:
    """Declare a command (or, without `run`, a group of them).

    Args:
        summary: one sentence, shown in the list of commands and on top of its help.
        example: one or more lines somebody can paste.
        lists: it lists or reports, so it also takes `--json`.
    """
    parser = subparsers.add_parser(
        name,
        help=summary,
        description=summary,
        epilog="example:\n" + "\n".join(f"  {line}" for line in example.strip().splitlines()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    if lists:
        parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    if run:
        parser.set_defaults(run=run)
    return parser


def group(parser: argparse.ArgumentParser) -> Any:
    """The sub-commands of a group declared with `command`."""
    return parser.add_subparsers(metavar="COMMAND", required=True)


def whole(least: int, most: int = 2**63 - 1) -> Callable[[str], int]:
    """What reads a whole number of an argument, and says so where it is none or out of bounds."""

    def read(said: str) -> int:
        number = int(said) if re.fullmatch(r"-?[0-9]{1,19}", said) else None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{said[:30]!r} is no whole number from {least} to {most}")
        return number

    return read


page = whole(1, 200)  # how many rows of a list are shown at once


def as_json(value: Any) -> None:
    """Print anything of ours (dataclasses, structs, times, ids) as JSON."""
    print(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))


def table(rows: list[tuple[Any, ...]], heads: tuple[str, ...]) -> None:
    """Print rows in columns under their heads."""
    cells = [tuple("" if cell is None else str(cell) for cell in row) for row in [heads, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def say(text: str) -> None:
    """Tell the person at the terminal something that is not the result (stdout is for results)."""
    print(text, file=sys.stderr, flush=True)
