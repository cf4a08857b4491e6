"""Which channels there are: every folder of `adapters`, and what other packages offer under `fadeno.channels`."""

import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType, ModuleType

import msgspec

from fadeno.channels import adapters as ours
from fadeno.channels.contract import Account, Draft, Label, Letter, Request
from fadeno.kit.errors import NotFound

ENTRY_POINTS = "fadeno.channels"


@dataclass(frozen=True)
class Adapter:
    """A channel's translator: it turns bodies into letters and drafts into requests, and decides nothing.

    Attributes:
        read: `(body, headers, secret)` to letters; checks the signature where a secret is given.
        write: `(draft, account)` to requests.
        folder: where its label, guide and samples are.
    """

    label: Label
    read: Callable[[bytes, Mapping[str, str], str | None], list[Letter]]
    write: Callable[[Draft, Account], list[Request]]
    folder: Traversable


class UnknownChannel(NotFound):
    """There is no channel of that name."""

    code = "unknown_channel"


def adapters() -> Mapping[str, Adapter]:
    """Every adapter by its name, ours and those of other packages; where both bear a name, ours stands."""
    return _gathered()


def adapter(name: str) -> Adapter:
    """The adapter of that name.

    Raises:
        UnknownChannel: there is none; `fadeno channels list` shows which there are.
    """
    try:
        return _gathered()[name]
    except KeyError:
        known = ", ".join(sorted(_gathered()))
        raise UnknownChannel(f"There is no channel {name[:40]!r}; there are {known}.") from None


@cache
def _gathered() -> Mapping[str, Adapter]:
    theirs = (entry.load() for entry in metadata.entry_points(group=ENTRY_POINTS))
    here = (importlib.import_module(f"{ours.__name__}.{found.name}") for found in pkgutil.iter_modules(ours.__path__))
    made = [_adapter(module) for module in (*theirs, *here)]
    return MappingProxyType({one.label.name: one for one in sorted(made, key=lambda a: a.label.name)})


def _adapter(module: ModuleType) -> Adapter:
    folder = files(module)
    label = msgspec.convert(tomllib.loads((folder / "channel.toml").read_text("utf-8")), Label)
    return Adapter(label, module.read, module.write, folder)
