"""`fadeno demo`: fadeno with a sample company in it that goes on living."""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import sys
import time
import webbrowser
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from fadeno import access, commerce, customers, intake, sources
from fadeno.access import SYSTEM
from fadeno.app import App
from fadeno.commerce import NewStock
from fadeno.entry import sample, serve
from fadeno.entry.cli import demo_desk
from fadeno.entry.cli.frame import command, say
from fadeno.entry.sample import Sent, sheets, shelf
from fadeno.intake import Bad, Parcel
from fadeno.kit import clock, ids
from fadeno.kit.errors import Conflict, FadenoError
from fadeno.settings import Settings
from fadeno.sources import Source

CUSTOMERS = 150
SEED = 1
AT_ONCE = 500
PEOPLE_AT_ONCE = 400
PAUSE_S = (2.0, 6.0)
STATE_FILE = "demo.json"
SHEETS_FOLDER = "samples"
_FIRST_USER = "u-10200"
ADMIN = "demo@lumo.example"
MEMBERS = (
    (ADMIN, "Ada Demo", "admin"),
    ("mirjana@lumo.example", "Mirjana Stojković", "agent"),
    ("olga@lumo.example", "Olga Brandt", "manager"),
    ("reka@lumo.example", "Németh Réka", "shop"),
    ("heike@lumo.example", "Heike Löffler", "marketing"),
    ("karim@lumo.example", "كريم فؤاد", "analyst"),
)


class NotEmpty(Conflict):
    """Somebody works with these data; the sample company stays out of them."""

    code = "not_empty"
    hint = "choose another --data-dir for the demo"


@dataclass(slots=True)
class _State:
    """What the demo must know again next time; kept in the data directory, readable by its owner alone."""

    seed: int
    customers: int
    began_at: str
    password: str
    loaded: int = 0
    cases: int = 0
    keys: dict[str, str] = field(default_factory=dict)


def register(subparsers: Any) -> None:
    """Declare the commands of this file."""
    parser = command(
        subparsers,
        "demo",
        "Run fadeno with a small sample company that goes on living. Nothing leaves this machine.",
        example="fadeno demo --data-dir ./data/demo\nfadeno demo --customers 1000 --seed 7 --no-live",
        run=_run,
    )
    parser.add_argument("--host", metavar="H", help="address to listen on (127.0.0.1, or FADENO_HOST)")
    parser.add_argument("--port", metavar="P", help="port to listen on (8000, or FADENO_PORT); 0 takes a free one")
    parser.add_argument(
        "--customers", metavar="N", type=_count, help=f"how many people ({CUSTOMERS}); more can be added"
    )
    parser.add_argument("--seed", metavar="S", type=int, help=f"which people ({SEED}); the same seed, the same people")
    parser.add_argument("--no-live", action="store_true", help="nothing happens after the start")
    parser.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        default=_has_display(),
        help="show it in the browser (if there is a screen and a person at it)",
    )


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("a number from 1 to 100000")
    return int(text)


def _has_display() -> bool:
    if not sys.stdout.isatty():
        return False
    environ = os.environ  # noqa: TID251 - whether there is a screen is no setting of ours
    return sys.platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    path = settings.data_dir / STATE_FILE
    state = _remembered(path, args)
    is_new = state is None
    state = state or _State(args.seed or SEED, args.customers or CUSTOMERS, _stamp(), _password())

    async def before(app: App) -> None:
        if is_new:
            await _demand_empty(app)
        _keep(path, state)
        known = await _settle(app, state)
        _keep(path, state)
        await stock_up(app, known, state.seed, datetime.fromisoformat(state.began_at))
        await _load(app, state, known, lambda: _keep(path, state))

    async def beside(app: App, address: str) -> None:
        made = datetime.fromisoformat(state.began_at).date()
        await asyncio.to_thread(sheets.write_all, settings.data_dir / SHEETS_FOLDER, state.seed, made)
        await _greet(app, state, address, live=not args.no_live)
        if args.open:
            await asyncio.to_thread(webbrowser.open, address)
        desk = await demo_desk.set_up(app)

        def played(cases: int) -> None:
            state.cases = cases
            _keep(path, state)

        began_at = datetime.fromisoformat(state.began_at)
        await demo_desk.play(desk, state.seed, state.customers, state.cases, began_at, played)
        if not args.no_live:
            lives = demo_desk.go_on(desk, state.seed, state.customers, partial(_rested, app))
            await asyncio.gather(_go_on(app, state), lives)

    return await serve.serve(settings, before, beside)


