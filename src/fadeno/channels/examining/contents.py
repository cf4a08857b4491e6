"""What an adapter's folder must hold: a label that says all, a guide, samples; and what it must not use."""

import ast
import re
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from fadeno.channels.contract import Label
from fadeno.channels.examining.faults import Fault
from fadeno.channels.examining.samples import stray_samples
from fadeno.channels.registry import LABEL, Adapter

GUIDE = "README.md"
_SHORTEST_ABOUT_CHARS = 20
_SHORTEST_GUIDE_CHARS = 300
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
# What an adapter decides nothing by: connections, databases, the clock, chance, the surroundings.
_NEVER = frozenset(
    {
        "aiohttp", "asyncio", "fadeno.db", "fadeno.jobs", "fadeno.settings", "fadeno.kit.clock", "http.client", "httpx",
        "os", "psycopg", "random", "requests", "secrets", "smtplib", "socket", "sqlite3", "ssl", "subprocess",
        "threading", "urllib.request", "uuid",
    }
)  # fmt: skip
_CLOCKS = frozenset({"now", "utcnow", "today", "time_ns"})


def label_faults(adapter: Adapter) -> list[Fault]:
    """What its folder lacks, and what it has that it must not."""
    return [*_label(adapter.label), *_guide(adapter), *_code(adapter.folder, "")]


def _label(label: Label) -> Iterator[Fault]:
    if not _NAME.fullmatch(label.name):
        yield Fault(LABEL, f"the name {label.name!r} is not of small letters, digits and underscores")
    if len(label.about) < _SHORTEST_ABOUT_CHARS or not label.title.strip():
        yield Fault(LABEL, "`title` and `about` must say in a sentence what the channel is")
    if not label.owner.strip():
        yield Fault(LABEL, "`owner` must name who answers for the adapter")
    if not label.sources or any(not _DAY.search(one) for one in label.sources):
        yield Fault(LABEL, "`sources` must name the pages its facts come from, each with the day it was read")
    if label.limits.text_chars <= 0 or label.limits.body_bytes <= 0 or label.limits.sends_per_s <= 0:
        yield Fault(LABEL, "`limits` must say how much it carries and reads: text_chars, body_bytes, sends_per_s")
    if ("attachments" in label.writes) != (label.limits.attachments > 0 and label.limits.attachments_bytes > 0):
        yield Fault(LABEL, "`writes` and `limits` disagree on whether it carries attachments")
    names = [one.name for one in label.credentials]
    if len(set(names)) != len(names) or any(not one.about.strip() for one in label.credentials):
        yield Fault(LABEL, "each of `credentials` needs a name of its own and a word on where to find it")
    secret = {one.name for one in label.credentials if one.secret}
    if label.signature and "signing_secret" not in secret:
        yield Fault(LABEL, "what is signed is checked with a secret credential named `signing_secret`; there is none")


def _guide(adapter: Adapter) -> Iterator[Fault]:
    guide = adapter.folder / GUIDE
    if not guide.is_file():
        yield Fault(GUIDE, "it is missing; it says how an account is connected, step by step")
        return
    text = guide.read_text("utf-8")
    if not text.startswith("# ") or len(text) < _SHORTEST_GUIDE_CHARS:
        yield Fault(
            GUIDE, f"it must begin with a title and say in {_SHORTEST_GUIDE_CHARS} characters or more how it is done"
        )
    for one in (one for one in adapter.label.credentials if one.needed or one.secret):
        if f"`{one.name}`" not in text and f"{one.name}=" not in text:
            yield Fault(GUIDE, f"it does not say where to find `{one.name}`")
    yield from (
        Fault("samples", f"{name} is neither NAME.in.json nor NAME.out.json") for name in stray_samples(adapter)
    )


def _code(folder: Traversable, within: str) -> Iterator[Fault]:
    """What its code uses that a translator has no use for."""
    for found in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{within}{found.name}"
        if found.is_dir() and found.name not in ("__pycache__", "samples"):
            yield from _code(found, f"{name}/")
        elif found.name.endswith(".py"):
            yield from (Fault(f"{name}:{line}", what) for line, what in _uses(found.read_text("utf-8")))


def _uses(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        named = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            if isinstance(node, ast.ImportFrom) and node.module
            else []
        )
        for one in sorted(_NEVER.intersection(named)):
            yield node.lineno, f"an adapter only translates; it has no use for {one}"
        if isinstance(node, ast.Attribute) and node.attr in _CLOCKS:
            yield node.lineno, f".{node.attr}: an adapter has no clock; the same body must always give the same letters"
