"""Which channels there are: every folder of `adapters`, and what other packages offer under `fadeno.channels`."""

import importlib
import importlib.util
import pkgutil
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType, ModuleType

import msgspec

from fadeno.channels import adapters as ours
from fadeno.channels.contract import (
    Account,
    Answer,
    Attachment,
    Call,
    Draft,
    Label,
    Letter,
    Refused,
    Request,
    TryLater,
    Unreadable,
    judge_http,
)
from fadeno.kit.errors import Invalid, NotFound

ENTRY_POINTS = "fadeno.channels"
LABEL = "channel.toml"
_HIDDEN = "•••"

Read = Callable[[bytes, Mapping[str, str], str | None], list[Letter]]
Write = Callable[[Draft, Account], list[Request]]
Answered = Callable[[Answer], str]
Fetch = Callable[[Attachment, Account, Sequence[Answer]], Call | None]
Handshake = Callable[[Mapping[str, str], Account], str]


@dataclass(frozen=True)
class Adapter:
    """A channel's translator: it turns bodies into letters and drafts into requests, and decides nothing.

    Attributes:
        read: `(body, headers, secret)` to letters; checks the signature where a secret is given. A body over the
            label's limit is unreadable before the adapter sees it.
        write: `(draft, account)` to requests. A draft over the label's limits is refused before the adapter sees it.
        answered: `(answer, account)` to the id the provider gave our message, empty where it gave none: then nobody
            knows whether it took a message we did not name ourselves. Raises `TryLater` and `Refused` in the
            provider's words, without what is secret.
        fetch: `(attachment, account, answers)` to what is to be asked for next to have a file, by what was answered so
            far; None where the last one holds the file.
        handshake: `(query, account)` to what is answered to a provider that tries our address by a GET.
        folder: where its label, guide and samples are.
    """

    label: Label
    read: Read
    write: Write
    answered: Callable[[Answer, Account], str]
    folder: Traversable
    fetch: Fetch
    handshake: Handshake


class UnknownChannel(NotFound):
    """There is no channel of that name."""

    code = "unknown_channel"


class NoAdapter(Invalid):
    """This is no adapter of a channel."""

    code = "no_adapter"


def adapters() -> Mapping[str, Adapter]:
    """Every adapter by its name, ours and those of other packages; where both bear a name, ours stands."""
    return _gathered()[0]


def broken() -> Mapping[str, str]:
    """Adapters of other packages that can't be used, and why; they harm none of the others."""
    return _gathered()[1]


def adapter(name: str) -> Adapter:
    """The adapter of that name.

    Raises:
        UnknownChannel: there is none; `fadeno channels kinds` shows which there are.
    """
    try:
        return adapters()[name]
    except KeyError:
        known = ", ".join(sorted(adapters()))
        why = f" The one installed can't be used: {broken()[name]}" if name in broken() else ""
        raise UnknownChannel(f"There is no channel {name[:40]!r}; there are {known}.{why}") from None


def adapter_in(folder: Path) -> Adapter:
    """The adapter of a folder that is not installed, for who is writing one.

    Args:
        folder: the adapter's own, or that of a project which holds one.

    Raises:
        NoAdapter: there is none, or it can't be loaded.
    """
    labels = sorted([*folder.glob(LABEL), *folder.glob(f"*/{LABEL}"), *folder.glob(f"src/*/{LABEL}")])
    if not labels:
        raise NoAdapter(f"{folder} holds no {LABEL}.", hint="`fadeno channels new NAME` begins an adapter.")
    at = labels[0].parent.resolve()
    spec = importlib.util.spec_from_file_location(at.name, at / "__init__.py", submodule_search_locations=[str(at)])
    if spec is None or spec.loader is None or not (at / "__init__.py").is_file():
        raise NoAdapter(f"{at} has no __init__.py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[at.name] = module
    try:
        spec.loader.exec_module(module)
        return _adapter(module)
    except Exception as fault:
        raise NoAdapter(f"{at.name} can't be loaded: {_words(fault)}") from fault


@cache
def _gathered() -> tuple[Mapping[str, Adapter], Mapping[str, str]]:
    made, faults = [], {}
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        try:
            made.append(_adapter(entry.load()))
        except Exception as fault:  # whatever is wrong with it, the other channels work on
            faults[entry.name] = _words(fault)
    names = (found.name for found in pkgutil.iter_modules(ours.__path__))
    made += [_adapter(importlib.import_module(f"{ours.__name__}.{name}")) for name in names]
    known = {one.label.name: one for one in made}
    return MappingProxyType(dict(sorted(known.items()))), MappingProxyType(faults)


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:300]