# What is kept ----------------------------------------------------------------------------------------------------


def _remembered(path: Path, args: argparse.Namespace) -> _State | None:
    """The demo that is there already; more customers may join it, but not other ones."""
    try:
        state = _State(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        raise NotEmpty(f"{path} can't be read.") from None
    if args.seed not in (None, state.seed):
        raise NotEmpty(f"{path.parent} holds the sample company of seed {state.seed}.")
    state.customers = max(state.customers, args.customers or 0)
    return state


def _keep(path: Path, state: _State) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = path.with_suffix(".new")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(state), file, indent=1)
    making.replace(path)


def _stamp() -> str:
    return clock.now().isoformat(timespec="seconds")


def _password() -> str:
    """Eight syllables: fifty bits one can read out."""
    parts = (secrets.choice("bdfghjklmnprstvz") + secrets.choice("aeiou") for _ in range(8))
    spoken = "".join(parts)
    return "-".join(spoken[at : at + 4] for at in range(0, 16, 4))


# Setting up ------------------------------------------------------------------------------------------------------


async def _demand_empty(app: App) -> None:
    async with app.db.transaction() as tx:
        if await access.has_members(tx):
            raise NotEmpty(f"{app.settings.data_dir} has members already.")


async def _settle(app: App, state: _State) -> dict[str, Source]:
    """Members, sources and a key for each, where they are not there yet; the sources by name."""
    async with app.db.transaction() as tx:
        if not await access.has_members(tx):
            (email, name, _), *others = MEMBERS
            await access.add_first_admin(tx, email, name, state.password)
            for email, name, role in others:
                await access.add_member(tx, SYSTEM, email, name, role, state.password)
        known = {source.name: source for source in await sources.all_sources(tx)}
        for name, kind, region, rhythm_s in sample.SOURCES:
            if name not in known:
                known[name] = await sources.create(tx, SYSTEM, name, kind=kind, region=region, rhythm_s=rhythm_s)
            key = state.keys.get(name)
            if key is None or await access.key_actor(tx, key) is None:
                state.keys[name] = await access.create_key(tx, SYSTEM, name, "collect", known[name].id)
    return known


async def stock_up(app: App, known: dict[str, Source], seed: int, at: datetime) -> None:
    """Let the stock system say its places, its range, its prices and what there is, as it was then."""
    said = {"said_in": ids.new_id(), "said_at": at}
    source_id = known[shelf.SOURCE].id
    async with app.db.transaction() as tx:
        await commerce.keep_places(tx, source_id, shelf.places(), **said)
        await commerce.keep_products(tx, source_id, shelf.products(), **said)
        await commerce.keep_prices(tx, source_id, shelf.prices(at.date()), **said)
        await commerce.keep_stock(tx, source_id, shelf.stock(seed), **said)


async def count_again(app: App, known: dict[str, Source], event: Mapping[str, Any], at: datetime) -> None:
    """Let the stock system say what is left of what an order takes."""
    place, taken = shelf.taken(event)
    source_id = known[shelf.SOURCE].id
    async with app.db.transaction() as tx:
        for sku, quantity in taken.items():
            of_sku = [one.id for one in (await commerce.products(tx, q=sku))[0] if one.source_id == source_id]
            there = [one.quantity for one in await commerce.stock(tx, *of_sku) if one.place_key == place]
            left = [NewStock(sku, max(quantity_there - quantity, Decimal(0)), place) for quantity_there in there]
            await commerce.keep_stock(tx, source_id, left, said_in=ids.new_id(), said_at=at)


