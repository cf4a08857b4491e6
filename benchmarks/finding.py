"""Search as one types, lists page by page, narrowed and sorted, and the palette, in a company of a million."""

import random
import re
import time
from collections.abc import Awaitable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import httpx

from benchmarks import people, shop
from benchmarks.figure import Figure, percentile, short
from benchmarks.intake import fire
from benchmarks.pages import EMAIL, PASSWORD, add_member
from benchmarks.people import Size
from benchmarks.served import Served
from fadeno import access, customers, settings
from fadeno.app import FINDERS
from fadeno.customers import Narrow
from fadeno.db import Database, Tx
from fadeno.entry import paging
from fadeno.kit import clock, lists, text
from fadeno.kit.seal import Seal

TYPISTS = 50
TIMES = 100
SEARCH_GOAL_MS = 50
PAGE_GOAL_MS = 100
PAGE = 50


async def _took_ms(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


def _figure(what: str, took: dict[str, list[float]], goal_ms: int, note: str) -> Figure:
    """One figure of many things asked, with the slowest of them."""
    every = [ms for values in took.values() for ms in values]
    slowest = sorted(took, key=lambda asked: max(took[asked]), reverse=True)[:3]
    p50, p99 = percentile(every, 0.5), percentile(every, 0.99)
    said = ", ".join(f"{asked!r} {max(took[asked]):.0f} ms" for asked in slowest)
    return Figure(
        what, f"p50 {p50:.1f} ms, p99 {p99:.1f} ms", f"p99 ≤ {goal_ms} ms", p99 <= goal_ms, f"{note}; slowest: {said}"
    )


def _typed(size: Size) -> Iterator[str]:
    """What people type: names letter by letter, mistyped and in another script, parts of addresses and numbers."""
    dice = random.Random(5)
    for _ in range(TYPISTS):
        customer = dice.randrange(size.customers)
        first, last = people.name_of(customer)
        email, phone, name = people.email_of(customer), people.phone_of(customer), f"{first} {last}"
        yield from (name[:n] for n in range(1, len(name) + 1))
        yield from (email[: email.index("@") + n] for n in (1, 3))
        yield from (email, f"u{customer}", f"user:u{customer}", f"{last} {first}"[: len(last) + 3])
        yield from (f"{last[:2]}{last[3:4]}{last[2:3]}{last[4:]}", f"{first[:-1]}x {last}")
        yield from (
            first.translate(_CYRILLIC),
            name.translate(_CYRILLIC),
            phone,
            phone[-7:],
            f"06 {phone[3:5]} {phone[5:8]}",
        )
    yield from ("example", "example.com", "", "%", "_")


_CYRILLIC = str.maketrans(dict(zip("abdefghijklmnoprstuvz", "абдефгхийклмнопрстувз", strict=True)))


async def typing(base: Database, size: Size) -> Figure:
    """Each thing typed once."""
    took: dict[str, list[float]] = {}
    for typed in _typed(size):
        async with base.transaction() as tx:
            took.setdefault(typed, []).append(await _took_ms(customers.search(tx, typed, limit=20)))
    note = f"{len(took):,} different things: letter by letter, mistyped, in Cyrillic, parts of e-mails and numbers"
    return _figure(f"search as one types, {short(size.customers)} customers", took, SEARCH_GOAL_MS, note)


async def palette(base: Database, size: Size) -> Figure:
    """The same in all rooms at once: customers, orders and products."""
    dice = random.Random(6)
    asked = [shop.order_number(dice.randrange(size.customers)) for _ in range(TYPISTS)]
    asked += [number[:n] for number in asked[:10] for n in (1, 3, 4, 6, 9)]
    asked += [shop.product_name(dice.randrange(shop.PRODUCTS)) for _ in range(TYPISTS)]
    asked += [shop.product_name(n * 131)[:k] for n in range(10) for k in (1, 2, 4, 7, 10)]
    asked += [shop.gtin_of(dice.randrange(shop.PRODUCTS)).lstrip("0") for _ in range(10)]
    asked += [f"SKU{dice.randrange(shop.PRODUCTS):06}" for _ in range(10)] + ["SKU00", "lmap", "одра"]
    asked += [" ".join(people.name_of(dice.randrange(size.customers))) for _ in range(TYPISTS)]

    async def find(tx: Tx, typed: str) -> None:
        for finder in FINDERS.values():
            await finder(tx, access.SYSTEM, typed, 6)

    took: dict[str, list[float]] = {}
    for typed in asked:
        async with base.transaction() as tx:
            took.setdefault(typed, []).append(await _took_ms(find(tx, typed)))
    what = f"palette: {short(size.customers)} customers, as many orders and {shop.PRODUCTS:,} products"
    return _figure(what, took, SEARCH_GOAL_MS, "names, numbers, GTINs and SKUs, whole and as one types")


def _narrowed() -> dict[str, Narrow]:
    """What lists are narrowed to: what most fit, what few do, what nobody does."""
    now = clock.now()
    return {
        "all": Narrow(),
        "reached by e-mail": Narrow(reached_by="email"),
        "came by the website": Narrow(channel="web"),
        "came by the till (nobody)": Narrow(channel="till"),
        "from one source": Narrow(source_id=1),
        "heard of in 90 days": Narrow(since=now - timedelta(days=90)),
        "allow the newsletter": Narrow(purpose="newsletter"),
        "all of these": Narrow("email", "web", 1, now - timedelta(days=90), "newsletter"),
    }


def _place(customer: int) -> str:
    """The place of a customer in the list by name."""
    key = text.sort_key(" ".join(people.name_of(customer)))
    return lists.by_key(key, UUID(people.address_id(customer, 0).decode()))


async def listing(base: Database, size: Size) -> Figure:
    """A page of fifty with what happened last with each: from the beginning, and from anywhere."""
    dice = random.Random(8)
    took: dict[str, list[float]] = {}

    async def page(tx: Tx, narrow: Narrow, after: str | None) -> None:
        found, _ = await customers.narrowed(tx, narrow, limit=PAGE, after=after)
        await customers.latest(tx, [one.id for one in found])

    for name, narrow in _narrowed().items():
        for n in range(TIMES // 4):
            after = _place(dice.randrange(size.customers)) if n else None
            async with base.transaction() as tx:
                took.setdefault(name, []).append(await _took_ms(page(tx, narrow, after)))
    note = "the first and deep pages, whole and narrowed in eight ways, with the last event of each"
    return _figure(f"a page of 50 of {short(size.customers)} customers", took, PAGE_GOAL_MS, note)


async def run(base: Database, size: Size) -> list[Figure]:
    """What the reads take."""
    while True:
        async with base.transaction() as tx:
            if not await customers.learn_spellings(tx):
                break
    return [await typing(base, size), await palette(base, size), await listing(base, size)]


async def pages(served: Served, folder: Path, size: Size) -> list[Figure]:
    """The list as a page over HTTP, for a member in a browser."""
    await add_member(folder)
    root = f"http://127.0.0.1:{served.port}"
    async with httpx.AsyncClient(base_url=root, headers={"accept": "text/html"}) as browser:
        token = re.search(r'name="_csrf" value="([0-9a-f]+)"', (await browser.get("/sign-in")).text)[1]
        await browser.post("/sign-in", data={"_csrf": token, "email": EMAIL, "password": PASSWORD})
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        assert (await browser.get("/customers")).status_code == 200
    dice, vault = random.Random(12), Seal(settings.load(data_dir=folder).secret_key)
    asked = {
        "first": [{}] * TIMES,
        "deep": [{"after": paging.closed(vault, _place(dice.randrange(size.customers)))} for _ in range(TIMES)],
        "narrowed": [{"reached": "email", "channel": "web", "days": "90", "allows": "newsletter"}] * TIMES,
        "searched": [{"q": typed} for typed in list(_typed(size))[:TIMES]],
    }
    took = {}
    for name, queries in asked.items():
        head = f"HTTP/1.1\r\nHost: b\r\nAccept: text/html\r\nCookie: {cookies}\r\n\r\n"
        requests = [f"GET /customers?{urlencode(query)} {head}".encode() for query in queries]
        await fire(served, 1, requests[:10])
        took[name] = await fire(served, 1, requests)
    value = "; ".join(f"{name} p50 {t['p50_ms']:.0f} ms, p99 {t['p99_ms']:.0f} ms" for name, t in took.items())
    worst = max(t["p99_ms"] for t in took.values())
    return [
        Figure(
            f"the same as HTML over HTTP, one client, {short(size.customers)} customers",
            value,
            f"p99 ≤ {PAGE_GOAL_MS} ms",
            worst <= PAGE_GOAL_MS,
            "signed in, rendered whole, with the last event of each",
        )
    ]