def _adapter(module: ModuleType) -> Adapter:
    folder = files(module)
    label = msgspec.convert(tomllib.loads((folder / LABEL).read_text("utf-8")), Label)
    answered = getattr(module, "answered", _plainly_answered)
    return Adapter(
        label,
        partial(_read, label, module.read),
        partial(_written, label, module.write),
        partial(_answered, answered),
        folder,
        partial(_fetched, getattr(module, "fetch", _never_fetched)),
        getattr(module, "handshake", _no_handshake),
    )


def _read(label: Label, read: Read, body: bytes, headers: Mapping[str, str], secret: str | None = None) -> list[Letter]:
    if len(body) > label.limits.body_bytes:
        raise Unreadable(f"It has {len(body):,} bytes; {label.title} reads {label.limits.body_bytes:,}.")
    return read(body, headers, secret)


def _written(label: Label, write: Write, draft: Draft, account: Account) -> list[Request]:
    limits, attached = label.limits, draft.attachments
    if len(draft.text) > limits.text_chars:
        raise Refused(f"{label.title} carries {limits.text_chars:,} characters; this has {len(draft.text):,}.")
    if len(draft.subject) > limits.subject_chars > 0:
        raise Refused(f"{label.title} carries a subject of {limits.subject_chars:,} characters.")
    if len(attached) > limits.attachments:
        carries = f"{limits.attachments:,} files at once" if limits.attachments else "no files"
        raise Refused(f"{label.title} carries {carries}; this has {len(attached):,}.")
    if (weight := sum(one.size_bytes for one in attached)) > limits.attachments_bytes and attached:
        most = limits.attachments_bytes / 1e6
        raise Refused(f"{label.title} carries {most:,.1f} MB of files; these have {weight / 1e6:,.1f} MB.")
    return write(draft, account)


def _plainly_answered(answer: Answer) -> str:
    judge_http(answer.status, answer.headers, answer.content.decode("utf-8", "replace"), answer.at)
    return ""


def _never_fetched(attachment: Attachment, account: Account, answers: Sequence[Answer]) -> Call | None:
    raise Refused("This channel has no files to fetch.")


def _no_handshake(query: Mapping[str, str], account: Account) -> str:
    raise Refused("This channel's provider tries no address.")


def _fetched(fetch: Fetch, attachment: Attachment, account: Account, answers: Sequence[Answer]) -> Call | None:
    try:
        return fetch(attachment, account, answers)
    except TryLater as later:
        raise TryLater(_veiled(later.message, account), after_s=later.after_s) from None
    except Refused as no:
        raise Refused(_veiled(no.message, account)) from None


def _answered(answered: Answered, answer: Answer, account: Account) -> str:
    """What came of a request; a provider that repeats our secrets in its answer does not get them into our words."""
    try:
        return answered(answer)
    except TryLater as later:
        raise TryLater(_veiled(later.message, account), after_s=later.after_s) from None
    except Refused as no:
        raise Refused(_veiled(no.message, account)) from None


def _veiled(words: str, account: Account) -> str:
    for secret in sorted(account.secrets.values(), key=len, reverse=True):
        words = words.replace(secret, _HIDDEN) if secret else words
    return words