async def _load(app: App, state: _State, known: dict[str, Source], keep: Callable[[], None]) -> None:
    """Let everything that happened until the first start go through the intake, some people at a time."""
    if state.loaded >= state.customers:
        return
    until = datetime.fromisoformat(state.began_at)
    say(f"Making up {state.customers - state.loaded:,} customers of a company called Lumo …")
    bar = _Bar(state.loaded, state.customers)
    try:
        while state.loaded < state.customers:
            some = min(state.customers, state.loaded + PEOPLE_AT_ONCE)
            history = sample.history(state.seed, some, until, first=state.loaded)
            for done in range(0, len(history), AT_ONCE):
                part = history[done : done + AT_ONCE]
                await hand_in(app, known, part)
                bar.show(state.loaded + (some - state.loaded) * (done + len(part)) // len(history), len(part))
            state.loaded = some
            keep()
    except asyncio.CancelledError:
        say("\nBroken off; the next start goes on here.")
        raise
    bar.end()


async def hand_in(app: App, known: dict[str, Source], events: Iterable[Sent]) -> None:
    """Events as parcels, one a source, each event read as of when it reached the company."""
    by_source: dict[str, list[Sent]] = {}
    for one in events:
        by_source.setdefault(one.source, []).append(one)
    parcels = []
    for name, sent in by_source.items():
        raw = b'{"batch":[' + b",".join(one.raw for one in sent) + b"]}"
        parcel = Parcel(ids.new_id(), known[name].id, sent[-1].received_at, raw)
        for one in sent:
            read = intake.read_event(one.raw, {}, known[name], one.received_at)
            (parcel.bad if isinstance(read, Bad) else parcel.letters).append(read)
        parcels.append(parcel)
    await asyncio.gather(*(app.gate.submit(parcel) for parcel in parcels))


class _Bar:
    """How far it is: a line that is drawn over at a terminal, else one when it is done."""

    def __init__(self, first: int, whole: int) -> None:
        self.first = first
        self.whole = whole
        self.events = 0
        self.began_s = time.monotonic()

    def show(self, done: int, events: int) -> None:
        """So many of the people are there now, and so many more of their events."""
        self.events += events
        if not sys.stderr.isatty():
            return
        filled = 32 * (done - self.first) // (self.whole - self.first)
        took_s = time.monotonic() - self.began_s
        left_s = took_s * (self.whole - done) / max(1, done - self.first)
        left = f", {left_s // 60:.0f} min {left_s % 60:02.0f} s left" if took_s > 5 and left_s >= 1 else ""
        line = f"\r  {'━' * filled}{'─' * (32 - filled)} {done:,} of {self.whole:,} people{left}\033[K"
        print(line, end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """All are there."""
        say(("\n" if sys.stderr.isatty() else "") + f"  {self.events:,} events")


# Serving ---------------------------------------------------------------------------------------------------------


async def _greet(app: App, state: _State, address: str, *, live: bool) -> None:
    one = await _watched(app)
    others = ", ".join(f"{email.partition('@')[0]} ({role})" for email, _, role in MEMBERS[1:])
    lines = [
        "",
        f"  Open      {address}",
        f"  E-mail    {ADMIN}",
        f"  Password  {state.password}",
        "",
        f"  Others    {others} @lumo.example, the same password",
    ]
    if one:
        lines.append(f"  Watch     {address}/customers/{one}")
    lines += [
        f"  Send      curl -u {state.keys['shop-server']}: \\",
        "              -H 'content-type: application/json' \\",
        f'              {address}/v1/track -d \'{{"userId": "{_FIRST_USER}", "event": "Hello"}}\'',
        f"  Import    three sheets to try it with are in {app.settings.data_dir / SHEETS_FOLDER}",
        "",
        "  New events come every few seconds. Ctrl-C ends it." if live else "  Ctrl-C ends it.",
        "",
    ]
    print("\n".join(lines), flush=True)


async def _watched(app: App) -> Any:
    """The customer to look at first."""
    async with app.db.transaction() as tx:
        return await customers.find(tx, "user", _FIRST_USER)


async def _rested(app: App, pause_s: float) -> bool:
    """Wait a while; whether it is over meanwhile."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.stopping.wait(), pause_s)
    return app.stopping.is_set()


async def _go_on(app: App, state: _State) -> None:
    """Play stories on, one event every few seconds, until the end."""
    async with app.db.transaction() as tx:
        known = {source.name: source for source in await sources.all_sources(tx)}
    now = clock.now()
    for step in sample.onwards(state.seed, state.customers, run=ids.new_id().hex, now=now):
        pause_s = PAUSE_S[0] + (PAUSE_S[1] - PAUSE_S[0]) * secrets.randbelow(1000) / 1000
        if await _rested(app, pause_s):
            return
        at = clock.now()
        if known[step.source].enabled:
            with contextlib.suppress(FadenoError):  # too busy just now: the story goes on without this one
                await hand_in(app, known, [sample.sent(step, at, at)])
                await count_again(app, known, step.event, at)
