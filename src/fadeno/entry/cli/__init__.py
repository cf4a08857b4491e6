"""`fadeno …` on the command line: one file per room, gathered here."""

import argparse
import asyncio
import importlib
import os
import pkgutil
import sys
from typing import Any

import uvloop

from fadeno import settings
from fadeno.kit import garbage
from fadeno.kit.errors import FadenoError

__all__ = ["main", "parser"]

_ABOUT = "One thread per customer through every channel a company has."
_EXAMPLE = """example:
  fadeno serve --data-dir ./data
  fadeno members add ada@example.com --role admin --password-stdin < password.txt"""


def parser(only: str = "") -> argparse.ArgumentParser:
    """The command line: all of it, or where a file bears the name of the command, what that file declares.

    Args:
        only: the command, such as `serve`: no other has to be loaded, nor the rooms it needs.
    """
    root = argparse.ArgumentParser(
        prog="fadeno",
        description=_ABOUT,
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    root.set_defaults(data_dir=None)
    subparsers = root.add_subparsers(metavar="COMMAND", required=True)
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    fitting = [name for name in names if name in (only, f"{only}s")]
    _register(fitting, subparsers)
    if only not in subparsers.choices:
        _register([name for name in names if name not in fitting], subparsers)
    _add_data_dir(root)
    return root


def main(argv: list[str] | None = None) -> int:
    """Run one command; what it returns is the exit status."""
    words = sys.argv[1:] if argv is None else argv
    with garbage.loading():
        args = parser(*words[:1]).parse_args(words)
    try:
        loaded = settings.load(
            data_dir=args.data_dir,
            host=getattr(args, "host", None),
            port=getattr(args, "port", None),
            make_key=getattr(args, "make_key", True),
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(args.run(args, loaded)) or 0
    except FadenoError as error:
        print(f"fadeno: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"        {error.hint}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read what we print has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130


def _register(names: list[str], subparsers: Any) -> None:
    for name in names:
        register = getattr(importlib.import_module(f"{__name__}.{name}"), "register", None)
        if register:
            register(subparsers)


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    """Let `--data-dir` stand before or after any sub-command."""
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="where database, keys and backups are (or FADENO_DATA_DIR)",
    )
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                _add_data_dir(child)
